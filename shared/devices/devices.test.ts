import { existsSync, readdirSync, readFileSync } from "node:fs";
import { setImmediate } from "node:timers/promises";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { DecodedReading } from "#shared/model/decoder.ts";
import { isFault } from "#shared/model/fault.ts";
import { decoders, findDecoder } from "./list.ts";

interface Vector {
  model: string;
  from: string;
  fPort: number;
  hex: string;
  readings?: { time?: string; is: Record<string, [number, number, string]> }[];
  fault?: "invalid";
}
// Over a thousand tests that wait for nothing: the runner hears of them only between two turns.
test.after.each(() => setImmediate());

const folder = new URL(".", import.meta.url);
/** One folder for each model or family; other folders hold what decoders are built from. */
const folders = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && existsSync(new URL(`${entry.name}/decoder.ts`, folder)))
  .map((entry) => entry.name);
const vectorsOf = (name: string): Vector[] =>
  JSON.parse(readFileSync(new URL(`${name}/vectors.json`, folder), "utf8")) as Vector[];
const all = folders.flatMap(vectorsOf);
const folderOf = new Map(
  folders.flatMap((name) => vectorsOf(name).map(({ model }): [string, string] => [model, name])),
);
const heardAt = Date.UTC(2026, 0, 15);
const decode = (model: string, payload: Uint8Array, fPort: number | null) => {
  const decoder = findDecoder(model);
  assert.ok(decoder, `${model} is in the list`);
  return decoder.decode(payload, { fPort, heardAt });
};

for (const vector of all)
  test(`${vector.model} reads ${vector.hex.slice(0, 24)}… (${vector.from})`, () => {
    const payload = Uint8Array.from(Buffer.from(vector.hex, "hex"));
    if (vector.fault) {
      try {
        decode(vector.model, payload, vector.fPort);
      } catch (error) {
        assert.ok(isFault(error, vector.fault), String(error));
        return;
      }
      assert.unreachable("a Fault was due");
    }
    const said = decode(vector.model, payload, vector.fPort).map(({ time, values }) => ({
      ...(time === undefined ? {} : { time: new Date(time).toISOString() }),
      is: Object.fromEntries(
        values.map(({ register, n, scale, unit }) => [register, [n, scale, unit]]),
      ),
    }));
    assert.equal(said, vector.readings);
    assert.equal(
      payload,
      Uint8Array.from(Buffer.from(vector.hex, "hex")),
      "the payload is left as it was",
    );
  });

test("a payload that is a piece of a larger buffer is read alike", () => {
  for (const { model, hex, fPort, readings } of all) {
    if (readings === undefined) continue;
    const bytes = Buffer.from(hex, "hex");
    const piece = Buffer.concat([Buffer.alloc(7, 0xa5), bytes, Buffer.alloc(9, 0x5a)]).subarray(
      7,
      7 + bytes.length,
    );
    assert.equal(decode(model, piece, fPort), decode(model, Uint8Array.from(bytes), fPort), model);
  }
});

test("every model of the list has a vector, and every folder's models are in the list", () => {
  const proved = new Set(
    all.filter((vector) => vector.readings !== undefined).map((vector) => vector.model),
  );
  assert.equal(
    decoders.map((decoder) => decoder.model).filter((model) => !proved.has(model)),
    [],
  );
  assert.equal(new Set(decoders.map((decoder) => decoder.model)).size, decoders.length);
  const listed = readFileSync(new URL("list.ts", folder), "utf8");
  assert.equal(
    folders.filter((name) => !listed.includes(`"./${name}/decoder.ts"`)),
    [],
  );
});

/** A small repeatable source of bytes (xorshift). */
function* bytesFrom(seed: number): Generator<number, never> {
  let state = seed | 1;
  for (;;) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    yield state & 0xff;
  }
}

/** What is wrong with a reading, or null. */
function unsound({ time, values }: DecodedReading, known: ReadonlySet<string>): string | null {
  if (time !== undefined && !Number.isFinite(time)) return `time ${time}`;
  if (values.length === 0) return "no value";
  if (new Set(values.map(({ register }) => register)).size < values.length)
    return "a register twice";
  const odd = values.find(
    ({ register, n, scale }) =>
      !Number.isSafeInteger(n) ||
      !Number.isSafeInteger(scale) ||
      Math.abs(scale) > 60 ||
      !known.has(register),
  );
  return odd === undefined ? null : `${odd.register} ${odd.n} ${odd.scale}`;
}

// Ten thousand refusals for each decoder need no stack each.
Error.stackTraceLimit = 0;

/** Models that are one decoder under several names are tried once. */
const different = [
  ...new Map(
    decoders.map((decoder) => [
      `${folderOf.get(decoder.model)} ${String(decoder.registers)}`,
      decoder,
    ]),
  ).values(),
];

for (const decoder of different)
  test(`${decoder.model} answers ten thousand wrong payloads with sound values or a Fault`, () => {
    const good = all.filter(
      (vector) => vector.model === decoder.model && vector.readings !== undefined,
    );
    const bases = good.map(({ hex }) => Uint8Array.from(Buffer.from(hex, "hex")));
    const random = bytesFrom(
      Buffer.from(decoder.model).reduce((sum, letter) => sum * 31 + letter, 7),
    );
    const next = () => random.next().value;
    const known = new Set<string>(decoder.registers);
    for (let i = 0; i < 10_000; i++) {
      const base = good[i % good.length];
      const original = bases[i % bases.length] ?? new Uint8Array(30);
      const bytes =
        i % 4 === 0 ? Uint8Array.from({ length: next() % 60 }, next) : Uint8Array.from(original);
      for (let flips = next() % 4; flips > 0 && bytes.length > 0; flips--)
        bytes[next() % bytes.length] = next();
      const payload = i % 3 === 0 ? bytes.slice(0, next() % (bytes.length + 1)) : bytes;
      const fPort = i % 5 === 0 ? next() || null : (base?.fPort ?? null);
      try {
        for (const reading of decoder.decode(payload, { fPort, heardAt })) {
          const why = unsound(reading, known);
          if (why !== null)
            assert.unreachable(`${why} from ${Buffer.from(payload).toString("hex")}`);
        }
      } catch (error) {
        if (!isFault(error, "invalid")) throw error;
      }
    }
  });

test("a payload of a thousand bytes is answered, too", () => {
  for (const decoder of decoders)
    for (const fill of [0x00, 0x2f, 0x80, 0xff])
      try {
        decoder.decode(new Uint8Array(1000).fill(fill), { fPort: null, heardAt });
      } catch (error) {
        if (!isFault(error, "invalid")) throw error;
      }
});

test.run();
