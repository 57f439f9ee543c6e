/**
 * `chain`: where a community's segments of this writer stand: the last link, and the next one's place.
 *
 * The segments themselves are the record; nothing else remembers how far sealing came, so a cut at
 * any moment leaves either a link or none.
 */
import type { Database, Databases } from "#shared/couch/database.ts";
import { parseDatabaseName } from "#shared/model/database-names.ts";
import type { Epoch, TenantName, WriterId } from "#shared/model/ids.ts";
import type { SegmentDoc } from "#shared/model/segment.ts";
import type { Doc } from "#shared/couch/database.ts";

export interface ChainEnd {
  readonly id: string;
  readonly digest: string;
  /** Inbox place of the last uplink sealed, in whatever chain: where two lives of a machine met there are several. */
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
  let [end, sealedN]: [ChainEnd | undefined, number] = [undefined, 0];
  for (const { name, month } of months.toSorted((a, b) => (a.month < b.month ? 1 : -1)))
    for (const last of await endsOfEpochs(await databases.open(name), writer)) {
      sealedN = Math.max(sealedN, last.inbox.to);
      end ??= {
        id: last._id,
        digest: last.digest,
        sealedN,
        uplinks: last.before + last.count,
        month,
        starts: startsOf(last.epoch),
      };
    }
  return end && { ...end, sealedN };
}

/** The last segment of each epoch of this writer in a month, the newest epoch first. */
async function endsOfEpochs(database: Database, writer: WriterId): Promise<(SegmentDoc & Doc)[]> {
  const ids: string[] = [];
  for (let to = `s:${writer}:\uffff`; ;) {
    const [last] = await database.ids({ from: `s:${writer}:`, to, descending: true, limit: 1 });
    if (last === undefined) break;
    ids.push(last);
    // Its epoch without a place comes before all of its places.
    to = last.slice(0, last.lastIndexOf(":"));
  }
  const ends = await database.getMany<SegmentDoc & Doc>(ids);
  return ends.sort((a, b) => (a._id < b._id ? 1 : -1));
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
