/**
 * `power-cut-verdict`: compares what a gateway's store holds with the sender's own list, and its
 * segments with each other. Pure.
 */
import type { SegmentDoc } from "#shared/model/segment.ts";
import { unpackSegment } from "#shared/series/segment.ts";
import { uplinkKey } from "./power-cut-traffic.ts";

export interface Held {
  /** By `uplinkKey`, once per document. */
  readonly inbox: readonly string[];
  readonly segments: readonly SegmentDoc[];
}

export interface Verdict {
  /** Acknowledged and in neither inbox nor segments; after sealing: not in the segments. */
  readonly lost: readonly string[];
  /** Twice in the inbox, or twice in the segments. */
  readonly doubled: readonly string[];
  /** In words: what is wrong with the chain, and what nobody ever sent. */
  readonly wrong: readonly string[];
}

export interface Said {
  readonly sent: Pick<ReadonlyMap<string, unknown>, "has">;
  readonly acknowledged: Iterable<string>;
}

/** @param isSealed everything must be in segments; the inbox alone does not count */
export function verdict(held: Held, { sent, acknowledged }: Said, isSealed: boolean): Verdict {
  const sealed = held.segments.flatMap((segment) =>
    unpackSegment(segment).map(({ deviceId, fCnt, payload }) => uplinkKey(deviceId, fCnt, payload)),
  );
  const safe = new Set(isSealed ? sealed : [...held.inbox, ...sealed]);
  const strange = [...new Set([...held.inbox, ...sealed])].filter((key) => !sent.has(key));
  return {
    lost: [...acknowledged].filter((key) => !safe.has(key)),
    doubled: [...twice(held.inbox), ...twice(sealed)],
    wrong: [...strange.map((key) => `never sent: ${key}`), ...chainFaults(held.segments)],
  };
}

function twice(keys: readonly string[]): string[] {
  const once = new Set<string>();
  return keys.filter((key) => once.has(key) || !once.add(key));
}

/** Every link names the one before, counts on from it, and begins in the inbox behind it. */
function chainFaults(segments: readonly SegmentDoc[]): string[] {
  const faults: string[] = [];
  let before: SegmentDoc | undefined;
  for (const link of segments.toSorted((a, b) => (a._id < b._id ? -1 : 1))) {
    const fault = (what: string) => faults.push(`${link._id}: ${what}`);
    if (before && link.writer !== before.writer) fault(`another writer than ${before.writer}`);
    const seq = link.epoch === before?.epoch ? before.seq + 1 : 0;
    if (link.seq !== seq) fault(`seq ${link.seq}, expected ${seq}`);
    if (link.prev?.id !== before?._id || link.prev?.digest !== before?.digest)
      fault(`follows ${link.prev?.id ?? "nothing"}, expected ${before?._id ?? "nothing"}`);
    const count = before ? before.before + before.count : 0;
    if (link.before !== count) fault(`${link.before} before it, expected ${count}`);
    if (link.inbox.from <= (before?.inbox.to ?? 0)) fault("overlaps the one before in the inbox");
    before = link;
  }
  return faults;
}
