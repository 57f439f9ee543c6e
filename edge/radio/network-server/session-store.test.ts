import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Database, Doc } from "#shared/couch/database.ts";
import { isFault } from "#shared/model/fault.ts";
import { DevEui } from "#shared/model/ids.ts";
import { openMemoryDatabases } from "#shared/testing/memory-databases.ts";
import { steerableClock } from "#shared/testing/steerable-clock.ts";
import { quietLog } from "../testing/quiet-log.ts";
import type { SessionRecord } from "./session.ts";
import { LAZY_MS, sessionStore } from "./session-store.ts";

function record(number: number, joinNonce: number): SessionRecord {
  const devEui = DevEui.parse(number.toString(16).padStart(16, "0"));
  return {
    type: "session",
    v: 1,
    devEui,
    rootKeyMark: "x",
    devNonces: [],
    joinNonce,
    active: null,
    pending: null,
  };
}

async function shelf() {
  const local = await openMemoryDatabases().open("local");
  const clock = steerableClock();
  const log = quietLog();
  const groups: number[] = [];
  const bulk = local.bulk.bind(local);
  /** What the disk does with a group; undefined lets it work. */
  const disk: { fails?: () => Promise<never> | undefined } = {};
  const watched: Database = {
    ...local,
    bulk: async (docs) => {
      groups.push(docs.length);
      return (await disk.fails?.()) ?? bulk(docs);
    },
  };
  const options = { local: watched, clock, log, signal: new AbortController().signal };
  const store = sessionStore(options);
  const nonce = async (number: number) =>
    (await local.get<Doc & SessionRecord>(`session:${record(number, 0).devEui}`))?.joinNonce;
  return { local, clock, log, groups, disk, store, nonce, reopened: () => sessionStore(options) };
}

test("those who save together share one write, and what comes meanwhile goes with the next", async () => {
  const { store, groups, nonce } = await shelf();
  const first = [store.save(record(1, 1)), store.save(record(2, 1))];
  await Promise.resolve();
  await Promise.resolve();
  const second = [store.save(record(1, 2)), store.save(record(3, 1))];
  await Promise.all([...first, ...second]);
  assert.equal(groups, [2, 2]);
  assert.is(await nonce(1), 2);
});

test("counters wait for at most a second, or two hundred", async () => {
  const { store, clock, groups, nonce } = await shelf();
  store.saveLater(record(1, 1));
  store.saveLater(record(1, 2));
  await clock.advance(LAZY_MS - 1);
  assert.equal(groups, []);
  await clock.advance(1);
  await store.flush();
  assert.equal(groups, [1]);
  assert.is(await nonce(1), 2);
  for (let number = 0; number < 200; number++) store.saveLater(record(number, 3));
  await store.flush();
  assert.equal(groups, [1, 200]);
});

test("a save that fails says so and is not written later; a counter that fails is tried again", async () => {
  const { store, clock, disk, log, nonce } = await shelf();
  disk.fails = () => Promise.reject(new Error("no space left"));
  store.saveLater(record(1, 1));
  await store.save(record(1, 2)).then(
    () => assert.unreachable("must reject"),
    (error) => assert.ok(isFault(error, "unavailable")),
  );
  assert.is(log.lines.length, 1);
  delete disk.fails;
  await clock.advance(LAZY_MS);
  await store.flush();
  assert.is(await nonce(1), 1);
});

test("a write whose answer was lost does not end all later writes", async () => {
  const { store, local, nonce } = await shelf();
  await store.save(record(1, 1));
  const stored = await local.get(`session:${record(1, 0).devEui}`);
  await local.put({ ...stored!, joinNonce: 2 });
  await store.save(record(1, 3)).then(
    () => assert.unreachable("the revision is not known"),
    (error) => assert.ok(isFault(error, "unavailable")),
  );
  await store.save(record(1, 4));
  assert.is(await nonce(1), 4);
});

test("more sessions than a page are read again, and one that cannot be read costs only itself", async () => {
  const { store, local, log, reopened } = await shelf();
  await Promise.all(
    Array.from({ length: 1203 }, (_, number) => store.save(record(number, number + 1))),
  );
  await local.put({ _id: "session:damaged", type: "session" });
  await local.put({ _id: "something-else" });
  const again = reopened();
  const records = await again.load();
  assert.is(records.length, 1203);
  assert.is(log.lines.length, 1);
  await again.save({ ...records[0]!, joinNonce: 77 });
});

test.run();
