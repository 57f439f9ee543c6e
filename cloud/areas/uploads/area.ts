/**
 * `uploads`: files of devices and of residents: tried first, then done, each row with its own outcome, and taken
 * back when it was a mistake.
 */
import { z } from "zod";
import type { AreaParts } from "#cloud/api/area-parts.ts";
import { scopeFor } from "#cloud/api/asker.ts";
import { Paging } from "#cloud/api/paging.ts";
import { route, type Area, type Asked as RouteAsked } from "#cloud/api/route.ts";
import { outcomes, RowOutcome, UploadRow, type UploadKind } from "#shared/api/uploads.ts";
import { Fault } from "#shared/model/fault.ts";
import type { CommunityId } from "#shared/model/ids.ts";
import type { HubScope } from "#shared/model/scope.ts";
import { readSheet } from "#shared/sheets/read-sheet.ts";
import { XLSX_TYPE } from "#shared/sheets/write-xlsx.ts";
import { applyDevices } from "./apply-devices.ts";
import { applyResidents } from "./apply-residents.ts";
import { applyReadings } from "./apply-readings.ts";
import { compareReadings } from "./compare-readings.ts";
import { columnsOf, type Aliases, type Columns } from "./columns.ts";
import { deviceColumns, deviceWish } from "./device-row.ts";
import { readingColumns, readingWish } from "./reading-row.ts";
import { residentColumns, residentWish } from "./resident-row.ts";
import { runUpload, type RunParts } from "./run-upload.ts";
import { templateFile, type TemplateOf } from "./template.ts";
import { undoUpload } from "./undo-upload.ts";
import { uploadPlaces, type Places } from "./upload-places.ts";
import { uploadStore } from "./upload-store.ts";

const Id = z.object({ upload_id: z.string().max(64) });
const flag = z
  .enum(["true", "false"])
  .default("false")
  .transform((word) => word === "true");
/** Small files are answered when they are done; of others one asks how far they are. */
const PATIENCE_MS = 1_500;

const templateRoute = (of: TemplateOf, right: "devices.upload" | "people.write") =>
  route({
    method: "get",
    path: `/uploads/${of}/template`,
    right,
    title: `The file of ${of} to fill in, as CSV or as a workbook.`,
    query: z.object({ format: z.enum(["csv", "xlsx"]).default("csv") }),
    answer: { file: ["text/csv", XLSX_TYPE] },
    open:
      () =>
      ({ query: { format } }) =>
        templateFile(of, format),
  });

const upload = {
  types: ["text/csv", XLSX_TYPE, "application/octet-stream"],
  mostBytes: 20_000_000,
};
const Asked = z.object({
  dry_run: flag,
  community: z.string().max(64).optional(),
  make_communities: flag,
  file_name: z.string().max(200).default("file"),
});
type Request = Pick<
  RouteAsked<"devices.upload", unknown, z.infer<typeof Asked>>,
  "scope" | "asker" | "query" | "trail" | "c"
>;

/** What one kind of file needs beside what all have. */
interface Kind {
  readonly kind: UploadKind;
  readonly aliases: Aliases;
  /** One of these columns has to be there. */
  readonly needs: readonly string[];
  readonly apply: (
    asked: Request,
    parts: { readonly places: Places; readonly columns: Columns; readonly isDryRun: boolean },
  ) => RunParts["apply"];
}

/** Reads the file, and has its rows done; answers when it is through, or after a moment how far it is. */
async function take(parts: AreaParts, asked: Request, of: Kind): Promise<UploadRow> {
  const { hub, later, news } = parts;
  const { scope, asker, query, trail, c } = asked;
  const store = uploadStore(hub);
  const { dry_run: isDryRun, make_communities, file_name: fileName } = query;
  const fallback = await fallbackOf(parts, scope, query.community);
  const sheet = await readSheet(new Uint8Array(await c.req.arrayBuffer()));
  const columns = columnsOf(sheet, of.aliases);
  const [first = ""] = of.needs;
  if (!of.needs.some((name) => columns.has(name)))
    throw new Fault(
      "invalid",
      `There is no column ${of.needs.join(" or ")}. The first row names the columns; found: ${sheet.header.slice(0, 8).join(", ") || "nothing"}.`,
      { fields: { [first]: "the column is missing" } },
    );
  const founding = make_communities ? scopeFor(asker, "communities.write") : undefined;
  if (make_communities && founding?.kind !== "organization")
    throw new Fault("forbidden", "Your role makes no communities.");
  const places = await uploadPlaces({ hub, scope, isDryRun, fallback: fallback ?? "", founding });
  const notes = [...sheet.notes];
  if (columns.unused.length > 0)
    notes.push(`Nothing is made of these columns: ${columns.unused.slice(0, 20).join(", ")}.`);
  const begun = await store.begin(scope, {
    kind: of.kind,
    fileName: nameOf(fileName),
    isDryRun,
    rows: sheet.rows.length,
    notes,
    communityIds: fallback === undefined ? placesOf(scope) : [fallback],
  });
  trail.note({
    what: isDryRun ? "upload.try" : `upload.${of.kind}`,
    communityId: fallback ?? null,
    target: { type: "upload", id: begun.uploadId, name: begun.fileName },
    after: { rows: begun.rows },
  });
  const apply = of.apply(asked, { places, columns, isDryRun });
  const touched = () => [...places.touched].map(({ communityId }) => communityId);
  const running = runUpload({ hub, store, scope, sheet, apply, touched }, begun).then(() =>
    news.tell(scope.organizationId, "devices"),
  );
  later(() => running, "an upload");
  await Promise.race([
    running.catch(() => {}),
    new Promise((resolve) => setTimeout(resolve, PATIENCE_MS).unref()),
  ]);
  return store.told(await store.find(scope, begun.uploadId));
}

const devices = route({
  method: "post",
  path: "/uploads/devices",
  right: "devices.upload",
  title:
    "Takes a file of devices (CSV with `;` or `,`, or XLSX). With `dry_run=true` nothing is written. `community` is where rows go that name none.",
  query: Asked,
  upload,
  answer: { status: 202, data: UploadRow },
  open: (parts) => (asked) =>
    take(parts, asked, {
      kind: "devices",
      aliases: deviceColumns,
      needs: ["dev_eui"],
      apply({ scope }, { places, columns, isDryRun }) {
        const met = new Map<string, number>();
        return (rows) =>
          applyDevices(
            { hub: parts.hub, scope, places, isDryRun, met },
            rows.map((row) => deviceWish(row, columns)),
          );
      },
    }),
});

const residents = route({
  method: "post",
  path: "/uploads/residents",
  right: "people.write",
  title:
    "Takes a file of residents: who they are, where they live from when to when, whether they are invited by mail. With `dry_run=true` nothing is written.",
  query: Asked,
  upload,
  answer: { status: 202, data: UploadRow },
  open: (parts) => (asked) => {
    // Homes are made and lived in by it.
    if (!reachesAll(scopeFor(asked.asker, "units.write"), asked.scope))
      throw new Fault("forbidden", "Your role does not say who lives where.");
    return take(parts, asked, {
      kind: "residents",
      aliases: residentColumns,
      needs: ["email", "first_name", "last_name"],
      apply({ scope, asker }, { places, columns, isDryRun }) {
        const own = {
          hub: parts.hub,
          scope,
          asker,
          places,
          isDryRun,
          hubUrl: parts.url(),
          met: new Map(),
          allowed: new Set<CommunityId>(),
        };
        return (rows) =>
          applyResidents(
            own,
            rows.map((row) => residentWish(row, columns)),
          );
      },
    });
  },
});

const readings = route({
  method: "post",
  path: "/uploads/readings",
  right: "devices.upload",
  title:
    "Takes a file of past readings (`dev_eui;time;index;unit`): they are kept as told, each once, and are counted as if they had been heard.",
  query: Asked.omit({ make_communities: true }),
  upload,
  answer: { status: 202, data: UploadRow },
  open: (parts) => async (asked) => {
    const communities = new Map(
      (await parts.hub.communities.list(asked.scope)).map((one) => [one.communityId, one]),
    );
    const query = { ...asked.query, make_communities: false };
    return take(
      parts,
      { ...asked, query },
      {
        kind: "readings",
        aliases: readingColumns,
        needs: ["dev_eui"],
        apply:
          ({ scope }, { columns, isDryRun }) =>
          (rows) =>
            applyReadings(
              parts,
              scope,
              communities,
              isDryRun,
              rows.map((row) => readingWish(row, columns)),
            ),
      },
    );
  },
});

const comparison = route({
  method: "post",
  path: "/uploads/comparison",
  right: "devices.upload",
  title:
    "Compares a file of another system's readings (`dev_eui;time;index;unit`) with what is known here; keeps none of them. A difference up to `tolerance`, in the row's unit, is none.",
  query: Asked.omit({ make_communities: true, dry_run: true }).extend({
    tolerance: z
      .string()
      .regex(/^[0-9]{1,9}(\.[0-9]{1,6})?$/, 'a tolerance is written "0.010"')
      .default("0"),
  }),
  upload,
  answer: { status: 202, data: UploadRow },
  open: (parts) => async (asked) => {
    const communities = new Map(
      (await parts.hub.communities.list(asked.scope)).map((one) => [one.communityId, one]),
    );
    const { tolerance, ...named } = asked.query;
    const query = { ...named, make_communities: false, dry_run: true };
    return take(
      parts,
      { ...asked, query },
      {
        kind: "comparison",
        aliases: readingColumns,
        needs: ["dev_eui"],
        apply:
          ({ scope }, { columns }) =>
          (rows) =>
            compareReadings(
              parts,
              scope,
              communities,
              tolerance,
              rows.map((row) => readingWish(row, columns)),
            ),
      },
    );
  },
});

const list = route({
  method: "get",
  path: "/uploads",
  right: "devices.upload",
  title: "Uploads of the last three months, newest first.",
  query: Paging,
  answer: { rows: UploadRow },
  open: ({ hub }) => {
    const store = uploadStore(hub);
    return async ({ scope, query: { limit, offset } }) => {
      const all = await store.list(scope);
      return { rows: all.slice(offset, offset + limit).map(store.told), total: all.length };
    };
  },
});

const one = route({
  method: "get",
  path: "/uploads/:upload_id",
  right: "devices.upload",
  title: "How far an upload is, and what came of it.",
  params: Id,
  answer: { data: UploadRow },
  open: ({ hub }) => {
    const store = uploadStore(hub);
    return async ({ scope, params }) => store.told(await store.find(scope, params.upload_id));
  },
});

const rows = route({
  method: "get",
  path: "/uploads/:upload_id/rows",
  right: "devices.upload",
  title: "What became of each row, in the order of the file; or of those with one outcome.",
  params: Id,
  query: Paging.extend({ outcome: z.enum(outcomes).optional() }),
  answer: { rows: RowOutcome },
  open: ({ hub }) => {
    const store = uploadStore(hub);
    return async ({ scope, params, query: { outcome, limit, offset } }) => {
      const { uploadId } = await store.find(scope, params.upload_id);
      const found: z.infer<typeof RowOutcome>[] = [];
      let total = 0;
      for await (const doc of store.rows(uploadId))
        for (const row of doc.outcomes) {
          if (outcome !== undefined && row.outcome !== outcome) continue;
          if (total >= offset && found.length < limit) found.push(row);
          total++;
        }
      return { rows: found, total };
    };
  },
});

const undo = route({
  method: "post",
  path: "/uploads/:upload_id/undo",
  right: "devices.upload",
  title: "Takes an upload back; what was changed since stays as it is now.",
  params: Id,
  answer: {
    data: z.object({ removed: z.number(), restored: z.number(), kept: z.number() }),
  },
  open: ({ hub, news }) => {
    const store = uploadStore(hub);
    return async ({ scope, asker, params, trail }) => {
      const doc = await store.find(scope, params.upload_id);
      if (doc.kind === "residents" && !reachesAll(scopeFor(asker, "people.write"), scope))
        throw new Fault("forbidden", "Your role does not say who lives where.");
      if (!store.told(doc).can_undo)
        throw new Fault("conflict", "There is nothing to take back of this upload.");
      const undone = await hub.inTurn(`upload ${doc.uploadId}`, () =>
        undoUpload(hub, store, scope, doc),
      );
      trail.note({
        what: "upload.undo",
        target: { type: "upload", id: doc.uploadId, name: doc.fileName },
        after: { ...undone },
      });
      news.tell(scope.organizationId, "devices");
      return undone;
    };
  },
});

export const uploads: Area = {
  name: "uploads",
  title: "Files of devices, residents, past readings and another system's readings",
  routes: [
    templateRoute("devices", "devices.upload"),
    devices,
    templateRoute("residents", "people.write"),
    residents,
    templateRoute("readings", "devices.upload"),
    readings,
    comparison,
    list,
    one,
    rows,
    undo,
  ],
};

/** @throws Fault "not_found" for a community out of reach */
async function fallbackOf(
  { hub }: AreaParts,
  scope: HubScope,
  named: string | undefined,
): Promise<CommunityId | undefined> {
  if (named === undefined || named === "") {
    // Who manages one community means that one.
    const [only, ...more] = scope.kind === "communities" ? scope.communityIds : [];
    return more.length === 0 ? only : undefined;
  }
  const found = (await hub.communities.list(scope)).find(
    ({ communityId, tenant }) => communityId === named || tenant === named,
  );
  if (!found) throw new Fault("not_found", "There is no such community here.");
  return found.communityId;
}

/** Whether all of `part` lies within `whole`. */
function reachesAll(whole: HubScope | undefined, part: HubScope): boolean {
  if (whole?.kind !== "communities") return whole !== undefined;
  return (
    part.kind === "communities" && [...part.communityIds].every((id) => whole.communityIds.has(id))
  );
}

const placesOf = (scope: HubScope): (CommunityId | null)[] =>
  scope.kind === "organization" ? [null] : [...scope.communityIds];

/** A file's name for people: no path, no control characters. */
function nameOf(text: string): string {
  const plain =
    text
      .replaceAll(/[\p{C}]/gu, "")
      .split(/[\\/]/)
      .at(-1) ?? "";
  return plain.trim() || "file";
}
