/**
 * `claim-sheet`: a file of gateways to come: a name and its communities in each row, looked at as a
 * whole before any code is made.
 *
 * With names of columns in the first row (`name`, `communities`, in any order) or without; a
 * community goes by its id, its `tenant_name` or its name, several stand in one cell, between `,` or `|`.
 */
import type { CommunityDoc } from "#cloud/hub/hub.ts";
import { MOST_CLAIMS, type ClaimCheck } from "#shared/api/gateway-admin.ts";
import { Fault } from "#shared/model/fault.ts";
import { readSheet } from "#shared/sheets/read-sheet.ts";
import { sheetLimits } from "#shared/sheets/sheet.ts";

type CheckedRow = ClaimCheck["rows"][number];

const LABEL = ["label", "name", "gateway", "gateway_name"];
const COMMUNITY = ["community", "communities", "tenant", "tenant_name", "community_id"];
const MOST_LABEL = 120;
const MOST_COMMUNITIES = 200;

const plain = (text: string) => text.trim().toLowerCase();

export interface ClaimSheetParts {
  /** In the asker's reach: another one is not there. */
  readonly communities: readonly CommunityDoc[];
  /** Names of gateways that are here already. */
  readonly taken: ReadonlySet<string>;
}

/** @throws Fault "invalid" when the file itself cannot be used */
export async function readClaimSheet(
  bytes: Uint8Array,
  { communities, taken }: ClaimSheetParts,
): Promise<ClaimCheck> {
  const sheet = await readSheet(bytes, { ...sheetLimits, mostRows: MOST_CLAIMS, leastColumns: 2 });
  const find = finder(communities);
  const titles = sheet.header.map(plain);
  const place = (names: readonly string[]) => titles.findIndex((title) => names.includes(title));
  let [labelAt, communityAt] = [place(LABEL), place(COMMUNITY)];
  let rows = [...sheet.rows];
  if (communityAt < 0 && labelAt >= 0)
    throw new Fault("invalid", "There is no column of communities.", {
      fields: { communities: "the column is missing" },
    });
  if (communityAt < 0) {
    // No names of columns: the first row is one of the others.
    rows = [{ line: (rows[0]?.line ?? 2) - 1, cells: sheet.header }, ...rows];
    const isFirst = rows.some(({ cells: [cell = ""] }) => find.all(cell).some(isFound));
    [labelAt, communityAt] = isFirst ? [1, 0] : [0, 1];
  }
  if (rows.length === 0) throw new Fault("invalid", "The file has no row with a gateway.");
  if (rows.length > MOST_CLAIMS)
    throw new Fault("invalid", `A file makes at most ${MOST_CLAIMS} codes.`);

  const met = new Map<string, number>();
  const checked = rows.map(({ line, cells }): CheckedRow => {
    const problems: CheckedRow["problems"] = [];
    const found = new Map<string, CommunityDoc>();
    const cell = cells[communityAt] ?? "";
    if (cell === "") problems.push({ code: "no_community", value: "" });
    else
      for (const one of find.all(cell))
        if (isFound(one)) found.set(one.communityId, one);
        else problems.push({ ...one, value: one.value.slice(0, 80) });
    if (found.size > MOST_COMMUNITIES)
      problems.push({ code: "too_many_communities", value: String(found.size) });
    const [first] = found.values();
    const label = (labelAt < 0 ? "" : (cells[labelAt] ?? "")) || (first?.name ?? "");
    if (label.length > MOST_LABEL)
      problems.push({ code: "label_too_long", value: label.slice(0, 80) });
    met.set(plain(label), (met.get(plain(label)) ?? 0) + 1);
    return {
      line,
      label,
      communities: [...found.values()].map(({ communityId: id, name }) => ({ id, name })),
      problems,
      warnings: [],
    };
  });
  return {
    rows: checked.map((row) => ({
      ...row,
      warnings: [
        ...((met.get(plain(row.label)) ?? 0) > 1 && row.label !== ""
          ? (["label_repeated"] as const)
          : []),
        ...(taken.has(plain(row.label)) ? (["label_taken"] as const) : []),
      ],
    })),
    notes: [...sheet.notes],
  };
}

/** Names of gateways as they are compared. */
export const takenNames = (names: readonly string[]): ReadonlySet<string> =>
  new Set(names.map(plain));

type Missed = {
  readonly code: "unknown_community" | "ambiguous_community";
  readonly value: string;
};
const isFound = (one: CommunityDoc | Missed): one is CommunityDoc => !("code" in one);

const partsOf = (text: string, between: string | RegExp) =>
  text.split(between).flatMap((part) => (part.trim() === "" ? [] : [part.trim()]));

function finder(communities: readonly CommunityDoc[]) {
  const byId = new Map<string, CommunityDoc>();
  const byName = new Map<string, CommunityDoc[]>();
  for (const community of communities) {
    for (const id of [community.communityId, community.tenant]) byId.set(plain(id), community);
    const name = plain(community.name);
    byName.set(name, [...(byName.get(name) ?? []), community]);
  }
  const one = (text: string): CommunityDoc | Missed => {
    const known = byId.get(plain(text));
    const [named, ...others] = byName.get(plain(text)) ?? [];
    if (known) return known;
    if (named && others.length > 0) return { code: "ambiguous_community", value: text };
    return named ?? { code: "unknown_community", value: text };
  };
  return {
    all(cell: string): readonly (CommunityDoc | Missed)[] {
      return partsOf(cell, /[|\n]/).flatMap((part) => {
        // A name may have a comma in it.
        const whole = one(part);
        const isKnown = isFound(whole) || whole.code === "ambiguous_community";
        return isKnown ? [whole] : partsOf(part, ",").map(one);
      });
    },
  };
}
