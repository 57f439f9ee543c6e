/** `list`: communities, searched as one types, filtered, sorted, page by page. */
import { z } from "zod";
import { Paging } from "#cloud/api/paging.ts";
import { route } from "#cloud/api/route.ts";
import type { CommunityItem } from "#cloud/hub/community-index.ts";
import { membersOf } from "#cloud/hub/group-members.ts";
import { isFoundIn, searchFor } from "#cloud/hub/search.ts";
import { CommunityRow } from "#shared/api/communities.ts";
import { communityRow, rowParts } from "./community-row.ts";

const orders = [
  "name",
  "tenant_name",
  "city",
  "created_at",
  "units",
  "residents",
  "devices",
] as const;
const states = ["active", "inactive", "archived", "deleted"] as const;

const Query = Paging.extend({
  q: z.string().max(200).optional(),
  /** Deleted ones are only shown when asked for. */
  status: z.enum(states).optional(),
  /** A community by id or `tenant_name`: those it owns; `organization`: those nobody else owns. */
  owner: z.string().max(64).optional(),
  /** Those in a group, by its id. */
  group: z.string().max(64).optional(),
  sort: z.enum([...orders, ...orders.map((one) => `-${one}` as const)]).default("name"),
});
type Query = z.infer<typeof Query>;

export const list = route({
  method: "get",
  path: "/customers",
  right: "communities.read",
  title:
    "Communities: searched, filtered, sorted; those that can be brought back with status=deleted.",
  query: Query,
  answer: { rows: CommunityRow },
  open:
    ({ hub, communities }) =>
    async ({ scope, query }) => {
      const all = await communities.list(scope);
      const shown = query.status === "deleted" ? await communities.listDeleted(scope) : all;
      const group = query.group
        ? await membersOf(hub, scope, query.group, "communities")
        : undefined;
      const named = all.find(({ community: { tenant } }) => tenant === query.owner);
      const owner = named?.community.communityId ?? query.owner;
      const found = ordered(shown.filter(filterOf({ ...query, owner }, group)), query.sort);
      const parts = await rowParts(hub, scope, all);
      const rows = found
        .slice(query.offset, query.offset + query.limit)
        .map((item) => communityRow(item, parts, communities));
      return { rows, total: found.length };
    },
});

function filterOf(
  { q, status, owner }: Query,
  group: ReadonlySet<string> | undefined,
): (item: CommunityItem) => boolean {
  const search = searchFor(q);
  return ({ community: { communityId, isActive, archivedAt, parentId }, text }) =>
    (group === undefined || group.has(communityId)) &&
    (status !== "active" || (isActive && archivedAt === undefined)) &&
    (status !== "inactive" || !isActive) &&
    (status !== "archived" || archivedAt !== undefined) &&
    (owner === undefined || owner === "" || owner === (parentId ?? "organization")) &&
    isFoundIn(search, text);
}

const collator = new Intl.Collator("en", { numeric: true });
const sortKeys: Record<(typeof orders)[number], (item: CommunityItem) => string | number> = {
  name: ({ community }) => community.name,
  tenant_name: ({ community }) => community.tenant,
  city: ({ community }) => community.contact?.city ?? "",
  created_at: ({ community }) => community.createdAt,
  units: ({ units }) => units,
  residents: ({ residents }) => residents,
  devices: ({ devices }) => devices.length,
};

/** They come by name: that order is kept among equals. */
function ordered(items: readonly CommunityItem[], sort: Query["sort"]): readonly CommunityItem[] {
  if (sort === "name") return items;
  const sign = sort.startsWith("-") ? -1 : 1;
  const key = sortKeys[sort.replace(/^-/, "") as (typeof orders)[number]];
  return items.toSorted((a, b) => {
    const [left, right] = [key(a), key(b)];
    return typeof left === "number" && typeof right === "number"
      ? sign * (left - right)
      : sign * collator.compare(String(left), String(right));
  });
}
