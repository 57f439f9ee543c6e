/**
 * `frame-loss`: how many frames were sent and not heard, from the gaps between frame counters of
 * one session. Pure. Copies and late frames count once; a new session begins anew.
 */
export interface CountedFrame {
  readonly session: string | null;
  readonly fCnt: number | null;
}

export interface Loss {
  readonly received: number;
  readonly lost: number;
  /** 0–100; null where there are too few to tell. */
  readonly loss_pct: number | null;
}

/** Fewer tell nothing. */
const LEAST = 5;
/** A gap so long is a counter that jumped, not frames that were sent. */
const LONGEST_GAP = 10_000;

export function frameLoss(frames: readonly CountedFrame[]): Loss {
  const sessions = new Map<string, Set<number>>();
  for (const { session, fCnt } of frames) {
    if (fCnt === null || session === null) continue;
    const known = sessions.get(session);
    if (known) known.add(fCnt);
    else sessions.set(session, new Set([fCnt]));
  }
  let [received, lost] = [0, 0];
  for (const counters of sessions.values()) {
    const sorted = [...counters].sort((a, b) => a - b);
    received += sorted.length;
    for (const [i, fCnt] of sorted.entries()) {
      const gap = i === 0 ? 0 : fCnt - (sorted[i - 1] as number) - 1;
      if (gap <= LONGEST_GAP) lost += gap;
    }
  }
  const sent = received + lost;
  return {
    received,
    lost,
    loss_pct: received < LEAST ? null : Math.round((1000 * lost) / sent) / 10,
  };
}
