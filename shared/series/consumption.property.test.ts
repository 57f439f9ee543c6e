import { suite } from "uvu";
import * as assert from "uvu/assert";
import { systemScope } from "#shared/model/scope.ts";
import { keptUplink, METER } from "#shared/testing/kept-uplinks.ts";
import { stories, tell, type Story } from "#shared/testing/index-stories.ts";
import { mapStore } from "#shared/testing/map-store.ts";
import { holds } from "#shared/testing/property.ts";
import { TENANT } from "#shared/testing/site-example.ts";
import fc from "fast-check";
import { addDays, localDate, monthAround, type Zones } from "./calendar.ts";
import { readingStore, type ConsumptionAnswer, type ReadingStore } from "./reading-store.ts";
import { rollUp } from "./rollup.ts";
import { everything } from "./window.ts";

const test = suite("consumption, whatever the meter tells");
const HOUR = 3_600_000;
const YEAR = Date.UTC(2026, 0, 1);
const scope = systemScope("test");
const ZONES = ["Europe/Madrid", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe"];

/** A zone, or two of them with a change somewhere in the year. */
const zones: fc.Arbitrary<Zones> = fc.oneof(
  fc.constantFrom(...ZONES).map((zone) => [{ fromMs: -Infinity, zone }]),
  fc
    .tuple(fc.constantFrom(...ZONES), fc.constantFrom(...ZONES), fc.nat({ max: 340 }))
    .map(([zone, other, day]) => [
      { fromMs: -Infinity, zone },
      { fromMs: YEAR + day * 24 * HOUR, zone: other },
    ]),
);

async function storeOf(story: Story): Promise<ReadingStore> {
  const store = mapStore();
  const uplinks = tell(story).map(({ time, n }, i) =>
    keptUplink(time, n, {
      fCnt: i,
      readings: [{ values: [{ register: "8-0:1.0.0", n, scale: -3, unit: "m3" }] }],
    }),
  );
  const place = { writer: "gw-00112233445566aa", epoch: "00000001-0123456789abcdef", seq: 0 };
  await rollUp(store, TENANT, [{ ...place, uplinks }]);
  return readingStore({ store, reach: () => [everything] });
}

const sumOf = ({ periods, gaps }: Pick<ConsumptionAnswer, "periods" | "gaps">) =>
  periods.reduce((sum, { n }) => sum + (n ?? 0), 0) + gaps.reduce((sum, { n }) => sum + n, 0);

async function addsUp(story: Story, zone: Zones): Promise<void> {
  const readings = await storeOf(story);
  const told = tell(story);
  const lastMs = told.at(-1)?.time;
  if (lastMs === undefined) return;
  const nowMs = lastMs + 60 * 24 * HOUR;
  const ask = (from: string, to: string, step: "hour" | "day" | "month" | "whole") =>
    readings.consumption(scope, TENANT, METER, {
      registers: ["8-0:1.0.0"],
      zones: zone,
      from,
      to,
      step,
      nowMs,
      gapMs: 3 * HOUR,
      expectedMs: HOUR,
      ...(story.modulus === undefined ? {} : { counter: { scale: -3, modulusN: story.modulus } }),
    });
  const middle = told[Math.floor(told.length / 2)]?.time as number;
  const { from, to } = monthAround(localDate(zone, middle));
  const whole = await ask(from, to, "whole");
  const days = await ask(from, to, "day");
  if (!whole || !days) return;
  assert.is(days.total, whole.total);
  if (days.total === null) return;
  assert.is(sumOf(days), days.total, "days add up to the month");
  const { start, end, adjusted } = days;
  assert.is(days.total, (end?.n as number) - (start?.n as number) + adjusted);
  let sum = 0;
  for (const day of days.periods) {
    const hours = await ask(day.label, addDays(day.label, 1), "hour");
    if (!hours || hours.total === null) continue;
    assert.is(sumOf(hours), hours.total, `hours add up to ${day.label}`);
    sum += hours.total;
    if (day.n !== null) assert.is(hours.total, day.n, `${day.label} by itself is the same`);
  }
  assert.is(sum, days.total, "days asked for one by one add up, too");
  for (const { n } of days.periods)
    assert.ok(n === null || (Number.isSafeInteger(n) && n >= -50 * 31), `a day of ${n}`);
}

test("hours add up to their day, days to their month, and the month is the difference of its indexes", async () => {
  await holds(fc.asyncProperty(stories(YEAR), zones, addsUp), { numRuns: 25 });
});

test("days within a long silence begin where the day before ended, when the meter had slipped back before it", async () => {
  await addsUp(
    {
      chapters: [
        { does: "counts nothing", hours: 1 },
        { does: "slips back", by: 1 },
        { does: "counts nothing", hours: 8 },
        { does: "slips back", by: 7 },
        { does: "is silent", hours: 178 },
        { does: "counts nothing", hours: 9 },
      ],
      startMs: Date.UTC(2026, 4, 30, 23, 45),
      startN: 8,
      modulus: undefined,
    },
    [{ fromMs: -Infinity, zone: "Europe/Madrid" }],
  );
});

test("no story makes more of a day than a meter can pass", async () => {
  await holds(
    fc.asyncProperty(stories(YEAR), async (story) => {
      const readings = await storeOf(story);
      const told = tell(story);
      const [first, last] = [told[0]?.time, told.at(-1)?.time];
      if (first === undefined || last === undefined) return;
      const zone = [{ fromMs: -Infinity, zone: "Europe/Madrid" }];
      const answer = await readings.consumption(scope, TENANT, METER, {
        registers: ["8-0:1.0.0"],
        zones: zone,
        from: localDate(zone, first),
        to: addDays(localDate(zone, last), 1),
        step: "day",
        nowMs: last + HOUR,
        gapMs: 3 * HOUR,
      });
      for (const { n, label } of answer?.periods ?? [])
        assert.ok(n === null || n <= 10_000 * 25 + 60, `${label}: ${n}`);
    }),
    { numRuns: 100 },
  );
});

test.run();
