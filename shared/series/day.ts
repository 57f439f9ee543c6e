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
import type { ReadingRow } from "./reading-row.ts";

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

/** Numbers things in order of first sight, then in their own order: looked up by key, once per run of the same. */
function numbering<T>(keyOf: (thing: T) => string) {
  const things = new Map<string, T>();
  let numbers = new Map<string, number>();
  return {
    see(thing: T): void {
      const key = keyOf(thing);
      if (!things.has(key)) things.set(key, thing);
    },
    inOrder(): T[] {
      const keys = [...things.keys()].sort();
      numbers = new Map(keys.map((key, i) => [key, i]));
      return keys.map((key) => things.get(key) as T);
    },
    of: (thing: T): number => numbers.get(keyOf(thing)) as number,
  };
}

/** The document of a day; `rows` are ordered and all of that day. */
export function packDay(id: string, dayMs: number, rows: readonly ReadingRow[]): DayDoc {
  const ways = numbering<ReadingRow>(({ writer, via }) => `${writer} ${via}`);
  const heads = numbering<Value>(({ register, unit, scale }) => `${register} ${unit} ${scale}`);
  for (const row of rows) {
    ways.see(row);
    for (const value of row.values) heads.see(value);
  }
  const [wayList, headList] = [ways.inOrder(), heads.inOrder()];
  let text = "";
  for (const row of rows) {
    const { time, timeSource, fCnt, hash, ordinal, values } = row;
    if (text !== "") text += ";";
    text += `${time - dayMs},${timeSources.indexOf(timeSource)},${ways.of(row)},${fCnt ?? ""},${hash},${ordinal}`;
    for (const value of values) text += `,${heads.of(value)},${value.n}`;
  }
  return {
    _id: id,
    type: "day",
    v: 1,
    dayMs,
    ways: wayList.map(({ writer, via }) => [writer, via]),
    registers: headList.map(({ register, unit, scale }) => [register, unit, scale]),
    rows: text,
  };
}

/** How many readings a day has. */
export function readingsIn({ rows }: DayDoc): number {
  return rows === "" ? 0 : rows.split(";").length;
}

/** The rows of a day, in order. */
export function unpackDay(doc: DayDoc): ReadingRow[] {
  if (doc.rows === "") return [];
  return doc.rows.split(";").map((text) => {
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
  });
}
