import { test } from "uvu";
import * as assert from "uvu/assert";
import { caretAfter, codeInFragment, groupCode, readCode } from "./access-code.ts";

test("what people type for a digit is read as that digit", () => {
  assert.is(readCode("k7qf-9m2x-tr4b-8hzc"), "K7QF9M2XTR4B8HZC");
  assert.is(readCode("OoIiLl"), "001111");
});

test("hyphens, spaces and what is no part of a code are left out", () => {
  assert.is(readCode(" k7qf – 9m2x\tTR4B.8HZC!u "), "K7QF9M2XTR4B8HZC");
  assert.is(readCode("K7QF9M2XTR4B8HZCXXXX"), "K7QF9M2XTR4B8HZC");
});

test("a code is shown in groups of four, also while it is typed", () => {
  assert.is(groupCode("K7QF9M2XTR4B8HZC"), "K7QF-9M2X-TR4B-8HZC");
  assert.is(groupCode("K7QF9"), "K7QF-9");
  assert.is(groupCode(""), "");
});

test("the caret stays behind the character just typed", () => {
  assert.equal([0, 1, 4, 5, 8, 9, 16].map(caretAfter), [0, 1, 4, 6, 9, 11, 19]);
});

test("a letter's QR brings its code in the fragment", () => {
  assert.is(codeInFragment("#code=K7QF-9M2X-TR4B-8HZC"), "K7QF9M2XTR4B8HZC");
  assert.is(codeInFragment("#other=1"), "");
  assert.is(codeInFragment(""), "");
});

test.run();
