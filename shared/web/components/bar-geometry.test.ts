import { test } from "uvu";
import * as assert from "uvu/assert";
import { barAt, barPlaces, ticks } from "./bar-geometry.ts";

test("bars stand on whole pixels, side by side, inside the width", () => {
  for (const [count, width] of [
    [24, 301],
    [31, 253],
    [12, 640],
    [31, 20],
  ] as const) {
    const places = barPlaces(count, width);
    assert.is(places.length, count);
    for (const [i, { x, width: wide }] of places.entries()) {
      assert.ok(Number.isInteger(x) && Number.isInteger(wide) && wide >= 1);
      assert.ok(i === 0 || x >= (places[i - 1]?.x ?? 0));
    }
    const last = places.at(-1);
    assert.ok(last !== undefined && last.x + last.width <= width + 1);
  }
});

test("lines stand at round values and the last is above every bar", () => {
  assert.equal(ticks(187), [0, 100, 200]);
  assert.equal(ticks(4.3), [0, 2, 4, 6]);
  assert.equal(ticks(0.21), [0, 0.1, 0.2, 0.3]);
  assert.equal(ticks(0), [0, 1]);
  for (const largest of [0.001, 0.07, 1, 9.99, 10, 1234, 98_765])
    assert.ok((ticks(largest).at(-1) ?? 0) >= largest);
});

test("a point belongs to a bar, also at the edges", () => {
  assert.is(barAt(0, 24, 240), 0);
  assert.is(barAt(119, 24, 240), 11);
  assert.is(barAt(500, 24, 240), 23);
  assert.is(barAt(-5, 24, 240), 0);
});

test.run();
