/**
 * `inbox-mark`: up to where the inbox is certainly sealed, so that a start reads only what is not.
 *
 * A shortcut and never the record: places in segments decide. It may lag behind, never lead.
 *
 * History: 1 = first release.
 */
import type { Database, Doc } from "#shared/couch/database.ts";

/** All inbox documents of earlier days, and of `day` up to change `seq`, have places up to `n`. */
export interface InboxPlace {
  readonly day: string;
  readonly seq: string | number;
  readonly n: number;
}

interface MarkDoc extends Doc, InboxPlace {
  readonly v: 1;
}

export interface InboxMark {
  /** Where to begin reading; undefined at the very first start. */
  readonly start: InboxPlace | undefined;
  /** A write ended here. */
  reached(place: InboxPlace): void;
  /** All places up to `n` are sealed: remembers the furthest place that is covered. */
  sealedUpTo(n: number): Promise<void>;
  /** Its places are of a database that is not there any more: the next start reads all. */
  forget(): Promise<void>;
  /** The day of the mark: earlier days are sealed whole. */
  day(): string | undefined;
}

/** Places remembered at most; between two of them a few seconds of a flood. */
const MOST_PLACES = 1_000;
/** A mark costs a synced write: not for less than this many uplinks. */
const LEAST_PROGRESS = 1_000;

export async function inboxMark(local: Database): Promise<InboxMark> {
  const stored = await local.get<MarkDoc>("inbox-mark");
  const start = stored && { day: stored.day, seq: stored.seq, n: stored.n };
  let written = start;
  let places: InboxPlace[] = [];
  return {
    start,
    reached(place) {
      // The newest place is always known; of the older ones one per few hundred uplinks.
      const [older, newest] = [places.at(-2), places.at(-1)];
      const isNear =
        older?.day === place.day &&
        newest?.day === place.day &&
        place.n - older.n < LEAST_PROGRESS / 4;
      if (isNear) places[places.length - 1] = place;
      else places.push(place);
      if (places.length > MOST_PLACES) places = places.filter((_, i) => i % 2 === 1);
    },
    async sealedUpTo(n) {
      const covered = places.findLast((place) => place.n <= n);
      if (!covered) return;
      if (written && covered.day === written.day && covered.n - written.n < LEAST_PROGRESS) return;
      const old = await local.get("inbox-mark");
      await local.put({ ...old, _id: "inbox-mark", v: 1, ...covered });
      written = covered;
      places = places.filter((place) => place.n > covered.n);
    },
    async forget() {
      const old = await local.get("inbox-mark");
      if (old?._rev !== undefined) await local.remove("inbox-mark", old._rev);
      written = undefined;
    },
    day: () => written?.day,
  };
}
