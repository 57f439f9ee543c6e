/**
 * `maker-field`: how the names in a maker's own decoder translate to our registers.
 *
 * Used to prove a decoder by the maker's examples: every leaf of what the maker's decoder says
 * is either compared or named as ignored.
 */
import type { DecodedReading } from "#shared/model/decoder.ts";
import type { RegisterId, Unit, Value } from "#shared/model/registers.ts";

/** One of a maker's fields. */
export interface MakerField {
  readonly register: RegisterId;
  /** The maker's number counts 10^`scale` (0 unless given) of this unit. */
  readonly unit: Unit;
  readonly scale?: number;
  /** The field is this bit of our value. */
  readonly bit?: number;
  /** The maker's words, as the numbers of our value. */
  readonly words?: Readonly<Record<string, number>>;
  /** What the maker says when nothing was measured: then we must have no value. */
  readonly absent?: string | number;
  readonly absents?: readonly (string | number)[];
  /** The maker's text as a number, where it is neither a number nor one of a few words. */
  readonly text?: (leaf: string) => number;
  /** Our whole number as the maker shows it, where that is not simply the number. */
  readonly shown?: (n: number) => number;
}
/**
 * `"time"`: the maker's text is the time of the reading. A list: one name for several things, of which
 * whatever the device has counts.
 */
export type MakerMeaning = MakerField | "time" | readonly MakerField[];

export interface MakerFields {
  /** Names of devices in the makers' collections, `vendor/device`, that these fields belong to. */
  readonly devices: Readonly<Record<string, string>>;
  /**
   * Path of a leaf (`a.b`, list places as `[]`) → what it means. The first list place says which
   * of our readings, from the current one on.
   */
  readonly fields: Readonly<Record<string, MakerMeaning>>;
  /** Paths, with all that lies below them, that measure nothing. */
  readonly ignored: readonly string[];
  /** Names of settings and versions: they measure nothing wherever they stand. */
  readonly settings?: RegExp;
  /**
   * All samples of a frame, where a decoder keeps only those whose time is known. What the maker
   * lists is then compared with these.
   */
  readonly samples?: (payload: Uint8Array) => DecodedReading[];
  /** The maker says the newest of each value once, however many moments a frame tells of. */
  readonly isNewestOfEach?: true;
  /** Brings what the maker says into a form that paths can name. */
  readonly restate?: (data: unknown) => unknown;
}

const powers: Partial<Record<Unit, { base: Unit; power: number }>> = {
  L: { base: "m3", power: -3 },
  kvarh: { base: "varh", power: 3 },
  "L/h": { base: "m3/h", power: -3 },
  kWh: { base: "Wh", power: 3 },
  MWh: { base: "Wh", power: 6 },
  GJ: { base: "MJ", power: 3 },
  kW: { base: "W", power: 3 },
  pct: { base: "%", power: 0 },
};
const based = (unit: Unit) => powers[unit] ?? { base: unit, power: 0 };
const power = (n: number, exponent: number) =>
  exponent < 0 ? n / 10 ** -exponent : n * 10 ** exponent;

/** Why a maker's leaf and our value differ, or null when they say the same (to 1e-9). */
export function difference(
  leaf: unknown,
  field: MakerField,
  value: Value | undefined,
): string | null {
  const absents: readonly unknown[] = [field.absent, ...(field.absents ?? [])];
  if (leaf !== undefined && absents.includes(leaf))
    return value === undefined ? null : `${field.register} should be absent`;
  // JSON has no other word for "no number".
  if (leaf === null) return null;
  if (value === undefined) return `${field.register} is missing`;
  const said = typeof leaf === "string" ? leaf : JSON.stringify(leaf);
  const number =
    field.words?.[said] ?? (field.text === undefined ? Number(leaf) : field.text(said));
  const want = based(field.unit);
  const have = based(value.unit);
  if (want.base !== have.base) return `${field.register} has unit ${value.unit}, not ${field.unit}`;
  const n = field.bit === undefined ? value.n : (value.n >> field.bit) & 1;
  const ours = field.shown
    ? field.shown(n)
    : power(n, value.scale + have.power - want.power - (field.scale ?? 0));
  if (Math.abs(ours - number) <= 1e-9 * Math.max(1, Math.abs(number))) return null;
  return `${field.register} is ${ours}, the maker says ${said}`;
}

/** The leaf places of an object: path with `[]` for list places, the first list index, the value. */
export function* leaves(
  data: unknown,
  path = "",
  place?: number,
): Generator<{ path: string; place: number; leaf: unknown }> {
  if (Array.isArray(data)) {
    for (const [i, item] of data.entries()) yield* leaves(item, `${path}[]`, place ?? i);
  } else if (typeof data === "object" && data !== null) {
    for (const [key, item] of Object.entries(data))
      yield* leaves(item, path === "" ? key : `${path}.${key}`, place);
  } else {
    yield { path, place: place ?? 0, leaf: data };
  }
}

const meanings = (meaning: MakerField | readonly MakerField[]): readonly MakerField[] =>
  "register" in meaning ? [meaning] : meaning;

const isBelow = (path: string, top: string) =>
  path === top || path.startsWith(`${top}.`) || path.startsWith(`${top}[]`);

/** A maker's moment, epoch ms: seconds since 1970, or text, without an offset UTC. */
function momentOf(leaf: unknown): number {
  if (typeof leaf === "number") return leaf * 1000;
  const text = String(leaf);
  return Date.parse(/Z|[+-]\d\d:\d\d$/.test(text) ? text : `${text}Z`);
}

/** Everything in which our readings differ from what the maker's decoder says. */
export function differences(
  data: unknown,
  makers: MakerFields,
  decoded: readonly DecodedReading[],
): string[] {
  const found: string[] = [];
  // Readings come newest first, and the first of a register is found.
  const readings =
    makers.isNewestOfEach && decoded.length > 1
      ? [{ values: decoded.flatMap(({ values }) => values) }]
      : decoded;
  for (const { path, place, leaf } of leaves(makers.restate ? makers.restate(data) : data)) {
    if (makers.ignored.some((top) => isBelow(path, top)) || makers.settings?.test(path)) continue;
    const meaning = makers.fields[path];
    const reading = readings[place];
    // An answer to a setting, and nothing else: it has no values, and its names are no measurement's.
    if (meaning === undefined && makers.settings !== undefined && readings.length === 0) continue;
    if (meaning === undefined) found.push(`${path} is not compared`);
    else if (meaning === "time") {
      // Where there is no reading at all, its values are missing too, or nothing was measured.
      if (reading !== undefined && reading.time !== momentOf(leaf))
        found.push(`${path}: time is ${reading.time}, the maker says ${String(leaf)}`);
    } else {
      const reasons = meanings(meaning).map((field) =>
        difference(
          leaf,
          field,
          reading?.values.find((value) => value.register === field.register),
        ),
      );
      const [why] = reasons;
      if (typeof why === "string" && !reasons.includes(null)) found.push(`${path}: ${why}`);
    }
  }
  return found;
}
