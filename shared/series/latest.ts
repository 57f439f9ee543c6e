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

/** A sender's clock may be ahead of the listener's by this much and still be believed, as the moment it was heard. */
const AHEAD_MS = 86_400_000;
/** A listener's clock from before this was not set: it says nothing about others'. */
const SET_MS = Date.UTC(2024, 0);

/**
 * What one uplink and its rows say. What a sender dates ahead of the moment it was heard counts as
 * of that moment; what it dates more than a day ahead is no candidate: it would stay the newest
 * until that day has come.
 */
export function latestOf(uplink: KeptUplink, writer: string, rows: readonly ReadingRow[]): Latest {
  const { heardAt, via, session, fCnt, radio, undecoded } = uplink;
  const latestMs = heardAt >= SET_MS ? heardAt : Infinity;
  const time = Math.min(uplink.time, latestMs);
  let reading: LatestReading | null = null;
  for (const { time: toldMs, timeSource, values } of rows)
    if (toldMs <= latestMs + AHEAD_MS)
      reading = later(reading, { time: Math.min(toldMs, latestMs), timeSource, values });
  return { reading, heard: { time, heardAt, via, writer, session, fCnt, radio, undecoded } };
}
