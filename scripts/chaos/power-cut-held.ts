/** `power-cut-held`: what a gateway's store holds of a community: its inbox and its segments, as they lie there. */
import { inboxEntries } from "#shared/keep/inbox.ts";
import { openLevelDatabases } from "#shared/couch/leveldb.ts";
import { parseDatabaseName } from "#shared/model/database-names.ts";
import { SegmentDoc } from "#shared/model/segment.ts";
import { uplinkKey } from "./power-cut-traffic.ts";
import type { Held } from "./power-cut-verdict.ts";

/** @param folder of LevelDB databases that no process has open */
export async function heldIn(folder: string, tenant: string): Promise<Held> {
  const databases = await openLevelDatabases({ folder });
  try {
    const inbox: string[] = [];
    for await (const page of inboxEntries(databases, undefined))
      for (const { uplink } of page.filter((entry) => entry.tenant === tenant))
        inbox.push(uplinkKey(uplink.deviceId, uplink.fCnt, uplink.payload));
    const segments: SegmentDoc[] = [];
    for (const name of await databases.names()) {
      const parsed = parseDatabaseName(name);
      if (parsed?.kind !== "tele" || parsed.tenant !== tenant) continue;
      const database = await databases.open(name);
      for (const doc of await database.list({ from: "s:", to: "s:\uffff" }))
        segments.push(SegmentDoc.parse(doc));
    }
    return { inbox, segments };
  } finally {
    await databases.close();
  }
}
