import { test } from "uvu";
import * as assert from "uvu/assert";
import { isFault } from "#shared/model/fault.ts";
import { looseNumber, readFrameCounter, readInteger, readPort } from "./numbers.ts";

test("reads numbers written as text, and nothing that only looks like one", () => {
  assert.is(looseNumber("868300000"), 868300000);
  assert.is(looseNumber("-3.5"), -3.5);
  for (const value of [
    "",
    " 1",
    "0x10",
    "1e999",
    "NaN",
    "Infinity",
    NaN,
    Infinity,
    null,
    true,
    [1],
    {},
    "1,5",
  ])
    assert.is(looseNumber(value), undefined);
});

test("takes an absent number for zero, or for what the caller says", () => {
  assert.is(readFrameCounter(undefined, "fCnt"), 0);
  assert.is(readInteger(null, "n", { min: 0, max: 9, absent: null }), null);
  assert.is(readPort(undefined, "fPort"), null);
  assert.is(readPort(0, "fPort"), null);
  assert.is(readPort("85", "fPort"), 85);
});

test("refuses a number out of range or not whole", () => {
  for (const value of [-1, 256, 1.5, "x", {}, [], true])
    assert.throws(
      () => readPort(value, "fPort"),
      (error: unknown) => isFault(error, "invalid"),
    );
  assert.is(readFrameCounter(0xffffffff, "fCnt"), 0xffffffff);
  assert.throws(
    () => readFrameCounter(2 ** 32, "fCnt"),
    (error: unknown) => isFault(error, "invalid"),
  );
});

test.run();
