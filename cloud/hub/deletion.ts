/**
 * `deletion`: takes a community away, so that it can be brought back for a while.
 *
 * From the first step on nobody sees it and no gateway gets in; nothing of it is destroyed yet.
 * Its devices return to the organization at once, unassigned, and remember where they were. Each
 * step may be done again: a cut is mended by the next start.
 */
import { Fault } from "#shared/model/fault.ts";
import type { CommunityId } from "#shared/model/ids.ts";
import { systemScope, type HubScope } from "#shared/model/scope.ts";
import { change } from "./change.ts";
import { handedOn } from "./holding.ts";
import type { CommunityDoc, DeviceDoc, Hub } from "./hub.ts";

/** How long a deleted community can be brought back. */
export const UNDO_DAYS = 30;

const system = systemScope("deletion");

/** A deletion that begins now, and when it ends. */
export function deletionFrom(nowMs: number, by: string): NonNullable<CommunityDoc["deletion"]> {
  const at = new Date(nowMs).toISOString();
  return { at, by, endsAt: new Date(nowMs + UNDO_DAYS * 86_400_000).toISOString() };
}

/** @throws Fault "not_found" out of reach, "conflict" while it owns other communities */
export async function deleteCommunity(
  hub: Hub,
  scope: HubScope,
  communityId: CommunityId,
): Promise<CommunityDoc> {
  const { after } = await hub.inTurn(scope.organizationId, async () => {
    const below = (await hub.communities.list(system)).filter(
      ({ parentId }) => parentId === communityId,
    );
    if (below.length > 0)
      throw new Fault(
        "conflict",
        `It owns ${below.length} ${below.length === 1 ? "community" : "communities"}: give them another owner, or delete them first.`,
      );
    const deletion = deletionFrom(hub.clock.now(), scope.by);
    return change(hub.communities, scope, communityId, (one) => ({ ...one, deletion }));
  });
  await carryOut(hub, after);
  return after;
}

/** What follows from a deletion; finds nothing to do the second time. */
export async function carryOut(hub: Hub, community: CommunityDoc): Promise<void> {
  // From here on its databases are shut, whatever a gateway's token says.
  await hub.journal.add("closed", community.tenant);
  await returnDevices(hub, community);
  hub.moved.tell(community.tenant);
}

/** Hands a community's devices back to the organization, as of its deletion. */
export async function returnDevices(hub: Hub, community: CommunityDoc): Promise<void> {
  const { communityId, organizationId, deletion } = community;
  const at = deletion?.at ?? new Date(hub.clock.now()).toISOString();
  const returned = (await devicesOf(hub, community, communityId)).map((device) => {
    const { homeGateway, ...rest } = device;
    const { held, installations } = device;
    return {
      ...rest,
      communityId: null,
      held: handedOn(held, null, at),
      installations: installations.flatMap((one) => {
        if (one.to !== undefined && one.to <= at) return one;
        return one.from >= at ? [] : { ...one, to: at };
      }),
      formerly: {
        communityId,
        held,
        installations,
        ...(homeGateway === undefined ? {} : { homeGateway }),
      },
    };
  });
  if (returned.length > 0) await hub.devices.save(system, organizationId, returned);
}

/** Devices by who holds them, also of a community that is hidden already. */
async function devicesOf(
  hub: Hub,
  { organizationId }: CommunityDoc,
  holder: CommunityId | null,
): Promise<DeviceDoc[]> {
  const image = await hub.registry.organization(organizationId);
  const all = await image.freshOf<DeviceDoc>("device");
  return [...all.values()].filter(({ communityId }) => communityId === holder);
}

/** Brings a deleted community back, with the devices nobody else has taken. @throws Fault "not_found" */
export async function restoreCommunity(
  hub: Hub,
  scope: HubScope,
  communityId: CommunityId,
): Promise<CommunityDoc> {
  const there = new Set((await hub.communities.list(scope)).map((one) => one.communityId));
  const { after } = await change(
    hub.deletedCommunities,
    scope,
    communityId,
    ({ deletion: _, parentId, ...one }) => ({
      ...one,
      // An owner that was deleted meanwhile owns nothing: it is the organization's now.
      ...(parentId === undefined || !there.has(parentId) ? {} : { parentId }),
    }),
  );
  await hub.journal.lift("closed", after.tenant);
  const now = new Date(hub.clock.now()).toISOString();
  const waiting = (await devicesOf(hub, after, null)).filter(
    ({ formerly }) => formerly?.communityId === communityId,
  );
  const back = waiting.map(({ formerly, ...device }): DeviceDoc => {
    if (!formerly) return device;
    const { held, installations, homeGateway } = formerly;
    const home = homeGateway === undefined ? {} : { homeGateway };
    const wasElsewhere = !held.every(({ from, communityId: id }, i) => {
      const now = device.held[i];
      return now === undefined || (now.from === from && now.communityId === id);
    });
    // One that was somewhere else in between comes back from now on, and that stays true.
    return wasElsewhere || device.held.length > held.length
      ? { ...device, communityId, held: handedOn(device.held, communityId, now), ...home }
      : { ...device, communityId, held, installations, ...home };
  });
  if (back.length > 0) await hub.devices.save(system, scope.organizationId, back);
  await hub.adopt(after);
  return after;
}
