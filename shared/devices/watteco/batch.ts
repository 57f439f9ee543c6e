/**
 * NKE Watteco's batches: up to 16 series of values with their times, as differences in prefix codes.
 *
 * Bits are taken from each byte lowest first; of a number with several bytes the highest come first.
 * A code tells how many bits of difference follow (0: none, 15: the value as it is). In front stands the
 * first value of each series with its time, then the rest of each, then when the batch was sent.
 * Times count seconds of the device's own.
 *
 * @see NKE Watteco's published decoder, `br_uncompress`
 */
import { Fault } from "#shared/model/fault.ts";

/** Bits of a value: unsigned, signed (`i`), or a binary float. */
export type SampleType = "u1" | "u8" | "u16" | "u32" | "i16" | "i24" | "float";

export interface Series {
  readonly type: SampleType;
  /** What differences count; null where nobody said: such a difference is refused. */
  readonly step: number | null;
}

export interface Sample {
  readonly tag: number;
  readonly n: number;
  /** How long before the batch was sent, s. */
  readonly agoS: number;
}

/** Of each of the three codes: the number for its bits. */
export const codes = [
  `00 01 11 101 1001 10001 100001 1000001 10000001 1000000000 10000000010 10000000011 10000000100 10000000101 10000000110 10000000111`,
  `1101111 11010 1100 011 111 10 00 010 110110 110111011 110111001 1101110101 1101110100 1101110000 11011100011 11011100010`,
  `1001 101 00 01 11 10001 100001 1000001 10000001 1000000000 10000000010 10000000011 10000000100 10000000101 10000000110 10000000111`,
].map((text) => new Map(text.split(" ").map((bits, n) => [bits, n])));
const TIMES = 1;
const LONGEST = 11;
/** The value follows as it is. */
const WHOLE = 15;
const SIGNED: Readonly<Partial<Record<SampleType, number>>> = { i16: 16, i24: 24 };

class BitReader {
  readonly #bytes: Uint8Array;
  #at = 0;
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }
  #bit(): number {
    const byte = this.#bytes[this.#at >> 3];
    if (byte === undefined)
      throw new Fault("invalid", "The payload ends in the middle of a batch.", {
        byte: this.#bytes.length,
      });
    return (byte >> (this.#at++ & 7)) & 1;
  }
  bits(count: number): number {
    let value = 0;
    for (let left = count; left > 0;) {
      const size = left % 8 || 8;
      let part = 0;
      for (let i = 0; i < size; i++) part += this.#bit() << i;
      value = value * 2 ** size + part;
      left -= size;
    }
    return value;
  }
  code(which: number): number {
    const known = codes[which];
    let bits = "";
    while (known && bits.length < LONGEST) {
      bits += this.#bit();
      const found = known.get(bits);
      if (found !== undefined) return found;
    }
    throw new Fault("invalid", "The payload has a batch in an unknown code.");
  }
  value(type: SampleType): number {
    if (type === "float") {
      const view = new DataView(new ArrayBuffer(4));
      view.setUint32(0, this.bits(32));
      return view.getFloat32(0);
    }
    const size = SIGNED[type];
    const value = this.bits(size ?? Number(type.slice(1)));
    return size !== undefined && value >= 2 ** (size - 1) ? value - 2 ** size : value;
  }
}

interface Growing {
  readonly series: Series;
  readonly direction: number;
  readonly code: number;
  readonly samples: { n: number; atS: number }[];
}

/**
 * @param tagBits how many bits name a series
 * @param known what stands behind each name
 * @throws Fault "invalid" for a batch that is cut short or names other series
 */
export function samplesIn(
  payload: Uint8Array,
  tagBits: number,
  known: Readonly<Record<number, Series>>,
): Sample[] {
  const reader = new BitReader(payload);
  const flags = reader.bits(8);
  const [isTogether, isFirstOnly, count] = [(flags & 2) !== 0, (flags & 4) !== 0, flags >> 4];
  // A counter of batches, and a bit of no meaning.
  reader.bits(3);
  reader.bits(1);
  const all = new Map<number, Growing>();
  const tagOf = () => {
    const tag = reader.bits(tagBits);
    if (known[tag] === undefined)
      throw new Fault("invalid", `The payload has a batch of unknown values (${tag}).`);
    return tag;
  };
  const seriesOf = () => {
    const found = all.get(tagOf());
    if (!found)
      throw new Fault("invalid", "The payload has a batch of values without a first one.");
    return found;
  };
  /** A time behind another one; the very first stands as it is. */
  const timeAfter = (beforeS: number, code: number) => {
    const size = reader.code(code);
    if (size === WHOLE) return reader.bits(32);
    return size === 0 ? beforeS : beforeS + reader.bits(size) + 2 ** size - 1;
  };
  let lastS = 0;
  let firstS: number | undefined;
  for (let i = 0; i < count; i++) {
    const tag = tagOf();
    const series = known[tag] as Series;
    lastS = lastS === 0 ? reader.bits(32) : timeAfter(lastS, TIMES);
    firstS ??= lastS;
    const samples = [{ n: reader.value(series.type), atS: lastS }];
    const [direction, code] = isFirstOnly ? [0, 0] : [reader.bits(2), reader.bits(2)];
    all.set(tag, { series, direction, code, samples });
  }
  /** A value behind the last one, of which `size` bits tell the difference. */
  const valueAfter = ({ series, direction, samples }: Growing, size: number) => {
    if (size === WHOLE) return reader.value(series.type);
    const before = samples.at(-1)?.n as number;
    if (size === 0) return before;
    const { step } = series;
    if (step === null)
      throw new Fault("invalid", "The payload has a batch of differences whose size is not known.");
    const raw = reader.bits(size);
    const most = 2 ** size - 1;
    if (direction === 1) return before + (raw + most) * step;
    if (direction === 2 || direction === 3) return before - (raw + most) * step;
    return before + (raw >= 2 ** (size - 1) ? raw : raw - most) * step;
  };
  if (!isFirstOnly && isTogether) {
    const rounds = reader.bits(8);
    const code = reader.bits(2);
    const times: number[] = [];
    for (let i = 0; i < rounds; i++)
      if (i > 0) times.push(timeAfter(times[i - 1] as number, code));
      else times.push(reader.code(code) === WHOLE ? reader.bits(32) : (firstS ?? 0));
    lastS = times.at(-1) ?? 0;
    for (let i = 0; i < count; i++) {
      const growing = seriesOf();
      let isFirst = true;
      for (const atS of times) {
        if (reader.bits(1) === 0) continue;
        const size = reader.code(growing.code);
        // The first one stood in front already.
        if (size === 0 && isFirst) {
          isFirst = false;
          continue;
        }
        growing.samples.push({ n: valueAfter(growing, size), atS });
      }
    }
  } else if (!isFirstOnly)
    for (let i = 0; i < count; i++) {
      const growing = seriesOf();
      const more = reader.bits(8);
      const code = more > 0 ? reader.bits(2) : 0;
      for (let j = 0; j < more; j++) {
        const atS = timeAfter(growing.samples.at(-1)?.atS as number, code);
        lastS = Math.max(lastS, atS);
        growing.samples.push({ n: valueAfter(growing, reader.code(growing.code)), atS });
      }
    }
  const sentS = lastS === 0 ? reader.bits(32) : timeAfter(lastS, TIMES);
  return [...all].flatMap(([tag, { samples }]) =>
    samples.map(({ n, atS }) => ({ tag, n, agoS: sentS - atS })),
  );
}
