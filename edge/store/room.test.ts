import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { openLevelDatabases } from "#shared/couch/leveldb.ts";
import { databaseName } from "#shared/model/database-names.ts";
import { isFault } from "#shared/model/fault.ts";
import type { RefusedWhat, Refusal } from "#shared/model/refusals.ts";
import { TENANT } from "#shared/testing/site-example.ts";
import { conditionsNow } from "#edge/health/conditions.ts";
import { room } from "./room.ts";

const test = suite<{ folder: string }>("room for more");
test.before.each(async (context) => {
  context.folder = await mkdtemp(join(tmpdir(), "riser-room-"));
});
test.after.each(async ({ folder }) => rm(folder, { recursive: true }));

async function store(folder: string, budgetBytes: number, confirmedMonth: string | undefined) {
  const databases = await openLevelDatabases({ folder });
  for (const month of ["202609", "202610", "202611"]) {
    const database = await databases.open(databaseName.tele(TENANT, month));
    const segment = (n: number) => ({
      _id: `s:gw-00112233445566aa:00000001-0123456789abcdef:${String(n).padStart(8, "0")}`,
      count: 100,
      firstHeardMs: n,
      lastHeardMs: n + 1,
      columns: randomBytes(10_000).toString("base64"),
    });
    await database.bulk(Array.from({ length: 20 }, (_, n) => segment(n)));
  }
  const refused: [Refusal, number, RefusedWhat | undefined][] = [];
  const conditions = conditionsNow(
    () => 0,
    () => 0,
  );
  let freeBytes = 1e9;
  const space = room({
    databases,
    databaseFolder: folder,
    space: { free: async () => freeBytes },
    budgetBytes,
    reserveBytes: 1e6,
    confirmedMonth: () => confirmedMonth,
    tally: { refused: (reason, count = 1, what) => refused.push([reason, count, what]) },
    conditions,
    log: { warn: () => undefined },
  });
  const shown = () => conditions.shown().map(({ name }) => name);
  const leave = (bytes: number) => void (freeBytes = bytes);
  return { databases, space, refused, shown, leave };
}

test("beyond the budget the oldest month that the hub has goes, with a line in the ledger, and no other", async ({
  folder,
}) => {
  const { databases, space, refused, shown } = await store(folder, 700_000, "202611");
  await space.look();
  assert.equal(await databases.names(), [
    databaseName.tele(TENANT, "202610"),
    databaseName.tele(TENANT, "202611"),
  ]);
  assert.equal(
    refused.map(([reason, count, what]) => [reason, count, what?.tenant]),
    [["copy_dropped", 2_000, TENANT]],
  );
  assert.equal(shown(), []);
  await space.check();
  await databases.close();
});

test("what exists only here is never dropped: then nothing more is taken, and it is said", async ({
  folder,
}) => {
  const { databases, space, refused, shown } = await store(folder, 700_000, undefined);
  await space.look();
  assert.is((await databases.names()).length, 3);
  assert.equal(refused, []);
  assert.equal(shown(), ["disk_budget"]);
  const outcome = await space.check().catch((error: unknown) => error);
  assert.ok(isFault(outcome, "unavailable"));
  assert.is(outcome.details.reason, "budget_full");
  await databases.close();
});

test("with less than the reserve left nothing is taken, until there is more", async ({
  folder,
}) => {
  const { databases, space, shown, leave } = await store(folder, Infinity, undefined);
  await space.check();
  leave(500_000);
  const outcome = await space.check().catch((error: unknown) => error);
  assert.ok(isFault(outcome, "unavailable"));
  assert.equal([outcome.details.reason, shown()], ["store_full", ["disk_full"]]);
  leave(2e6);
  await space.check();
  assert.equal(shown(), []);
  await databases.close();
});

test.run();
