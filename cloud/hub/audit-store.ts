/**
 * `audit-store`: who did what to what, for whom, from where, and what came of it. Append-only:
 * there is no way here to change or remove an entry. What is too old goes by itself (`audit-retention`).
 *
 * Kept per organization and year, away from what replicates. An entry names people by their id;
 * what it says of them before and after is the caller's to keep small, and is never a secret.
 */
import { z } from "zod";
import { reachesCommunity, reachesOrganization } from "#cloud/hub/scoped-documents.ts";
import type { Databases } from "#shared/couch/database.ts";
import type { Clock } from "#shared/model/clock.ts";
import { databaseName } from "#shared/model/database-names.ts";
import { Fault, isFault } from "#shared/model/fault.ts";
import { CommunityId, OrganizationId, PersonId } from "#shared/model/ids.ts";
import type { Scope } from "#shared/model/scope.ts";
import { At } from "#shared/model/site.ts";

/**
 * `audit:{epoch ms, 13 digits}-{random}` in `o-{organization}-audit-{yyyy}`.
 *
 * History: 1 = first release.
 */
export const AuditDoc = z.object({
  _id: z.string().startsWith("audit:"),
  type: z.literal("audit"),
  v: z.literal(1),
  organizationId: OrganizationId,
  /** The community it is about; null for the organization's own. */
  communityId: CommunityId.nullable(),
  at: At,
  /** Person, key, gateway or part of the hub that acted. */
  by: z.object({
    kind: z.enum(["person", "key", "gateway", "system", "nobody"]),
    id: z.string(),
    roles: z.array(z.string()),
  }),
  /** Under remote assistance: who really sat there. `by` is then the person they acted as. */
  assistant: PersonId.nullable(),
  /** The person it was done to or for. */
  forWhom: PersonId.nullable(),
  /** `device.assign`, `person.disable`, …: the noun, a dot, the verb. */
  what: z.string(),
  target: z.object({ type: z.string(), id: z.string(), name: z.string().optional() }).nullable(),
  before: z.record(z.string(), z.unknown()).optional(),
  after: z.record(z.string(), z.unknown()).optional(),
  /** Why, where a reason was asked for. */
  reason: z.string().optional(),
  from: z.string(),
  /** "ok", or the code of the fault. */
  result: z.string(),
  requestId: z.string(),
});
export type AuditDoc = z.infer<typeof AuditDoc>;

export type AuditEntry = Omit<AuditDoc, "_id" | "type" | "v" | "at">;

export interface AuditQuery {
  readonly from?: number;
  /** Exclusive, epoch ms. */
  readonly to?: number;
  /** Newest first; entries that `keeps` refuses do not count. */
  readonly limit: number;
  readonly offset?: number;
  readonly keeps?: (doc: AuditDoc) => boolean;
}

export interface AuditStore {
  /**
   * Durable when resolved. `happened` for what is heard of later: when it was, and a name of 16 hex
   * digits by which the same told again is one entry.
   */
  add(
    entry: AuditEntry,
    happened?: { readonly atMs: number; readonly name: string },
  ): Promise<void>;
  /** Called after each entry that was written. */
  onAdded(listener: (entry: AuditEntry) => void): void;
  /** Newest first, and how many there are in all. */
  list(scope: Scope, query: AuditQuery): Promise<{ rows: AuditDoc[]; total: number }>;
}

const PAGE = 1000;

/** Where entries of a moment begin among the ids. */
export const auditKey = (ms: number) => `audit:${String(ms).padStart(13, "0")}`;

export function auditStore(
  databases: Databases,
  clock: Clock,
  random: (size: number) => Uint8Array,
): AuditStore {
  const yearOf = (ms: number) => new Date(ms).toISOString().slice(0, 4);
  const key = auditKey;
  const listeners: ((entry: AuditEntry) => void)[] = [];
  return {
    onAdded(listener) {
      listeners.push(listener);
    },
    async add(entry, happened) {
      const nowMs = happened?.atMs ?? clock.now();
      const database = await databases.open(
        databaseName.audit(entry.organizationId, yearOf(nowMs)),
      );
      const doc: AuditDoc = {
        _id: `${key(nowMs)}-${happened?.name ?? Buffer.from(random(8)).toString("hex")}`,
        type: "audit",
        v: 1,
        at: new Date(nowMs).toISOString(),
        ...entry,
      };
      try {
        await database.put(JSON.parse(JSON.stringify(doc)) as AuditDoc);
      } catch (error) {
        if (happened && isFault(error, "conflict")) return;
        throw error;
      }
      for (const listener of listeners) listener(entry);
    },
    async list(scope, { from = 0, to = 8.64e15, limit, offset = 0, keeps = () => true }) {
      if (scope.kind !== "organization" && scope.kind !== "communities")
        throw new Fault("forbidden", "The audit is read on behalf of an organization.");
      const { organizationId } = scope;
      const prefix = databaseName.audit(organizationId, "");
      const years = (await databases.names()).filter(
        (name) => name.startsWith(prefix) && /^[0-9]{4}$/.test(name.slice(prefix.length)),
      );
      const rows: AuditDoc[] = [];
      let total = 0;
      for (const name of years.sort().reverse()) {
        const database = await databases.open(name);
        let end = key(Math.min(to, 9_999_999_999_999));
        for (;;) {
          const docs = await database.list<AuditDoc>({
            from: key(Math.max(from, 0)),
            to: end,
            descending: true,
            limit: PAGE,
          });
          for (const doc of docs) {
            if (!reachesOrganization(scope, doc.organizationId)) continue;
            if (!reachesCommunity(scope, doc.communityId) || !keeps(doc)) continue;
            if (total >= offset && rows.length < limit) rows.push(doc);
            total++;
          }
          if (docs.length < PAGE) break;
          // The border is inclusive: one character before the last id is behind it.
          const last = docs.at(-1)?._id as string;
          end = `${last.slice(0, -1)}${String.fromCharCode(last.charCodeAt(last.length - 1) - 1)}\uffff`;
        }
      }
      return { rows, total };
    },
  };
}
