/** `gateways-said`: what an operator's gateways said of themselves last, added up; read from memory. */
import { GATEWAY_AWAY_MS } from "#shared/model/gateway-states.ts";
import type { Scope } from "#shared/model/scope.ts";
import type { Hub } from "./hub.ts";
import type { GatewaysSaid } from "./metrics.ts";

export async function gatewaysSaid(hub: Hub, scope: Scope): Promise<GatewaysSaid> {
  const sum = { away: 0, waiting: 0, waitingBytes: 0, denied: 0, twins: 0 };
  for (const gateway of await hub.gateways.list(scope)) {
    if (gateway.withdrawn) continue;
    const { gatewayId } = gateway;
    const seenMs = hub.gateways.lastSeen(gateway);
    if (seenMs === null || hub.clock.now() - seenMs > GATEWAY_AWAY_MS) sum.away++;
    if (hub.gateways.hasTwin(gatewayId)) sum.twins++;
    const report = hub.gateways.report(gatewayId);
    if (!report) continue;
    sum.waiting += report.waiting;
    sum.waitingBytes += report.waitingBytes;
    sum.denied += report.denied;
  }
  return sum;
}
