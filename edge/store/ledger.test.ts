import { randomBytes } from "node:crypto";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { databaseName } from "#shared/model/database-names.ts";
import type { DeviceId } from "#shared/model/ids.ts";
import { openMemoryDatabases } from "#shared/testing/memory-databases.ts";
import { TENANT, WATER_1A } from "#shared/testing/site-example.ts";
import { ledger } from "./ledger.ts";

const test = suite("the ledger");
const NOW = Date.UTC(2026, 10, 26, 12);
const openLedger = async (databases: ReturnType<typeof openMemoryDatabases>) =>
  ledger({
    database: await databases.open(databaseName.ledger),
    day: () => "20261126",
    now: () => NOW,
    random: randomBytes,
  });

test("what was noted adds up by day, reason, community and device, over restarts", async () => {
  const databases = openMemoryDatabases();
  const first = await openLedger(databases);
  first.note("frame_crc", 2);
  first.note("store_damaged", 3, { tenant: TENANT, deviceId: WATER_1A, fromMs: 100, toMs: 300 });
  await first.flush();
  first.note("store_damaged", 1, { tenant: TENANT, deviceId: WATER_1A, fromMs: 50, toMs: 60 });
  await first.flush();
  const second = await openLedger(databases);
  second.note("frame_crc", 1);
  assert.is(second.sum("frame_crc"), 3, "memory included");
  assert.is(second.sum("store_damaged"), 4);
  await second.flush();
  const lines = await second.newest(10);
  assert.equal(
    lines.map(({ reason, deviceId, count, fromMs, toMs }) => [
      reason,
      deviceId,
      count,
      fromMs,
      toMs,
    ]),
    [
      ["store_damaged", WATER_1A, 4, 50, 300],
      ["frame_crc", null, 3, null, null],
    ],
  );
  await databases.close();
});

test("what cannot be written now is kept and written later, once", async () => {
  const databases = openMemoryDatabases();
  const database = await databases.open(databaseName.ledger);
  let isFull = true;
  const book = await ledger({
    database: {
      ...database,
      bulk: (docs) => (isFull ? Promise.reject(new Error("disk full")) : database.bulk(docs)),
    },
    day: () => "20261126",
    now: () => NOW,
    random: (size) => new Uint8Array(size),
  });
  book.note("store_full", 5, { tenant: TENANT });
  await book.flush().catch(() => undefined);
  book.note("store_full", 2, { tenant: TENANT });
  isFull = false;
  await book.flush();
  assert.equal(
    (await book.newest(5)).map(({ count }) => count),
    [7],
  );
  assert.is(book.sum("store_full"), 7);
  await databases.close();
});

test("lines about a community are told to its events once, also when telling is cut off", async () => {
  const databases = openMemoryDatabases();
  const book = await openLedger(databases);
  book.note("store_damaged", 3, { tenant: TENANT, deviceId: WATER_1A });
  book.note("frame_crc", 9);
  await book.flush();
  const told = new Map<string, number>();
  let isCut = true;
  const events = {
    append: async (_tenant: string, _type: string, name: string, said: object) => {
      told.set(name, (said as { lines: { count: number }[] }).lines[0]?.count ?? 0);
      if (isCut) throw new Error("cut off");
      return name;
    },
  };
  await book.tell(events).catch(() => undefined);
  isCut = false;
  await book.tell(events);
  await book.tell(events);
  assert.equal([...told.values()], [3]);
  await databases.close();
});

test("thousands of devices do not fill the memory: they are counted together then", async () => {
  const databases = openMemoryDatabases();
  const book = await openLedger(databases);
  for (let n = 0; n < 6_000; n++)
    book.note("device_unknown", 1, { deviceId: n.toString(16).padStart(16, "0") as DeviceId });
  await book.flush();
  const database = await databases.open(databaseName.ledger);
  assert.ok((await database.ids({ from: "line:", to: "line:\uffff" })).length <= 5_001);
  assert.is(book.sum("device_unknown"), 6_000);
  await databases.close();
});

test.run();
