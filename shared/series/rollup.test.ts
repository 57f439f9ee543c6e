import { suite } from "uvu";
import * as assert from "uvu/assert";
import fc from "fast-check";
import type { DeviceId, TenantName } from "#shared/model/ids.ts";
import type { KeptUplink } from "#shared/model/kept-uplink.ts";
import { systemScope } from "#shared/model/scope.ts";
import { keptUplink, METER } from "#shared/testing/kept-uplinks.ts";
import { readingStore } from "./reading-store.ts";
import { everything } from "./window.ts";
import { isRolledUp, positionsOf, rollUp, type OpenSegment } from "./rollup.ts";
import type { SeriesStore, StoredDoc } from "./series-store.ts";

const test = suite("rollup");
const TENANT = "riverside" as TenantName;
const START = Date.UTC(2026, 10, 1, 22);

/** A store in a map, to compare whole contents; the real ones pass the contract suite of `shared/couch`. */
function mapStore(): SeriesStore & { readonly docs: Map<string, StoredDoc> } {
  const docs = new Map<string, StoredDoc>();
  return {
    docs,
    get: async <T extends StoredDoc>(id: string) => docs.get(id) as T | undefined,
    getMany: async <T extends StoredDoc>(ids: readonly string[]) =>
      ids.flatMap((id) => (docs.get(id) as T | undefined) ?? []),
    list: async <T extends StoredDoc>({
      from = "",
      to = "\uffff",
      limit = Infinity,
      descending = false,
    }) => {
      const found = [...docs.values()]
        .filter(({ _id }) => from <= _id && _id <= to)
        .sort((a, b) => (a._id < b._id ? -1 : 1));
      return (descending ? found.reverse() : found).slice(0, limit) as unknown as T[];
    },
    bulk: async (written) => {
      for (const { _rev: _, ...doc } of written)
        docs.set(doc._id, structuredClone(doc) as StoredDoc);
      return written.map(({ _id }) => ({ id: _id, ok: true }));
    },
  };
}

const contents = (store: ReturnType<typeof mapStore>) =>
  JSON.stringify([...store.docs.values()].sort((a, b) => (a._id < b._id ? -1 : 1)));

function segmentsOf(
  uplinks: readonly KeptUplink[],
  size: number,
  writer = "gw-00112233445566aa",
): OpenSegment[] {
  const segments: OpenSegment[] = [];
  for (let i = 0; i < uplinks.length; i += size)
    segments.push({
      writer,
      epoch: "00000001-0123456789abcdef",
      seq: i / size,
      uplinks: uplinks.slice(i, i + size),
    });
  return segments;
}

test("any order, repetition and cut of the same segments ends in the same bytes", async () => {
  const devices = [METER, "70b3d57ed0000002" as DeviceId];
  const uplinks = Array.from({ length: 60 }, (_, i) =>
    keptUplink(START + Math.floor(i / 2) * 1_800_000, i, {
      deviceId: devices[i % 2] as DeviceId,
      ...(i % 11 === 0 ? { readings: [], undecoded: "no" } : {}),
    }),
  );
  const segments = segmentsOf(uplinks, 4);
  const once = mapStore();
  await rollUp(once, TENANT, segments);
  const order = fc.array(fc.nat({ max: segments.length - 1 }), { maxLength: 30 });
  await fc.assert(
    fc.asyncProperty(order, fc.integer({ min: 1, max: 7 }), async (picks, cut) => {
      const store = mapStore();
      const all = [...picks.map((i) => segments[i] as OpenSegment), ...segments.toReversed()];
      for (let i = 0; i < all.length; i += cut) await rollUp(store, TENANT, all.slice(i, i + cut));
      assert.is(contents(store), contents(once));
    }),
    { numRuns: 60 },
  );
});

test("positions say what is in, also when segments come with holes", async () => {
  const store = mapStore();
  const segments = segmentsOf(
    Array.from({ length: 10 }, (_, i) => keptUplink(START + i * 60_000, i)),
    1,
  );
  await rollUp(store, TENANT, [segments[0], segments[1], segments[5]] as OpenSegment[]);
  const positions = await positionsOf(store, TENANT);
  const isIn = (seq: number) =>
    isRolledUp(positions, "gw-00112233445566aa", "00000001-0123456789abcdef", seq);
  assert.equal([0, 1, 2, 5, 6].map(isIn), [true, true, false, true, false]);
  await rollUp(store, TENANT, segments);
  assert.equal([...(await positionsOf(store, TENANT)).values()], [[[0, 9]]]);
});

test("a reading that two gateways heard is one reading, with the better time", async () => {
  const store = mapStore();
  const bytes = { payload: Uint8Array.of(1, 2, 3), fCnt: 7 };
  await rollUp(
    store,
    TENANT,
    segmentsOf([keptUplink(START, 500, { ...bytes, timeSource: "gateway" })], 1),
  );
  await rollUp(
    store,
    TENANT,
    segmentsOf(
      [keptUplink(START + 900, 500, { ...bytes, timeSource: "server" })],
      1,
      "gw-00112233445566bb",
    ),
  );
  const readings = readingStore({ store, reach: () => [everything] });
  const rows = await readings.readings(
    systemScope("test"),
    TENANT,
    METER,
    START - 1,
    START + 10_000,
  );
  assert.equal(
    rows.map(({ time, writer }) => [time, writer]),
    [[START + 900, "gw-00112233445566bb"]],
  );
});

test("latest is the newest by the reading's own time, whatever came last", async () => {
  const store = mapStore();
  await rollUp(store, TENANT, segmentsOf([keptUplink(START + 3_600_000, 20)], 1));
  await rollUp(store, TENANT, segmentsOf([keptUplink(START, 10)], 1, "gw-00112233445566bb"));
  const readings = readingStore({ store, reach: () => [everything] });
  const latest = await readings.latest(systemScope("test"), TENANT, METER);
  assert.is(latest.reading?.time, START + 3_600_000);
});

test.run();
