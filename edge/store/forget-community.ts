/**
 * `forget-community`: takes every trace of a community off this gateway, after the hub erased it.
 * Whole databases go at once; what lies among others' (rollups) is removed one by one.
 */
import type { Databases } from "#shared/couch/database.ts";
import { databaseName, parseDatabaseName } from "#shared/model/database-names.ts";
import type { TenantName } from "#shared/model/ids.ts";

const PAGE = 500;

export async function forgetCommunity(databases: Databases, tenant: TenantName): Promise<void> {
  for (const name of await databases.names()) {
    const parsed = parseDatabaseName(name);
    if (parsed && "tenant" in parsed && parsed.tenant === tenant) await databases.destroy(name);
  }
  const roll = await databases.openShelf(databaseName.roll);
  for (let from = ""; ;) {
    const page = await roll.list({ from, limit: PAGE });
    await roll.removeMany(page.filter(({ _id }) => _id.split(":")[1] === tenant));
    const last = page.at(-1);
    if (!last || page.length < PAGE) break;
    from = `${last._id}\u0000`;
  }
  const local = await databases.open(databaseName.local);
  for (const kind of ["confirmed", "denied", "requests", "site"]) {
    const doc = await local.get(`${kind}:${tenant}`);
    if (doc) await local.remove(doc._id, doc._rev as string);
  }
}
