/**
 * `strangers`: uplinks of devices that no community here has, kept raw within a quota, so that
 * nothing is lost that was heard before its device was registered.
 *
 * Never replicated. Replayed with their original times when the device turns up in a `site`.
 *
 * History: 1 = first release.
 */
import type { Databases, Doc } from "#shared/couch/database.ts";
import type { Clock } from "#shared/model/clock.ts";
import { databaseName } from "#shared/model/database-names.ts";
import { Fault } from "#shared/model/fault.ts";
import type { DeviceId, Epoch } from "#shared/model/ids.ts";
import type { Tally } from "#shared/model/refusals.ts";
import type { Uplink } from "#shared/model/uplink.ts";
import { identityOf } from "#shared/series/identity.ts";
import { groupCommit } from "./group-commit.ts";

interface StrangerDoc extends Doc {
  readonly v: 1;
  readonly uplink: Omit<Uplink, "payload"> & { readonly payload: string };
  /** The life of this gateway in which it was heard: its clock may have been wrong in that one only. */
  readonly epoch: Epoch;
}

export interface Strangers {
  /** Resolves when durable, or counted as refused because the quota is used up. */
  keep(uplink: Uplink): Promise<void>;
  /**
   * Hands on what is known of a device, oldest id first, and forgets each one that was taken; one for
   * which `take` says false stays.
   */
  replay(
    deviceId: DeviceId,
    take: (uplink: Uplink, epoch: Epoch) => Promise<boolean>,
  ): Promise<number>;
  /** Devices with something kept. */
  devices(): ReadonlySet<DeviceId>;
  /** How many are kept of each. */
  counts(): Record<DeviceId, number>;
  readonly size: number;
}

const PAGE = 200;

export async function strangers({
  databases,
  clock,
  tally,
  epoch,
  quota,
  windowMs,
}: {
  readonly databases: Databases;
  readonly clock: Clock;
  readonly tally: Tally;
  /** The present life. */
  readonly epoch: Epoch;
  /** Uplinks kept at most. */
  readonly quota: number;
  readonly windowMs: number;
}): Promise<Strangers> {
  const database = await databases.open(databaseName.strangers);
  const counts = new Map<DeviceId, number>();
  for (const id of await database.ids()) count(id.slice(0, id.indexOf(":")) as DeviceId, 1);
  let size = [...counts.values()].reduce((sum, one) => sum + one, 0);

  function count(deviceId: DeviceId, by: number) {
    const now = (counts.get(deviceId) ?? 0) + by;
    if (now > 0) counts.set(deviceId, now);
    else counts.delete(deviceId);
  }
  const commits = groupCommit({
    windowMs,
    most: PAGE,
    clock,
    write: async (batch: readonly Uplink[]) => {
      const docs = new Map(batch.map((uplink) => [identityOf(uplink), toDoc(uplink, epoch)]));
      const outcomes = await database.bulk([...docs.values()]);
      for (const outcome of outcomes)
        if (outcome.ok) {
          count(outcome.id.slice(0, outcome.id.indexOf(":")) as DeviceId, 1);
          size++;
        }
      const failed = outcomes.find((outcome) => !outcome.ok && outcome.reason !== "conflict");
      if (failed)
        throw new Fault("unavailable", "an uplink of an unknown device could not be made durable");
      return batch.map(() => undefined);
    },
  });
  return {
    async keep(uplink) {
      if (size >= quota) {
        const { deviceId, heardAt: fromMs } = uplink;
        return tally.refused("strangers_full", 1, { deviceId, fromMs });
      }
      await commits.add(uplink);
    },
    async replay(deviceId, take) {
      let taken = 0;
      let from = `${deviceId}:`;
      for (;;) {
        const page = await pageOf(deviceId, from);
        for (const doc of page) {
          const payload = new Uint8Array(Buffer.from(doc.uplink.payload, "base64"));
          if (!(await take({ ...doc.uplink, payload }, doc.epoch))) continue;
          await database.remove(doc._id, doc._rev as string);
          count(deviceId, -1);
          size--;
          taken++;
        }
        const last = page.at(-1);
        if (!last || page.length < PAGE) return taken;
        from = `${last._id}\u0000`;
      }
    },
    devices: () => new Set(counts.keys()),
    counts: () => Object.fromEntries(counts) as Record<DeviceId, number>,
    get size() {
      return size;
    },
  };

  function pageOf(deviceId: DeviceId, from: string) {
    return database.list<StrangerDoc>({
      from,
      to: `${deviceId}:\uffff`,
      limit: PAGE,
    });
  }
}

function toDoc(uplink: Uplink, epoch: Epoch): StrangerDoc {
  return {
    _id: identityOf(uplink),
    v: 1,
    epoch,
    uplink: { ...uplink, payload: Buffer.from(uplink.payload).toString("base64") },
  };
}
