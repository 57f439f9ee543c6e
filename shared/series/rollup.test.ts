import { suite } from "uvu";
import * as assert from "uvu/assert";
import fc from "fast-check";
import type { DeviceId, TenantName } from "#shared/model/ids.ts";
import type { KeptUplink } from "#shared/model/kept-uplink.ts";
import { systemScope } from "#shared/model/scope.ts";
import { keptUplink, METER } from "#shared/testing/kept-uplinks.ts";
import { mapStore } from "#shared/testing/map-store.ts";
import { readingStore } from "./reading-store.ts";
import { everything } from "./window.ts";
import { isRolledUp, positionsOf, rollUp, type OpenSegment } from "./rollup.ts";

const test = suite("rollup");
const TENANT = "riverside" as TenantName;
const START = Date.UTC(2026, 10, 1, 22);

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
      assert.is(store.contents(), once.contents());
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

test("the same frame over two ways of one gateway is one reading, also days later and over a day's border", async () => {
  const store = mapStore();
  const bytes = { payload: Uint8Array.of(1, 2, 3), fCnt: 7 };
  const late = START + 47 * 3_600_000;
  await rollUp(store, TENANT, segmentsOf([keptUplink(START, 500, bytes)], 1));
  await rollUp(store, TENANT, [
    {
      ...(segmentsOf(
        [keptUplink(late, 500, { ...bytes, via: "chirpstack-v4" })],
        1,
      )[0] as OpenSegment),
      seq: 1,
    },
  ]);
  const readings = readingStore({ store, reach: () => [everything] });
  const ask = (fromMs: number, toMs: number) =>
    readings.readings(systemScope("test"), TENANT, METER, fromMs, toMs);
  assert.equal(
    (await ask(START - 1, late + 1)).map(({ time }) => time),
    [START],
  );
  assert.equal(await ask(late - 1, late + 1), [], "a copy is none, asked for alone, too");
  const again = segmentsOf([keptUplink(late + 3_600_000, 500, bytes)], 1);
  await rollUp(store, TENANT, [{ ...(again[0] as OpenSegment), seq: 2 }]);
  assert.is((await ask(START - 1, late + 4_000_000)).length, 2, "over one way nothing is folded");
});

test("history that several messages tell is one reading per register and device time", async () => {
  const store = mapStore();
  const told = (at: number, hours: number) =>
    keptUplink(at, hours, {
      readings: Array.from({ length: hours }, (_, i) => ({
        time: START - i * 3_600_000,
        values: [
          { register: "8-0:1.0.0" as const, n: 900 - i * 10, scale: -3, unit: "m3" as const },
        ],
      })),
    });
  await rollUp(store, TENANT, segmentsOf([told(START, 11), told(START + 60_000, 33)], 2));
  const readings = readingStore({ store, reach: () => [everything] });
  const rows = await readings.readings(systemScope("test"), TENANT, METER, 0, START + 1);
  assert.is(rows.length, 33);
  assert.is(new Set(rows.map(({ time }) => time)).size, 33);
});

test("10,000 values in one message cost their own place and nothing else", async () => {
  const store = mapStore();
  const many = keptUplink(START, 1, {
    readings: Array.from({ length: 10_000 }, (_, i) => ({
      time: START - i * 60_000,
      values: [{ register: "8-0:1.0.0" as const, n: 20_000 - i, scale: -3, unit: "m3" as const }],
    })),
  });
  await rollUp(store, TENANT, segmentsOf([many, keptUplink(START + 60_000, 20_001)], 2));
  const readings = readingStore({ store, reach: () => [everything] });
  const rows = await readings.readings(systemScope("test"), TENANT, METER, 0, START + 60_001);
  assert.is(rows.length, 10_001);
});

test("a sender's clock ahead of ours is not the newest for ever", async () => {
  const store = mapStore();
  const day = 86_400_000;
  const far = { time: Date.UTC(2106, 1, 7), heardAt: START, timeSource: "server" as const };
  const ahead = { time: START + 2 * 3_600_000, heardAt: START, timeSource: "server" as const };
  await rollUp(
    store,
    TENANT,
    segmentsOf(
      [
        keptUplink(START, 10, far),
        keptUplink(START, 11, ahead),
        keptUplink(START + 3_600_000, 12),
        keptUplink(START + 3_500_000, 13, { time: START + 2 * day, heardAt: START + 3_500_000 }),
      ],
      4,
    ),
  );
  const readings = readingStore({ store, reach: () => [everything] });
  const { reading, heard } = await readings.latest(systemScope("test"), TENANT, METER);
  assert.equal([reading?.time, reading?.values[0]?.n], [START + 3_600_000, 12]);
  assert.is(heard?.time, START + 3_600_000);
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
