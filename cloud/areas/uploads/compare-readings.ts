/**
 * `compare-readings`: what another system says its meters showed, beside what they told here, for the time
 * in which both run. Nothing is kept of it but the list of differences.
 */
import type { AreaParts } from "#cloud/api/area-parts.ts";
import type { CommunityDoc } from "#cloud/hub/hub.ts";
import type { CellError, Compared, RowOutcome } from "#shared/api/uploads.ts";
import { indexOf, indexText } from "#shared/model/decimal-index.ts";
import { isFault } from "#shared/model/fault.ts";
import type { CommunityId } from "#shared/model/ids.ts";
import type { RegisterId } from "#shared/model/registers.ts";
import type { HubScope } from "#shared/model/scope.ts";
import { inCommonUnit, type Amount } from "#shared/series/index-series.ts";
import type { ReadingRow } from "#shared/series/reading-row.ts";
import { errorsOf, readingFrom, type Told } from "./apply-readings.ts";
import type { ReadingWish } from "./reading-row.ts";
import type { Done } from "./upload-store.ts";

type Parts = Pick<AreaParts, "hub" | "intake" | "inventory" | "fleet" | "findersOf" | "readings">;

/** Readings so far from the moment are looked at, ms: an index between two of them is worked out. */
const AROUND_MS = 48 * 3_600_000;
/** Other systems write minutes: a reading this near is the one that is meant. */
const SAME_MS = 60_000;

/** @param tolerance a difference up to this, decimal text in the row's unit, is none */
export async function compareReadings(
  parts: Parts,
  scope: HubScope,
  communities: ReadonlyMap<CommunityId, CommunityDoc>,
  tolerance: string,
  rows: readonly { readonly wish: ReadingWish; readonly errors: readonly CellError[] }[],
): Promise<{ outcomes: RowOutcome[]; done: Done }> {
  const outcomes = await Promise.all(
    rows.map(async ({ wish, errors }): Promise<RowOutcome> => {
      const about = { line: wish.line, dev_eui: wish.deviceId, person_id: null };
      const failed = (why: readonly CellError[]): RowOutcome => ({
        ...about,
        outcome: "failed",
        errors: [...why],
        notes: [],
      });
      if (errors.length > 0) return failed(errors);
      try {
        const told = await readingFrom(parts, scope, communities, wish);
        const found = await ours(parts, scope, told);
        if (typeof found === "string")
          return { ...about, outcome: "skipped", errors: [], notes: [found] };
        const compared = difference(told, found);
        const isSame = compared.by <= toleranceOf(told, tolerance, compared.scale);
        return {
          ...about,
          outcome: isSame ? "unchanged" : "differs",
          errors: [],
          notes: [],
          compared: compared.shown,
        };
      } catch (error) {
        if (!isFault(error)) throw error;
        return failed(errorsOf(error, wish));
      }
    }),
  );
  return { outcomes, done: { devices: [], unitIds: [], buildingIds: [] } };
}

interface Ours extends Amount {
  readonly isMeasured: boolean;
}

/** What the meter told here at that moment, or why nothing can be said of it. */
async function ours(
  { readings }: Parts,
  scope: HubScope,
  { community: { tenant }, device: { deviceId }, time, register }: Told,
): Promise<Ours | string> {
  const rows = await readings
    .readings(scope, tenant, deviceId, time - AROUND_MS, time + AROUND_MS)
    .catch((error: unknown) => {
      if (isFault(error, "not_found")) return [];
      throw error;
    });
  const told = rows.flatMap((row) => shownBy(row, register) ?? []);
  const near = told
    .filter((one) => Math.abs(one.time - time) <= SAME_MS)
    .sort((a, b) => Math.abs(a.time - time) - Math.abs(b.time - time))[0];
  if (near) return { ...near, isMeasured: true };
  const [before, after] = [
    told.findLast((one) => one.time < time),
    told.find((one) => one.time > time),
  ];
  if (!before || !after) return "nothing was heard of this meter around that time";
  if (before.unit !== after.unit || asScale(after, before) < before.n)
    return "the meter began anew around that time";
  const scale = Math.min(before.scale, after.scale);
  const [from, to] = [before, after].map((one) => one.n * 10 ** (one.scale - scale));
  const part = (time - before.time) / (after.time - before.time);
  const n = Math.floor((from as number) + ((to as number) - (from as number)) * part);
  return { n, scale, unit: before.unit, isMeasured: false };
}

const asScale = (one: Amount, { scale }: Amount) => one.n * 10 ** (one.scale - scale);

function shownBy({ time, values }: ReadingRow, register: RegisterId) {
  const value = values.find((one) => one.register === register);
  return value && { ...inCommonUnit(value), time };
}

/** Theirs and ours in the unit consumption is told in. */
function difference({ index, unit }: Told, mine: Ours) {
  const theirs = inCommonUnit({ ...indexOf(index), unit });
  const scale = Math.min(theirs.scale, mine.scale);
  const [a, b] = [theirs, mine].map((one) => Math.round(one.n * 10 ** (one.scale - scale)));
  const by = (a as number) - (b as number);
  const shown: Compared = {
    theirs: indexText(a as number, scale),
    ours: indexText(b as number, scale),
    difference: indexText(by, scale),
    unit: mine.unit,
    is_measured: mine.isMeasured,
  };
  return { shown, scale, by: Math.abs(by) };
}

function toleranceOf({ unit }: Told, tolerance: string, scale: number): number {
  const allowed = inCommonUnit({ ...indexOf(tolerance), unit });
  return allowed.n * 10 ** (allowed.scale - scale);
}
