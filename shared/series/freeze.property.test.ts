import { suite } from "uvu";
import * as assert from "uvu/assert";
import fc from "fast-check";
import { monthBounds, monthOf } from "#shared/model/database-names.ts";
import { systemScope } from "#shared/model/scope.ts";
import { keptUplink, METER } from "#shared/testing/kept-uplinks.ts";
import { stories, tell, type Story } from "#shared/testing/index-stories.ts";
import { mapStore } from "#shared/testing/map-store.ts";
import { holds } from "#shared/testing/property.ts";
import { TENANT } from "#shared/testing/site-example.ts";
import { addDays, localDate, type Zones } from "./calendar.ts";
import { freezeMonth } from "./freeze.ts";
import { packFrozen, unpackFrozen, type FrozenSeries } from "./frozen-columns.ts";
import type { History } from "./history.ts";
import { readingStore, type ReadingStore } from "./reading-store.ts";
import { forgetDays, rollUp } from "./rollup.ts";
import { storedRows } from "./stored-rows.ts";
import { everything } from "./window.ts";

const test = suite("a frozen month");
const HOUR = 3_600_000;
const YEAR = Date.UTC(2026, 0, 1);
/** Lord Howe's clocks change by half an hour, Kathmandu stands three quarters off. */
const zones: fc.Arbitrary<Zones> = fc
  .constantFrom("Europe/Madrid", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe")
  .map((zone) => [{ fromMs: -Infinity, zone }]);
const scope = systemScope("test");

async function rolled(story: Story) {
  const store = mapStore();
  const uplinks = tell(story).map(({ time, n }, i) =>
    keptUplink(time, n, {
      fCnt: i,
      readings: [{ values: [{ register: "8-0:1.0.0", n, scale: -3, unit: "m3" }] }],
    }),
  );
  const place = { writer: "gw-00112233445566aa", epoch: "00000001-0123456789abcdef", seq: 0 };
  await rollUp(store, TENANT, [{ ...place, uplinks }]);
  return store;
}

const counterOf = ({ modulus }: Story) =>
  modulus === undefined ? {} : { counter: { scale: -3, modulusN: modulus } };

/** The same readings with every month frozen, one after the other, its days forgotten. */
async function frozen(story: Story, zone: Zones): Promise<ReadingStore> {
  const store = await rolled(story);
  const told = tell(story);
  const [first, last] = [told[0]?.time as number, told.at(-1)?.time as number];
  const hours = new Map<string, FrozenSeries>();
  const days = new Map<string, FrozenSeries>();
  for (let atMs = first; atMs <= last;) {
    const month = monthOf(atMs);
    const { fromMs, toMs } = monthBounds(month);
    const made = freezeMonth({
      rows: await storedRows(store).around(TENANT, METER, fromMs, toMs),
      monthBefore: hours.get(monthOf(fromMs - 1)),
      fromMs,
      toMs,
      zones: zone,
      gapMs: 3 * HOUR,
      movedMs: [],
      ...counterOf(story),
    });
    if (made) {
      hours.set(month, unpackFrozen(packFrozen(made.hours)));
      days.set(month, unpackFrozen(packFrozen(made.days)));
    }
    await forgetDays(store, TENANT, [METER], fromMs, toMs - 1);
    atMs = toMs;
  }
  assert.ok([...store.docs.keys()].every((id) => !id.startsWith("day:")));
  const history: History = {
    async frozen(_tenant, _deviceId, _fromMs, _toMs, by) {
      const all = [...(by === "hour" ? hours : days)].sort(([a], [b]) => (a < b ? -1 : 1));
      return {
        months: new Set(all.map(([month]) => month)),
        indexes: all.flatMap(([, { indexes }]) => indexes),
        gauges: [],
      };
    },
  };
  return readingStore({ store, reach: () => [everything], history });
}

test("counts every hour and every day as it did before its readings were dropped", async () => {
  await holds(
    fc.asyncProperty(stories(YEAR), zones, async (story, zone) => {
      const told = tell(story);
      const [first, last] = [told[0]?.time, told.at(-1)?.time];
      if (first === undefined || last === undefined) return;
      const raw = readingStore({ store: await rolled(story), reach: () => [everything] });
      const cold = await frozen(story, zone);
      const ask = (store: ReadingStore, from: string, to: string, step: "hour" | "day" | "month") =>
        store.consumption(scope, TENANT, METER, {
          registers: ["8-0:1.0.0"],
          zones: zone,
          from,
          to,
          step,
          nowMs: last + 40 * 24 * HOUR,
          gapMs: 3 * HOUR,
          ...counterOf(story),
        });
      const [from, to] = [localDate(zone, first), addDays(localDate(zone, last), 1)];
      const [before, after] = [await ask(raw, from, to, "day"), await ask(cold, from, to, "day")];
      if (!before || before.total === null) return;
      assert.ok(after && after.total !== null);
      const sum = after.periods.reduce((n, one) => n + (one.n ?? 0), 0);
      const rest = after.gaps.reduce((n, one) => n + one.n, 0);
      assert.is(sum + rest, after.total);
      // At a month's begin the readings before it have no vote any more: a few may be judged otherwise.
      const isInside = (label: string) => label.slice(8) > "05" && label.slice(8) < "27";
      for (const [i, { label, n }] of before.periods.entries()) {
        if (!isInside(label)) continue;
        assert.is(after.periods[i]?.n, n, label);
        if (i % 9 !== 0) continue;
        const hours = [
          await ask(raw, label, addDays(label, 1), "hour"),
          await ask(cold, label, addDays(label, 1), "hour"),
        ];
        assert.equal(
          hours[1]?.periods.map((one) => one.n),
          hours[0]?.periods.map((one) => one.n),
          label,
        );
      }
    }),
    { numRuns: 24 },
  );
});

test.run();
