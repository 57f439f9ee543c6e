import { suite } from "uvu";
import * as assert from "uvu/assert";
import fc from "fast-check";
import { stretches, type Zones } from "./calendar.ts";
import { consumption, indexAt } from "./consumption.ts";
import type { IndexPoint } from "./index-series.ts";

const test = suite("consumption");
const HOUR = 3_600_000;
const MADRID: Zones = [{ fromMs: -Infinity, zone: "Europe/Madrid" }];
const OPEN = { fromMs: -Infinity, toMs: Infinity };
const DAY = stretches(MADRID, "2026-11-10", "2026-11-11", "hour");
const MIDNIGHT = DAY[0]?.fromMs as number;
const hourly = (count: number, offsetMs = 0): IndexPoint[] =>
  Array.from({ length: count }, (_, i) => ({
    time: MIDNIGHT + offsetMs + i * HOUR,
    n: 1000 + i * 10,
  }));
const ask = (
  points: readonly IndexPoint[],
  more: Partial<Parameters<typeof consumption>[0]> = {},
) =>
  consumption({
    points,
    stretches: DAY,
    nowMs: MIDNIGHT + 48 * HOUR,
    window: OPEN,
    gapMs: 3 * HOUR,
    ...more,
  });

test("readings on the borders give measured hours", () => {
  const { periods, total, isInterpolated } = ask(hourly(25));
  assert.ok(periods.every(({ n, quality }) => n === 10 && quality === "measured"));
  assert.equal([total, isInterpolated], [240, false]);
});

test("an index between two readings is interpolated, and the hour says so", () => {
  const { periods } = ask(hourly(30, -HOUR / 2));
  assert.ok(periods.every(({ n, quality }) => n === 10 && quality === "interpolated"));
});

test("an hour in which nothing was heard for too long has no number", () => {
  const points = hourly(25).filter((_, i) => i < 6 || i > 12);
  const { periods, total } = ask(points);
  assert.equal(
    periods.slice(4, 14).map(({ quality }) => quality),
    ["measured", ...Array.from({ length: 8 }, () => "gap"), "measured"],
  );
  assert.is(total, 240);
});

test("the hour under way runs up to the last reading, later ones are not begun", () => {
  const { periods } = ask(hourly(11), { nowMs: MIDNIGHT + 10.5 * HOUR });
  assert.equal(
    [periods[9], periods[10], periods[11]].map((one) => [one?.n, one?.quality]),
    [
      [10, "measured"],
      [0, "running"],
      [null, "future"],
    ],
  );
});

test("days after a meter fell silent are gaps and not zeros", () => {
  const days = stretches(MADRID, "2026-11-10", "2026-11-13", "day");
  const { periods } = consumption({
    points: hourly(13),
    stretches: days,
    nowMs: MIDNIGHT + 80 * HOUR,
    window: OPEN,
    gapMs: 3 * HOUR,
  });
  assert.equal(
    periods.map(({ n, quality }) => [n, quality]),
    [
      [120, "running"],
      [null, "gap"],
      [null, "gap"],
    ],
  );
});

test("what is not the asker's time has no number", () => {
  const { periods, total } = ask(hourly(25), {
    window: { fromMs: MIDNIGHT + 6 * HOUR, toMs: MIDNIGHT + 9 * HOUR },
  });
  assert.equal(periods.filter(({ quality }) => quality !== "outside").length, 3);
  assert.is(total, 30);
});

test("an index that fell is no consumption", () => {
  const { periods } = ask([
    { time: MIDNIGHT, n: 1000 },
    { time: MIDNIGHT + HOUR, n: 5 },
    { time: MIDNIGHT + 2 * HOUR, n: 9 },
  ]);
  assert.equal(
    periods.slice(0, 2).map(({ n }) => n),
    [null, 4],
  );
});

test("hours add up to their day and days to their month, to the last unit", () => {
  const steps = fc.array(fc.tuple(fc.integer({ min: 1, max: 5 * HOUR }), fc.nat({ max: 5000 })), {
    minLength: 2,
    maxLength: 400,
  });
  fc.assert(
    fc.property(steps, fc.integer({ min: -40 * HOUR, max: 0 }), (gaps, offset) => {
      let [time, n] = [MIDNIGHT + offset, 0];
      const points = gaps.map(([ms, more]) => ({ time: (time += ms), n: (n += more) }));
      const inside = DAY.filter(
        ({ fromMs, toMs }) => fromMs >= (points[0]?.time as number) && toMs <= time,
      );
      const [first, last] = [inside[0], inside.at(-1)];
      if (!first || !last) return;
      const { periods, total } = consumption({
        points,
        stretches: inside,
        nowMs: time + 99 * HOUR,
        window: OPEN,
        gapMs: Infinity,
      });
      assert.is(
        periods.reduce((sum, period) => sum + (period.n ?? 0), 0),
        total,
      );
      assert.is(
        total,
        (indexAt(points, last.toMs)?.n as number) - (indexAt(points, first.fromMs)?.n as number),
      );
    }),
    { numRuns: 300 },
  );
});

test.run();
