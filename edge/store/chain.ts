/**
 * `chain`: where a community's segments of this writer stand: the last link, and the next one's place.
 *
 * The segments themselves are the record; nothing else remembers how far sealing came, so a cut at
 * any moment leaves either a link or none.
 */
import type { Databases } from "#shared/couch/database.ts";
import { parseDatabaseName } from "#shared/model/database-names.ts";
import type { TenantName, WriterId } from "#shared/model/ids.ts";
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
      };
  }
  return undefined;
}
