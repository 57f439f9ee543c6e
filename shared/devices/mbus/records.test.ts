import { test } from "uvu";
import * as assert from "uvu/assert";
import { isFault } from "#shared/model/fault.ts";
import { ByteReader } from "../byte-reader.ts";
import { dateTimeBytes, dateTimeOf } from "./date-time.ts";
import { readRecords, type MbusRecord } from "./records.ts";

const read = (hex: string) => readRecords(new ByteReader(Uint8Array.from(Buffer.from(hex, "hex"))));
const first = (hex: string): MbusRecord => {
  const [record] = read(hex).records;
  if (record === undefined) throw new Error("no record");
  return record;
};
const number = (hex: string) => {
  const { data, quantity } = first(hex);
  return data.type === "number" ? [data.n, data.scale + quantity.scale, quantity.unit] : data.type;
};

test("reads integers of every size, negative ones as well", () => {
  assert.equal(number("011385"), [-123, -3, "m3"]);
  assert.equal(number("021310ff"), [-240, -3, "m3"]);
  assert.equal(number("0313ffff7f"), [8388607, -3, "m3"]);
  assert.equal(number("0406e8030000"), [1000, 3, "Wh"]);
  assert.equal(number("0613010000000000"), [1, -3, "m3"]);
  assert.equal(number("07130100000000000000"), [1, -3, "m3"]);
});

test("reads decimal digits, with F as a minus sign, and floats to seven digits", () => {
  assert.equal(number("0c1378563412"), [12345678, -3, "m3"]);
  assert.equal(number("0b2b2301f0"), [-123, 0, "W"]);
  assert.equal(number("05060000c03f"), [15, 2, "Wh"]);
  assert.equal(number("0506cdcccc3d"), [1, 2, "Wh"]);
});

test("knows what says 'not available'", () => {
  for (const hex of ["015b80", "02130080", "041300000080"]) assert.is(number(hex), "bytes");
  assert.is(number("0c13ffffffff"), "bytes");
  assert.is(number("05060000c07f"), "none");
});

test("reads storage, tariff and subunit out of DIF extensions", () => {
  const { storage, tariff, subunit, function: fn } = first("d4b1530600000000");
  assert.equal([storage, tariff, subunit, fn], [1 + 1 * 2 + 3 * 32, 3 + 1 * 4, 2, "max"]);
});

test("applies scaling modifiers and tells directions", () => {
  assert.equal(number("04937d05000000"), [5, 0, "m3"]);
  assert.equal(number("04937405000000"), [5, -5, "m3"]);
  assert.is(first("04933c05000000").direction, "backward");
});

test("reads extended tables: MWh, GJ, volts, error flags", () => {
  assert.equal(number("04fb0005000000"), [5, -1, "MWh"]);
  assert.equal(number("04fb0905000000"), [5, 0, "GJ"]);
  assert.equal(number("02fd48e608"), [2278, -1, "V"]);
  assert.is(first("02fd170100").quantity.name, "error_flags");
});

test("reads text, filler and what belongs to the maker", () => {
  const { data } = first("0dfd0b03434241");
  assert.equal(data, { type: "text", text: "ABC" });
  const { records, manufacturerData } = read("2f2f0406010000000f0102");
  assert.is(records.length, 1);
  assert.equal(manufacturerData, Uint8Array.of(1, 2));
});

test("reads dates and times, and none out of impossible ones", () => {
  const time = Date.UTC(2024, 6, 24, 19, 5);
  assert.is(dateTimeOf(dateTimeBytes(time)), time);
  assert.is(first("046d" + Buffer.from(dateTimeBytes(time)).toString("hex")).time, time);
  assert.is(first("026c3f3c").time, Date.UTC(2025, 11, 31));
  assert.is(first("026c3f32").time, undefined, "there is no 31 February");
  assert.is(first("026cffff").time, undefined);
  assert.is(first("046d80000000").time, undefined);
});

test("refuses records cut short, endless extensions and impossible digits", () => {
  for (const hex of [
    "04",
    "0406",
    "0406e80300",
    "0c13a0000000",
    "84" + "80".repeat(20),
    "04" + "93".repeat(20),
    "3f13",
    "0d13ff",
  ])
    assert.throws(
      () => read(hex),
      (error: unknown) => isFault(error, "invalid"),
      hex,
    );
});

test("takes eight bytes no meter counts to as they are", () => {
  assert.is(number("07130000000000000020"), "bytes");
});

test.run();
