import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { DeviceId, TenantName } from "#shared/model/ids.ts";
import type { RegisterId } from "#shared/model/registers.ts";
import { addToDay, dayId, packDay, unpackDay, type DayDoc } from "./day.ts";
import { rowSet, type ReadingRow } from "./reading-row.ts";

const test = suite("day");
const DAY = Date.UTC(2026, 10, 1);
const ID = dayId("riverside" as TenantName, "70b3d57ed0000001" as DeviceId, DAY);

const row = (minute: number, more: Partial<ReadingRow> = {}): ReadingRow => ({
  time: DAY + minute * 60_000,
  timeSource: "gateway",
  writer: "gw-b",
  via: "mqtt",
  fCnt: minute,
  hash: "0123abcd",
  ordinal: 0,
  values: [{ register: "volume" as RegisterId, n: minute, scale: -3, unit: "m3" }],
  ...more,
});

const packed = (rows: readonly ReadingRow[]) => packDay(ID, DAY, rowSet(rows));

test("a day that grows piece by piece has the bytes of one packed at once", () => {
  const temperature = { register: "temperature" as RegisterId, n: 215, scale: -1, unit: "Cel" };
  const rows = [
    row(0),
    row(15),
    row(30, { fCnt: null }),
    // What the day has not seen yet: a writer that sorts before, a way, a register, no value at all.
    row(45, { writer: "gw-a" }),
    row(60, { via: "lorawan" }),
    row(75, { values: [temperature as ReadingRow["values"][number]] }),
    row(90, { values: [] }),
    row(90, { ordinal: 1 }),
  ];
  for (let cut = 1; cut < rows.length; cut++)
    for (let again = 0; again <= cut; again++) {
      const grown = addToDay(packed(rows.slice(0, cut)), rowSet(rows.slice(again)));
      assert.equal(grown, packed(rows), `cut at ${cut}, from ${again}`);
    }
  assert.equal(unpackDay(packed(rows)), rowSet(rows));
});

test("a day that has all rows already is left as it is", () => {
  const rows = [row(0), row(15), row(30)];
  assert.is(addToDay(packed(rows), [row(15)]), undefined);
  assert.is(addToDay(packed(rows), []), undefined);
  assert.equal((addToDay(packed([]), rows) as DayDoc).rows, packed(rows).rows);
});

test.run();
