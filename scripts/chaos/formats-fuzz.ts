/**
 * `tsx scripts/chaos/formats-fuzz.ts [count] [seed]`: spoiled messages (one million unless told) through
 * every format. The bytes are spoiled (cut, flipped, doubled, deeply nested, huge, keys twice) as well as what
 * they say (wrong types, absent fields, odd numbers and texts). Prints a table; exits 1 when anything but a Fault
 * was thrown, or a message took too long.
 */
import { recognise } from "#shared/formats/list.ts";
import { readMessage } from "#shared/formats/message.ts";
import { exampleBytes, formatExamples } from "#shared/testing/format-examples.ts";
import { isFault } from "#shared/model/fault.ts";

/** Slower than this is a find, ms of one message; a garbage collection on a busy machine stays below. */
const SLOW_MS = 500;
const MOST_FINDS = 20;

const count = Number(process.argv[2] ?? 1_000_000);
const seed = Number(process.argv[3] ?? Date.now() >>> 0);
if (!Number.isInteger(count) || count < 1 || !Number.isInteger(seed)) {
  console.error("usage: tsx scripts/chaos/formats-fuzz.ts [count] [seed]");
  process.exit(2);
}

/** Mulberry32: whole numbers below `below`, the same for the same seed. */
let state = seed >>> 0;
function next(below: number): number {
  state = (state + 0x6d2b79f5) >>> 0;
  let mixed = Math.imul(state ^ (state >>> 15), state | 1);
  mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
  return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
}
const pick = <T>(items: readonly T[]): T => items[next(items.length)]!;

const NESTED = "[".repeat(100_000);
const odd: readonly unknown[] = [
  null,
  "",
  "x",
  0,
  -1,
  1.5,
  1e308,
  -1e308,
  2 ** 53,
  2 ** 64,
  true,
  false,
  [],
  {},
  [null],
  [[]],
  { a: {} },

  "\ud800",
  "\udfff\u0000",
  "NaN",
  "9".repeat(400),
  "AAAA",
  "====",
  "0x1",
  "1e999",
  "__proto__",
  "A".repeat(5000),

  "2026-13-45T99:99:99Z",
  "-271821-04-20T00:00:00Z",
  "+275760-09-13T00:00:00.001Z",
  "🜚".repeat(50),
];

/** What a message says, with something odd in one place. */
function spoil(value: unknown): unknown {
  if (typeof value !== "object" || value === null || next(5) === 0) return pick(odd);
  if (Array.isArray(value)) {
    const items: unknown[] = [...(value as unknown[])];
    if (next(6) === 0) return [...items, ...items, ...items];
    if (items.length > 0) items[next(items.length)] = spoil(pick(items));
    return items;
  }
  const fields = Object.entries(value);
  if (fields.length === 0) return pick(odd);
  const at = next(fields.length);
  const [name, inner] = fields[at]!;
  if (next(6) === 0) fields.splice(at, 1);
  else if (next(10) === 0)
    fields[at] = [pick(["__proto__", "constructor", name.toUpperCase(), ""]), inner];
  else fields[at] = [name, spoil(inner)];
  return Object.fromEntries(fields);
}

/** Bytes with something odd in one place. */
function spoilBytes(bytes: Uint8Array): Uint8Array {
  const at = next(bytes.length + 1);
  const text = Buffer.from(bytes);
  const put = (piece: Uint8Array | string, skip = 0) =>
    Buffer.concat([text.subarray(0, at), Buffer.from(piece), text.subarray(at + skip)]);
  switch (next(9)) {
    case 0:
      return text.subarray(0, at);
    case 1:
      return put(Uint8Array.of(next(256)), 1);
    case 2:
      return put(text.subarray(at, at + next(40)));
    case 3:
      return put("", 1 + next(8));
    case 4:
      // A key that comes twice.
      return put(text.toString("latin1").match(/"\w+":("[^"]*"|\d+),/)?.[0] ?? "");
    case 5:
      return put(
        pick([
          "NaN",
          "Infinity",
          "-",
          "1e400",
          "\\ud800",
          "\\u0000",
          "\ufeff",
          "99999999999999999999",
        ]),
        next(3),
      );
    case 6:
      return next(50) === 0 ? put(NESTED) : put("[[[[[{{");
    case 7:
      return next(500) === 0 ? put(" ".repeat(1_000_001)) : put("\t");
    default:
      return put(Uint8Array.of(0xff, 0xfe, 0xc0, 0x80));
  }
}

const topics = [
  null,
  "",
  "/",
  "a".repeat(65_536),
  "tele/x/SENSOR",
  "zigbee2mqtt/\ud800",
  "shellies/#/+",
  "$SYS/x",
];
/** What senders told is spoiled too, and believed by the messages after it. */
const told = new Map<string, unknown>();
const memory = {
  recall: (key: string) => told.get(key),
  remember(key: string, value: unknown) {
    if (told.size > 1_000) told.clear();
    told.set(key, value);
  },
};
const outcomes = new Map<string, number>();
const finds: string[] = [];
let slowestMs = 0;
const began = performance.now();

/** Reads one message as a gateway would; what becomes of it, in words. */
function hear(topic: string | null, bytes: Uint8Array, place: number, format: string): string {
  try {
    const message = readMessage(topic, bytes);
    const found = recognise(message, memory);
    found?.parse(message, { heardAt: Date.UTC(2026, 10, 23), memory });
    return found === undefined ? "no format" : `read: ${found.name}`;
  } catch (error) {
    if (isFault(error)) return `refused: ${error.code}`;
    const why = error instanceof Error ? error.stack : String(error);
    finds.push(`message ${place}, ${format}: ${why}`);
    return "FIND";
  }
}

for (let i = 0; i < count; i++) {
  const example = pick(formatExamples);
  let body = example.body;
  if (example.hex === undefined) for (let times = next(3); times > 0; times--) body = spoil(body);
  let bytes = exampleBytes({ ...example, body });
  for (let times = next(3); times > 0; times--) bytes = spoilBytes(bytes);
  const topic = next(8) === 0 ? pick(topics) : example.topic;
  let startedMs = performance.now();
  const outcome = hear(topic, bytes, i, example.format);
  let tookMs = performance.now() - startedMs;
  // On a busy machine anything may take long once; what takes long each time is a find.
  for (let times = 0; tookMs > SLOW_MS && times < 3; times++) {
    startedMs = performance.now();
    hear(topic, bytes, i, example.format);
    tookMs = Math.min(tookMs, performance.now() - startedMs);
  }
  slowestMs = Math.max(slowestMs, tookMs);
  if (tookMs > SLOW_MS) finds.push(`message ${i}, ${example.format}: ${tookMs.toFixed(0)} ms`);
  outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
}
const seconds = (performance.now() - began) / 1000;

console.log(`seed ${seed}`);
for (const [outcome, times] of [...outcomes].toSorted(([, a], [, b]) => b - a))
  console.log(`${outcome.padEnd(32)} ${String(times).padStart(9)}`);
console.log(
  `${count} messages in ${seconds.toFixed(1)} s, the slowest ${slowestMs.toFixed(1)} ms, ${finds.length} finds`,
);
for (const find of finds.slice(0, MOST_FINDS)) console.log(`find: ${find}`);
process.exitCode = finds.length > 0 ? 1 : 0;
