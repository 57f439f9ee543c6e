/**
 * `held-check`: compares what the hub has of this gateway with what lies here, month by month, and
 * mends the difference by range. What the hub lost goes there again; what it has and this machine
 * has not (an old disk image, a damaged database) comes back.
 *
 * Only digests go over the line while the two agree.
 */
import type { LocalDatabases } from "#shared/couch/leveldb.ts";
import { everyId } from "#shared/couch/every-id.ts";
import { heldDigest } from "#shared/couch/held-digest.ts";
import type { HeldMonth } from "#shared/api/gateway-talk.ts";
import { parseDatabaseName } from "#shared/model/database-names.ts";
import type { GatewayId, TenantName } from "#shared/model/ids.ts";
import type { SyncCalls } from "./sync-calls.ts";

export interface HeldCheckOptions {
  readonly databases: LocalDatabases;
  readonly gatewayId: GatewayId;
  readonly calls: SyncCalls;
  readonly askHeld: (tenant: TenantName) => Promise<HeldMonth[]>;
  readonly resend: (
    tenant: TenantName,
    name: string,
    ids: readonly string[],
    signal: AbortSignal,
  ) => Promise<void>;
  readonly fetchIds: (name: string, ids: readonly string[], signal: AbortSignal) => Promise<void>;
  /** Up to which id all was sent: what lies beyond is still to go, and not lost. */
  readonly sentUpTo: (tenant: TenantName) => string;
}

export interface HeldDifference {
  /** Sent once, and not on the hub any more. */
  readonly resent: number;
  /** On the hub under this gateway's name, and not here. */
  readonly returned: number;
}

const PAGE = 5_000;

/** @throws Fault; what was mended before stays */
export async function heldCheck(
  options: HeldCheckOptions,
  tenant: TenantName,
  signal: AbortSignal,
): Promise<HeldDifference> {
  const { databases, gatewayId, calls } = options;
  const held = await options.askHeld(tenant);
  const found = { resent: 0, returned: 0 };
  const names = (await databases.names()).filter((name) => {
    const parsed = parseDatabaseName(name);
    return (parsed?.kind === "tele" || parsed?.kind === "events") && parsed.tenant === tenant;
  });
  for (const name of names) {
    if (signal.aborted) break;
    const parsed = parseDatabaseName(name);
    if (parsed?.kind !== "tele" && parsed?.kind !== "events") continue;
    const prefix = `${parsed.kind === "tele" ? "s" : "e"}:${gatewayId}:`;
    const database = await databases.openExisting(name);
    if (!database) continue;
    const there = held.find(({ kind, month }) => kind === parsed.kind && month === parsed.month);
    const here = await heldDigest(database, prefix);
    if (here.digest === there?.digest) continue;
    // What is not there at all comes by the usual way, which makes it first.
    if (!there) {
      const all = await everyId(database, prefix);
      await options.resend(tenant, name, all, signal);
      if (parsed.kind === "tele") found.resent += all.length;
      continue;
    }
    const mine = new Set(await everyId(database, prefix));
    const theirs = new Set<string>();
    for (let from = prefix; ;) {
      const page = await calls.ids(name, from, `${prefix}\uffff`, PAGE);
      for (const id of page) theirs.add(id);
      if (page.length < PAGE) break;
      from = `${page.at(-1)}\u0000`;
    }
    const sent = parsed.kind === "tele" ? options.sentUpTo(tenant) : "\uffff";
    const lost = [...mine].filter((id) => !theirs.has(id) && id <= sent);
    const back = [...theirs].filter((id) => !mine.has(id));
    if (lost.length > 0) await options.resend(tenant, name, lost, signal);
    if (back.length > 0) await options.fetchIds(name, back, signal);
    // Events that were written while we look are on their way and no loss.
    if (parsed.kind === "tele") found.resent += lost.length;
    found.returned += back.length;
  }
  return found;
}
