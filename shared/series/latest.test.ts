import { suite } from "uvu";
import * as assert from "uvu/assert";
import fc from "fast-check";
import type { RegisterId, Value } from "#shared/model/registers.ts";
import { keptUplink, METER } from "#shared/testing/kept-uplinks.ts";
import { holds } from "#shared/testing/property.ts";
import { latestOf, laterOf, newestValues, nothingYet, type Latest } from "./latest.ts";
import { rowsOf } from "./reading-row.ts";

const test = suite("latest");
const START = Date.UTC(2026, 10, 1);
const value = (register: string, n: number): Value => ({
  register: register as RegisterId,
  n,
  scale: 0,
  unit: "%",
});

/** What an uplink says that tells these values. */
function said(minute: number, values: readonly Value[], timeSource: "device" | "server"): Latest {
  const time = START + minute * 60_000;
  const uplink = keptUplink(time, 0, {
    deviceId: METER,
    timeSource,
    readings: [{ time, values }],
  });
  return latestOf(uplink, "gw-00112233445566aa", rowsOf(uplink, "gw-00112233445566aa"));
}

test("what the last reading says nothing of is known from the one that told it last", () => {
  const all = [
    said(0, [value("battery", 90), value("8-0:1.0.0", 5)], "device"),
    said(1, [value("8-0:1.0.0", 6)], "device"),
    said(2, [value("humidity", 40)], "device"),
  ].reduce(laterOf, nothingYet);
  assert.equal(
    newestValues(all).map(({ register, n, time }) => [register, n, (time - START) / 60_000]),
    [
      ["humidity", 40, 2],
      ["8-0:1.0.0", 6, 1],
      ["battery", 90, 0],
    ],
  );
});

test("any order and any repetition ends in the same bytes, copies of one moment too", async () => {
  const one = fc
    .tuple(
      fc.integer({ min: 0, max: 3 }),
      fc.uniqueArray(fc.tuple(fc.constantFrom("battery", "humidity", "8-0:1.0.0"), fc.nat(2)), {
        selector: ([register]) => register,
        minLength: 1,
        maxLength: 3,
      }),
      fc.constantFrom("device" as const, "server" as const),
    )
    .map(([minute, values, source]) =>
      said(
        minute,
        values.map(([register, n]) => value(register, n)),
        source,
      ),
    );
  const cases = fc.array(one, { minLength: 1, maxLength: 5 }).chain((list) =>
    fc.record({
      list: fc.constant(list),
      other: fc.array(fc.nat(list.length - 1), { maxLength: 4 }).chain((more) =>
        fc.shuffledSubarray([...list, ...more.map((i) => list[i] as Latest)], {
          minLength: list.length + more.length,
        }),
      ),
      cut: fc.nat(8),
    }),
  );
  await holds(
    fc.property(cases, ({ list, other, cut }) => {
      const straight = list.reduce(laterOf, nothingYet);
      const parts = laterOf(
        other.slice(0, cut).reduce(laterOf, nothingYet),
        other.slice(cut).reduce(laterOf, nothingYet),
      );
      assert.equal(JSON.stringify(parts), JSON.stringify(straight));
    }),
    { numRuns: 2_000 },
  );
});

test.run();
