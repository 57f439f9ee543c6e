import { test } from "uvu";
import * as assert from "uvu/assert";
import { addDays, bounds, shift, startOf } from "./local-dates.ts";

test("days are counted over months, years and leap days", () => {
  assert.is(addDays("2026-12-31", 1), "2027-01-01");
  assert.is(addDays("2028-03-01", -1), "2028-02-29");
  assert.is(addDays("2026-03-29", 1), "2026-03-30");
});

test("a span knows its first day and the first day after it", () => {
  assert.equal(bounds("day", "2026-11-23"), { from: "2026-11-23", to: "2026-11-24" });
  assert.equal(bounds("month", "2026-12-23"), { from: "2026-12-01", to: "2027-01-01" });
  assert.equal(bounds("year", "2026-11-23"), { from: "2026-01-01", to: "2027-01-01" });
  assert.is(startOf("month", "2026-11-23"), "2026-11-01");
});

test("a month before the 31st is a month, not thirty days", () => {
  assert.is(shift("month", "2026-03-31", -1), "2026-02-01");
  assert.is(shift("year", "2028-02-29", 1), "2029-01-01");
});

test.run();
