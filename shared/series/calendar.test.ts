import { suite } from "uvu";
import * as assert from "uvu/assert";
import { isFault } from "#shared/model/fault.ts";
import { localDate, startOfDay, stretches, type Zones } from "./calendar.ts";

const test = suite("calendar");
const zone = (name: string): Zones => [{ fromMs: -Infinity, zone: name }];
const hours = (name: string, from: string, to: string) => stretches(zone(name), from, to, "hour");
const HOUR = 3_600_000;

test("a day in Madrid has 23 hours in March and 25 in October", () => {
  assert.is(hours("Europe/Madrid", "2026-03-29", "2026-03-30").length, 23);
  assert.is(hours("Europe/Madrid", "2026-10-25", "2026-10-26").length, 25);
  assert.is(hours("America/New_York", "2026-11-01", "2026-11-02").length, 25);
});

test("days begin at local midnight, quarter hours off UTC as well", () => {
  assert.is(startOfDay(zone("Asia/Kathmandu"), "2026-11-23"), Date.UTC(2026, 10, 22, 18, 15));
  assert.is(localDate(zone("Asia/Kathmandu"), Date.UTC(2026, 10, 22, 18, 15)), "2026-11-23");
  assert.is(localDate(zone("Asia/Kathmandu"), Date.UTC(2026, 10, 22, 18, 15) - 1), "2026-11-22");
});

test("where the clock moves by half an hour the hours still fill the day", () => {
  for (const date of ["2026-04-05", "2026-10-04"]) {
    const next = `2026-${date.slice(5, 7)}-${String(Number(date.slice(8)) + 1).padStart(2, "0")}`;
    const parts = hours("Australia/Lord_Howe", date, next);
    assert.is(parts.at(0)?.fromMs, startOfDay(zone("Australia/Lord_Howe"), date));
    assert.is(parts.at(-1)?.toMs, startOfDay(zone("Australia/Lord_Howe"), next));
    assert.is(
      parts.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0),
      date === "2026-04-05" ? 24.5 * HOUR : 23.5 * HOUR,
    );
  }
});

test("stretches lie side by side in every zone and step", () => {
  for (const name of ["Europe/Madrid", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe"])
    for (const [step, from, to] of [
      ["hour", "2026-10-20", "2026-11-05"],
      ["day", "2026-01-01", "2027-01-01"],
      ["month", "2026-01-01", "2028-01-01"],
    ] as const) {
      const parts = stretches(zone(name), from, to, step);
      parts.forEach((part, i) => i > 0 && assert.is(part.fromMs, parts[i - 1]?.toMs));
    }
});

test("a zone that changes from a date moves the border of that day", () => {
  const moved: Zones = [
    { fromMs: -Infinity, zone: "Europe/Madrid" },
    { fromMs: startOfDay(zone("Europe/London"), "2026-06-01"), zone: "Europe/London" },
  ];
  const days = stretches(moved, "2026-05-30", "2026-06-03", "day");
  assert.equal(
    days.map(({ fromMs, toMs }) => (toMs - fromMs) / HOUR),
    [24, 25, 24, 24],
  );
});

test("what is no date, or too long, is refused with a sentence", () => {
  const refused = (work: () => unknown) =>
    assert.throws(work, (error: unknown) => isFault(error, "invalid"));
  refused(() => stretches(zone("Europe/Madrid"), "2026-02-30", "2026-03-01", "day"));
  refused(() => stretches(zone("Europe/Madrid"), "yesterday", "2026-03-01", "day"));
  refused(() => stretches(zone("Europe/Madrid"), "2026-03-02", "2026-03-01", "day"));
  refused(() => stretches(zone("Europe/Madrid"), "2000-01-01", "2026-01-01", "hour"));
});

test.run();
