/**
 * `daily-counts`: when a day of the inbox is over and sealed, counts what lies in it, by community and
 * device, and says it in the communities' events. The hub compares it with the segments it got.
 *
 * Counted in the inbox and never in the segments: otherwise nothing would be compared.
 */
import type { Databases, Database, Doc } from "#shared/couch/database.ts";
import type { EventLog } from "#shared/couch/event-log.ts";
import { inboxDays, inboxEntries } from "#shared/keep/inbox.ts";
import { dailyCountId } from "#shared/model/events/daily-count.ts";
import type { DeviceId, TenantName, WriterId } from "#shared/model/ids.ts";

/** `counted`: the last day that was counted; earlier ones are, too. */
interface CountedDoc extends Doc {
  readonly v: 1;
  readonly day: string;
}

export interface DailyCounts {
  /** Counts the days before `before`, all of which is sealed up to place `sealedN`. */
  count(before: string, sealedN: number): Promise<void>;
  /** The last day that was counted, `yyyymmdd`; "" before the first. */
  counted(): string;
}

export async function dailyCounts({
  databases,
  local,
  events,
  writer,
}: {
  readonly databases: Databases;
  readonly local: Database;
  readonly events: Pick<EventLog, "append">;
  readonly writer: WriterId;
}): Promise<DailyCounts> {
  let counted = (await local.get<CountedDoc>("counted"))?.day ?? "";

  const countOne = async (day: string, sealedN: number): Promise<boolean> => {
    const found = new Map<TenantName, Map<DeviceId, number>>();
    let [from, to] = [Infinity, 0];
    for await (const page of inboxEntries(databases, undefined, day))
      for (const { n, tenant, uplink } of page) {
        [from, to] = [Math.min(from, n), Math.max(to, n)];
        const devices = found.get(tenant) ?? new Map<DeviceId, number>();
        found.set(tenant, devices);
        devices.set(uplink.deviceId, (devices.get(uplink.deviceId) ?? 0) + 1);
      }
    if (to > sealedN) return false;
    for (const [tenant, devices] of found) {
      const name = dailyCountId(writer, day, from).split(":").slice(3).join(":");
      await events.append(tenant, "count", name, {
        day,
        inbox: { from, to },
        count: [...devices.values()].reduce((sum, one) => sum + one, 0),
        devices: Object.fromEntries(devices),
      });
    }
    return true;
  };

  return {
    async count(before, sealedN) {
      for (const day of await inboxDays(databases)) {
        if (day <= counted || day >= before) continue;
        if (!(await countOne(day, sealedN))) return;
        const old = await local.get("counted");
        await local.put({ ...old, _id: "counted", v: 1, day });
        counted = day;
      }
    },
    counted: () => counted,
  };
}
