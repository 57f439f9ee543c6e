/** `look`: the groups there are, one of them, and what is in it. */
import { z } from "zod";
import { Paging } from "#cloud/api/paging.ts";
import { route } from "#cloud/api/route.ts";
import { isFoundIn, searchFor, searchText } from "#cloud/hub/search.ts";
import { groupKinds, GroupMember, GroupRow } from "#shared/api/groups.ts";
import { Fault } from "#shared/model/fault.ts";
import { allRow, builtinKind, groupRow, rowParts, seenOf } from "./group-row.ts";

const Params = z.object({ id: z.string().max(64) });
const collator = new Intl.Collator("en", { numeric: true });

export const listGroups = route({
  method: "get",
  path: "/groups",
  right: "groups.read",
  title: "Groups by kind and name; All of each kind stands first.",
  query: Paging.extend({
    kind: z.enum(groupKinds).optional(),
    /** Those of one community, by id. */
    community: z.string().max(64).optional(),
    q: z.string().max(200).optional(),
  }),
  answer: { rows: GroupRow },
  open:
    ({ hub }) =>
    async ({ scope, asker, query: { kind, community, q, limit, offset } }) => {
      const of = community ? await hub.communities.find(scope, community) : undefined;
      const parts = await rowParts(hub, asker, scope);
      const search = searchFor(q);
      const groups = (await hub.groups.list(scope, of?.communityId))
        .filter((one) => kind === undefined || one.kind === kind)
        .filter(({ name }) => isFoundIn(search, searchText([name])))
        .sort(
          (a, b) =>
            groupKinds.indexOf(a.kind) - groupKinds.indexOf(b.kind) ||
            collator.compare(a.name, b.name),
        );
      const builtin = groupKinds.filter(
        (one) =>
          of === undefined && (kind === undefined || kind === one) && isFoundIn(search, "all"),
      );
      const page = [...builtin, ...groups].slice(offset, offset + limit);
      const rows: GroupRow[] = [];
      for (const one of page)
        rows.push(typeof one === "string" ? await allRow(one, parts) : await groupRow(one, parts));
      return { rows, total: builtin.length + groups.length };
    },
});

export const oneGroup = route({
  method: "get",
  path: "/groups/:id",
  right: "groups.read",
  title: "One group; `all-devices` and its like are built in.",
  params: Params,
  answer: { data: GroupRow },
  open:
    ({ hub }) =>
    async ({ scope, asker, params: { id } }) => {
      const parts = await rowParts(hub, asker, scope);
      const kind = builtinKind(id);
      return kind ? allRow(kind, parts) : groupRow(await hub.groups.find(scope, id), parts);
    },
});

export const listMembers = route({
  method: "get",
  path: "/groups/:id/members",
  right: "groups.read",
  title: "What is in a group, by name, as far as one may look at it.",
  params: Params,
  query: Paging.extend({ q: z.string().max(200).optional() }),
  answer: { rows: GroupMember },
  open:
    ({ hub }) =>
    async ({ scope, asker, params: { id }, query: { q, limit, offset } }) => {
      const parts = await rowParts(hub, asker, scope);
      const builtin = builtinKind(id);
      const group = builtin ? undefined : await hub.groups.find(scope, id);
      const kind = builtin ?? group?.kind;
      const seen = kind && (await seenOf(parts, kind));
      if (!seen) throw new Fault("forbidden", "Your role does not show what is in this group.");
      const search = searchFor(q);
      const all = group ? group.members.flatMap((one) => seen.get(one) ?? []) : [...seen.values()];
      const found = all
        .filter((one) => isFoundIn(search, searchText([one.name, one.id])))
        .sort((a, b) => collator.compare(a.name, b.name));
      const rows = found
        .slice(offset, offset + limit)
        .map((one) => ({ id: one.id, name: one.name }));
      return { rows, total: found.length };
    },
});
