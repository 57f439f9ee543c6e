/**
 * `newest-segments`: the newest segments of each writer, found without looking through the others: what
 * was heard just now must not wait until a backlog of months is through.
 */
import { parseSegmentId } from "#shared/model/segment.ts";

/** More writers than a community has gateways; those behind them wait for their turn. */
const WRITERS = 16;
/** Of each, at full traffic some minutes. */
const SEGMENTS = 20;

/** @returns ids, of each writer the newest first */
export async function newestSegments(source: {
  ids(options: {
    from?: string;
    to?: string;
    descending?: boolean;
    limit?: number;
  }): Promise<string[]>;
}): Promise<string[]> {
  const found: string[] = [];
  let to = "s:\uffff";
  for (let writers = 0; writers < WRITERS; writers++) {
    // Epochs and places count upwards: the last ids are the newest.
    const ids = await source.ids({ from: "s:", to, descending: true, limit: SEGMENTS });
    const place = parseSegmentId(ids[0] ?? "");
    if (!place) break;
    to = `s:${place.writer}:`;
    const prefix = to;
    found.push(...ids.filter((id) => id.startsWith(prefix)));
  }
  return found;
}
