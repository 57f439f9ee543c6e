/**
 * `site-held`: which state of a community's `site` a gateway works with, as far as it told. It says so each
 * time it asks for news, within seconds of taking one over; its health says it too, for later and for the
 * hub's other processes.
 */
import type { GatewayDoc } from "#cloud/areas/gateways/gateway-store.ts";
import type { TenantName } from "#shared/model/ids.ts";
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
  hub: Pick<Hub, "databases" | "gateways">,
  gateway: GatewayDoc,
  tenant: TenantName,
): Promise<SiteHeld | undefined> {
  const [here, written] = [
    saidHere(hub, gateway, tenant),
    await saidInHealth(hub, gateway, tenant),
  ];
  if (!here || !written) return here ?? written;
  // It may speak with another process of the hub by now, which alone hears the newest.
  return isOlder(here, written) ? written : here;
}

/** What it said to this process, while that was the last it said. */
function saidHere(
  { gateways }: Pick<Hub, "gateways">,
  gateway: GatewayDoc,
  tenant: TenantName,
): SiteHeld | undefined {
  const said = gateways.report(gateway.gatewayId);
  const [generation, projectedAt] = [said?.generations?.[tenant], said?.sites[tenant]];
  const seenMs = gateways.lastSeen(gateway);
  if (generation === undefined || projectedAt === undefined || seenMs === null) return undefined;
  return { generation, projectedAt, toldAt: new Date(seenMs).toISOString() };
}

async function saidInHealth(
  hub: Pick<Hub, "databases">,
  { gatewayId }: GatewayDoc,
  tenant: TenantName,
): Promise<SiteHeld | undefined> {
  const health = await healthOf(hub, gatewayId);
  const generation = health?.sites[tenant];
  if (!health || generation === undefined) return undefined;
  return { generation, projectedAt: health.projections?.[tenant], toldAt: health.at };
}

const isOlder = (a: SiteHeld, b: SiteHeld): boolean =>
  a.generation < b.generation ||
  (a.generation === b.generation && (a.projectedAt ?? "") < (b.projectedAt ?? ""));
