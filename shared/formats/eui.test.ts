import { test } from "uvu";
import * as assert from "uvu/assert";
import { isFault } from "#shared/model/fault.ts";
import { readDevAddr, readEui } from "./eui.ts";

test("reads an EUI in each spelling", () => {
  for (const text of [
    "0004A30B001C0530",
    "0004a30b001c0530",
    "00-04-a3-0b-00-1c-05-30",
    "00:04:A3:0B:00:1C:05:30",
    "AASjCwAcBTA=",
    "AASjCwAcBTA",
  ])
    assert.is(readEui(text, "devEui"), "0004a30b001c0530");
});

test("refuses everything else, naming the field", () => {
  for (const text of [
    "",
    "0004A30B001C053",
    "0004A30B001C05300",
    "00-04:a3-0b-00-1c-05-30",
    "zz04A30B001C0530",
    4,
    null,
    {},
    "AASjCwAcBT",
  ])
    assert.throws(
      () => readEui(text, "devEui"),
      (error: unknown) => isFault(error, "invalid") && error.details["field"] === "devEui",
    );
});

test("reads a device address, or says there is none", () => {
  assert.is(readDevAddr("00189440"), "00189440");
  assert.is(readDevAddr("00C30DFA"), "00c30dfa");
  assert.is(readDevAddr("AMMN+g=="), "00c30dfa");
  for (const text of ["", undefined, 5, "0018944"]) assert.is(readDevAddr(text), null);
});

test.run();
