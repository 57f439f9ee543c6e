/**
 * `chain`: where a community's segments of this writer stand: the last link, and the next one's place.
 *
 * The segments themselves are the record; nothing else remembers how far sealing came, so a cut at
 * any moment leaves either a link or none.
 */
import type { Databases } from "#shared/couch/database.ts";
import { parseDatabaseName } from "#shared/model/database-names.ts";
import type { Epoch, TenantName, WriterId } from "#shared/model/ids.ts";
import type { SegmentDoc } from "#shared/model/segment.ts";
import type { Doc } from "#shared/couch/database.ts";

export interface ChainEnd {
  readonly id: string;
  readonly digest: string;
  /** Inbox place of the last uplink sealed. */
  readonly sealedN: number;
  /** Uplinks in all segments so far. */
  readonly uplinks: number;
  /** The month its segments go to, `yyyymm`. */
  readonly month: string;
  /** The start counter of its epoch. */
  readonly starts: number;
}

/** This writer's last segment of a community; undefined before the first. */
export async function chainEnd(
  databases: Databases,
  tenant: TenantName,
  writer: WriterId,
): Promise<ChainEnd | undefined> {
  const months = (await databases.names()).flatMap((name) => {
    const parsed = parseDatabaseName(name);
    return parsed?.kind === "tele" && parsed.tenant === tenant
      ? [{ name, month: parsed.month }]
      : [];
  });
  for (const { name, month } of months.toSorted((a, b) => (a.month < b.month ? 1 : -1))) {
    const database = await databases.open(name);
    const [last] = await database.list<SegmentDoc & Doc>({
      from: `s:${writer}:`,
      to: `s:${writer}:\uffff`,
      descending: true,
      limit: 1,
    });
    if (last)
      return {
        id: last._id,
        digest: last.digest,
        sealedN: last.inbox.to,
        uplinks: last.before + last.count,
        month,
        starts: startsOf(last.epoch),
      };
  }
  return undefined;
}

/** The start counter that an epoch begins with. */
export function startsOf(epoch: Epoch): number {
  return Number.parseInt(epoch.slice(0, 8), 16);
}

/** Where all chains of this writer end, whatever communities they are of. */
export async function chainEnds(databases: Databases, writer: WriterId): Promise<ChainEnd[]> {
  const tenants = new Set<TenantName>();
  for (const name of await databases.names()) {
    const parsed = parseDatabaseName(name);
    if (parsed?.kind === "tele") tenants.add(parsed.tenant);
  }
  const ends: ChainEnd[] = [];
  for (const tenant of tenants) {
    const end = await chainEnd(databases, tenant, writer);
    if (end) ends.push(end);
  }
  return ends;
}
