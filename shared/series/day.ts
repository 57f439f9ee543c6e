/**
 * `day`: a device's readings of one UTC day as one document of the rollup.
 *
 * UTC, not the building's zone: a zone may change from a date, days in a zone are cut when they
 * are asked for. The document is a function of the set of rows: same rows, same bytes.
 *
 * History: 1 = first release.
 */
import type { DeviceId, TenantName } from "#shared/model/ids.ts";
import type { RegisterId, Unit } from "#shared/model/registers.ts";
import { timeSources } from "#shared/model/uplink.ts";
import type { ReadingRow } from "./reading-row.ts";

export const DAY_MS = 86_400_000;

/** Row in a day: ms since midnight UTC, time source, way, fCnt, hash, ordinal, then register and n in turn. */
type PackedRow = (number | string | null)[];

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
  readonly rows: readonly PackedRow[];
}

/** Midnight UTC before or at `timeMs`. */
export function dayStart(timeMs: number): number {
  return Math.floor(timeMs / DAY_MS) * DAY_MS;
}

/** `day:{tenant}:{device}:{yyyy-mm-dd}`: a device's days lie side by side, in order. */
export function dayId(tenant: TenantName, deviceId: DeviceId, timeMs: number): string {
  return `day:${tenant}:${deviceId}:${new Date(timeMs).toISOString().slice(0, 10)}`;
}

/** The document of a day; `rows` are ordered and all of that day. */
export function packDay(id: string, dayMs: number, rows: readonly ReadingRow[]): DayDoc {
  const places = new Map(
    rows.map(({ writer, via }) => [`${writer} ${via}`, [writer, via] as const]),
  );
  const wayKeys = [...places.keys()].sort();
  const wayNumber = new Map(wayKeys.map((key, i) => [key, i]));
  const entries = new Map<string, [RegisterId, Unit, number]>();
  for (const { values } of rows)
    for (const { register, unit, scale } of values)
      entries.set(`${register} ${unit} ${scale}`, [register, unit, scale]);
  const keys = [...entries.keys()].sort();
  const number = new Map(keys.map((key, i) => [key, i]));
  return {
    _id: id,
    type: "day",
    v: 1,
    dayMs,
    ways: wayKeys.map((key) => places.get(key) as readonly [string, string]),
    registers: keys.map((key) => entries.get(key) as [RegisterId, Unit, number]),
    rows: rows.map(({ time, timeSource, writer, via, fCnt, hash, ordinal, values }) => [
      time - dayMs,
      timeSources.indexOf(timeSource),
      wayNumber.get(`${writer} ${via}`) as number,
      fCnt,
      hash,
      ordinal,
      ...values.flatMap(({ register, unit, scale, n }) => [
        number.get(`${register} ${unit} ${scale}`) as number,
        n,
      ]),
    ]),
  };
}

/** The rows of a day, in order. */
export function unpackDay(doc: DayDoc): ReadingRow[] {
  return doc.rows.map((row) => {
    const [offset, source, way, fCnt, hash, ordinal, ...pairs] = row as [
      number,
      number,
      number,
      number | null,
      string,
      number,
      ...number[],
    ];
    const values = [];
    for (let i = 0; i + 1 < pairs.length; i += 2) {
      const [register, unit, scale] = doc.registers[pairs[i] as number] as [
        RegisterId,
        Unit,
        number,
      ];
      values.push({ register, n: pairs[i + 1] as number, scale, unit });
    }
    const [writer, via] = doc.ways[way] as readonly [string, string];
    return {
      time: doc.dayMs + offset,
      timeSource: timeSources[source] as ReadingRow["timeSource"],
      writer,
      via,
      fCnt,
      hash,
      ordinal,
      values,
    };
  });
}
