import { test } from "uvu";
import * as assert from "uvu/assert";
import { clockTime, localDateOf, relative, spanTitle, timeOrDate, waitText } from "./moments.ts";

const ZONE = "Europe/Zurich";

test("times are the building's, whatever the reader's zone", () => {
  assert.is(clockTime("2026-11-23T09:42:00Z", ZONE, "en"), "10:42");
  assert.is(clockTime("2026-07-01T22:30:00Z", ZONE, "en"), "00:30");
  assert.is(localDateOf("2026-11-22T23:30:00Z", ZONE), "2026-11-23");
});

test("a time of another day carries its date, of another year the year", () => {
  assert.is(timeOrDate("2026-11-23T09:42:00Z", "2026-11-23", ZONE, "en"), "10:42");
  assert.is(timeOrDate("2026-11-12T09:42:00Z", "2026-11-23", ZONE, "en"), "12 Nov, 10:42");
  assert.is(timeOrDate("2025-11-12T09:42:00Z", "2026-11-23", ZONE, "en"), "12 Nov 2025, 10:42");
});

test("spans are named in the reader's language", () => {
  assert.is(spanTitle("month", "2026-11-23", "de"), "November 2026");
  assert.is(spanTitle("day", "2026-11-23", "fr"), "lundi 23 novembre");
  assert.is(spanTitle("year", "2026-11-23", "es"), "2026");
});

test("what was just now is now, what was before is rounded down", () => {
  const nowMs = Date.parse("2026-11-23T10:00:00Z");
  assert.is(relative("2026-11-23T09:59:30Z", nowMs, "en"), "now");
  assert.is(relative("2026-11-23T09:57:10Z", nowMs, "en"), "2 min ago");
  assert.is(relative("2026-11-20T10:00:00Z", nowMs, "de"), "vor 3 Tagen");
  assert.is(relative("2026-10-20T10:00:00Z", nowMs, "en"), "34 days ago");
  assert.is(relative("2026-08-20T10:00:00Z", nowMs, "en"), "3 mo ago");
});

test("a wait is rounded up", () => {
  assert.is(waitText(61_000, "en"), "2 minutes");
  assert.is(waitText(900, "en"), "1 second");
  assert.is(waitText(7_199_000, "en"), "120 minutes");
  assert.is(waitText(3 * 3_600_000 - 1, "en"), "3 hours");
  assert.is(waitText(45 * 86_400_000, "de"), "45 Tage");
});

test.run();
