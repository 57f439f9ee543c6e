import { test } from "uvu";
import * as assert from "uvu/assert";
import { databaseName } from "#shared/model/database-names.ts";
import type { TenantName } from "#shared/model/ids.ts";
import { openMemoryDatabases } from "#shared/testing/memory-databases.ts";
import { erasedLately, forgetCommunity } from "./forget-community.ts";

const GONE = "riverside" as TenantName;
const STAYS = "riverside-site" as TenantName;

test("what a cut left of an erased community goes at the next start; it is remembered while its inbox days last", async () => {
  const databases = openMemoryDatabases();
  const local = await databases.open(databaseName.local);
  for (const tenant of [GONE, STAYS]) {
    await databases.open(databaseName.events(tenant, "202611"));
    await databases.open(databaseName.tele(tenant, "202611"));
    await local.put({ _id: `sent:${databaseName.tele(tenant, "202611")}`, v: 1, since: 7 });
    await local.put({ _id: `requests:${tenant}`, v: 1, entries: [] });
  }
  await databases.open(databaseName.inbox("20261123"));
  const destroy = databases.destroy.bind(databases);
  let cuts = 0;
  databases.destroy = async (name) => {
    if (++cuts === 2) throw new Error("the power went");
    await destroy(name);
  };
  await forgetCommunity(databases, local, GONE).then(
    () => assert.unreachable("nothing was cut off"),
    () => undefined,
  );
  const left = async () =>
    [
      ...(await databases.names()),
      ...(await local.list({ from: "requests:" })).map(({ _id }) => _id),
    ].filter((name) => name.includes(GONE));
  assert.ok((await left()).some((name) => !name.includes(STAYS)));
  for (let starts = 0; starts < 2; starts++)
    assert.equal(await erasedLately(databases, local), [GONE]);
  assert.equal((await left()).sort(), [
    `requests:${STAYS}`,
    `sent:${databaseName.tele(STAYS, "202611")}`,
    databaseName.events(STAYS, "202611"),
    databaseName.tele(STAYS, "202611"),
  ]);
  await destroy(databaseName.inbox("20261123"));
  assert.equal(await erasedLately(databases, local), []);
  assert.equal(await local.list({ from: "erased:", to: "erased:\uffff" }), []);
  await databases.close();
});

test.run();
