/** `list`: meters and sensors, filtered, and searched as one types. */
import { z } from "zod";
import { Paging } from "#cloud/api/paging.ts";
import { route } from "#cloud/api/route.ts";
import { healthOf, lastSeenMs } from "#shared/series/health.ts";
import { isFoundIn, searchFor } from "#cloud/hub/search.ts";
import { whoLives } from "#cloud/hub/who-lives.ts";
import type { Hub } from "#cloud/hub/hub.ts";
import type { Item } from "#cloud/hub/inventory.ts";
import { DeviceRow, healths } from "#shared/api/admin.ts";
import { handStatuses } from "#shared/api/devices.ts";
import { groupKinds, type GroupKind } from "#shared/api/groups.ts";
import { Fault } from "#shared/model/fault.ts";
import { meterKindIds } from "#shared/model/meter-kinds.ts";
import type { HubScope } from "#shared/model/scope.ts";
import { deviceRow, latestOf, placeNow, stateOf } from "./device-row.ts";

/** What no community holds. */
const NONE = "none";

const Asked = Paging.extend({
  /** By id or `tenant_name`; `none`: what the organization itself holds. */
  community: z.string().max(64).optional(),
  /** `online`, `offline`, `maintenance`, or one state of health. */
  status: z.enum([...handStatuses, ...healths]).optional(),
  kind: z.enum(meterKindIds).optional(),
  /** By id: mounted there now; `none`: in no home. */
  unit: z.string().max(64).optional(),
  /** By id: in a home of theirs now. */
  resident: z.string().max(64).optional(),
  /** By id: in a group of devices, or now in a home or community of a group of those. */
  group: z.string().max(64).optional(),
  /** Name, DevEUI, serial, external id, home, who lives there, community, model. */
  q: z.string().max(200).optional(),
  /** Changed or heard since then. */
  updated_since: z.iso.datetime({ offset: true }).optional(),
  /** Calibration that is over by that date, the first to end first. */
  calibration_before: z.iso.date().optional(),
  /** Retired ones are left out unless they are asked for. */
  retired: z.enum(["without", "with", "only"]).default("without"),
});

export const list = route({
  method: "get",
  path: "/devices",
  right: "devices.read",
  title: "Meters and sensors, by community and name; filtered, and searched as one types.",
  query: Asked,
  answer: { rows: DeviceRow },
  open:
    ({ hub, fleet, inventory }) =>
    async ({ scope, asker, query }) => {
      const { community, status, kind, unit, resident, group, q, limit, offset } = query;
      const nowMs = hub.clock.now();
      const tests: ((item: Item) => boolean)[] = [];
      if (query.retired !== "with")
        tests.push(({ device }) => device.isActive === (query.retired === "without"));
      if (community === NONE) tests.push((item) => item.community === null);
      else if (community !== undefined && community !== "") {
        const one = (await hub.communities.list(scope)).find(
          ({ communityId, tenant }) => communityId === community || tenant === community,
        );
        if (!one) throw new Fault("not_found", "There is no such community here.");
        tests.push(({ device }) => device.communityId === one.communityId);
      }
      if (kind !== undefined) tests.push(({ device }) => device.kind === kind);
      if (unit === NONE) tests.push((item) => placeNow(item, nowMs) === undefined);
      else if (unit !== undefined) {
        const { unitId } = await hub.units.units.find(scope, unit);
        tests.push((item) => placeNow(item, nowMs)?.unitId === unitId);
      }
      if (resident !== undefined) {
        const { communityId, residentId } = await hub.residents.find(scope, resident);
        const now = new Date(nowMs).toISOString();
        const homes = new Set(
          (await hub.units.units.list(scope, communityId))
            .filter(({ tenancies }) =>
              tenancies.some(
                (one) =>
                  one.residentId === residentId &&
                  one.from <= now &&
                  (one.to === undefined || now < one.to),
              ),
            )
            .map(({ unitId }) => unitId),
        );
        tests.push((item) => {
          const place = placeNow(item, nowMs);
          return place !== undefined && homes.has(place.unitId);
        });
      }
      const grouped = group === undefined ? undefined : await inGroup(hub, scope, group, nowMs);
      if (grouped) tests.push(grouped);
      const search = searchFor(q);
      if (search) {
        const who = await whoLives(hub, asker);
        tests.push((item) => {
          if (isFoundIn(search, item.text)) return true;
          const unit = item.units.get(placeNow(item, nowMs)?.unitId ?? "");
          const people = unit ? who.text(unit) : "";
          return people !== "" && isFoundIn(search, `${item.text}\n${people}`);
        });
      }
      if (query.updated_since !== undefined) {
        const sinceMs = Date.parse(query.updated_since);
        tests.push(
          (item) =>
            Date.parse(item.device.updatedAt ?? item.device.createdAt) >= sinceMs ||
            (lastSeenMs(latestOf(item, fleet), nowMs) ?? 0) >= sinceMs,
        );
      }
      const { calibration_before: before } = query;
      if (before !== undefined)
        tests.push(({ device: { calibrationDue: due } }) => due !== undefined && due < before);
      if (status !== undefined) tests.push((item) => isIn(item, status));
      const isIn = (item: Item, wanted: NonNullable<typeof status>) => {
        const latest = latestOf(item, fleet);
        return (handStatuses as readonly string[]).includes(wanted)
          ? stateOf(item, latest, nowMs).status === wanted
          : healthOf(latest, item.device.expectedIntervalMs, nowMs) === wanted;
      };
      const all = await inventory.list(scope);
      const matching =
        tests.length === 0 ? all : all.filter((item) => tests.every((test) => test(item)));
      const dueOf = ({ device }: Item) => device.calibrationDue ?? "";
      const found =
        before === undefined
          ? matching
          : matching.toSorted((a, b) => (dueOf(a) < dueOf(b) ? -1 : 1));
      const rows = found.slice(offset, offset + limit).map((item) => deviceRow(item, fleet, nowMs));
      return { rows, total: found.length };
    },
});

/**
 * Whether a device is in a group, of devices, homes or communities; undefined for "All".
 * @throws Fault "not_found" for a group out of reach, or of people
 */
async function inGroup(hub: Hub, scope: HubScope, id: string, nowMs: number) {
  if (id === "all" || groupKinds.some((kind) => kind !== "people" && id === `all-${kind}`))
    return undefined;
  const { kind, members } = await hub.groups.find(scope, id);
  const ids = new Set<string>(members);
  const placeIn: Partial<Record<GroupKind, (item: Item) => string | null | undefined>> = {
    devices: ({ device }) => device.deviceId,
    units: (item) => placeNow(item, nowMs)?.unitId,
    communities: ({ device }) => device.communityId,
  };
  const place = placeIn[kind];
  if (!place) throw new Fault("not_found", "There is no such group here.");
  return (item: Item) => ids.has(place(item) ?? "");
}
