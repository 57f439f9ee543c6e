/** `audit`: who did what, when, for whom and with what result: read, filtered, taken along. Nobody changes it. */
import type { z } from "zod";
import { Paging } from "#cloud/api/paging.ts";
import { route, type Area } from "#cloud/api/route.ts";
import type { AuditDoc } from "#cloud/hub/audit-store.ts";
import type { Hub } from "#cloud/hub/hub.ts";
import { AuditQuery, AuditRow } from "#shared/api/audit.ts";
import type { CommunityId } from "#shared/model/ids.ts";
import type { HubScope } from "#shared/model/scope.ts";
import { toCsv } from "#shared/web/csv.ts";

/** Rows of one export. */
const MOST_EXPORTED = 100_000;

/** What the filter keeps. */
function keeps(
  query: z.infer<typeof AuditQuery>,
  community: CommunityId | undefined,
): (doc: AuditDoc) => boolean {
  const { by, for: forWhom, what, target, result, q } = query;
  const words = q?.toLowerCase();
  return (doc) =>
    (by === undefined || doc.by.id === by || doc.assistant === by) &&
    (forWhom === undefined || doc.forWhom === forWhom) &&
    (what === undefined || doc.what === what || doc.what.startsWith(`${what}.`)) &&
    (target === undefined || doc.target?.id === target) &&
    (community === undefined || doc.communityId === community) &&
    (result === undefined || (result === "refused" ? doc.result !== "ok" : doc.result === "ok")) &&
    (words === undefined || JSON.stringify(doc).toLowerCase().includes(words));
}

async function read(
  hub: Hub,
  scope: HubScope,
  query: z.infer<typeof AuditQuery>,
  page: { limit: number; offset: number },
) {
  const community =
    query.community === undefined
      ? undefined
      : (await hub.communities.find(scope, query.community)).communityId;
  const { from, to } = query;
  return hub.audit.list(scope, {
    ...(from === undefined ? {} : { from: Date.parse(from) }),
    ...(to === undefined ? {} : { to: Date.parse(to) }),
    ...page,
    keeps: keeps(query, community),
  });
}

/** People by their names as far as they are in reach: the audit itself knows ids alone. */
async function namer(hub: Hub, scope: HubScope): Promise<(id: string | null) => string | null> {
  const names = new Map<string, string>(
    (await hub.people.list(scope)).map((one) => [
      one.personId,
      `${one.firstName} ${one.lastName}`.trim(),
    ]),
  );
  for (const key of await hub.apiKeys.list(scope)) names.set(key.keyId, key.name);
  return (id) => (id === null ? null : (names.get(id) ?? null));
}

const rowOf = (doc: AuditDoc, nameOf: (id: string | null) => string | null): AuditRow => ({
  id: doc._id,
  at: doc.at,
  by: { kind: doc.by.kind, id: doc.by.id, name: nameOf(doc.by.id), roles: doc.by.roles },
  assistant: doc.assistant === null ? null : { id: doc.assistant, name: nameOf(doc.assistant) },
  for: doc.forWhom === null ? null : { id: doc.forWhom, name: nameOf(doc.forWhom) },
  what: doc.what,
  community: doc.communityId,
  target: doc.target,
  before: doc.before ?? null,
  after: doc.after ?? null,
  reason: doc.reason ?? null,
  from: doc.from,
  result: doc.result,
  request_id: doc.requestId,
});

const list = route({
  method: "get",
  path: "/audit",
  right: "audit.read",
  title: "What was done, newest first.",
  query: Paging.extend(AuditQuery.shape),
  answer: { rows: AuditRow },
  open:
    ({ hub }) =>
    async ({ scope, query }) => {
      const { rows, total } = await read(hub, scope, query, query);
      const nameOf = await namer(hub, scope);
      return { rows: rows.map((doc) => rowOf(doc, nameOf)), total };
    },
});

const columns = [
  "at",
  "by_kind",
  "by",
  "by_name",
  "assistant",
  "for",
  "for_name",
  "what",
  "community",
  "target_type",
  "target",
  "before",
  "after",
  "reason",
  "from",
  "result",
  "request_id",
] as const;

const exported = route({
  method: "get",
  path: "/audit/export",
  right: "audit.read",
  title: "The same as CSV.",
  query: AuditQuery,
  answer: { file: ["text/csv"] },
  isSensitive: true,
  open:
    ({ hub }) =>
    async ({ scope, query, trail, c }) => {
      trail.note({ what: "audit.export", after: { ...query } });
      const { rows } = await read(hub, scope, query, { limit: MOST_EXPORTED, offset: 0 });
      const nameOf = await namer(hub, scope);
      const text = (value: unknown) =>
        value === null || value === undefined
          ? ""
          : typeof value === "string"
            ? value
            : JSON.stringify(value);
      const lines = rows.map((doc) => {
        const row = rowOf(doc, nameOf);
        return [
          row.at,
          row.by.kind,
          row.by.id,
          row.by.name,
          row.assistant?.id,
          row.for?.id,
          row.for?.name,
          row.what,
          row.community,
          row.target?.type,
          row.target?.id,
          row.before,
          row.after,
          row.reason,
          row.from,
          row.result,
          row.request_id,
        ].map(text);
      });
      c.header("content-type", "text/csv; charset=utf-8");
      c.header("content-disposition", 'attachment; filename="audit.csv"');
      return c.body(toCsv([columns, ...lines]));
    },
});

export const audit: Area = {
  name: "audit",
  title: "Audit: who did what",
  routes: [list, exported],
};
