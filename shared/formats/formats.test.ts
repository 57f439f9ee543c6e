import { readdirSync, readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { isFault } from "#shared/model/fault.ts";
import { exampleBytes, formatExamples } from "#shared/testing/format-examples.ts";
import type { Format, FormatResult } from "./format.ts";
import { formats, recognise } from "./list.ts";
import { readMessage } from "./message.ts";

const folder = new URL(".", import.meta.url);
const context = { heardAt: Date.UTC(2026, 10, 23) };
const shown = (result: FormatResult): unknown =>
  JSON.parse(
    JSON.stringify(
      Object.fromEntries(
        Object.entries(result).filter(
          ([, part]) => part !== null && (!Array.isArray(part) || part.length > 0),
        ),
      ),
      (_key, value: unknown) =>
        value instanceof Uint8Array ? Buffer.from(value).toString("hex") : value,
    ),
  );

for (const example of formatExamples) {
  const { format, from, topic, is } = example;
  test(`${format} reads ${from}`, () => {
    const message = readMessage(topic, exampleBytes(example));
    const found = recognise(message);
    assert.is(found?.name, format);
    assert.equal(found && shown(found.parse(message, context)), is);
  });
}

test("every format of the folder is in the list, has a name of its own and an example", () => {
  const written = readdirSync(folder).filter(
    (name) => name.endsWith(".ts") && !name.includes(".test."),
  );
  const count = written.filter((name) =>
    /^export const \w+: Format = /m.test(readFileSync(new URL(name, folder), "utf8")),
  ).length;
  assert.is(formats.length, count);
  assert.is(new Set(formats.map(({ name }) => name)).size, count);
  assert.equal(
    formats
      .map(({ name }) => name)
      .filter((name) => !formatExamples.some(({ format }) => format === name)),
    [],
  );
});

const oddities: readonly unknown[] = [
  null,
  "",
  "x",
  -1,
  1e308,
  2 ** 60,
  true,
  [],
  [null],
  {},
  { a: { b: [] } },
  "\ud800",
  "NaN",
  "9".repeat(40),
  [[]],
  "AAAA",
  "0x1",
];

/** A copy of `value` with something odd in the place that `next` picks. */
function spoil(value: unknown, next: () => number): unknown {
  if (typeof value !== "object" || value === null || next() % 4 === 0)
    return oddities[next() % oddities.length];
  const copy: Record<string, unknown> | unknown[] = Array.isArray(value)
    ? [...(value as unknown[])]
    : { ...(value as Record<string, unknown>) };
  const keys = Object.keys(copy);
  const key = keys[next() % Math.max(1, keys.length)];
  if (key === undefined) return copy;
  if (next() % 5 === 0 && !Array.isArray(copy)) Reflect.deleteProperty(copy, key);
  else Reflect.set(copy, key, spoil(Reflect.get(copy, key), next));
  return copy;
}

/** Bytes with one of them changed, or cut off. */
function spoilBytes(hex: string, next: () => number): Uint8Array {
  const bytes = exampleBytes({ hex });
  const at = next() % bytes.length;
  if (next() % 3 === 0) return bytes.subarray(0, at);
  bytes[at] = next() % 256;
  return bytes;
}

function isSound(result: FormatResult, format: Format): void {
  for (const uplink of result.uplinks) {
    assert.match(uplink.deviceId, /^[0-9a-f]{16}$/);
    assert.ok(
      Number.isFinite(uplink.time) &&
        uplink.payload instanceof Uint8Array &&
        uplink.via === format.name,
    );
    assert.ok(uplink.fPort === null || (uplink.fPort >= 1 && uplink.fPort <= 255));
    assert.ok(
      uplink.fCnt === null ||
        (Number.isInteger(uplink.fCnt) && uplink.fCnt >= 0 && uplink.fCnt < 2 ** 32),
    );
    for (const number of Object.values(uplink.radio ?? {}))
      assert.ok(typeof number === "string" || Number.isFinite(number));
  }
  for (const { reading } of result.measured) {
    assert.ok(Number.isFinite(reading.time) && reading.values.length > 0);
    for (const { n, scale } of reading.values)
      assert.ok(Number.isSafeInteger(n) && Number.isSafeInteger(scale));
  }
  for (const frame of result.frames)
    assert.ok(
      frame.phy instanceof Uint8Array && (frame.time === null || Number.isFinite(frame.time)),
    );
}

for (const format of formats)
  test(`${format.name} answers ten thousand spoiled messages soundly or with a Fault`, () => {
    const own = formatExamples.filter((example) => example.format === format.name);
    // What spoiled messages tell is remembered, and believed by those after them.
    const told = new Map<string, unknown>();
    const memory = {
      recall: (key: string) => told.get(key),
      remember: (key: string, value: unknown) => void told.set(key, value),
    };
    let state = 4711;
    const next = () => (state = (state * 48271) % 0x7fffffff);
    for (let i = 0; i < 10_000; i++) {
      const { topic, body, hex } = own[i % own.length] ?? { topic: null, body: null };
      const spoiled = spoil(body, next);
      const message = {
        topic: i % 7 === 0 ? null : topic,
        body:
          hex !== undefined
            ? spoilBytes(hex, next)
            : typeof body === "string"
              ? exampleBytes({ body: spoiled ?? "" })
              : spoil(spoiled, next),
      };
      try {
        if (format.recognises(message, memory))
          isSound(format.parse(message, { ...context, memory }), format);
      } catch (error) {
        if (!isFault(error, "invalid")) throw error;
      }
    }
  });

test("nothing is recognised in plain text, numbers, lists and other people's objects", () => {
  for (const text of ["Online", "12.5", "[]", "[1]", "{}", '{"temperature":21}', '{"a":{"b":1}}'])
    assert.is(recognise(readMessage("home/x", exampleBytes({ body: text }))), undefined);
});

test.run();
