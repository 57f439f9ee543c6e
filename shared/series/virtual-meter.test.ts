import { suite } from "uvu";
import * as assert from "uvu/assert";
import { systemScope } from "#shared/model/scope.ts";
import type { DeviceId } from "#shared/model/ids.ts";
import { keptUplink } from "#shared/testing/kept-uplinks.ts";
import { mapStore } from "#shared/testing/map-store.ts";
import { TENANT } from "#shared/testing/site-example.ts";
import { readingStore } from "./reading-store.ts";
import { rollUp } from "./rollup.ts";
import { virtualConsumption, type VirtualMember } from "./virtual-meter.ts";
import { everything } from "./window.ts";

const test = suite("virtual meter");
const HOUR = 3_600_000;
const START = Date.UTC(2026, 10, 1);
const [MAIN, FIRST, SECOND] = ["1", "2", "3"].map((n) => `70b3d57ed000000${n}` as DeviceId) as [
  DeviceId,
  DeviceId,
  DeviceId,
];

/** Litres an hour of each, for four days; `silent` tells nothing on the second day. */
async function members(silent?: DeviceId): Promise<VirtualMember[]> {
  const store = mapStore();
  const perHour = new Map([
    [MAIN, 100],
    [FIRST, 30],
    [SECOND, 60],
  ]);
  const uplinks = [...perHour].flatMap(([deviceId, litres]) =>
    Array.from({ length: 97 }, (_, i) => ({
      deviceId,
      litres: litres * i,
      time: START + i * HOUR,
    })),
  );
  await rollUp(store, TENANT, [
    {
      writer: "gw-00112233445566aa",
      epoch: "00000001-0123456789abcdef",
      seq: 0,
      uplinks: uplinks
        .filter(
          ({ deviceId, time }) =>
            deviceId !== silent || time < START + 20 * HOUR || time > START + 52 * HOUR,
        )
        .map(({ deviceId, litres, time }) => keptUplink(time, litres, { deviceId })),
    },
  ]);
  const readings = readingStore({ store, reach: () => [everything] });
  // The second submeter belongs to it from the third day on.
  const since = START + 48 * HOUR;
  const of = async (deviceId: DeviceId, sign: 1 | -1, fromMs: number): Promise<VirtualMember> => ({
    sign,
    fromMs,
    toMs: Infinity,
    answer: await readings.consumption(systemScope("test"), TENANT, deviceId, {
      registers: ["8-0:1.0.0"],
      zones: [{ fromMs: 0, zone: "UTC" }],
      from: "2026-11-01",
      to: "2026-11-05",
      step: "day",
      nowMs: START + 96 * HOUR,
      gapMs: 3 * HOUR,
      window: { ...everything, fromMs },
    }),
  });
  return [
    await of(MAIN, 1, -Infinity),
    await of(FIRST, -1, -Infinity),
    await of(SECOND, -1, since),
  ];
}

test("the main meter minus its submeters, each from the day it belongs to them", async () => {
  const found = virtualConsumption(await members());
  assert.equal(
    found?.periods.map(({ n, quality }) => [n, quality]),
    [
      [70 * 24, "measured"],
      [70 * 24, "measured"],
      [10 * 24, "measured"],
      [10 * 24, "measured"],
    ],
  );
  assert.is(
    found?.total,
    found?.periods.reduce((sum, { n }) => sum + (n ?? 0), 0),
  );
});

test("a day of which one member has no number has none, and says so", async () => {
  const found = virtualConsumption(await members(FIRST));
  const [, second, , fourth] = found?.periods ?? [];
  assert.equal([second?.n, second?.quality, second?.marks], [null, "gap", ["incomplete"]]);
  assert.equal([fourth?.n, fourth?.marks], [10 * 24, []]);
  assert.is(found?.total, 2 * 70 * 24 + 2 * 10 * 24, "the whole is known all the same");
});

test("a member that was never read makes no whole", async () => {
  const some = await members();
  const found = virtualConsumption([
    ...some,
    { sign: -1, fromMs: -Infinity, toMs: Infinity, answer: undefined },
  ]);
  assert.is(found?.total, null);
  assert.ok(found?.periods.every(({ n }) => n === null));
});

test.run();
