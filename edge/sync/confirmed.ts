/**
 * `confirmed`: up to which segment of each community the hub has all that this gateway wrote.
 *
 * History: 1 = first release.
 */
import type { Database, Doc } from "#shared/couch/database.ts";
import type { TenantName } from "#shared/model/ids.ts";
import type { ChainEnd } from "#shared/keep/chain.ts";

interface ConfirmedDoc extends Doc {
  readonly v: 1;
  readonly segmentId: string;
  readonly uplinks: number;
  readonly month: string;
  readonly untilMs?: number;
}

export interface Confirmed {
  readonly segmentId: string;
  /** All uplinks the hub has of this gateway and community. */
  readonly uplinks: number;
  /** The month the segment lies in. */
  readonly month: string;
  /** When its last uplink was heard, epoch ms: all until then is on the hub. */
  readonly untilMs: number | null;
}

const idOf = (tenant: TenantName) => `confirmed:${tenant}`;

export async function confirmedOf(
  local: Database,
  tenant: TenantName,
): Promise<Confirmed | undefined> {
  const doc = await local.get<ConfirmedDoc>(idOf(tenant));
  if (!doc) return undefined;
  const { segmentId, uplinks, month, untilMs = null } = doc;
  return { segmentId, uplinks, month, untilMs };
}

export async function confirm(
  local: Database,
  tenant: TenantName,
  end: ChainEnd,
  untilMs: number,
): Promise<Confirmed> {
  const old = await local.get<ConfirmedDoc>(idOf(tenant));
  const confirmed = { segmentId: end.id, uplinks: end.uplinks, month: end.month, untilMs };
  await local.put({ ...old, _id: idOf(tenant), v: 1, ...confirmed });
  return confirmed;
}
