/**
 * `upload-store`: uploads and what became of their rows. In the hub's own database, a stretch of
 * rows to a document, so that no list of masters grows with them. Never holds a key.
 */
import type { Hub } from "#cloud/hub/hub.ts";
import type { DeviceDoc } from "#cloud/hub/hub.ts";
import type { Doc } from "#shared/couch/database.ts";
import type { RowOutcome, UploadKind, UploadRow } from "#shared/api/uploads.ts";
import { Fault } from "#shared/model/fault.ts";
import {
  newId,
  type CommunityId,
  type MembershipId,
  type OrganizationId,
  type PersonId,
  type TenancyId,
  type UnitId,
} from "#shared/model/ids.ts";
import type { HubScope } from "#shared/model/scope.ts";

/**
 * `upload:{organizationId}:{uploadId}` in `riser`.
 *
 * History: 1 = first release.
 */
export interface UploadDoc extends Doc {
  readonly type: "upload";
  readonly v: 1;
  readonly uploadId: string;
  readonly organizationId: OrganizationId;
  /** Communities its rows are about; null among them: the organization's own. */
  readonly communityIds: readonly (CommunityId | null)[];
  readonly kind: UploadKind;
  readonly fileName: string;
  readonly isDryRun: boolean;
  readonly state: "running" | "done" | "failed" | "undone";
  readonly by: string;
  readonly startedAt: string;
  readonly touchedAt: string;
  readonly endedAt?: string;
  readonly rows: number;
  readonly counts: Readonly<Record<RowOutcome["outcome"], number>>;
  readonly notes: readonly string[];
}

/** What an upload did, so that it can be taken back. */
export interface Done {
  readonly devices: readonly {
    readonly deviceId: string;
    /** Null: it was registered. */
    readonly before: DeviceDoc | null;
    /** The `updatedAt` it was left with: another one was changed since. */
    readonly updatedAt: string | undefined;
  }[];
  /** Of a file of residents: who became a member, and who moved in where. */
  readonly members?: readonly {
    readonly personId: PersonId;
    readonly membershipId: MembershipId;
  }[];
  readonly tenancies?: readonly { readonly unitId: UnitId; readonly tenancyId: TenancyId }[];
  readonly unitIds: readonly string[];
  readonly buildingIds: readonly string[];
}

/** `uploadrows:{uploadId}:{n, 6 digits}` in `riser`: a stretch of its rows. */
export interface UploadRowsDoc extends Doc {
  readonly type: "uploadrows";
  readonly v: 1;
  readonly outcomes: readonly RowOutcome[];
  readonly done: Done;
}

/** Without a sign of life for so long it was cut off, ms. */
const SILENT_MS = 120_000;
/** Uploads are kept so long, ms. */
const KEPT_MS = 90 * 86_400_000;

export interface UploadStore {
  begin(
    scope: HubScope,
    said: Pick<UploadDoc, "kind" | "fileName" | "isDryRun" | "rows" | "notes" | "communityIds">,
  ): Promise<UploadDoc>;
  write(doc: UploadDoc): Promise<UploadDoc>;
  addRows(doc: UploadDoc, n: number, rows: Pick<UploadRowsDoc, "outcomes" | "done">): Promise<void>;
  /** @throws Fault "not_found" out of reach */
  find(scope: HubScope, uploadId: string): Promise<UploadDoc>;
  /** Newest first. */
  list(scope: HubScope): Promise<UploadDoc[]>;
  /** In the order of the file. */
  rows(uploadId: string): AsyncGenerator<UploadRowsDoc>;
  sweep(): Promise<void>;
  told(doc: UploadDoc): UploadRow;
}

export function uploadStore(hub: Hub): UploadStore {
  const riser = hub.registry.riser.database;
  const now = () => new Date(hub.clock.now()).toISOString();
  const inReach = (scope: HubScope, doc: UploadDoc) =>
    doc.organizationId === scope.organizationId &&
    (scope.kind === "organization" ||
      doc.communityIds.every((id) => id !== null && scope.communityIds.has(id)));
  const all = (organizationId: OrganizationId) =>
    riser.list<UploadDoc>({
      from: `upload:${organizationId}:`,
      to: `upload:${organizationId}:\uffff`,
    });
  const write = async (doc: UploadDoc) => {
    const touched = { ...doc, touchedAt: now() };
    const { rev } = await riser.put(touched);
    return { ...touched, _rev: rev };
  };
  return {
    write,
    begin(scope, said) {
      const uploadId = newId<string>("up", hub.random);
      return write({
        _id: `upload:${scope.organizationId}:${uploadId}`,
        type: "upload",
        v: 1,
        uploadId,
        organizationId: scope.organizationId,
        state: "running",
        by: scope.by,
        startedAt: now(),
        touchedAt: now(),
        counts: { created: 0, updated: 0, unchanged: 0, differs: 0, skipped: 0, failed: 0 },
        ...said,
      });
    },
    async addRows({ uploadId }, n, rows) {
      const _id = `uploadrows:${uploadId}:${String(n).padStart(6, "0")}`;
      await riser.put({ _id, type: "uploadrows", v: 1, ...rows });
    },
    async find(scope, uploadId) {
      const doc = await riser.get<UploadDoc>(`upload:${scope.organizationId}:${uploadId}`);
      if (!doc || !inReach(scope, doc))
        throw new Fault("not_found", "There is no such upload here.");
      return doc;
    },
    async list(scope) {
      return (await all(scope.organizationId))
        .filter((doc) => inReach(scope, doc))
        .sort((a, b) => (a.startedAt > b.startedAt ? -1 : 1));
    },
    async *rows(uploadId) {
      for (let from = `uploadrows:${uploadId}:`; ;) {
        const page = await riser.list<UploadRowsDoc>({
          from,
          to: `uploadrows:${uploadId}:\uffff`,
          limit: 5,
        });
        yield* page;
        const last = page.at(-1);
        if (last === undefined || page.length < 5) return;
        from = `${last._id}\u0000`;
      }
    },
    async sweep() {
      for (const { organizationId } of await hub.registry.organizations())
        for (const doc of await all(organizationId)) {
          if (hub.clock.now() - Date.parse(doc.touchedAt) < KEPT_MS) continue;
          const ids = {
            from: `uploadrows:${doc.uploadId}:`,
            to: `uploadrows:${doc.uploadId}:\uffff`,
          };
          await riser.removeMany([...(await riser.list(ids)), doc]);
        }
    },
    told(doc) {
      const { created, updated, unchanged, differs, skipped, failed } = doc.counts;
      const isCut =
        doc.state === "running" && hub.clock.now() - Date.parse(doc.touchedAt) > SILENT_MS;
      return {
        id: doc.uploadId,
        kind: doc.kind,
        file_name: doc.fileName,
        dry_run: doc.isDryRun,
        state: isCut ? "interrupted" : doc.state,
        started_at: doc.startedAt,
        ended_at: doc.endedAt ?? null,
        rows: doc.rows,
        seen: created + updated + unchanged + differs + skipped + failed,
        created,
        updated,
        unchanged,
        differs,
        skipped,
        failed,
        notes: [...doc.notes],
        can_undo:
          !doc.isDryRun &&
          doc.kind !== "readings" &&
          (doc.state === "done" || doc.state === "failed" || isCut) &&
          created + updated > 0,
      };
    },
  };
}
