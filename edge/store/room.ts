/**
 * `room`: whether there is space to keep more, and what is done when there is not.
 *
 * A full disk: nothing new is taken before LevelDB runs into it, so that what is there can still be read
 * and writing goes on by itself as soon as there is space. A budget: the gateway's own copies of
 * months that the hub has go first, the oldest before the others; what exists only here is never
 * dropped: then new uplinks are refused, and it is said.
 */
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Databases, Doc } from "#shared/couch/database.ts";
import type { DiskSpace } from "#shared/couch/disk-space.ts";
import { parseDatabaseName } from "#shared/model/database-names.ts";
import { Fault } from "#shared/model/fault.ts";
import type { TenantName } from "#shared/model/ids.ts";
import type { Tally } from "#shared/model/refusals.ts";
import type { SegmentDoc } from "#shared/model/segment.ts";
import type { Conditions } from "#edge/health/conditions.ts";

export interface Room {
  /** @throws Fault "unavailable" with `details.reason` "store_full" or "budget_full" when nothing more can be kept */
  check(): Promise<void>;
  /** Measures, drops what may be dropped, says how things stand. */
  look(): Promise<void>;
  /** As last measured. */
  freeBytes(): number;
}

export interface RoomOptions {
  readonly databases: Databases;
  readonly databaseFolder: string;
  readonly space: DiskSpace;
  /** Bytes the databases may take; Infinity for as much as there is. */
  readonly budgetBytes: number;
  /** Bytes left free for what has to be written to stay alive: segments, sessions, LevelDB's own. */
  readonly reserveBytes: number;
  /** The month up to which the hub has everything of this gateway and community; earlier ones it has whole. */
  readonly confirmedMonth: (tenant: TenantName) => string | undefined;
  readonly tally: Tally;
  readonly conditions: Conditions;
  readonly log: { warn(about: object, message: string): void };
}

const PAGE = 200;

export function room(options: RoomOptions): Room {
  const { databases, databaseFolder, space, budgetBytes, reserveBytes } = options;
  const { confirmedMonth, tally, conditions, log } = options;
  let freeBytes = Infinity;
  let isOverBudget = false;

  const look = async () => {
    // A file system that does not say what it has left is believed to have enough.
    freeBytes = await space.free().catch(() => Infinity);
    const isFull = freeBytes < reserveBytes;
    conditions.set("disk_full", isFull, isFull ? `${Math.floor(freeBytes / 1e6)} MB left` : "");
    return isFull;
  };

  /** Months of which the hub has everything, oldest first. */
  const droppable = async () =>
    (await databases.names())
      .flatMap((name) => {
        const parsed = parseDatabaseName(name);
        if (parsed?.kind !== "tele") return [];
        const { tenant, month } = parsed;
        return month < (confirmedMonth(tenant) ?? "") ? [{ name, tenant, month }] : [];
      })
      .sort((a, b) => (a.month < b.month ? -1 : 1));

  const drop = async ({ name, tenant }: { name: string; tenant: TenantName }) => {
    const { count, fromMs, toMs } = await heldIn(databases, name);
    await databases.destroy(name);
    const about = `${name}: the hub has it; dropped for want of space`;
    if (count > 0) tally.refused("copy_dropped", count, { tenant, fromMs, toMs, about });
    log.warn({ name, uplinks: count }, "a month that the hub has was dropped to make room");
  };

  return {
    async check() {
      if (isOverBudget)
        throw new Fault("unavailable", "the space for readings is used up", {
          reason: "budget_full",
        });
      if (await look())
        throw new Fault("unavailable", "the disk is full", { reason: "store_full" });
    },
    async look() {
      await look();
      if (budgetBytes === Infinity) return;
      let used = await bytesIn(databaseFolder);
      for (const month of used > budgetBytes ? await droppable() : []) {
        await drop(month);
        used = await bytesIn(databaseFolder);
        if (used <= budgetBytes) break;
      }
      isOverBudget = used > budgetBytes;
      const about = `${Math.ceil(used / 1e6)} MB of ${Math.floor(budgetBytes / 1e6)} MB are used`;
      conditions.set("disk_budget", isOverBudget, about);
    },
    freeBytes: () => freeBytes,
  };
}

async function heldIn(databases: Databases, name: string) {
  const database = await databases.openExisting(name);
  let [count, fromMs, toMs] = [0, Infinity, -Infinity];
  for (let from = "s:"; database;) {
    const page = await database.list<SegmentDoc & Doc>({ from, to: "s:\uffff", limit: PAGE });
    for (const segment of page) {
      count += segment.count;
      fromMs = Math.min(fromMs, segment.firstHeardMs);
      toMs = Math.max(toMs, segment.lastHeardMs);
    }
    const last = page.at(-1);
    if (!last || page.length < PAGE) break;
    from = `${last._id}\u0000`;
  }
  return { count, fromMs, toMs };
}

async function bytesIn(folder: string): Promise<number> {
  let bytes = 0;
  for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) bytes += await bytesIn(path);
    else
      bytes += await stat(path).then(
        ({ size }) => size,
        () => 0,
      );
  }
  return bytes;
}
