/**
 * `run-upload`: a file, a stretch of rows after the other. After each stretch its outcome
 * stands where it can be read: a hub that is stopped meanwhile leaves a record of what is done.
 */
import { setImmediate } from "node:timers/promises";
import { adoptThose } from "#cloud/hub/devices/adopt-those.ts";
import type { Hub } from "#cloud/hub/hub.ts";
import type { RowOutcome } from "#shared/api/uploads.ts";
import { isFault } from "#shared/model/fault.ts";
import type { CommunityId } from "#shared/model/ids.ts";
import type { HubScope } from "#shared/model/scope.ts";
import type { Sheet, SheetRow } from "#shared/sheets/sheet.ts";
import type { Done, UploadDoc, UploadStore } from "./upload-store.ts";

/** Rows that are written together. */
const STRETCH = 250;

export interface RunParts {
  readonly hub: Hub;
  readonly store: UploadStore;
  readonly scope: HubScope;
  readonly sheet: Sheet;
  /** Brings a stretch of rows to the hub; each row has its outcome. */
  readonly apply: (
    rows: readonly SheetRow[],
  ) => Promise<{ readonly outcomes: readonly RowOutcome[]; readonly done: Done }>;
  /** The communities its rows named so far. */
  readonly touched: () => readonly CommunityId[];
}

/** Resolves when all rows have their outcome; what went wrong as a whole stands in the document. */
export async function runUpload(parts: RunParts, begun: UploadDoc): Promise<UploadDoc> {
  const { hub, store, scope, sheet } = parts;
  let doc = begun;
  try {
    for (let from = 0, n = 0; from < sheet.rows.length; from += STRETCH, n++) {
      const applied = await parts.apply(sheet.rows.slice(from, from + STRETCH));
      await store.addRows(doc, n, applied);
      doc = await store.write({ ...doc, counts: added(doc.counts, applied.outcomes) });
      // Others are asking this process, too.
      await setImmediate();
    }
    doc = { ...doc, state: "done" };
  } catch (error) {
    if (!isFault(error)) throw error;
    doc = { ...doc, state: "failed", notes: [...doc.notes, error.message] };
  } finally {
    const touched = parts.touched();
    const communityIds = [...new Set<CommunityId | null>([...doc.communityIds, ...touched])];
    doc = await store.write({
      ...doc,
      // A dry run's communities may be of this run alone.
      communityIds: doc.isDryRun ? doc.communityIds : communityIds,
      state: doc.state === "running" ? "failed" : doc.state,
      endedAt: new Date(hub.clock.now()).toISOString(),
    });
    if (!doc.isDryRun) await adoptThose(hub, scope, touched);
  }
  return doc;
}

function added(counts: UploadDoc["counts"], outcomes: readonly RowOutcome[]): UploadDoc["counts"] {
  const sum = { ...counts };
  for (const { outcome } of outcomes) sum[outcome]++;
  return sum;
}
