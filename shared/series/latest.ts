/**
 * `latest`: the newest that is known of a device: its last reading and how it was last heard.
 *
 * Folds by maximum, so that any order of segments ends in the same answer.
 */
import type { KeptUplink } from "#shared/model/kept-uplink.ts";
import type { Value } from "#shared/model/registers.ts";
import type { Radio, TimeSource } from "#shared/model/uplink.ts";
import type { ReadingRow } from "./reading-row.ts";

export interface LatestReading {
  readonly time: number;
  readonly timeSource: TimeSource;
  readonly values: readonly Value[];
}

/** How it was last heard, whether it could be decoded or not. */
export interface LatestHeard {
  readonly time: number;
  readonly heardAt: number;
  readonly via: string;
  readonly writer: string;
  readonly session: string | null;
  readonly fCnt: number | null;
  readonly radio: Radio | null;
  readonly undecoded: string | null;
}

export interface Latest {
  readonly reading: LatestReading | null;
  readonly heard: LatestHeard | null;
}

export const nothingYet: Latest = { reading: null, heard: null };

/** Later wins; at the same time the larger text, so that there is one answer. */
function later<T extends { readonly time: number }>(a: T | null, b: T | null): T | null {
  if (!a || !b) return a ?? b;
  if (a.time !== b.time) return a.time > b.time ? a : b;
  return JSON.stringify(a) >= JSON.stringify(b) ? a : b;
}

export function laterOf(a: Latest, b: Latest): Latest {
  return { reading: later(a.reading, b.reading), heard: later(a.heard, b.heard) };
}

/** What one uplink and its rows say. */
export function latestOf(uplink: KeptUplink, writer: string, rows: readonly ReadingRow[]): Latest {
  const { time, heardAt, via, session, fCnt, radio, undecoded } = uplink;
  let reading: LatestReading | null = null;
  for (const row of rows)
    reading = later(reading, { time: row.time, timeSource: row.timeSource, values: row.values });
  return { reading, heard: { time, heardAt, via, writer, session, fCnt, radio, undecoded } };
}
