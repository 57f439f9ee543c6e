/** `segments-of`: every uplink in the segments of a community, as it lies in a store: nothing is summed up, nothing left out. */
import type { Databases } from "#shared/couch/database.ts";
import { openHttpDatabases } from "#shared/couch/http.ts";
import { openLevelDatabases } from "#shared/couch/leveldb.ts";
import { parseDatabaseName } from "#shared/model/database-names.ts";
import { SegmentDoc } from "#shared/model/segment.ts";
import { unpackSegment } from "#shared/series/segment.ts";
import { keyOf } from "#scripts/simulator/acknowledged.ts";

/** By `keyOf`, how often it is there. */
export type Inventory = ReadonlyMap<string, number>;

/** @param folder of LevelDB databases that no process has open */
export async function inFolder(folder: string, tenant: string): Promise<Inventory> {
  return inventory(await openLevelDatabases({ folder }), tenant);
}

export async function inCouch(url: string, tenant: string): Promise<Inventory> {
  return inventory(openHttpDatabases({ url }), tenant);
}

async function inventory(databases: Databases, tenant: string): Promise<Inventory> {
  const found = new Map<string, number>();
  for (const name of await databases.names()) {
    const parsed = parseDatabaseName(name);
    if (parsed?.kind !== "tele" || parsed.tenant !== tenant) continue;
    const database = await databases.open(name);
    for (const doc of await database.list({ from: "s:", to: "s:\uffff" }))
      for (const { deviceId, session, fCnt, payload } of unpackSegment(SegmentDoc.parse(doc))) {
        // The first eight digits of a session's name are its device address, however it goes on.
        const devAddr = (session ?? "").slice(0, 8);
        const payloadHex = Buffer.from(payload).toString("hex");
        const key = keyOf({ deviceId, devAddr, fCnt: fCnt ?? -1, payloadHex });
        found.set(key, (found.get(key) ?? 0) + 1);
      }
  }
  await databases.close();
  return found;
}
