/** `gateways-said`: what an operator's gateways said of themselves last, added up; read from memory. */
import type { Scope } from "#shared/model/scope.ts";
import type { Hub } from "./hub.ts";
import type { GatewaysSaid } from "./metrics.ts";

/** A gateway that has not spoken for so long is away, ms: an idle one asks every half minute. */
export const AWAY_MS = 180_000;

export async function gatewaysSaid(hub: Hub, scope: Scope): Promise<GatewaysSaid> {
  const sum = { away: 0, waiting: 0, waitingBytes: 0, denied: 0, twins: 0 };
  for (const gateway of await hub.gateways.list(scope)) {
    if (gateway.withdrawn) continue;
    const { gatewayId } = gateway;
    const seenMs = hub.gateways.lastSeen(gateway);
    if (seenMs === null || hub.clock.now() - seenMs > AWAY_MS) sum.away++;
    if (hub.gateways.hasTwin(gatewayId)) sum.twins++;
    const report = hub.gateways.report(gatewayId);
    if (!report) continue;
    sum.waiting += report.waiting;
    sum.waitingBytes += report.waitingBytes;
    sum.denied += report.denied;
  }
  return sum;
}
