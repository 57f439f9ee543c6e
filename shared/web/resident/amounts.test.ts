import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Consumption, Quality } from "#shared/api/resident.ts";
import { compare, lastFinished, meanOf } from "./amounts.ts";

const use = (...periods: [number | null, Quality][]): Consumption => ({
  meter_id: "i-1",
  kind: "cold_water",
  scale: -3,
  unit: "m3",
  zone: "UTC",
  periods: periods.map(([n, quality], i) => ({
    from: "",
    to: "",
    label: String(i),
    n,
    quality,
    marks: [],
  })),
  gaps: [],
  total: null,
  is_interpolated: false,
  completeness: 1,
  expected: 0,
  heard: 0,
});

test("a running span is compared with the same number of periods", () => {
  const now = use([80, "measured"], [100, "interpolated"], [3, "running"], [null, "future"]);
  const before = use([100, "measured"], [100, "measured"], [900, "measured"], [900, "measured"]);
  assert.equal(compare(now, before), { change: -0.09999999999999998, count: 2, isWhole: false });
});

test("a whole span is compared with the whole span before, be it longer", () => {
  const found = compare(
    use([50, "measured"], [50, "measured"]),
    use([50, "measured"], [25, "measured"], [25, "measured"]),
  );
  assert.equal(found, { change: 0, count: 2, isWhole: true });
});

test("a hole on either side, or time that is not one's own, allows no comparison", () => {
  const whole = use([100, "measured"], [100, "measured"]);
  assert.is(compare(use([100, "measured"], [null, "gap"]), whole), undefined);
  assert.is(compare(whole, use([100, "measured"], [null, "gap"])), undefined);
  assert.is(compare(whole, use([null, "outside"], [100, "measured"])), undefined);
  assert.is(compare(use([null, "gap"], [5, "running"]), whole), undefined);
});

test("nothing before, nothing to compare with", () => {
  assert.is(compare(use([100, "measured"]), use([0, "measured"])), undefined);
  assert.is(compare(use([5, "running"]), use([10, "measured"])), undefined);
});

test("yesterday is the period before the running one, when it has a number", () => {
  assert.is(lastFinished(use([1, "measured"], [2, "measured"], [3, "running"]))?.n, 2);
  assert.is(lastFinished(use([1, "measured"], [null, "gap"], [3, "running"])), undefined);
  assert.is(lastFinished(use([3, "running"], [null, "future"])), undefined);
});

test("a mean leaves out what is not over or not known", () => {
  assert.is(meanOf(use([10, "measured"], [null, "gap"], [20, "interpolated"], [1, "running"])), 15);
  assert.is(meanOf(use([10, "measured"], [1, "running"])), undefined);
});

test.run();
