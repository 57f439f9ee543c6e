/**
 * `trusted-time`: what time it is as well as this gateway knows, and up to when it is certain.
 *
 * From a start until somebody vouches for the time (the hub, the machine's time service) it goes on
 * from the machine's clock as it stood at the start, however that is moved meanwhile: hours in a row
 * then have one mistake, which is told once the time is known. From then on it goes on from what was
 * vouched for. What expires or opens a month goes by `certain()`, which is never later than the truth:
 * nothing is thrown away, nobody signed out, because a clock was wrong.
 *
 * Kept in a file beside the databases: a damaged store must not cost the gateway its sense of time.
 */
import { open, readFile, rename, stat } from "node:fs/promises";
import { z } from "zod";
import type { Clock } from "#shared/model/clock.ts";
import { monthOf, dayOf } from "#shared/model/database-names.ts";
import type { ClockCorrectionDoc } from "#shared/model/events/clock-correction.ts";

export type Evidence = ClockCorrectionDoc["evidence"];

export interface Known {
  /** To be added to times told since the start, ms. */
  readonly addMs: number;
  readonly evidence: Evidence;
  /** The time it is, epoch ms. */
  readonly nowMs: number;
}

export interface TrustedTime extends Clock {
  /** Whether anybody vouched for the time since this start. */
  isSynced(): boolean;
  /** A time that has come for certain, epoch ms. */
  certain(): number;
  /** UTC month and day of the certain time, `yyyymm` and `yyyymmdd`. */
  month(): string;
  day(): string;
  /** A time that has come for certain, by somebody who knew it then: the day a site was projected. */
  atLeast(ms: number): void;
  /** How far the machine's own clock is ahead of what is believed here, ms. */
  machineAheadMs(): number;
  /** Somebody who knows says what time it is. */
  vouch(trueMs: number, evidence: Evidence): void;
  /** Called once per start, when the time is first vouched for, with what is to be added to times told before. */
  onKnown(listener: (known: Known) => void): void;
  /** Looks at the machine's time service, and makes the certain time durable. */
  upkeep(): Promise<void>;
}

export interface TrustedTimeOptions {
  readonly file: string;
  readonly clock: Clock;
  /** Ms since any moment, by a clock that nobody moves. */
  readonly elapsedMs: () => number;
  /** When the machine's time service last set the clock, epoch ms by that clock; undefined when it never did. */
  readonly serviceSetAt?: () => Promise<number | undefined>;
}

const Kept = z.object({ v: z.literal(1), certainMs: z.number().int().min(0) });

/** Two clocks that agree do so within this, network included. */
const SAME_MS = 2_000;
/** A new gateway is put to work within this after its site was made. */
const NEW_MS = 180 * 86_400_000;
/** systemd-timesyncd touches it whenever it has set the clock. */
const SERVICE_FLAG = "/run/systemd/timesync/synchronized";

export async function trustedTime({
  file,
  clock,
  elapsedMs,
  serviceSetAt = timeServiceSetAt,
}: TrustedTimeOptions): Promise<TrustedTime> {
  const kept = await readFile(file, "utf8").then(
    (text) => Kept.safeParse(jsonOf(text)).data?.certainMs,
    () => undefined,
  );
  const startedAt = elapsedMs();
  let base = { ms: clock.now(), at: startedAt };
  let isSynced = false;
  let floor: { readonly ms: number; readonly at: number } | undefined;
  let servedAt: number | undefined;
  const listeners: ((known: Known) => void)[] = [];

  const now = () => Math.round(base.ms + elapsedMs() - base.at);
  const certain = () => {
    if (isSynced) return now();
    const least = floor && Math.round(floor.ms + elapsedMs() - floor.at);
    if (kept !== undefined) return Math.max(Math.round(kept + elapsedMs() - startedAt), least ?? 0);
    // Never before anything was certain: then the machine's word counts, where it can be.
    const isPossible = least === undefined || (now() >= least && now() - least < NEW_MS);
    return isPossible ? now() : least;
  };
  const vouch = (trueMs: number, evidence: Evidence) => {
    const addMs = trueMs - now();
    const isFirst = !isSynced;
    isSynced = true;
    if (Math.abs(addMs) > SAME_MS) base = { ms: trueMs, at: elapsedMs() };
    if (isFirst)
      for (const listener of listeners)
        listener({
          addMs: Math.abs(addMs) > SAME_MS ? Math.round(addMs) : 0,
          evidence,
          nowMs: now(),
        });
  };
  const keep = async () => {
    const handle = await open(`${file}.new`, "w", 0o600);
    try {
      await handle.writeFile(JSON.stringify({ v: 1, certainMs: certain() }));
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(`${file}.new`, file);
  };
  return {
    now,
    sleep: clock.sleep,
    isSynced: () => isSynced,
    certain,
    month: () => monthOf(certain()),
    day: () => dayOf(certain()),
    atLeast(ms) {
      const isLater = floor === undefined || ms > floor.ms + elapsedMs() - floor.at;
      if (isLater) floor = { ms, at: elapsedMs() };
    },
    machineAheadMs: () => clock.now() - now(),
    vouch,
    onKnown: (listener) => void listeners.push(listener),
    async upkeep() {
      const setAt = await serviceSetAt();
      if (setAt !== undefined && setAt !== servedAt) {
        servedAt = setAt;
        vouch(clock.now(), "time_service");
      }
      await keep();
    },
  };
}

async function timeServiceSetAt(): Promise<number | undefined> {
  return stat(SERVICE_FLAG).then(
    ({ mtimeMs }) => mtimeMs,
    () => undefined,
  );
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
