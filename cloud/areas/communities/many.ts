/** `many`: a selection of communities archived, or deleted; each by itself, each told what became of it. */
import { z } from "zod";
import { route } from "#cloud/api/route.ts";
import { BulkResult } from "#shared/api/communities.ts";
import { Fault, isFault } from "#shared/model/fault.ts";
import type { CommunityId } from "#shared/model/ids.ts";
import { setArchived } from "./archive.ts";
import { remove } from "./deletion.ts";

/** By id or `tenant_name`. */
const Ids = z.array(z.string().min(1).max(64)).min(1).max(200);

export const archiveMany = route({
  method: "post",
  path: "/customers/bulk-archive",
  right: "communities.write",
  title: "Archives a selection of communities, or takes them out of the archive.",
  body: z.strictObject({ ids: Ids, archived: z.boolean().default(true) }),
  answer: { data: BulkResult },
  open:
    (parts) =>
    async ({ scope, body: { ids, archived }, trail }) =>
      each(ids, (id) => setArchived(parts, scope, trail, { id, isArchived: archived })),
});

export const removeMany = route({
  method: "post",
  path: "/customers/bulk-delete",
  right: "communities.delete",
  title:
    "Deletes a selection of communities; `confirm` is how many they are. They can be brought back for 30 days.",
  body: z.strictObject({
    ids: Ids,
    /** How many are selected, typed by hand. */
    confirm: z.string().max(200),
  }),
  answer: { data: BulkResult },
  open:
    ({ hub, news }) =>
    async ({ scope, body: { ids, confirm }, trail }) => {
      const wanted = [...new Set(ids)];
      if (confirm.trim() !== String(wanted.length))
        throw new Fault(
          "invalid",
          `Type ${wanted.length} to delete ${wanted.length} communities.`,
          {
            fields: { confirm: `is not ${wanted.length}` },
          },
        );
      // Those at the bottom first: a community that owns others stays.
      const here = await hub.communities.list(scope);
      const all = new Map(here.map((one) => [one.communityId, one]));
      const idOf = (name: string) =>
        here.find(({ communityId, tenant }) => communityId === name || tenant === name)
          ?.communityId;
      const depth = (id: CommunityId | undefined): number =>
        id === undefined ? 0 : 1 + depth(all.get(id)?.parentId);
      const order = wanted.toSorted((a, b) => depth(idOf(b)) - depth(idOf(a)));
      const done = await each(order, async (name) => {
        const id = idOf(name);
        if (!id) throw new Fault("not_found", "There is no such community here.");
        await remove(hub, scope, id, trail);
      });
      news.tell(scope.organizationId, "devices");
      const results = wanted.flatMap((id) => done.results.find((one) => one.id === id) ?? []);
      return { ...done, results };
    },
});

async function each(
  ids: readonly string[],
  work: (id: string) => Promise<unknown>,
): Promise<BulkResult> {
  const results: BulkResult["results"] = [];
  for (const id of new Set(ids))
    try {
      await work(id);
      results.push({ id, ok: true });
    } catch (error) {
      if (!isFault(error)) throw error;
      results.push({ id, ok: false, code: error.code, detail: error.message });
    }
  const done = results.filter(({ ok }) => ok).length;
  return { done, failed: results.length - done, results };
}
