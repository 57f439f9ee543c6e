import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { DeviceId, InstallationId, UnitId } from "#shared/model/ids.ts";
import { systemScope } from "#shared/model/scope.ts";
import { keptUplink } from "#shared/testing/kept-uplinks.ts";
import { mapStore } from "#shared/testing/map-store.ts";
import { TENANT } from "#shared/testing/site-example.ts";
import { billingLines, billingTotals, missingMeters, type BilledDevice } from "./billing.ts";
import { readingStore } from "./reading-store.ts";
import { rollUp } from "./rollup.ts";
import { everything } from "./window.ts";

const test = suite("billing");
const HOUR = 3_600_000;
const START = Date.UTC(2026, 9, 1);
const [OLD, NEW, SILENT] = ["1", "2", "3"].map((n) => `70b3d57ed000000${n}` as DeviceId) as [
  DeviceId,
  DeviceId,
  DeviceId,
];
const EXCHANGED = "2026-10-15T10:30:00.000Z";
const unit = (n: number) => `u-${String(n).padStart(16, "0")}` as UnitId;
const device = (
  deviceId: DeviceId,
  installation: Partial<BilledDevice["installations"][number]>,
): BilledDevice => ({
  deviceId,
  kind: "cold_water",
  expectedIntervalMs: HOUR,
  installations: [
    {
      installationId: `i-${deviceId}` as InstallationId,
      unitId: unit(1),
      from: "2026-01-01T00:00:00.000Z",
      ...installation,
    },
  ],
});

/** Home 1 had its meter exchanged in October; home 2's meter never told anything. */
async function lines(more: Partial<BilledDevice["installations"][number]> = {}) {
  const store = mapStore();
  const exchangedMs = Date.parse(EXCHANGED);
  const uplinks = Array.from({ length: 24 * 31 + 1 }, (_, i) => START + i * HOUR).map((time, i) =>
    time < exchangedMs
      ? keptUplink(time, 500_000 + i * 10, { deviceId: OLD })
      : keptUplink(time, 100 + i * 10, { deviceId: NEW }),
  );
  const place = { writer: "gw-00112233445566aa", epoch: "00000001-0123456789abcdef", seq: 0 };
  await rollUp(store, TENANT, [{ ...place, uplinks }]);
  const first = Math.floor((exchangedMs - START) / HOUR);
  return billingLines(
    readingStore({ store, reach: () => [everything] }),
    systemScope("test"),
    TENANT,
    {
      devices: [
        device(OLD, { to: EXCHANGED, endN: 500_000 + first * 10 + 5, scale: -3, ...more }),
        device(NEW, { from: EXCHANGED, startN: 100 + first * 10, scale: -3, ...more }),
        device(SILENT, { unitId: unit(2) }),
      ],
      units: [
        { unitId: unit(1), building: "House A" },
        { unitId: unit(2), building: "House A" },
      ],
      zones: [{ fromMs: 0, zone: "UTC" }],
      from: "2026-10-01",
      to: "2026-11-01",
      nowMs: START + 40 * 24 * HOUR,
    },
  );
}

test("an exchange is two lines with the indexes read off, and their sum goes on across it", async () => {
  const [old, fresh] = await lines();
  assert.equal([old?.start?.n, old?.end?.n, old?.exchange], [500_000, 503_465, "taken_away"]);
  assert.equal([fresh?.start?.n, fresh?.end?.n, fresh?.exchange], [3_560, 7_540, "mounted"]);
  assert.is((old?.consumption ?? 0) + (fresh?.consumption ?? 0), 3_465 + 3_980);
  for (const line of [old, fresh])
    assert.is(
      line?.consumption,
      (line?.end?.n as number) - (line?.start?.n as number) + (line?.adjusted as number),
    );
  assert.ok(old?.marks.includes("exchange"));
  assert.is(old?.isEstimated, false);
  assert.ok((old?.heard ?? 0) >= (old?.expected ?? 1) - 1);
});

test("a multiplier put right afterwards changes the sum and no reading", async () => {
  const [old, fresh] = await lines({ multiplier: { n: 25, scale: -1 } });
  assert.is(old?.scale, -4);
  assert.is((old?.consumption ?? 0) + (fresh?.consumption ?? 0), (3_465 + 3_980) * 25);
});

test("a meter that told nothing is on the bill without a number, and on the list of the missing", async () => {
  const all = await lines();
  const silent = all.find(({ deviceId }) => deviceId === SILENT);
  assert.equal([silent?.consumption, silent?.start, silent?.register], [null, null, null]);
  assert.equal(
    missingMeters(all).map(({ deviceId }) => deviceId),
    [SILENT],
  );
});

test("totals per home, building and kind say how many meters are missing in them", async () => {
  const all = await lines();
  const [home] = billingTotals(all, "unit");
  assert.equal([home?.key, home?.n, home?.meters, home?.missing], [unit(1), 7_445, 2, 0]);
  const [house] = billingTotals(all, "building");
  assert.equal([house?.key, house?.n, house?.meters, house?.missing], ["House A", 7_445, 3, 1]);
  assert.is(billingTotals(all, "kind")[0]?.unit, "m3");
});

test.run();
