/**
 * `tsx scripts/chaos/decoders-fuzz.ts [count] [seed]`: wrong payloads (one million unless told) through every
 * built-in decoder: the samples of its own kind cut, flipped and joined, another maker's, and noise, on right and
 * wrong ports. Prints a table; exits 1 when anything but a Fault was thrown, a value was unsound, a payload was
 * changed, or a decoder took too long.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { decoders } from "#shared/devices/list.ts";
import type { DecodedReading, Decoder } from "#shared/model/decoder.ts";
import { isFault } from "#shared/model/fault.ts";

/** Slower than this is a find, ms of one payload; a garbage collection on a busy machine stays below. */
const SLOW_MS = 500;
const MOST_FINDS = 20;
const MOST_BYTES = 255;
const PORTS = [null, 1, 2, 3, 6, 10, 85, 100, 103, 223] as const;

const count = Number(process.argv[2] ?? 1_000_000);
const seed = Number(process.argv[3] ?? Date.now() >>> 0);
if (!Number.isInteger(count) || count < 1 || !Number.isInteger(seed)) {
  console.error("usage: tsx scripts/chaos/decoders-fuzz.ts [count] [seed]");
  process.exit(2);
}
// A million refusals need no stack each.
Error.stackTraceLimit = 0;

/** Mulberry32: whole numbers below `below`, the same for the same seed. */
let state = seed >>> 0;
function next(below: number): number {
  state = (state + 0x6d2b79f5) >>> 0;
  let mixed = Math.imul(state ^ (state >>> 15), state | 1);
  mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
  return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
}

interface Sample {
  readonly bytes: Uint8Array;
  readonly fPort: number | null;
}
const folder = new URL("../../shared/devices/", import.meta.url);
const samples = new Map<string, Sample[]>();
for (const { name } of readdirSync(folder, { withFileTypes: true })) {
  const file = new URL(`${name}/vectors.json`, folder);
  if (!existsSync(file)) continue;
  const vectors = JSON.parse(readFileSync(file, "utf8")) as {
    model: string;
    hex: string;
    fPort: number;
  }[];
  for (const { model, hex, fPort } of vectors) {
    const known = samples.get(model) ?? [];
    known.push({ bytes: Uint8Array.from(Buffer.from(hex, "hex")), fPort });
    samples.set(model, known);
  }
}
const strangers = [...samples.values()].flat();

function spoiled(decoder: Decoder): Sample {
  const own = samples.get(decoder.model) ?? strangers;
  const from = next(8) === 0 ? strangers : own;
  const base = from[next(from.length)] ?? { bytes: new Uint8Array(12), fPort: 1 };
  let bytes =
    next(8) === 0
      ? Uint8Array.from({ length: next(MOST_BYTES) }, () => next(256))
      : Uint8Array.from(base.bytes);
  if (next(8) === 0) {
    const other = own[next(own.length)]?.bytes ?? bytes;
    bytes = Uint8Array.from([...bytes, ...other].slice(0, MOST_BYTES));
  }
  for (let flips = next(4); flips > 0 && bytes.length > 0; flips--)
    bytes[next(bytes.length)] = next(4) === 0 ? [0, 0x7f, 0x80, 0xff][next(4)]! : next(256);
  if (next(4) === 0) bytes = bytes.slice(0, next(bytes.length + 1));
  return { bytes, fPort: next(5) === 0 ? PORTS[next(PORTS.length)]! : base.fPort };
}

function unsound(decoder: Decoder, readings: readonly DecodedReading[]): string | null {
  for (const { time, values } of readings) {
    if (time !== undefined && !Number.isFinite(time)) return `time ${time}`;
    if (values.length === 0) return "a reading without a value";
    const said = new Set<string>();
    for (const { register, n, scale } of values) {
      if (!Number.isSafeInteger(n) || !Number.isSafeInteger(scale) || Math.abs(scale) > 60)
        return `${register} ${n} ${scale}`;
      if (!decoder.registers.includes(register)) return `${register} was not announced`;
      if (said.has(register)) return `${register} twice`;
      said.add(register);
    }
  }
  return null;
}

const outcomes = { read: 0, "nothing to read": 0, refused: 0 };
const finds: string[] = [];
let slowestMs = 0;
const heardAt = Date.UTC(2026, 0, 15);
const began = performance.now();
for (let i = 0; i < count && finds.length < MOST_FINDS; i++) {
  const decoder = decoders[i % decoders.length]!;
  const { bytes, fPort } = spoiled(decoder);
  const before = Buffer.from(bytes).toString("hex");
  const find = (what: string) => finds.push(`${decoder.model} port ${fPort}: ${what}\n  ${before}`);
  const start = performance.now();
  try {
    const readings = decoder.decode(bytes, { fPort, heardAt });
    outcomes[readings.length > 0 ? "read" : "nothing to read"]++;
    const why = unsound(decoder, readings);
    if (why !== null) find(why);
  } catch (error) {
    if (isFault(error, "invalid")) outcomes.refused++;
    else find(String(error));
  }
  const ms = performance.now() - start;
  slowestMs = Math.max(slowestMs, ms);
  if (ms > SLOW_MS) find(`took ${ms.toFixed(0)} ms`);
  if (Buffer.from(bytes).toString("hex") !== before) find("changed the payload");
}
const seconds = (performance.now() - began) / 1000;

console.log(`seed ${seed}, ${decoders.length} decoders`);
for (const [outcome, times] of Object.entries(outcomes))
  console.log(`${outcome.padEnd(32)} ${String(times).padStart(9)}`);
console.log(
  `${Object.values(outcomes).reduce((sum, n) => sum + n, 0)} payloads in ${seconds.toFixed(1)} s, the slowest ${slowestMs.toFixed(1)} ms, ${finds.length} finds`,
);
for (const find of finds) console.log(`find: ${find}`);
process.exitCode = finds.length > 0 ? 1 : 0;
