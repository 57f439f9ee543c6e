import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Epoch } from "#shared/model/ids.ts";
import { additions, outOfLife } from "./epochs.ts";

const test = suite("lives in which nobody vouched for the time");
const HOUR = 3_600_000;
const epoch = (n: number) => `0000000${n}-0123456789abcdef` as Epoch;

test("a clock with a battery has one mistake over all of them", () => {
  const lives = [
    { epoch: epoch(1), startMs: 10 * HOUR, lastMs: 12 * HOUR },
    { epoch: epoch(2), startMs: 15 * HOUR, lastMs: 16 * HOUR },
  ];
  assert.equal(
    additions(lives, -40).map(({ addMs }) => addMs),
    [-40, -40],
  );
});

test("what was heard in another life is kept with its right time, and waits while nobody knows it", () => {
  const [life, other] = [epoch(1), epoch(2)];
  const uplink = { time: 5, heardAt: 5, timeSource: "unset" };
  const known = new Map([[life, 100]]);
  assert.equal(outOfLife(uplink, life, known), { time: 105, heardAt: 105, timeSource: "gateway" });
  assert.is(outOfLife(uplink, other, known), undefined);
  const told = { time: 900, heardAt: 5, timeSource: "device" };
  assert.equal(outOfLife(told, life, known), { ...told, heardAt: 105 });
  assert.equal(outOfLife(told, other, known), told);
});

test("without a battery an earlier life ends when the next one begins", () => {
  const lives = [
    { epoch: epoch(1), startMs: 0, lastMs: 5 * HOUR },
    { epoch: epoch(2), startMs: 0, lastMs: 2 * HOUR },
    { epoch: epoch(3), startMs: 0, lastMs: HOUR },
  ];
  const trueStart = Date.UTC(2026, 10, 26);
  assert.equal(additions(lives, trueStart), [
    { epoch: epoch(1), addMs: trueStart - 7 * HOUR },
    { epoch: epoch(2), addMs: trueStart - 2 * HOUR },
    { epoch: epoch(3), addMs: trueStart },
  ]);
});

test.run();
