/**
 * `mounted`: an installer mounted a meter in a home, or took it away, while the hub may have been out
 * of reach. What somebody changed on the hub since then stands.
 */
import type { DeviceDoc } from "#cloud/areas/devices/device-store.ts";
import { differences } from "#cloud/api/differences.ts";
import { changeIn } from "#cloud/hub/change.ts";
import { installed, mountedAt, Overlap, removedAt } from "#cloud/hub/devices/installing.ts";
import { stamped } from "#cloud/hub/devices/in-use.ts";
import { isFault } from "#shared/model/fault.ts";
import { meanwhile, type Asked } from "#shared/model/requests.ts";
import { systemScope } from "#shared/model/scope.ts";
import type { Answering, AskedAnswer, AskedContext } from "./asked-answer.ts";

const scope = systemScope("from-sites");

/** Found in the middle of a change: what stands is the answer. */
class Stands extends Error {
  readonly answer: AskedAnswer;
  constructor(answer: AskedAnswer) {
    super("it stands as it is");
    this.answer = answer;
  }
}

const holds = ({ held }: DeviceDoc, communityId: string, at: string) =>
  held.some(
    (one) =>
      one.communityId === communityId && one.from <= at && (one.to === undefined || at < one.to),
  );

async function changed(
  { hub, community }: AskedContext,
  deviceId: Asked<"mount">["deviceId"],
  gone: AskedAnswer,
  by: (device: DeviceDoc) => DeviceDoc,
): Promise<AskedAnswer> {
  const target = { type: "device", id: deviceId };
  try {
    const { before, after } = await changeIn(
      hub.devices,
      scope,
      community.organizationId,
      deviceId,
      (old) => stamped(hub, old, by(old)),
    );
    await hub.adopt(community);
    return { outcome: "done", target, ...differences(before, after, ["notes"]) };
  } catch (error) {
    if (error instanceof Stands) return { ...error.answer, target };
    if (isFault(error, "not_found")) return { ...gone, target };
    throw error;
  }
}

export const mount: Answering<"mount"> = async (context, asked) => {
  const { hub, community, request } = context;
  const { communityId } = community;
  const { installationId, deviceId, unitId, from, startIndex, indexUnit } = asked;
  const says = meanwhile.mount;
  const homes = await hub.units.units.list(scope, communityId);
  if (!homes.some((unit) => unit.unitId === unitId)) return says.home_gone;
  return changed(context, deviceId, says.device_gone, (old) => {
    if (old.installations.some((one) => one.installationId === installationId))
      throw new Stands(says.so);
    if (!holds(old, communityId, from) && old.communityId !== communityId)
      throw new Stands(says.device_gone);
    if (!old.isActive) throw new Stands(says.device_retired);
    const there = mountedAt(old, from);
    if (there?.unitId === unitId) throw new Stands(says.so);
    const isChanged = (old.updatedAt ?? "") > request.seenAt;
    if (there && isChanged) throw new Stands(says.elsewhere);
    // They saw where it was, and moved it.
    const free = there ? removedAt(old, from).device : old;
    try {
      return installed(free, installationId, { communityId, unitId, from, startIndex, indexUnit });
    } catch (error) {
      if (error instanceof Overlap || isFault(error, "conflict")) throw new Stands(says.elsewhere);
      throw error;
    }
  });
};

export const unmount: Answering<"unmount"> = async (context, asked) => {
  const { hub, community } = context;
  const { deviceId, unitId, to, endIndex, indexUnit } = asked;
  const says = meanwhile.unmount;
  // A device that moved on to another community hangs in a home of theirs: nobody here takes it down.
  const homes = await hub.units.units.list(scope, community.communityId);
  const isOurs = homes.some((unit) => unit.unitId === unitId);
  return changed(context, deviceId, says.device_gone, (old) => {
    if (!old.held.some((one) => one.communityId === community.communityId))
      throw new Stands(says.device_gone);
    const there = mountedAt(old, to);
    if (!there) throw new Stands(says.so);
    if (there.unitId !== unitId || !isOurs) throw new Stands(says.elsewhere);
    return removedAt(old, to, { endIndex, indexUnit }).device;
  });
};
