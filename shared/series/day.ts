/**
 * `day`: a device's readings of one UTC day as one document of the rollup.
 *
 * UTC, not the building's zone: a zone may change from a date, days in a zone are cut when they
 * are asked for. The document is a function of the set of rows: same rows, same bytes.
 *
 * History: 1 = first release.
 */
import type { DeviceId, TenantName } from "#shared/model/ids.ts";
import type { RegisterId, Unit, Value } from "#shared/model/registers.ts";
import { timeSources } from "#shared/model/uplink.ts";
import { compareRows, mergeRows, type ReadingRow } from "./reading-row.ts";

export const DAY_MS = 86_400_000;

export interface DayDoc {
  readonly _id: string;
  readonly _rev?: string;
  readonly [field: string]: unknown;
  readonly type: "day";
  readonly v: 1;
  /** Midnight UTC, epoch ms. */
  readonly dayMs: number;
  /** Writer and the way it came to them. */
  readonly ways: readonly (readonly [writer: string, via: string])[];
  readonly registers: readonly (readonly [RegisterId, Unit, number])[];
  /**
   * Rows by `;`, in each by `,`: ms since midnight UTC, time source, way, fCnt (empty without one),
   * hash, ordinal, then register and n in turn. A text, because an engine that copies, signs and
   * parses thousands of small lists takes longer over them than all the rest of a rollup.
   */
  readonly rows: string;
}

/** Midnight UTC before or at `timeMs`. */
export function dayStart(timeMs: number): number {
  return Math.floor(timeMs / DAY_MS) * DAY_MS;
}

/** `day:{tenant}:{device}:{yyyy-mm-dd}`: a device's days lie side by side, in order. */
export function dayId(tenant: TenantName, deviceId: DeviceId, timeMs: number): string {
  return `day:${tenant}:${deviceId}:${new Date(timeMs).toISOString().slice(0, 10)}`;
}

type Way = Pick<ReadingRow, "writer" | "via">;
type Head = Pick<Value, "register" | "unit" | "scale">;

/** Distinct things of a few: to look along a list of three is quicker than to make a text of each to look it up by. */
class Table<T> {
  readonly #isSame: (a: T, b: T) => boolean;
  readonly things: T[];
  #last = 0;
  constructor(isSame: (a: T, b: T) => boolean, things: readonly T[] = []) {
    this.#isSame = isSame;
    this.things = [...things];
  }
  /** Its number, or -1. What is looked for is mostly what was found the last time, or the one after it. */
  of(thing: T): number {
    const { things } = this;
    for (let i = 0; i < things.length; i++) {
      const at = (this.#last + i) % things.length;
      if (this.#isSame(things[at] as T, thing)) return (this.#last = at);
    }
    return -1;
  }
  see(thing: T): void {
    if (this.of(thing) < 0) this.things.push(thing);
  }
  /** The same things, ordered by the texts they have. */
  ordered(textOf: (thing: T) => string): Table<T> {
    const texts = this.things.map((thing) => ({ thing, text: textOf(thing) }));
    texts.sort((a, b) => (a.text < b.text ? -1 : 1));
    return new Table(
      this.#isSame,
      texts.map(({ thing }) => thing),
    );
  }
}

const isSameWay = (a: Way, b: Way) => a.writer === b.writer && a.via === b.via;
const isSameHead = (a: Head, b: Head) =>
  a.register === b.register && a.unit === b.unit && a.scale === b.scale;

/** The document of a day; `rows` are ordered and all of that day. */
export function packDay(id: string, dayMs: number, rows: readonly ReadingRow[]): DayDoc {
  const [ways, heads] = [new Table<Way>(isSameWay), new Table<Head>(isSameHead)];
  for (const row of rows) {
    ways.see(row);
    for (const value of row.values) heads.see(value);
  }
  const orderedWays = ways.ordered(({ writer, via }) => `${writer} ${via}`);
  const orderedHeads = heads.ordered(({ register, unit, scale }) => `${register} ${unit} ${scale}`);
  return {
    _id: id,
    type: "day",
    v: 1,
    dayMs,
    ways: orderedWays.things.map(({ writer, via }) => [writer, via]),
    registers: orderedHeads.things.map(({ register, unit, scale }) => [register, unit, scale]),
    rows: textOf(dayMs, rows, orderedWays, orderedHeads) as string,
  };
}

/** Rows as a day's text, or undefined when one of them came a way or has a register that is not in the tables. */
function textOf(
  dayMs: number,
  rows: readonly ReadingRow[],
  ways: Table<Way>,
  heads: Table<Head>,
): string | undefined {
  let text = "";
  for (const row of rows) {
    const { time, timeSource, fCnt, hash, ordinal, values } = row;
    const way = ways.of(row);
    if (way < 0) return undefined;
    if (text !== "") text += ";";
    text += `${time - dayMs},${timeSources.indexOf(timeSource)},${way},${fCnt ?? ""},${hash},${ordinal}`;
    for (const value of values) {
      const head = heads.of(value);
      if (head < 0) return undefined;
      text += `,${head},${value.n}`;
    }
  }
  return text;
}

/**
 * A day with more rows, ordered and all of that day, or undefined when it has them all already.
 * Rows later than all it has, of ways and registers it knows, are written behind the others as they
 * are; the outcome is the same as that of packing all of them.
 */
export function addToDay(doc: DayDoc, rows: readonly ReadingRow[]): DayDoc | undefined {
  const [first] = rows;
  if (!first) return undefined;
  if (doc.rows !== "") {
    const last = rowIn(doc, doc.rows.slice(doc.rows.lastIndexOf(";") + 1));
    if (compareRows(last, first) < 0) {
      const ways = doc.ways.map(([writer, via]): Way => ({ writer, via }));
      const heads = doc.registers.map(([register, unit, scale]): Head => ({
        register,
        unit,
        scale,
      }));
      const text = textOf(
        doc.dayMs,
        rows,
        new Table(isSameWay, ways),
        new Table(isSameHead, heads),
      );
      if (text !== undefined) return { ...doc, rows: `${doc.rows};${text}` };
    }
  }
  const before = unpackDay(doc);
  const merged = mergeRows(before, rows);
  return merged.length === before.length ? undefined : packDay(doc._id, doc.dayMs, merged);
}

/** How many readings a day has. */
export function readingsIn({ rows }: DayDoc): number {
  return rows === "" ? 0 : rows.split(";").length;
}

/** The rows of a day, in order. */
export function unpackDay(doc: DayDoc): ReadingRow[] {
  return doc.rows === "" ? [] : doc.rows.split(";").map((text) => rowIn(doc, text));
}

function rowIn(doc: DayDoc, text: string): ReadingRow {
  const fields = text.split(",");
  const [offset, source, way, fCnt, hash, ordinal] = fields as [
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  const values: Value[] = [];
  for (let i = 6; i + 1 < fields.length; i += 2) {
    const head = doc.registers[Number(fields[i])] as readonly [RegisterId, Unit, number];
    const [register, unit, scale] = head;
    values.push({ register, n: Number(fields[i + 1]), scale, unit });
  }
  const [writer, via] = doc.ways[Number(way)] as readonly [string, string];
  return {
    time: doc.dayMs + Number(offset),
    timeSource: timeSources[Number(source)] as ReadingRow["timeSource"],
    writer,
    via,
    fCnt: fCnt === "" ? null : Number(fCnt),
    hash,
    ordinal: Number(ordinal),
    values,
  };
}
