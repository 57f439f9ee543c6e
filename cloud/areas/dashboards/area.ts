/** `dashboards`: pages that people of a community put together from cards; one may be its home. */
import { z } from "zod";
import { Paging } from "#cloud/api/paging.ts";
import { route, type Area } from "#cloud/api/route.ts";
import type { Trail } from "#cloud/api/trail.ts";
import { change, changeIn } from "#cloud/hub/change.ts";
import type { CommunityDoc, Hub } from "#cloud/hub/hub.ts";
import { archived } from "#cloud/hub/scoped-documents.ts";
import { DashboardChange, DashboardRow, NewDashboard, type Card } from "#shared/api/dashboards.ts";
import { Fault } from "#shared/model/fault.ts";
import { DevEui, newId } from "#shared/model/ids.ts";
import { systemScope, type HubScope } from "#shared/model/scope.ts";
import type { DashboardDoc } from "./dashboard-store.ts";

const Params = z.object({ id: z.string().max(64) });
/** Which page is a community's home is said by whoever may write its pages. */
const system = systemScope("dashboards");
const collator = new Intl.Collator("en", { numeric: true });

const list = route({
  method: "get",
  path: "/dashboards",
  right: "dashboards.read",
  title: "Dashboards by community and name.",
  query: Paging.extend({
    /** A community by id or `tenant_name`. */
    community: z.string().max(64).optional(),
  }),
  answer: { rows: DashboardRow },
  open:
    ({ hub }) =>
    async ({ scope, query: { community, limit, offset } }) => {
      const communities = await hub.communities.list(scope);
      const byId = new Map(communities.map((one) => [one.communityId, one]));
      const wanted = communities.find(
        ({ communityId, tenant }) => communityId === community || tenant === community,
      );
      if (community && !wanted) throw new Fault("not_found", "There is no such community here.");
      const found = (await hub.dashboards.list(scope, wanted?.communityId))
        .flatMap((doc) => {
          const of = byId.get(doc.communityId);
          return of ? [{ doc, of }] : [];
        })
        .sort(
          (a, b) =>
            collator.compare(a.of.name, b.of.name) || collator.compare(a.doc.name, b.doc.name),
        );
      const rows = found.slice(offset, offset + limit).map(({ doc, of }) => rowOf(doc, of));
      return { rows, total: found.length };
    },
});

const one = route({
  method: "get",
  path: "/dashboards/:id",
  right: "dashboards.read",
  title: "One dashboard with its cards.",
  params: Params,
  answer: { data: DashboardRow },
  open:
    ({ hub }) =>
    async ({ scope, params: { id } }) => {
      const doc = await hub.dashboards.find(scope, id);
      return rowOf(doc, await hub.communities.find(scope, doc.communityId));
    },
});

const add = route({
  method: "post",
  path: "/dashboards",
  right: "dashboards.write",
  title: "A new dashboard of a community.",
  body: NewDashboard,
  answer: { status: 201, data: DashboardRow },
  open:
    ({ hub }) =>
    async ({ scope, body, trail }) => {
      const community = await hub.communities.find(scope, body.community);
      if (community.archivedAt !== undefined) throw archived(community.name);
      await checkCards(hub, scope, community, body.cards);
      const dashboardId = newId<string>("da", hub.random);
      const now = new Date(hub.clock.now()).toISOString();
      const doc: DashboardDoc = {
        _id: `dashboard:${dashboardId}`,
        type: "dashboard",
        v: 1,
        dashboardId,
        communityId: community.communityId,
        name: body.name,
        cards: body.cards,
        createdAt: now,
        updatedAt: now,
      };
      await hub.dashboards.save(scope, scope.organizationId, [doc]);
      note(trail, "dashboard.create", doc, { after: { name: doc.name, cards: doc.cards.length } });
      return rowOf(doc, body.is_home ? await setHome(hub, doc, true) : community);
    },
});

const edit = route({
  method: "patch",
  path: "/dashboards/:id",
  right: "dashboards.write",
  title: "Changes a dashboard, or makes it the home of its community.",
  params: Params,
  body: DashboardChange,
  answer: { data: DashboardRow },
  open:
    ({ hub }) =>
    async ({ scope, params: { id }, body, trail }) => {
      const { communityId } = await hub.dashboards.find(scope, id);
      const community = await hub.communities.find(scope, communityId);
      if (body.cards) await checkCards(hub, scope, community, body.cards);
      const { before, after } = await change(hub.dashboards, scope, id, (doc) => ({
        ...doc,
        name: body.name ?? doc.name,
        cards: body.cards ?? doc.cards,
        updatedAt: new Date(hub.clock.now()).toISOString(),
      }));
      note(trail, "dashboard.change", after, {
        before: { name: before.name, cards: before.cards.length },
        after: { name: after.name, cards: after.cards.length, isHome: body.is_home },
      });
      const now = body.is_home === undefined ? community : await setHome(hub, after, body.is_home);
      return rowOf(after, now);
    },
});

const remove = route({
  method: "delete",
  path: "/dashboards/:id",
  right: "dashboards.write",
  title: "Removes a dashboard; a home that is removed leaves the usual page.",
  params: Params,
  answer: { none: true },
  open:
    ({ hub }) =>
    async ({ scope, params: { id }, trail }) => {
      const doc = await hub.dashboards.find(scope, id);
      await hub.dashboards.remove(scope, scope.organizationId, [doc]);
      await setHome(hub, doc, false);
      note(trail, "dashboard.remove", doc, { before: { name: doc.name } });
    },
});

export const dashboards: Area = {
  name: "dashboards",
  title: "Pages of cards, saved per community",
  routes: [list, add, one, edit, remove],
};

/** @throws Fault "not_found" for a device that is not the community's */
async function checkCards(
  hub: Hub,
  scope: HubScope,
  { communityId }: CommunityDoc,
  cards: readonly Card[],
): Promise<void> {
  for (const card of cards)
    if (card.card === "readings")
      for (const name of card.devices) {
        const device = await hub.devices.find(scope, DevEui.safeParse(name).data ?? name);
        if (device.communityId !== communityId)
          throw new Fault("not_found", "There is no such device here.");
      }
}

/** Makes a page its community's home, or takes that from it. */
async function setHome(hub: Hub, doc: DashboardDoc, isHome: boolean): Promise<CommunityDoc> {
  const { communityId, dashboardId } = doc;
  const { organizationId } = await hub.communities.find(system, communityId);
  const { after } = await changeIn(
    hub.communities,
    system,
    organizationId,
    communityId,
    (community) => {
      const { homeDashboardId: old, ...rest } = community;
      if (isHome) return { ...rest, homeDashboardId: dashboardId };
      return old === dashboardId ? rest : community;
    },
  );
  return after;
}

function rowOf(doc: DashboardDoc, community: CommunityDoc): DashboardRow {
  return {
    id: doc.dashboardId,
    name: doc.name,
    community: { id: community.communityId, name: community.name },
    is_home: community.homeDashboardId === doc.dashboardId,
    cards: doc.cards,
    created_at: doc.createdAt,
    updated_at: doc.updatedAt,
  };
}

function note(
  trail: Trail,
  what: string,
  { communityId, dashboardId, name }: DashboardDoc,
  more: { before?: Record<string, unknown>; after?: Record<string, unknown> },
): void {
  trail.note({ what, communityId, target: { type: "dashboard", id: dashboardId, name }, ...more });
}
