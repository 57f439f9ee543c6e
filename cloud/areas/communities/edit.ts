/** `edit`: changes what is known of a community; its owner too. */
import { z } from "zod";
import type { AreaParts } from "#cloud/api/area-parts.ts";
import { scopeFor, type Asker } from "#cloud/api/asker.ts";
import { differences } from "#cloud/api/differences.ts";
import { route, type Asked } from "#cloud/api/route.ts";
import { change } from "#cloud/hub/change.ts";
import { withFields } from "#cloud/hub/community-fields.ts";
import { checkExternalId } from "#cloud/hub/external-id.ts";
import type { CommunityDoc, Hub } from "#cloud/hub/hub.ts";
import { reachesCommunity } from "#cloud/hub/scoped-documents.ts";
import { checkMove, ownerNamed } from "#cloud/hub/owner.ts";
import {
  CommunityChange,
  CommunityDetails,
  CommunityReplacement,
} from "#shared/api/communities.ts";
import { Fault } from "#shared/model/fault.ts";
import type { CommunityId } from "#shared/model/ids.ts";
import { contactFields } from "#shared/model/place.ts";

import type { HubScope } from "#shared/model/scope.ts";
import { communityNamed, told } from "./one-community.ts";

const Params = z.object({ id: z.string().max(64) });
type AskedChange = Asked<"communities.write", z.infer<typeof Params>, unknown, CommunityChange>;

const edited =
  (parts: AreaParts) =>
  async ({ scope, asker, params: { id }, trail }: AskedChange, said: CommunityChange) => {
    const { hub } = parts;
    const { communityId, parentId: owner } = await communityNamed(hub, scope, id);
    if (said.brand !== undefined) checkBrand(asker, communityId);
    const isLimited = said.max_devices !== undefined || said.max_people !== undefined;
    if (isLimited && scope.kind === "communities" && !reachesCommunity(scope, owner ?? null))
      throw new Fault("forbidden", "How many a community may have is said by its owner.");
    const { before, after } = await hub.inTurn(scope.organizationId, () =>
      change(hub.communities, scope, communityId, async (community) => {
        const { organizationId } = scope;
        const ever = await hub.devices.everHeldBy(scope, organizationId, communityId);
        const moved =
          said.owner === undefined ? {} : { owner: await ownerNamed(hub, scope, said.owner) };
        const changed = withFields(
          community,
          { ...said, ...moved },
          hub.clock.now(),
          ever.length === 0,
        );
        if (changed.parentId !== community.parentId)
          await checkMove(hub, scope, community, changed.parentId ?? null);
        if (said.home_dashboard) await checkDashboard(hub, scope, communityId, said.home_dashboard);
        await checkExternalId(hub, scope.organizationId, changed);
        return changed;
      }),
    );
    trail.note({
      what: "community.change",
      communityId,
      target: { type: "community", id: communityId, name: after.name },
      ...differences(before, after, unsaid),
    });
    await hub.adopt(after);
    return told(parts, scope, communityId);
  };

/** @throws Fault "forbidden" */
export function checkBrand(asker: Asker, communityId: CommunityId | null): void {
  const scope = scopeFor(asker, "brand.write");
  if (!scope || (communityId !== null && !reachesCommunity(scope, communityId)))
    throw new Fault("forbidden", "Your role does not allow changing the brand.");
}

/** @throws Fault "not_found" for one that is not the community's */
async function checkDashboard(
  hub: Hub,
  scope: HubScope,
  communityId: CommunityId,
  id: string,
): Promise<void> {
  const found = await hub.dashboards.find(scope, id);
  if (found.communityId !== communityId)
    throw new Fault("not_found", "There is no such dashboard here.");
}

/** A logo is no text for an audit. */
const unsaid: readonly (keyof CommunityDoc)[] = ["brand"];

export const patch = route({
  method: "patch",
  path: "/customers/:id",
  right: "communities.write",
  title: "Changes a community; what is not named stays as it is.",
  params: Params,
  body: CommunityChange,
  answer: { data: CommunityDetails },
  open: (parts) => {
    const edit = edited(parts);
    return (asked) => edit(asked, asked.body);
  },
});

/** What a replacement that does not name it takes away. */
const cleared = Object.fromEntries(
  [...contactFields, "external_id", "currency", "hourly_detail"].map((field) => [field, null]),
) as CommunityChange;

export const put = route({
  method: "put",
  path: "/customers/:id",
  right: "communities.write",
  title:
    "Replaces what is known of a community: contact, external id, currency and hourly detail that are not named are taken away.",
  params: Params,
  body: CommunityReplacement,
  answer: { data: CommunityDetails },
  open: (parts) => {
    const edit = edited(parts);
    return (asked) => edit(asked, { ...cleared, ...asked.body });
  },
});
