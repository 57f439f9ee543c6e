import { test } from "uvu";
import * as assert from "uvu/assert";
import { isFault } from "#shared/model/fault.ts";
import { MAX_BYTES, readMessage } from "./message.ts";

const read = (text: string) => readMessage("t", new TextEncoder().encode(text)).body;
const refuses = (code: "invalid" | "too_large", act: () => unknown) =>
  assert.throws(act, (error: unknown) => isFault(error, code));

test("parses what looks like JSON and leaves the rest as bytes", () => {
  assert.equal(read(' {"a":[1,{"b":null}]}'), { a: [1, { b: null }] });
  assert.instance(read("Online"), Uint8Array);
  assert.instance(read(""), Uint8Array);
});

test("refuses nesting of a hundred thousand levels without a stack overflow", () => {
  refuses("invalid", () => read("[".repeat(100_000)));
  refuses("invalid", () => read('{"a":'.repeat(100_000)));
  assert.equal(read(`{"a":"${"[".repeat(1000)}\\"{{"}`), { a: `${"[".repeat(1000)}"{{` });
});

test("refuses a megabyte too much, broken text and broken JSON", () => {
  refuses("too_large", () => read(`{"a":"${"x".repeat(MAX_BYTES)}"}`));
  refuses("too_large", () => readMessage("t".repeat(1_000_000), new Uint8Array()));
  for (const text of ["{", "[1,]", '{"a":NaN}', "{]"]) refuses("invalid", () => read(text));
  refuses("invalid", () => readMessage(null, Uint8Array.of(0x7b, 0x22, 0xc3, 0x28, 0x22, 0x7d)));
});

test("takes the last of two equal keys and survives lone surrogates and prototype keys", () => {
  assert.equal(read('{"a":1,"a":2}'), { a: 2 });
  assert.equal(read('{"a":"\\ud800"}'), { a: "\ud800" });
  const body = read('{"__proto__":{"isAdmin":true}}') as Record<string, unknown>;
  assert.is(body["isAdmin"], undefined);
});

test("keeps every digit of a number of 64 bits", () => {
  assert.equal(
    read(
      '{"xtime":52917295909112801,"n":9007199254740991,"f":0.1234567890123456,"t":"52917295909112801\\"9"}',
    ),
    {
      xtime: "52917295909112801",
      n: 9007199254740991,
      f: 0.1234567890123456,
      t: '52917295909112801"9',
    },
  );
  assert.equal(read("[-52917295909112801,1e20]"), ["-52917295909112801", 1e20]);
});

test.run();
