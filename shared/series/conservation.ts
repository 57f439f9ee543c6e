/**
 * `conservation`: proves that nothing got lost between a writer and whoever holds its segments: chains
 * without holes and forks, digests that are right, and for each of the writer's days as many uplinks of
 * each device as the writer counted in its inbox.
 *
 * Pure. Takes segments one by one, in any order, and keeps no uplink.
 */
import type { DailyCountDoc } from "#shared/model/events/daily-count.ts";
import type { SegmentDoc } from "#shared/model/segment.ts";

/** What is kept of a segment. */
type Link = Pick<
  SegmentDoc,
  | "writer"
  | "epoch"
  | "seq"
  | "prev"
  | "digest"
  | "count"
  | "before"
  | "day"
  | "firstHeardMs"
  | "inbox"
>;

export interface DeviceDifference {
  readonly deviceId: string;
  readonly counted: number;
  readonly held: number;
}

export interface DayVerdict {
  /** `yyyymmdd`. */
  readonly day: string;
  /** Uplinks the writer counted; null while its day is not over or its word has not come. */
  readonly counted: number | null;
  /** Uplinks in segments that are here and whole. */
  readonly held: number;
  readonly state: "agrees" | "differs" | "open";
  /** Devices of which another number is here; the first few. */
  readonly devices: readonly DeviceDifference[];
}

export interface ChainVerdict {
  readonly writer: string;
  readonly segments: number;
  readonly uplinks: number;
  /** Uplinks in segments before the first that is here: months that are over and were dropped. */
  readonly before: number;
  /** Between which segments some are missing. */
  readonly holes: readonly { readonly after: string | null; readonly before: string }[];
  /** Segments that several follow: a machine was put back or copied. */
  readonly forks: readonly string[];
  /** Segments whose content is not what their digest says. */
  readonly damaged: readonly string[];
  /** Newest last. */
  readonly days: readonly DayVerdict[];
}

export interface Conservation {
  /** Takes a segment that is here; `devices` of its uplinks, or undefined when it cannot be unpacked. */
  take(segment: SegmentDoc, devices: readonly string[] | undefined): void;
  /** Takes a day's counts. */
  takeCount(count: DailyCountDoc): void;
  has(id: string): boolean;
  /** @param isHistory whether a segment was here: history was made of it, and it was dropped with its month */
  verdicts(isHistory?: (id: string) => boolean): ChainVerdict[];
}

interface Day {
  held: number;
  devices: Map<string, number>;
}

/** Inbox places, both inclusive. */
interface Stretch {
  readonly from: number;
  readonly to: number;
}

const MOST_DEVICES = 20;

export function conservation(): Conservation {
  const links = new Map<string, Map<string, Link>>();
  const days = new Map<string, Map<string, Day>>();
  const counts = new Map<string, Map<string, DailyCountDoc[]>>();
  const damaged = new Map<string, string[]>();
  const known = new Set<string>();
  /** By writer: the last inbox place that is in a segment here. */
  const reached = new Map<string, number>();
  const of = <V>(map: Map<string, Map<string, V>>, writer: string): Map<string, V> => {
    let inner = map.get(writer);
    if (!inner) map.set(writer, (inner = new Map()));
    return inner;
  };

  /** A day some of whose uplinks lay in segments that were dropped with their month: nothing can be compared. */
  const isDropped = (writer: string, day: string, dropped: readonly Stretch[]) =>
    (counts.get(writer)?.get(day) ?? []).some(({ inbox }) =>
      dropped.some(({ from, to }) => inbox.from <= to && from <= inbox.to),
    );

  const dayVerdict = (writer: string, day: string): DayVerdict => {
    const { held, devices } = days.get(writer)?.get(day) ?? { held: 0, devices: new Map() };
    const said = counts.get(writer)?.get(day);
    if (!said) return { day, counted: null, held, state: "open", devices: [] };
    const counted = said.reduce((sum, { count }) => sum + count, 0);
    const told = new Map<string, number>();
    for (const { devices: some } of said)
      for (const [deviceId, count] of Object.entries(some))
        told.set(deviceId, (told.get(deviceId) ?? 0) + count);
    const differing: DeviceDifference[] = [];
    for (const deviceId of new Set([...told.keys(), ...devices.keys()])) {
      const [a, b] = [told.get(deviceId) ?? 0, devices.get(deviceId) ?? 0];
      if (a !== b) differing.push({ deviceId, counted: a, held: b });
    }
    // Counts may come before the last of their segments.
    const isComing = Math.max(...said.map(({ inbox }) => inbox.to)) > (reached.get(writer) ?? 0);
    if (isComing) return { day, counted, held, state: "open", devices: [] };
    const isSame = differing.length === 0 && counted === held;
    return {
      day,
      counted,
      held,
      state: isSame ? "agrees" : "differs",
      devices: differing.slice(0, MOST_DEVICES),
    };
  };

  const chainVerdict = (writer: string, isHistory: (id: string) => boolean): ChainVerdict => {
    const mine = links.get(writer) ?? new Map<string, Link>();
    const ordered = [...mine].sort(([a], [b]) => (a < b ? -1 : 1));
    const followers = new Map<string, number>();
    const holes: { after: string | null; before: string }[] = [];
    const dropped: Stretch[] = [];
    let last: string | null = null;
    let reachedTo = -Infinity;
    let uplinks = 0;
    for (const [id, link] of ordered) {
      uplinks += link.count;
      const prev = link.prev?.id ?? null;
      if (prev !== null) followers.set(prev, (followers.get(prev) ?? 0) + 1);
      const before = prev === null ? undefined : mine.get(prev);
      // The very first that is here may follow what was dropped with its month; a late one lies before such.
      const isDroppedBefore = prev !== null && !before && (last === null || isHistory(prev));
      if (isDroppedBefore) dropped.push({ from: reachedTo + 1, to: link.inbox.from - 1 });
      const isMissing = prev !== null && !before && !isDroppedBefore;
      const isOther = before !== undefined && before.digest !== link.prev?.digest;
      const isSkipped = link.seq > 0 && prev === null;
      if (isMissing || isOther || isSkipped) holes.push({ after: last, before: id });
      last = id;
      reachedTo = link.inbox.to;
    }
    const names = new Set([
      ...(days.get(writer)?.keys() ?? []),
      ...(counts.get(writer)?.keys() ?? []),
    ]);
    return {
      writer,
      segments: ordered.length,
      uplinks,
      before: ordered[0]?.[1].before ?? 0,
      holes,
      forks: [...followers].filter(([, count]) => count > 1).map(([id]) => id),
      damaged: damaged.get(writer) ?? [],
      days: [...names]
        .filter((day) => !isDropped(writer, day, dropped))
        .sort()
        .map((day) => dayVerdict(writer, day)),
    };
  };

  return {
    take(segment, devices) {
      if (known.has(segment._id)) return;
      known.add(segment._id);
      const { _id, writer, epoch, seq, prev, digest, count, before, day, firstHeardMs } = segment;
      of(links, writer).set(_id, {
        writer,
        epoch,
        seq,
        prev,
        digest,
        count,
        before,
        day,
        firstHeardMs,
        inbox: segment.inbox,
      });
      reached.set(writer, Math.max(reached.get(writer) ?? 0, segment.inbox.to));
      if (!devices) damaged.set(writer, [...(damaged.get(writer) ?? []), _id]);
      if (!devices || day === undefined) return;
      const held = of(days, writer).get(day) ?? { held: 0, devices: new Map<string, number>() };
      held.held += devices.length;
      for (const deviceId of devices)
        held.devices.set(deviceId, (held.devices.get(deviceId) ?? 0) + 1);
      of(days, writer).set(day, held);
    },
    takeCount(count) {
      if (known.has(count._id)) return;
      known.add(count._id);
      const { writer, day } = count;
      of(counts, writer).set(day, [...(counts.get(writer)?.get(day) ?? []), count]);
    },
    has: (id) => known.has(id),
    verdicts: (isHistory = () => false) =>
      [...new Set([...links.keys(), ...counts.keys()])]
        .sort()
        .map((writer) => chainVerdict(writer, isHistory)),
  };
}
