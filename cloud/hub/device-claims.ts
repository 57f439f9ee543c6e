/**
 * `device-claims`: whose a DevEUI is on this hub: a document by that name, so that two who register
 * the same one at once cannot both have it. Never tells whose it is.
 */
import type { Database, Doc } from "#shared/couch/database.ts";
import { Fault } from "#shared/model/fault.ts";
import type { DeviceId, OrganizationId } from "#shared/model/ids.ts";
import { docsById } from "./every-doc.ts";

/**
 * `deveui:{deviceId}` in `riser`.
 *
 * History: 1 = first release.
 */
export interface ClaimDoc extends Doc {
  readonly _id: string;
  readonly type: "deveui";
  readonly v: 1;
  readonly organizationId: OrganizationId;
}

export interface DeviceClaims {
  /** Takes what is free and says which of them are another organization's. */
  claim(
    organizationId: OrganizationId,
    deviceIds: readonly DeviceId[],
  ): Promise<ReadonlySet<DeviceId>>;
  /** Those that are another organization's just now. Takes nothing. */
  foreign(
    organizationId: OrganizationId,
    deviceIds: readonly DeviceId[],
  ): Promise<ReadonlySet<DeviceId>>;
  /** Gives them back, for anybody to register. */
  release(organizationId: OrganizationId, deviceIds: readonly DeviceId[]): Promise<void>;
}

const BATCH = 500;
const idOf = (deviceId: DeviceId) => `deveui:${deviceId}`;
const deviceOf = ({ _id }: Doc) => _id.slice("deveui:".length) as DeviceId;

export function deviceClaims(riser: Database): DeviceClaims {
  const held = (deviceIds: readonly DeviceId[]) => docsById<ClaimDoc>(riser, deviceIds.map(idOf));
  return {
    async claim(organizationId, deviceIds) {
      const known = await held(deviceIds);
      const foreign = new Set<DeviceId>();
      for (const doc of known.values())
        if (doc.organizationId !== organizationId) foreign.add(deviceOf(doc));
      const free = [...new Set(deviceIds)].filter((deviceId) => !known.has(idOf(deviceId)));
      const lost: DeviceId[] = [];
      for (let from = 0; from < free.length; from += BATCH) {
        const docs = free.slice(from, from + BATCH).map((deviceId): ClaimDoc => {
          return { _id: idOf(deviceId), type: "deveui", v: 1, organizationId };
        });
        for (const outcome of await riser.bulk(docs))
          if (!outcome.ok) {
            if (outcome.reason !== "conflict")
              throw new Fault("unavailable", "A device's name could not be taken just now.");
            lost.push(deviceOf({ _id: outcome.id }));
          }
      }
      // Taken between the look and the write: by whom is seen now.
      for (const doc of (await held(lost)).values())
        if (doc.organizationId !== organizationId) foreign.add(deviceOf(doc));
      return foreign;
    },
    async foreign(organizationId, deviceIds) {
      const known = await held(deviceIds);
      return new Set(
        [...known.values()]
          .filter((doc) => doc.organizationId !== organizationId)
          .map((doc) => deviceOf(doc)),
      );
    },
    async release(organizationId, deviceIds) {
      for (const doc of (await held(deviceIds)).values())
        if (doc.organizationId === organizationId) await riser.remove(doc._id, doc._rev as string);
    },
  };
}
