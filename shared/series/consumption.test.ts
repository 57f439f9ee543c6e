import { suite } from "uvu";
import * as assert from "uvu/assert";
import { stretches, type Zones } from "./calendar.ts";
import { consumption } from "./consumption.ts";
import type { IndexPoint } from "./index-series.ts";
import { counterTraits } from "./plausible.ts";
import { steadyCount } from "./steady-count.ts";

const test = suite("consumption");
const HOUR = 3_600_000;
const MADRID: Zones = [{ fromMs: -Infinity, zone: "Europe/Madrid" }];
const OPEN = { fromMs: -Infinity, toMs: Infinity };
const DAY = stretches(MADRID, "2026-11-10", "2026-11-11", "hour");
const MIDNIGHT = DAY[0]?.fromMs as number;
const TRAITS = counterTraits("m3", -3);
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
    count: steadyCount(points, TRAITS),
    stretches: DAY,
    nowMs: MIDNIGHT + 48 * HOUR,
    window: OPEN,
    gapMs: 3 * HOUR,
    expectedMs: HOUR,
    ...more,
  });

test("readings on the borders give measured hours", () => {
  const answer = ask(hourly(25));
  assert.ok(answer.periods.every(({ n, quality }) => n === 10 && quality === "measured"));
  assert.equal([answer.total, answer.isInterpolated], [240, false]);
  assert.equal([answer.expected, answer.heard], [24, 24]);
  assert.equal([answer.start?.n, answer.end?.n, answer.adjusted], [1000, 1240, 0]);
});

test("an index between two readings is interpolated, and the hour says so", () => {
  const { periods } = ask(hourly(30, -HOUR / 2));
  assert.ok(periods.every(({ n, quality }) => n === 10 && quality === "interpolated"));
});

test("an hour in which nothing was heard for too long has no number; what passed in all of them is told", () => {
  const points = hourly(25).filter((_, i) => i < 6 || i > 12);
  const { periods, gaps, total, heard } = ask(points);
  assert.equal(
    periods.slice(4, 14).map(({ quality }) => quality),
    ["measured", ...Array.from({ length: 8 }, () => "gap"), "measured"],
  );
  assert.is(total, 240);
  assert.is(heard, 17);
  assert.equal(gaps, [{ fromMs: MIDNIGHT + 5 * HOUR, toMs: MIDNIGHT + 13 * HOUR, n: 80 }]);
});

test("a month whose border lies in a short silence is an estimate, not a gap", () => {
  const months = stretches(MADRID, "2026-10-01", "2026-12-01", "month");
  const border = months[0]?.toMs as number;
  const points = Array.from({ length: 60 * 24 }, (_, i) => ({
    time: (months[0]?.fromMs as number) + i * HOUR,
    n: i,
  })).filter(({ time }) => Math.abs(time - border) > 12 * HOUR);
  const { periods } = ask(points, { stretches: months, nowMs: border + 60 * 24 * HOUR });
  assert.is(periods[0]?.quality, "interpolated");
  assert.is(periods[0]?.n, 31 * 24 + 1);
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
  const { periods } = ask(hourly(13), { stretches: days, nowMs: MIDNIGHT + 80 * HOUR });
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

test("an index that fell counts nothing for that step, and its hour is an estimate that says why", () => {
  const points = hourly(25).map(({ time, n }, i) => ({ time, n: i < 12 ? n : 5 + (i - 12) * 10 }));
  const { periods, total, adjusted, start, end, events } = ask(points);
  assert.equal(
    [periods[10], periods[11], periods[12]].map((one) => [one?.n, one?.quality, one?.marks]),
    [
      [10, "measured", []],
      [0, "interpolated", ["reset"]],
      [10, "measured", []],
    ],
  );
  assert.is(total, 230);
  assert.is(total, (end?.n as number) - (start?.n as number) + adjusted);
  assert.equal(
    events.map(({ mark, before, after, counted }) => [mark, before, after, counted]),
    [["reset", 1110, 5, 0]],
  );
});

test.run();
