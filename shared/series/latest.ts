/**
 * `latest`: the newest that is known of a device: its last reading, what earlier ones told and that one did
 * not (a battery told once a day, an index beside an alarm without one), and how it was last heard.
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

/** What an earlier reading told of a register that the last one says nothing of. */
export interface OlderValue extends Value {
  readonly time: number;
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
  /** By register; left out where there is none. */
  readonly older?: readonly OlderValue[];
}

/** The newest value of each register, those of the last reading first. */
export function newestValues({ reading, older = [] }: Latest): OlderValue[] {
  const told = reading?.values.map((value) => ({ ...value, time: reading.time })) ?? [];
  return [...told, ...older];
}

export const nothingYet: Latest = { reading: null, heard: null };

/** Later wins; at the same time the larger text, so that there is one answer. */
function later<T extends { readonly time: number }>(a: T | null, b: T | null): T | null {
  if (!a || !b) return a ?? b;
  if (a.time !== b.time) return a.time > b.time ? a : b;
  return JSON.stringify(a) >= JSON.stringify(b) ? a : b;
}

export function laterOf(a: Latest, b: Latest): Latest {
  return { ...laterReading(a, b), heard: later(a.heard, b.heard) };
}

type Told = Pick<Latest, "reading" | "older">;

function laterReading(a: Told, b: Told): Told {
  if (!a.reading || !b.reading) return told(a.reading ? a : b);
  if (a.reading.time === b.reading.time) return together(a, b);
  const [first, last] = a.reading.time < b.reading.time ? [a, b] : [b, a];
  // As nearly always: the same registers as before.
  if (!first.older && !last.older && hasAll(last.reading, first.reading)) return told(last);
  const older = olderThan(last.reading, first, last);
  return { reading: last.reading, ...(older.length > 0 ? { older } : {}) };
}

const told = ({ reading, older }: Told): Told => ({ reading, ...(older ? { older } : {}) });

function hasAll(last: LatestReading | null, first: LatestReading | null): boolean {
  const registers = last?.values ?? [];
  return (first?.values ?? []).every(({ register }, i) => {
    if (registers[i]?.register === register) return true;
    return registers.some((one) => one.register === register);
  });
}

/** Two of one moment that are not the same tell together what each of them tells. */
function together(a: Told, b: Told): Told {
  const [one, other] = [a.reading as LatestReading, b.reading as LatestReading];
  const isSame = JSON.stringify(one) === JSON.stringify(other);
  const { time } = one;
  const values = new Map<string, Value>();
  for (const value of [...one.values, ...other.values]) {
    const held = values.get(value.register);
    if (!held || JSON.stringify(held) < JSON.stringify(value)) values.set(value.register, value);
  }
  const timeSource = one.timeSource > other.timeSource ? one.timeSource : other.timeSource;
  const reading = isSame ? one : { time, timeSource, values: inOrder(values) };
  const older = olderThan(reading, a, b);
  return { reading, ...(older.length > 0 ? { older } : {}) };
}

function olderThan(reading: LatestReading | null, ...all: readonly Told[]): OlderValue[] {
  const newest = new Map<string, OlderValue>();
  const has = new Set<string>(reading?.values.map(({ register }) => register));
  for (const one of all)
    for (const value of newestValues({ ...one, heard: null })) {
      if (has.has(value.register)) continue;
      const held = newest.get(value.register);
      if (!held || isLater(value, held)) newest.set(value.register, value);
    }
  return inOrder(newest);
}

function isLater(a: OlderValue, b: OlderValue): boolean {
  return a.time === b.time ? JSON.stringify(a) > JSON.stringify(b) : a.time > b.time;
}

const inOrder = <T>(byRegister: ReadonlyMap<string, T>): T[] =>
  [...byRegister].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value);

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
  let readings: Told = { reading: null };
  for (const { time: toldMs, timeSource, values } of rows)
    if (toldMs <= latestMs + AHEAD_MS)
      readings = laterReading(readings, {
        reading: { time: Math.min(toldMs, latestMs), timeSource, values },
      });
  const heard = { time, heardAt, via, writer, session, fCnt, radio, undecoded };
  return { ...readings, heard };
}
