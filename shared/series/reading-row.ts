/**
 * `reading-row`: one reading as the rollup keeps it, with where it came from.
 *
 * Rows of a device form a set: a row is the same row when all that names it is the same, and rows
 * have one order, so that any order, repetition and cut of segments ends in the same days.
 */
import type { KeptUplink } from "#shared/model/kept-uplink.ts";
import type { Value } from "#shared/model/registers.ts";
import { timeSources, type TimeSource } from "#shared/model/uplink.ts";
import { hashInIdentity } from "./identity.ts";

export interface ReadingRow {
  /** Epoch ms. */
  readonly time: number;
  readonly timeSource: TimeSource;
  /** Who wrote the segment. */
  readonly writer: string;
  /** Which way it came to them. */
  readonly via: string;
  /** Names the uplink within its device: counter (null without one), payload hash, and the reading's place in it. */
  readonly fCnt: number | null;
  readonly hash: string;
  readonly ordinal: number;
  readonly values: readonly Value[];
}

/** The readings of one uplink as rows. Times that are no whole milliseconds were refused at intake. */
export function rowsOf(uplink: KeptUplink, writer: string): ReadingRow[] {
  const hash = hashInIdentity(uplink.identity).slice(0, 8);
  return uplink.readings.map((reading, ordinal) => ({
    time: reading.time ?? uplink.time,
    timeSource: reading.time === undefined ? uplink.timeSource : "device",
    writer,
    via: uplink.via,
    fCnt: uplink.fCnt,
    hash,
    ordinal,
    values: reading.values,
  }));
}

const rank = (source: TimeSource) => timeSources.indexOf(source);
const byText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** The order of rows: time, then quality of the time, then writer, then what names the uplink. */
export function compareRows(a: ReadingRow, b: ReadingRow): number {
  return (
    a.time - b.time ||
    rank(a.timeSource) - rank(b.timeSource) ||
    byText(a.writer, b.writer) ||
    byText(a.via, b.via) ||
    (a.fCnt ?? -1) - (b.fCnt ?? -1) ||
    byText(a.hash, b.hash) ||
    a.ordinal - b.ordinal
  );
}

/** Rows in order, each once. */
export function rowSet(rows: readonly ReadingRow[]): ReadingRow[] {
  const ordered = [...rows].sort(compareRows);
  return ordered.filter(
    (row, i) => i === 0 || compareRows(row, ordered[i - 1] as ReadingRow) !== 0,
  );
}

/** The union of two ordered sets of rows, ordered; a row in both is taken once. */
export function mergeRows(a: readonly ReadingRow[], b: readonly ReadingRow[]): ReadingRow[] {
  const merged: ReadingRow[] = [];
  let [i, j] = [0, 0];
  for (;;) {
    const [left, right] = [a[i], b[j]];
    if (!left && !right) return merged;
    const order = !left ? 1 : !right ? -1 : compareRows(left, right);
    if (order <= 0) i++;
    if (order >= 0) j++;
    merged.push((order <= 0 ? left : right) as ReadingRow);
  }
}

/** How long apart two copies of one message may be, when they came over different ways. */
export const COPY_WINDOW_MS = 48 * 3_600_000;

/**
 * Rows without copies, in order. Of several copies of one reading (the same 16-bit counter and
 * payload over different ways within 48 hours, or the same register at the same time) the one with
 * the best time, then the earliest, then the smallest writer stands; the others are left out.
 *
 * To know whether a row stands, the rows of 48 hours around it have to be there.
 */
export function withoutCopies(rows: readonly ReadingRow[]): ReadingRow[] {
  const [first] = rows;
  const isOneWay = rows.every((row) => first && isSameWay(row, first));
  const kept: ReadingRow[] = [];
  for (const row of isOneWay ? rows : foldCopies(rows)) {
    const before = kept.at(-1);
    if (before && before.time === row.time) {
      const known = new Set(before.values.map(({ register }) => register));
      const fresh = row.values.filter(({ register }) => !known.has(register));
      if (fresh.length > 0)
        kept[kept.length - 1] = { ...before, values: [...before.values, ...fresh] };
    } else kept.push(row);
  }
  return kept;
}

/** Over one way the inbox has sieved copies already: what is left is not a copy, however alike. */
const isSameWay = (a: ReadingRow, b: ReadingRow) => a.writer === b.writer && a.via === b.via;

function foldCopies(rows: readonly ReadingRow[]): ReadingRow[] {
  const better = (a: ReadingRow, b: ReadingRow) =>
    rank(a.timeSource) - rank(b.timeSource) || compareRows(a, b);
  const groups = new Map<string, ReadingRow[]>();
  const kept: ReadingRow[] = [];
  for (const row of rows) {
    // Without a counter only the same time says that it is the same reading: see `withoutCopies`.
    if (row.fCnt === null) {
      kept.push(row);
      continue;
    }
    const key = `${row.fCnt & 0xffff}:${row.hash}:${row.ordinal}`;
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  for (const group of groups.values()) {
    const left = group.sort(better);
    for (let canonical = left.shift(); canonical; canonical = left.shift()) {
      kept.push(canonical);
      for (let i = left.length - 1; i >= 0; i--) {
        const other = left[i] as ReadingRow;
        if (!isSameWay(other, canonical) && Math.abs(other.time - canonical.time) <= COPY_WINDOW_MS)
          left.splice(i, 1);
      }
    }
  }
  return kept.sort(compareRows);
}
