import { suite } from "uvu";
import * as assert from "uvu/assert";
import { counterTraits } from "./plausible.ts";
import { borderAt, steadyCount } from "./steady-count.ts";

const test = suite("steady count");
const HOUR = 3_600_000;
const START = Date.UTC(2026, 10, 1);
/** Litres of a home's water meter: at most 10,000 an hour, slips of 50. */
const WATER = counterTraits("m3", -3);
const hourly = (...indexes: number[]) => indexes.map((n, i) => ({ time: START + i * HOUR, n }));
const counted = (indexes: number[], traits = WATER) => {
  const { points, events } = steadyCount(hourly(...indexes), traits);
  return { total: points.at(-1)?.total, marks: events.map(({ mark }) => mark), points, events };
};

test("a counter that only grows is counted as it is", () => {
  const { total, marks } = counted([100, 110, 110, 150]);
  assert.equal([total, marks], [50, []]);
});

test("a counter that passes its last digit is counted on, where its digits are known", () => {
  const five = counterTraits("m3", -3, { scale: 0, modulusN: 100_000 });
  const near = [99_999_700, 99_999_800, 99_999_950, 100, 250, 300, 310];
  const { total, marks, points } = counted(near, five);
  assert.equal([total, marks], [610, ["rollover"]]);
  const half = borderAt(points, START + 2.5 * HOUR, five.modulus);
  assert.is(half?.n, 25, "half way across, the index is past zero already");
  assert.is(borderAt(points, START + 2.1 * HOUR, five.modulus)?.n, 99_999_965);
  assert.equal(counted(near).marks, ["reset"], "digits are never guessed");
});

test("a fall far from the last digit is a reset, and counts nothing", () => {
  const { total, marks } = counted([5_000, 5_010, 5_020, 5_030, 3, 13, 23, 33]);
  assert.equal([total, marks], [60, ["reset"]]);
});

test("one value that fits on neither side is left out, whichever way it points", () => {
  for (const wrong of [90_000_000, 3]) {
    const { total, marks, points } = counted([700, 710, 720, wrong, 740, 750, 760]);
    assert.equal([total, marks, points.length], [60, ["spike"], 6]);
  }
  const three = counted([7_000, 7_010, 7_020, 3, 4, 5, 7_060, 7_070, 7_080]);
  assert.equal([three.total, three.marks], [80, ["spike", "spike", "spike"]]);
});

test("a value nobody has confirmed yet is not counted: the newest may be wrong", () => {
  const { total, marks } = counted([700, 710, 720, 730, 90_000_000]);
  assert.equal([total, marks], [30, ["spike"]]);
});

test("a step the meter cannot have passed counts nothing once it lasts", () => {
  const high = [90_000_000, 90_000_010, 90_000_020, 90_000_030];
  const { total, marks } = counted([700, 710, 720, 731, ...high]);
  assert.equal([total, marks], [61, ["jump"]]);
});

test("an index in another unit is known by its factor", () => {
  const inLitres = [1_234_000, 1_234_010, 1_234_020, 1_234_030];
  const { total, marks } = counted([...inLitres, 1_234, 1_244, 1_254, 1_264]);
  assert.equal([total, marks], [60, ["wrong_unit"]]);
});

test("a dip is held until the index is back, and counts not twice", () => {
  const { total, marks, points } = counted([700, 710, 690, 700, 715, 720]);
  assert.equal([total, marks], [20, ["dip", "dip"]]);
  assert.equal(
    points.map(({ n }) => n),
    [700, 710, 710, 710, 715, 720],
  );
});

test("a fall that stays for two days is backflow: the difference is negative", () => {
  const { total, marks } = counted([700, 710, ...Array.from({ length: 60 }, () => 690)]);
  assert.is(total, -10);
  assert.is(marks.filter((mark) => mark === "backflow").length, 1);
});

test("what no counter shows is left out and named", () => {
  const five = counterTraits("m3", -3, { scale: 0, modulusN: 100_000 });
  const { total, marks } = counted([700, -5, 710, 100_000_000, 720], five);
  assert.equal([total, marks], [20, ["negative", "absurd"]]);
});

test("much after a long silence is not a jump", () => {
  const { points, events } = steadyCount(
    [
      { time: START, n: 1_000 },
      { time: START + HOUR, n: 1_010 },
      { time: START + 20 * 24 * HOUR, n: 900_000 },
      { time: START + 20 * 24 * HOUR + HOUR, n: 900_010 },
    ],
    WATER,
  );
  assert.equal([points.at(-1)?.total, events.length], [899_010, 0]);
});

test("an index recorded by people is not voted out", () => {
  const points = hourly(700, 710, 720, 730, 740, 750);
  const fixed = points.map((point, i) =>
    i === 3 ? { ...point, n: 9_000_000, isFixed: true } : point,
  );
  const { points: good } = steadyCount(fixed, WATER);
  assert.ok(good.some(({ n }) => n === 9_000_000));
});

test.run();
