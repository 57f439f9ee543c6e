/**
 * `bring-along`: a device that was handed on goes on being heard by the gateway it left until that gateway
 * knows: what it says meanwhile lies among the former community's segments, and is the new one's. Here it
 * is kept for the community whose it is; where it is already, it is the same reading.
 *
 * Of a month that is history there, the indexes at the borders of hours are left: they are kept as told
 * values, and make a further version where the month is history here, too.
 */
import type { Doc } from "#shared/couch/database.ts";
import { decodeUplink, type FindDecoder } from "#shared/devices/decode-uplink.ts";
import { reportedPayload } from "#shared/devices/reported-values/decoder.ts";
import { monthBounds, parseDatabaseName } from "#shared/model/database-names.ts";
import { isFault } from "#shared/model/fault.ts";
import type { CommunityId, DeviceId, OrganizationId, TenantName } from "#shared/model/ids.ts";
import type { KeptUplink } from "#shared/model/kept-uplink.ts";
import { systemScope } from "#shared/model/scope.ts";
import type { SegmentDoc } from "#shared/model/segment.ts";
import { frozenRows, type History } from "#shared/series/history.ts";
import { identityOf } from "#shared/series/identity.ts";
import type { ReadingRow } from "#shared/series/reading-row.ts";
import type { ReadingStore } from "#shared/series/reading-store.ts";
import { unpackSegment } from "#shared/series/segment.ts";
import { changeIn } from "./change.ts";
import { readingsOf } from "./holding.ts";
import type { CommunityDoc, DeviceDoc, Hub } from "./hub.ts";

export interface BringAlong {
  /** Devices of a community that were another one's before, or are by now. */
  watched(tenant: TenantName): Promise<ReadonlySet<DeviceId>>;
  /** Keeps what is another community's there; durable when resolved. */
  take(tenant: TenantName, uplinks: readonly KeptUplink[]): Promise<void>;
  /** Looks through what former communities have of devices that were handed on since. Never rejects. */
  look(organizationId: OrganizationId): Promise<void>;
  /** Resolves when no look is under way. */
  settled(): Promise<void>;
}

export interface BringAlongParts {
  readonly hub: Pick<Hub, "clock" | "communities" | "devices" | "months" | "registry">;
  readonly history: Pick<History, "frozen">;
  readonly readings: Pick<ReadingStore, "readings">;
  readonly findersOf: (tenant: TenantName) => FindDecoder;
  readonly keep: (tenant: TenantName, uplink: KeptUplink) => Promise<unknown>;
  /** Makes room where too much waits. */
  readonly settle: () => Promise<void>;
  /** A look ends when it aborts; what was not looked through then is at the next start. */
  readonly signal: AbortSignal;
  readonly log: {
    info(about: object, message: string): void;
    warn(about: object, message: string): void;
  };
}

const scope = systemScope("bring-along");
const PAGE = 100;
const HOUR_MS = 3_600_000;

export function bringAlong({
  hub,
  history,
  readings,
  findersOf,
  keep,
  settle,
  signal,
  log,
}: BringAlongParts): BringAlong {
  const communityOf = async (tenant: TenantName): Promise<CommunityDoc | undefined> =>
    (await hub.communities.list(scope)).find((one) => one.tenant === tenant);

  const devicesOf = async (organizationId: OrganizationId) => {
    const image = await hub.registry.organization(organizationId);
    return image.freshOf<DeviceDoc>("device");
  };

  const kept = async (tenant: TenantName, uplink: KeptUplink) => {
    for (;;)
      try {
        return await keep(tenant, uplink);
      } catch (error) {
        if (!isFault(error, "too_many")) throw error;
        await settle();
      }
  };

  const take = async (tenant: TenantName, uplinks: readonly KeptUplink[]): Promise<number> => {
    if (uplinks.length === 0) return 0;
    const all = await hub.communities.list(scope);
    const here = all.find((one) => one.tenant === tenant);
    if (!here) return 0;
    const devices = await devicesOf(here.organizationId);
    const tenantOf = new Map(all.map((one) => [one.communityId, one.tenant]));
    const taken = uplinks.map(async (uplink) => {
      const device = devices.get(`device:${uplink.deviceId}`);
      const owner = device && ownerOf(device, here.communityId, uplink);
      const to = owner && tenantOf.get(owner);
      if (!to) return 0;
      await kept(to, uplink);
      return 1;
    });
    return (await Promise.all(taken)).reduce((sum: number, one) => sum + one, 0);
  };

  /** What a former community's history tells of a device since `fromMs`, and is another one's. */
  const sweepHistory = async (
    device: DeviceDoc,
    { tenant, communityId }: Pick<CommunityDoc, "tenant" | "communityId">,
    fromMs: number,
  ): Promise<number> => {
    const nowMs = hub.clock.now();
    const told = frozenRows(
      await history.frozen(tenant, device.deviceId, fromMs, nowMs, "hour"),
    ).filter(({ time }) => time >= fromMs);
    const tenants = new Map(
      (await hub.communities.list(scope)).map((one) => [one.communityId, one.tenant]),
    );
    const byTenant = new Map<TenantName, ReadingRow[]>();
    for (const row of told) {
      const owner = ownerOf(device, communityId, row);
      const to = owner && tenants.get(owner);
      if (!to) continue;
      const rows = byTenant.get(to);
      if (rows) rows.push(row);
      else byTenant.set(to, [row]);
    }
    let taken = 0;
    for (const [to, rows] of byTenant) {
      const [first, last] = [rows[0], rows.at(-1)];
      if (!first || !last) continue;
      const here = await readings.readings(
        scope,
        to,
        device.deviceId,
        first.time - HOUR_MS,
        last.time + HOUR_MS + 1,
      );
      const fresh = untold(rows, here);
      for (let from = 0; from < fresh.length && !signal.aborted; from += PAGE) {
        const some = fresh.slice(from, from + PAGE).map(async (row) => {
          await kept(to, await toldUplink(device, row, nowMs, findersOf(to)));
        });
        await Promise.all(some);
        taken += some.length;
      }
    }
    return taken;
  };

  /** Reads what a former community has of a device since it was handed on. */
  const sweep = async (device: DeviceDoc): Promise<number> => {
    let taken = 0;
    for (const { tenant, communityId } of await hub.communities.list(scope)) {
      const ends = device.held.flatMap((one) =>
        one.communityId === communityId && one.to !== undefined ? Date.parse(one.to) : [],
      );
      if (ends.length === 0) continue;
      const fromMs = Math.min(...ends);
      for (const month of await hub.months.tele(tenant)) {
        const parsed = parseDatabaseName(month.name);
        if (parsed?.kind !== "tele" || monthBounds(parsed.month).toMs <= fromMs) continue;
        for (let from = "s:"; !signal.aborted;) {
          const page = await month.list<SegmentDoc & Doc>({ from, to: "s:\uffff", limit: PAGE });
          for (const segment of page)
            if (segment.lastHeardMs >= fromMs)
              taken += await take(tenant, ofDevice(segment, device.deviceId));
          const last = page.at(-1);
          if (!last || page.length < PAGE) break;
          from = `${last._id}\u0000`;
        }
        await month.close();
      }
      // After the segments: a month that becomes history meanwhile is among one or the other.
      if (!signal.aborted) taken += await sweepHistory(device, { tenant, communityId }, fromMs);
    }
    return taken;
  };

  const lookAt = async (organizationId: OrganizationId) => {
    for (const device of (await devicesOf(organizationId)).values()) {
      if (signal.aborted) return;
      const handed = handedAt(device);
      if (handed === undefined || device.broughtSince === handed) continue;
      const { deviceId } = device;
      try {
        const uplinks = await sweep(device);
        if (signal.aborted) return;
        if (uplinks > 0)
          log.info(
            { deviceId, uplinks },
            "what a former gateway heard of it is where it belongs now",
          );
        await changeIn(hub.devices, scope, organizationId, deviceId, (now) =>
          handedAt(now) === handed ? { ...now, broughtSince: handed } : now,
        );
      } catch (error) {
        if (!isFault(error)) throw error;
        // Of a community that is archived, or of another hand-over by now: looked at again later.
        log.warn({ deviceId, error }, "what former gateways heard of it waits");
      }
    }
  };
  /** One after the other: two would read the same months. */
  let looking: Promise<void> = Promise.resolve();
  return {
    async watched(tenant) {
      const community = await communityOf(tenant);
      if (!community) return new Set();
      const { organizationId, communityId } = community;
      const devices = await hub.devices.everHeldBy(scope, organizationId, communityId);
      return new Set(
        devices.flatMap(({ deviceId, held }) =>
          held.every((one) => one.communityId === communityId) ? [] : deviceId,
        ),
      );
    },
    async take(tenant, uplinks) {
      await take(tenant, uplinks);
    },
    look(organizationId) {
      looking = looking
        .then(() => lookAt(organizationId))
        .catch((error: unknown) =>
          log.warn({ error }, "what former gateways heard could not all be looked through"),
        );
      return looking;
    },
    settled: () => looking,
  };
}

/** When it came to the community it is in, or was last in; undefined for one that was nowhere else. */
function handedAt({ held }: DeviceDoc): string | undefined {
  const last = held.at(-1);
  return last && held.some((one) => one.communityId !== last.communityId) ? last.from : undefined;
}

/** The other community whose an uplink is. One whose time nobody vouched for stays where it was heard. */
function ownerOf(
  { held }: DeviceDoc,
  here: CommunityId,
  { time, timeSource }: Pick<KeptUplink, "time" | "timeSource">,
): CommunityId | undefined {
  if (timeSource === "unset") return undefined;
  const isOf = (communityId: CommunityId) =>
    readingsOf(held, communityId).some(({ fromMs, toMs }) => fromMs <= time && time < toMs);
  if (isOf(here)) return undefined;
  return held.find(({ communityId }) => communityId !== here && isOf(communityId))?.communityId;
}

/**
 * Rows that say more than what is there: a border between two readings is told by readings on both
 * sides of it within the hour, one that was read by itself. Both in order of time.
 */
function untold(rows: readonly ReadingRow[], here: readonly ReadingRow[]): ReadingRow[] {
  let after = 0;
  return rows.filter(({ time }) => {
    while ((here[after]?.time ?? Infinity) < time) after++;
    const [before, next] = [here[after - 1]?.time, here[after]?.time];
    if (next === time) return false;
    return !(
      before !== undefined &&
      time - before <= HOUR_MS &&
      (next ?? Infinity) - time <= HOUR_MS
    );
  });
}

/** What history tells of a moment, as something told. */
async function toldUplink(
  { deviceId, model }: DeviceDoc,
  { time, values }: ReadingRow,
  heardAt: number,
  find: FindDecoder,
): Promise<KeptUplink> {
  const uplink = {
    deviceId,
    session: null,
    fCnt: null,
    fPort: null,
    payload: reportedPayload(values),
    time,
    timeSource: "server" as const,
    heardAt,
    radio: null,
    via: "history",
  };
  const { decoder, readings, undecoded } = await decodeUplink(model, uplink, find);
  return { ...uplink, identity: identityOf(uplink), decoder, readings, undecoded };
}

function ofDevice(segment: SegmentDoc, deviceId: DeviceId): KeptUplink[] {
  try {
    return unpackSegment(segment).filter((uplink) => uplink.deviceId === deviceId);
  } catch (error) {
    // It is counted where it is rolled up.
    if (isFault(error)) return [];
    throw error;
  }
}
