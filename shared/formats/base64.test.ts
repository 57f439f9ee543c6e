import { test } from "uvu";
import * as assert from "uvu/assert";
import { isFault } from "#shared/model/fault.ts";
import { fromBase64 } from "./base64.ts";

const hex = (text: unknown) => Buffer.from(fromBase64(text, "data")).toString("hex");
const refuses = (text: unknown) =>
  assert.throws(
    () => fromBase64(text, "data"),
    (error: unknown) => isFault(error, "invalid"),
  );

test("reads padded, unpadded and url-safe letters, mixed ones as well", () => {
  assert.is(hex("qg=="), "aa");
  assert.is(hex("qg"), "aa");
  assert.is(hex("gkHe"), "8241de");
  assert.is(hex("-_-_"), "fbffbf");
  assert.is(hex("+/+/"), "fbffbf");
  assert.is(hex("-/+_"), "fbffbf");
  assert.is(hex(""), "");
});

test("refuses what the runtime would read quietly", () => {
  for (const text of [
    "q",
    "qg=",
    "q g=",
    "qg==\n",
    "qg===",
    "=qg=",
    "qqqqq",
    "ä",
    "[BASE64 ENCODED BLOB]",
    12,
    null,
    undefined,
    ["qg=="],
  ])
    refuses(text);
});

test.run();
