/**
 * `recent-uplinks`: the last uplinks of one device, from the newest segments.
 *
 * Segments are in the order they were heard, per writer; they are opened from the end until there
 * is enough or a bound is reached, so that a silent device costs no more than a busy one.
 */
import type { Database } from "#shared/couch/database.ts";
import { isFault } from "#shared/model/fault.ts";
import type { DeviceId } from "#shared/model/ids.ts";
import type { KeptUplink } from "#shared/model/kept-uplink.ts";
import type { SegmentDoc } from "#shared/model/segment.ts";
import { unpackSegment } from "#shared/series/segment.ts";

/** Segments opened per writer at most, over all months: about half a second of work. */
const MOST_SEGMENTS = 240;
const PAGE = 20;

export interface UplinkOfWriter extends KeptUplink {
  readonly writer: string;
}

/** Newest heard first. `months` oldest first. */
export async function recentUplinks(
  months: readonly Database[],
  deviceId: DeviceId,
  limit: number,
): Promise<UplinkOfWriter[]> {
  let found: UplinkOfWriter[] = [];
  const opened = new Map<string, number>();
  for (const month of months.toReversed()) {
    for (const writer of await writersOf(month)) {
      const left = MOST_SEGMENTS - (opened.get(writer) ?? 0);
      const theirs = await ofWriter(month, writer, deviceId, limit, left);
      found.push(...theirs.found);
      opened.set(writer, MOST_SEGMENTS - left + theirs.opened);
    }
    found = found.sort((a, b) => b.heardAt - a.heardAt).slice(0, limit);
    if (found.length === limit) break;
  }
  return found;
}

/** Who wrote segments into a month: one look per writer. */
async function writersOf(month: Database): Promise<string[]> {
  const writers: string[] = [];
  for (let from = "s:"; ;) {
    const [id] = await month.ids({ from, to: "s:\uffff", limit: 1 });
    if (id === undefined) return writers;
    // Not by a segment's whole name: one that is none must not hide the writers after it.
    const writer = id.split(":")[1] as string;
    writers.push(writer);
    from = `s:${writer}:\uffff`;
  }
}

async function ofWriter(
  month: Database,
  writer: string,
  deviceId: DeviceId,
  limit: number,
  most: number,
): Promise<{ found: UplinkOfWriter[]; opened: number }> {
  const found: UplinkOfWriter[] = [];
  let opened = 0;
  let to = `s:${writer}:\uffff`;
  while (opened < most && found.length < limit) {
    const page = await month.list<SegmentDoc & { _id: string }>({
      from: `s:${writer}:`,
      to,
      descending: true,
      limit: PAGE,
    });
    for (const doc of page)
      for (const uplink of uplinksIn(doc))
        if (uplink.deviceId === deviceId) found.push({ ...uplink, writer });
    opened += page.length;
    const last = page.at(-1)?._id;
    if (last === undefined || page.length < PAGE) break;
    // Just before the last id that was read: ids end in digits.
    to = `${last.slice(0, -1)}${String.fromCharCode(last.charCodeAt(last.length - 1) - 1)}\uffff`;
  }
  return { found, opened };
}

/** A damaged segment is counted by the rollup; here it is empty. */
function uplinksIn(doc: SegmentDoc): KeptUplink[] {
  try {
    return unpackSegment(doc);
  } catch (error) {
    if (isFault(error, "invalid")) return [];
    throw error;
  }
}
