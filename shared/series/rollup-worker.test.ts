import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { DeviceId, Epoch, TenantName, WriterId } from "#shared/model/ids.ts";
import type { KeptUplink } from "#shared/model/kept-uplink.ts";
import type { Redecoder } from "#shared/model/redecoder.ts";
import { systemScope } from "#shared/model/scope.ts";
import type { SegmentDoc } from "#shared/model/segment.ts";
import { keptUplink, METER } from "#shared/testing/kept-uplinks.ts";
import { mapSource, mapStore, type MapStore } from "#shared/testing/map-store.ts";
import { steerableClock } from "#shared/testing/steerable-clock.ts";
import { readingStore } from "./reading-store.ts";
import {
  rollupWorker,
  type RollupWorker,
  type RollupWorkerOptions,
  type SegmentSource,
} from "./rollup-worker.ts";
import { packSegment } from "./segment.ts";
import type { StoredDoc, Written } from "./series-store.ts";
import { everything } from "./window.ts";

const test = suite("rollup worker");
const TENANT = "riverside" as TenantName;
const WRITER = "gw-00112233445566aa" as WriterId;
const EPOCH = "00000001-0123456789abcdef" as Epoch;
/** Its segments stand behind the others, as those of the newest month do. */
const LAST = "gw-ff000000000000ff" as WriterId;
const OTHER = "70b3d57ed0000002" as DeviceId;
const START = Date.UTC(2026, 10, 1, 22);
const HOUR = 3_600_000;

function segmentsOf(uplinks: readonly KeptUplink[], size: number): SegmentDoc[] {
  const docs: SegmentDoc[] = [];
  for (let i = 0; i < uplinks.length; i += size) {
    const place = { writer: WRITER, epoch: EPOCH, seq: docs.length, prev: null, before: i };
    const inbox = { from: i, to: i + size };
    docs.push(packSegment({ ...place, inbox }, uplinks.slice(i, i + size)));
  }
  return docs;
}

/** A decoder whose answers are `factor` times the kept ones for the meter, from `version` 2 on. */
function redecoder() {
  const listeners: ((tenant: TenantName) => void)[] = [];
  let version = 1;
  let sees: "all" | "no device" | "nothing" = "all";
  const hook: Redecoder = {
    editions: async () =>
      sees === "nothing"
        ? undefined
        : new Map(sees === "all" ? [[METER, `mended@${version}`]] : []),
    again: async (_tenant, uplinks) =>
      uplinks.map((uplink) =>
        version < 2 || uplink.deviceId !== METER
          ? uplink
          : {
              ...uplink,
              readings: uplink.readings.map((reading) => ({
                ...reading,
                values: reading.values.map((value) => ({ ...value, n: value.n * version })),
              })),
            },
      ),
    onChange: (listener) => listeners.push(listener),
  };
  return {
    hook,
    mend(next: number) {
      version = next;
      for (const listener of listeners) listener(TENANT);
    },
    see(now: typeof sees) {
      sees = now;
      for (const listener of listeners) listener(TENANT);
    },
  };
}

function stand(store: MapStore, more: Partial<RollupWorkerOptions> = {}) {
  const tele = mapSource("t-riverside-tele-202611");
  const stopping = new AbortController();
  const refused: string[] = [];
  const start = (): RollupWorker =>
    rollupWorker({
      tenant: TENANT,
      teleDatabases: async () => [tele],
      roll: store,
      clock: steerableClock(),
      tally: { refused: (reason) => refused.push(reason) },
      signal: stopping.signal,
      log: { warn: () => undefined },
      ...more,
    });
  return { tele, start, stopping, refused };
}

const valuesOf = async (store: MapStore, deviceId: DeviceId) =>
  (
    await readingStore({ store, reach: () => [everything] }).readings(
      systemScope("test"),
      TENANT,
      deviceId,
      0,
      Date.UTC(2030, 0),
    )
  ).map(({ time, values }) => [time, values[0]?.n]);

test("a mended decoder changes what was read with the other one, and times stay", async () => {
  const store = mapStore();
  const { hook, mend } = redecoder();
  const anew: DeviceId[] = [];
  const { tele, start, stopping } = stand(store, {
    redecoder: hook,
    onDerivedAnew: (ids) => {
      anew.push(...ids);
    },
  });
  const uplinks = Array.from({ length: 40 }, (_, i) =>
    keptUplink(START + i * HOUR, 100 + i, { deviceId: i % 2 === 0 ? METER : OTHER }),
  );
  for (const doc of segmentsOf(uplinks, 7)) tele.arrive(doc);
  const worker = start();
  await worker.caughtUp();
  const other = await valuesOf(store, OTHER);
  mend(3);
  await worker.caughtUp();
  assert.equal(
    await valuesOf(store, METER),
    uplinks
      .filter(({ deviceId }) => deviceId === METER)
      .map(({ time, readings }) => [time, (readings[0]?.values[0]?.n as number) * 3]),
  );
  assert.equal(await valuesOf(store, OTHER), other);
  assert.equal(anew, [METER]);
  const latest = readingStore({ store, reach: () => [everything] });
  const { reading } = await latest.latest(systemScope("test"), TENANT, METER);
  assert.is(reading?.values[0]?.n, 138 * 3);
  stopping.abort();
  await worker.done;
});

test("a device that left the community, or a community not seen for a while, keeps what was derived", async () => {
  const store = mapStore();
  const { hook, mend, see } = redecoder();
  let anew = 0;
  const { tele, start, stopping } = stand(store, {
    redecoder: hook,
    onDerivedAnew: () => {
      anew++;
    },
  });
  const uplinks = Array.from({ length: 9 }, (_, i) =>
    keptUplink(START + i * HOUR, 100 + i, { deviceId: METER }),
  );
  for (const doc of segmentsOf(uplinks, 3)) tele.arrive(doc);
  const worker = start();
  mend(3);
  await worker.caughtUp();
  const mended = await valuesOf(store, METER);
  const before = anew;
  for (const now of ["nothing", "all", "no device", "all"] as const) {
    see(now);
    await worker.caughtUp();
    assert.equal(await valuesOf(store, METER), mended, now);
  }
  assert.is(anew, before);
  assert.equal(
    mended.map(([, n]) => n),
    uplinks.map((_, i) => (100 + i) * 3),
  );
  stopping.abort();
  await worker.done;
});

test("when the right time is known, what was heard before it moves there, and nothing else", async () => {
  const store = mapStore();
  let corrections = new Map<string, number>();
  const { tele, start, stopping } = stand(store, { corrections: async () => corrections });
  const at1970 = Array.from({ length: 3 }, (_, i) =>
    keptUplink(5_000 + i * HOUR, 100 + i, { timeSource: "unset" }),
  );
  const known = keptUplink(START, 200, { timeSource: "server", heardAt: 9_000 });
  for (const doc of segmentsOf([...at1970, known], 2)) tele.arrive(doc);
  const worker = start();
  await worker.caughtUp();
  corrections = new Map([[`${WRITER}:${EPOCH}`, START - 10 * HOUR]]);
  await worker.caughtUp();
  assert.equal(await valuesOf(store, METER), [
    ...[0, 1, 2].map((i) => [START - 10 * HOUR + 5_000 + i * HOUR, 100 + i]),
    [START, 200],
  ]);
  assert.ok([...store.docs.keys()].every((id) => !id.includes(":1970-")));
  stopping.abort();
  await worker.done;
});

test("what was heard just now is rolled up before a backlog is through", async () => {
  const store = mapStore();
  const taken: DeviceId[][] = [];
  const { tele, start, stopping } = stand(store, {
    batchSegments: 5,
    onRolledUp: (uplinks) => {
      taken.push(uplinks.map(({ deviceId }) => deviceId));
    },
  });
  const backlog = Array.from({ length: 40 }, (_, i) =>
    keptUplink(START + i * HOUR, 100 + i, { deviceId: METER }),
  );
  for (const doc of segmentsOf(backlog, 1)) tele.arrive(doc);
  const [newest] = segmentsOf([keptUplink(START + 99 * HOUR, 7, { deviceId: OTHER })], 1);
  const { _id } = newest as SegmentDoc;
  tele.arrive({
    ...(newest as SegmentDoc),
    _id: _id.replace(WRITER, LAST),
    writer: LAST,
  });
  const worker = start();
  await worker.caughtUp();
  assert.is(
    taken.findIndex((ids) => ids.includes(OTHER)),
    1,
    "after the first batch",
  );
  assert.is(taken.flat().filter((id) => id === OTHER).length, 1);
  assert.is((await valuesOf(store, METER)).length, 40);
  stopping.abort();
  await worker.done;
});

test("a damaged segment is counted once and stops no other", async () => {
  const store = mapStore();
  const { tele, start, stopping, refused } = stand(store);
  const docs = segmentsOf(
    Array.from({ length: 6 }, (_, i) => keptUplink(START + i * HOUR, i)),
    2,
  );
  docs.forEach((doc, i) => tele.arrive(i === 1 ? { ...doc, digest: "A".repeat(43) } : doc));
  const worker = start();
  await worker.caughtUp();
  await worker.caughtUp();
  assert.is((await valuesOf(store, METER)).length, 4);
  assert.equal(refused, ["segment_damaged"]);
  stopping.abort();
  await worker.done;
});

const hours = (many: number) =>
  Array.from({ length: many }, (_, i) => keptUplink(START + i * HOUR, i, { deviceId: METER }));

test("where a list of names may lack some, what the changes tell is rolled up", async () => {
  const store = mapStore();
  const { tele, start, stopping } = stand(store, { teleDatabases: async () => [cluster] });
  // The machine that lists lacks what the one that said how far it is written has.
  const cluster: SegmentSource = {
    ...tele,
    ids: async (asked) => (await tele.ids(asked)).slice(1),
    info: async () => ({ seq: `${(await tele.info()).seq}-g1AAAA` }),
    async changes({ since, ...asked }) {
      const told = await tele.changes({ ...asked, since: Number.parseInt(String(since), 10) });
      return { ...told, lastSeq: `${told.lastSeq}-g1AAAA` };
    },
  };
  for (const doc of segmentsOf(hours(6), 2)) tele.arrive(doc);
  const worker = start();
  await worker.caughtUp();
  assert.is((await valuesOf(store, METER)).length, 6);
  stopping.abort();
  await worker.done;
});

test("a segment that is told of and cannot be read yet is rolled up when it can be", async () => {
  const store = mapStore();
  const { tele, start, stopping } = stand(store, { teleDatabases: async () => [behind] });
  let isBehind = true;
  const behind: SegmentSource = {
    ...tele,
    getMany: async (ids) => tele.getMany(isBehind ? ids.slice(1) : ids),
  };
  const worker = start();
  await worker.caughtUp();
  for (const doc of segmentsOf(hours(6), 2)) tele.arrive(doc);
  await worker.caughtUp();
  assert.is((await valuesOf(store, METER)).length, 4);
  isBehind = false;
  await worker.caughtUp();
  assert.is((await valuesOf(store, METER)).length, 6);
  stopping.abort();
  await worker.done;
});

test("days that are made again are whole, also where a segment cannot be read just then", async () => {
  const store = mapStore();
  const { hook, mend } = redecoder();
  const clock = steerableClock();
  const { tele, start, stopping } = stand(store, {
    redecoder: hook,
    clock,
    teleDatabases: async () => [behind],
  });
  let lags = 0;
  const behind: SegmentSource = {
    ...tele,
    info: async () => ({ seq: `${(await tele.info()).seq}-g1AAAA` }),
    changes: ({ since, ...asked }) =>
      tele.changes({ ...asked, since: Number.parseInt(String(since), 10) }),
    getMany: async (ids) => tele.getMany(lags-- > 0 ? ids.slice(1) : ids),
  };
  for (const doc of segmentsOf(hours(6), 2)) tele.arrive(doc);
  const worker = start();
  await worker.caughtUp();
  lags = 1;
  mend(3);
  let isOver = false;
  const over = worker.caughtUp().finally(() => (isOver = true));
  while (!isOver) await clock.advance(1_000);
  await over;
  assert.equal(
    (await valuesOf(store, METER)).map(([, n]) => n),
    [0, 3, 6, 9, 12, 15],
  );
  stopping.abort();
  await worker.done;
});

test("it has not caught up when documents of the engine's own made a page of changes shorter", async () => {
  const store = mapStore();
  const { tele, start, stopping } = stand(store, {
    batchSegments: 5,
    teleDatabases: async () => [couch],
  });
  const couch: SegmentSource = {
    ...tele,
    info: async () => ({ seq: `${(await tele.info()).seq}-g1AAAA` }),
    async changes({ since, ...asked }) {
      const from = Number.parseInt(String(since), 10);
      // The rules of the database stand at its beginning.
      const limit = from === 0 ? asked.limit - 1 : asked.limit;
      const told = await tele.changes({ ...asked, limit, since: from });
      return { ...told, lastSeq: `${told.lastSeq}-g1AAAA` };
    },
  };
  const worker = start();
  await worker.caughtUp();
  for (const doc of segmentsOf(hours(20), 1)) tele.arrive(doc);
  await worker.caughtUp();
  assert.is((await valuesOf(store, METER)).length, 20);
  stopping.abort();
  await worker.done;
});

test("days are written in turn only, when they are made and when they are made again", async () => {
  const store = mapStore();
  const { hook, mend } = redecoder();
  let [isMine, turns] = [false, 0];
  const { tele, start, stopping } = stand(store, {
    redecoder: hook,
    async inTurn(work) {
      [isMine, turns] = [true, turns + 1];
      try {
        return await work();
      } finally {
        isMine = false;
      }
    },
  });
  const strays: string[] = [];
  for (const write of ["bulk", "removeMany"] as const) {
    const before = store[write].bind(store) as (
      docs: readonly Pick<StoredDoc, "_id" | "_rev">[],
    ) => Promise<Written[]>;
    store[write] = async (docs: readonly Pick<StoredDoc, "_id" | "_rev">[]) => {
      if (!isMine)
        strays.push(...docs.map(({ _id }) => _id).filter((id) => !id.startsWith("basis:")));
      return before(docs);
    };
  }
  for (const doc of segmentsOf(hours(6), 2)) tele.arrive(doc);
  const worker = start();
  await worker.caughtUp();
  mend(3);
  await worker.caughtUp();
  assert.equal(strays, []);
  assert.is(turns, 2);
  stopping.abort();
  await worker.done;
});

test.run();
