import { suite } from "uvu";
import * as assert from "uvu/assert";
import { isFault } from "#shared/model/fault.ts";
import { chance, seedOf } from "#shared/testing/meters/chance.ts";
import { codes, samplesIn, type Sample, type SampleType, type Series } from "./batch.ts";

const seed = Date.now() >>> 0;
const test = suite(`Watteco's batches, seed ${seed}`);

/** Writes what `samplesIn` reads: each byte from its lowest bit, the highest part of a number first. */
class BitWriter {
  readonly #bits: number[] = [];
  bits(value: number, count: number): void {
    for (let left = count; left > 0;) {
      const size = left % 8 || 8;
      left -= size;
      const part = Math.floor(value / 2 ** left) % 2 ** size;
      for (let i = 0; i < size; i++) this.#bits.push((part >> i) & 1);
    }
  }
  code(which: number, n: number): void {
    const found = [...(codes[which] as Map<string, number>)].find(([, one]) => one === n);
    for (const bit of found?.[0] ?? "") this.#bits.push(Number(bit));
  }
  /** Seconds after another moment. */
  after(seconds: number, which: number): void {
    const size = Math.floor(Math.log2(seconds + 1));
    this.code(which, size);
    if (size > 0) this.bits(seconds + 1 - 2 ** size, size);
  }
  whole(value: number, type: SampleType): void {
    const size = Number(/\d+/.exec(type)?.[0]);
    this.bits(value < 0 ? value + 2 ** size : value, size);
  }
  /** A difference in steps, either way. */
  difference(steps: number, which: number): void {
    const size = steps === 0 ? 0 : Math.floor(Math.log2(Math.abs(steps))) + 1;
    this.code(which, size);
    if (size > 0) this.bits(steps > 0 ? steps : steps + 2 ** size - 1, size);
  }
  bytes(): Uint8Array {
    const bytes = new Uint8Array(Math.ceil(this.#bits.length / 8));
    this.#bits.forEach((bit, i) => ((bytes[i >> 3] as number) |= bit << (i & 7)));
    return bytes;
  }
}

interface Line {
  readonly tag: number;
  readonly at: readonly (readonly [atS: number, n: number])[];
}

/** Each series with times of its own. */
function apart(lines: readonly Line[], known: Record<number, Series>, sentS: number): Uint8Array {
  const writer = new BitWriter();
  writer.bits(lines.length << 4, 8);
  writer.bits(0, 4);
  let lastS = 0;
  for (const { tag, at } of lines) {
    const [atS, n] = at[0] as readonly [number, number];
    writer.bits(tag, 3);
    if (lastS === 0) writer.bits(atS, 32);
    else writer.after(atS - lastS, 1);
    writer.whole(n, (known[tag] as Series).type);
    writer.bits(0, 2);
    writer.bits(tag % 3, 2);
    lastS = atS;
  }
  for (const { tag, at } of lines) {
    writer.bits(tag, 3);
    writer.bits(at.length - 1, 8);
    if (at.length > 1) writer.bits(2, 2);
    for (let i = 1; i < at.length; i++) {
      const [[beforeS, before], [atS, n]] = [at[i - 1], at[i]] as [
        readonly [number, number],
        readonly [number, number],
      ];
      writer.after(atS - beforeS, 2);
      writer.difference((n - before) / ((known[tag] as Series).step ?? 1), tag % 3);
      lastS = Math.max(lastS, atS);
    }
  }
  writer.after(sentS - lastS, 1);
  return writer.bytes();
}

const known: Record<number, Series> = {
  1: { type: "i16", step: 10 },
  2: { type: "u16", step: 100 },
  6: { type: "u32", step: 1 },
};

const told = (lines: readonly Line[], sentS: number): Sample[] =>
  lines.flatMap(({ tag, at }) => at.map(([atS, n]) => ({ tag, n, agoS: sentS - atS })));

test("what was packed is read again, to the last value and second", () => {
  for (let run = 0; run < 200; run++) {
    let drawn = 0;
    const draw = (most: number) =>
      Math.floor(chance(seed, seedOf("batch"), run * 1_000 + drawn++) * most);
    let firstS = 1 + draw(1_000_000);
    const lines = [1, 2, 6].slice(draw(3)).map((tag): Line => {
      firstS += draw(40);
      let [atS, n] = [firstS, tag === 1 ? draw(4_000) - 2_000 : draw(9_000)];
      const at: [number, number][] = [[atS, n]];
      for (let more = draw(6); more > 0; more--) {
        atS += draw(2_000);
        n += (draw(60) - (tag === 1 ? 30 : 0)) * ((known[tag] as Series).step ?? 1);
        at.push([atS, n]);
      }
      return { tag, at };
    });
    const sentS = Math.max(...lines.flatMap(({ at }) => at.map(([atS]) => atS))) + draw(500);
    const payload = apart(lines, known, sentS);
    assert.equal(samplesIn(payload, 3, known), told(lines, sentS), `run ${run}`);
    for (let cut = 0; cut < payload.length - 1; cut++)
      try {
        samplesIn(payload.subarray(0, cut), 3, known);
        assert.unreachable(`run ${run}, cut at ${cut}`);
      } catch (error) {
        assert.ok(isFault(error, "invalid"), String(error));
      }
  }
});

test("series whose samples share their times are read, and a missing one is none", () => {
  const writer = new BitWriter();
  writer.bits((2 << 4) | 2, 8);
  writer.bits(0, 4);
  for (const [tag, n] of [
    [1, 2_150],
    [2, 4_500],
  ] as const) {
    writer.bits(tag, 3);
    if (tag === 1) writer.bits(100, 32);
    else writer.after(0, 1);
    writer.whole(n, (known[tag] as Series).type);
    writer.bits(0, 2);
    writer.bits(0, 2);
  }
  writer.bits(3, 8);
  writer.bits(0, 2);
  writer.code(0, 0);
  writer.after(600, 0);
  writer.after(600, 0);
  for (const [tag, steps] of [
    [1, [0, 3, -2]],
    [2, [0, null, 1]],
  ] as const) {
    writer.bits(tag, 3);
    for (const step of steps) {
      writer.bits(step === null ? 0 : 1, 1);
      if (step !== null) writer.difference(step, 0);
    }
  }
  writer.after(5, 1);
  assert.equal(samplesIn(writer.bytes(), 3, known), [
    { tag: 1, n: 2_150, agoS: 1_205 },
    { tag: 1, n: 2_180, agoS: 605 },
    { tag: 1, n: 2_160, agoS: 5 },
    { tag: 2, n: 4_500, agoS: 1_205 },
    { tag: 2, n: 4_600, agoS: 5 },
  ]);
});

test("a series that only rises or only falls tells its steps without a sign", () => {
  for (const [direction, sign] of [
    [1, 1],
    [2, -1],
  ] as const) {
    const steps = [1, 2, 3, 40, 1];
    const writer = new BitWriter();
    writer.bits(1 << 4, 8);
    writer.bits(0, 4);
    writer.bits(6, 3);
    writer.bits(100, 32);
    writer.whole(5_000, "u32");
    writer.bits(direction, 2);
    writer.bits(1, 2);
    writer.bits(6, 3);
    writer.bits(steps.length, 8);
    writer.bits(2, 2);
    let n = 5_000;
    const values = [n];
    for (const step of steps) {
      writer.after(60, 2);
      // As times are told: how many bits, then how far beyond the least of so many.
      writer.after(step, 1);
      values.push((n += sign * step));
    }
    writer.after(10, 1);
    assert.equal(
      samplesIn(writer.bytes(), 3, known),
      values.map((value, i) => ({ tag: 6, n: value, agoS: (steps.length - i) * 60 + 10 })),
      `direction ${direction}`,
    );
  }
});

test("a difference whose size nobody told is refused, the same value again is not", () => {
  const silent: Record<number, Series> = { 1: { type: "i16", step: null } };
  const same: Line[] = [
    {
      tag: 1,
      at: [
        [50, 7],
        [60, 7],
      ],
    },
  ];
  assert.equal(samplesIn(apart(same, silent, 70), 3, silent), told(same, 70));
  const other: Line[] = [
    {
      tag: 1,
      at: [
        [50, 7],
        [60, 8],
      ],
    },
  ];
  assert.throws(() => samplesIn(apart(other, silent, 70), 3, silent), /not known/);
});

test.run();
