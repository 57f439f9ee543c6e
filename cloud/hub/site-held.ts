/**
 * `site-held`: which state of a community's `site` a gateway works with, as far as it told. It says so each
 * time it asks for news, within seconds of taking one over; its health says it too, for later and for the
 * hub's other processes.
 */
import type { GatewayId, TenantName } from "#shared/model/ids.ts";
import { healthOf } from "./gateway-health.ts";
import type { Hub } from "./hub.ts";

export interface SiteHeld {
  readonly generation: number;
  /** ISO 8601; undefined where it told no more than the generation. */
  readonly projectedAt: string | undefined;
  /** When it told, ISO 8601. */
  readonly toldAt: string;
}

/** The newest it told of; undefined when it never did. */
export async function siteHeld(
  hub: Pick<Hub, "databases" | "gateways" | "clock">,
  gatewayId: GatewayId,
  tenant: TenantName,
): Promise<SiteHeld | undefined> {
  const said = hub.gateways.report(gatewayId);
  const [generation, projectedAt] = [said?.generations?.[tenant], said?.sites[tenant]];
  if (generation !== undefined && projectedAt !== undefined)
    return { generation, projectedAt, toldAt: new Date(hub.clock.now()).toISOString() };
  const health = await healthOf(hub, gatewayId);
  const held = health?.sites[tenant];
  if (!health || held === undefined) return undefined;
  return { generation: held, projectedAt: health.projections?.[tenant], toldAt: health.at };
}
