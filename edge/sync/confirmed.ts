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
}

export interface Confirmed {
  readonly segmentId: string;
  /** All uplinks the hub has of this gateway and community. */
  readonly uplinks: number;
  /** The month the segment lies in. */
  readonly month: string;
}

/** `denied:{tenant}`: segments the hub refused; while there are any, nothing further is confirmed. */
interface DeniedDoc extends Doc {
  readonly v: 1;
  readonly ids: readonly string[];
}

const idOf = (tenant: TenantName) => `confirmed:${tenant}`;

export async function confirmedOf(
  local: Database,
  tenant: TenantName,
): Promise<Confirmed | undefined> {
  const doc = await local.get<ConfirmedDoc>(idOf(tenant));
  return doc && { segmentId: doc.segmentId, uplinks: doc.uplinks, month: doc.month };
}

export async function confirm(
  local: Database,
  tenant: TenantName,
  end: ChainEnd,
): Promise<Confirmed> {
  const old = await local.get<ConfirmedDoc>(idOf(tenant));
  const confirmed = { segmentId: end.id, uplinks: end.uplinks, month: end.month };
  await local.put({ ...old, _id: idOf(tenant), v: 1, ...confirmed });
  return confirmed;
}

const deniedIdOf = (tenant: TenantName) => `denied:${tenant}`;

export async function deniedOf(local: Database, tenant: TenantName): Promise<readonly string[]> {
  return (await local.get<DeniedDoc>(deniedIdOf(tenant)))?.ids ?? [];
}

/** Remembers for good which segments the hub refused. */
export async function deny(
  local: Database,
  tenant: TenantName,
  ids: readonly string[],
): Promise<void> {
  const old = await local.get<DeniedDoc>(deniedIdOf(tenant));
  const all = [...new Set([...(old?.ids ?? []), ...ids])];
  await local.put({ ...old, _id: deniedIdOf(tenant), v: 1, ids: all });
}
