/**
 * `forget-community`: takes every trace of a community off this gateway, after the hub erased it.
 * Whole databases go at once; what lies among others' (rollups) is removed one by one. What was heard of it
 * last lies in the inbox until its day is dropped: until then it is remembered that nobody takes it up again.
 *
 * History: 1 = first release.
 */
import type { Database, Databases, Doc } from "#shared/couch/database.ts";
import { inboxDays } from "#shared/keep/inbox.ts";
import { databaseName, parseDatabaseName } from "#shared/model/database-names.ts";
import type { TenantName } from "#shared/model/ids.ts";

/** `erased:{tenant}` in `local`. */
interface ErasedDoc extends Doc {
  readonly v: 1;
  /** The newest inbox day in which something of it may lie, `yyyymmdd`. */
  readonly day: string;
  /** Nothing else of it is left. */
  readonly isDone: boolean;
}

const PAGE = 500;
const PREFIX = "erased:";

/** The communities that were erased lately. What was cut off of it is finished. */
export async function erasedLately(databases: Databases, local: Database): Promise<TenantName[]> {
  const erased: TenantName[] = [];
  const [oldest] = await inboxDays(databases);
  for (const doc of await local.list<ErasedDoc>({ from: PREFIX, to: `${PREFIX}\uffff` })) {
    const tenant = doc._id.slice(PREFIX.length) as TenantName;
    const { _id, _rev, day } = doc.isDone ? doc : await finish(databases, local, tenant, doc);
    if (oldest !== undefined && oldest <= day) erased.push(tenant);
    else await local.remove(_id, _rev as string);
  }
  return erased;
}

export async function forgetCommunity(
  databases: Databases,
  local: Database,
  tenant: TenantName,
): Promise<void> {
  const day = (await inboxDays(databases)).at(-1) ?? "";
  const old = await local.get<ErasedDoc>(`${PREFIX}${tenant}`);
  const begun: ErasedDoc = { ...old, _id: `${PREFIX}${tenant}`, v: 1, day, isDone: false };
  const { rev } = await local.put(begun);
  await finish(databases, local, tenant, { ...begun, _rev: rev });
}

async function finish(
  databases: Databases,
  local: Database,
  tenant: TenantName,
  begun: ErasedDoc,
): Promise<ErasedDoc> {
  await removeAll(databases, local, tenant);
  const done = { ...begun, isDone: true };
  const { rev } = await local.put(done);
  return { ...done, _rev: rev };
}

async function removeAll(databases: Databases, local: Database, tenant: TenantName): Promise<void> {
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
  for (const kind of ["confirmed", "denied", "requests", "site"]) {
    const doc = await local.get(`${kind}:${tenant}`);
    if (doc) await local.remove(doc._id, doc._rev as string);
  }
  for (const place of ["pulled", "sent"])
    for (const doc of await local.list({ from: `${place}:t-`, to: `${place}:t-\uffff` })) {
      const parsed = parseDatabaseName(doc._id.slice(place.length + 1));
      if (parsed && "tenant" in parsed && parsed.tenant === tenant)
        await local.remove(doc._id, doc._rev as string);
    }
}
