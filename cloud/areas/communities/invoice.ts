/** `invoice`: devices that were read, per community and month. */
import { z } from "zod";
import { Paging } from "#cloud/api/paging.ts";
import { route } from "#cloud/api/route.ts";
import { activeDevices } from "#cloud/hub/active-devices.ts";
import { ActiveDevicesRow } from "#shared/api/communities.ts";
import { Fault } from "#shared/model/fault.ts";
import { communityNamed } from "./one-community.ts";

const Month = z.string().regex(/^20[0-9]{2}-(0[1-9]|1[0-2])$/, "a month such as 2026-11");
const MOST_MONTHS = 24;

/** Per community, for one month. */
export const activeByCommunity = route({
  method: "get",
  path: "/customers/active-devices",
  right: "communities.read",
  title: "How many devices of each community were read in a month (UTC).",
  query: Paging.extend({ month: Month }),
  answer: { rows: ActiveDevicesRow },
  open:
    ({ hub, communities }) =>
    async ({ scope, query: { month, limit, offset } }) => {
      const all = await communities.list(scope);
      const rows: ActiveDevicesRow[] = [];
      for (const { community } of all.slice(offset, offset + limit))
        rows.push({
          month,
          community: {
            id: community.communityId,
            name: community.name,
            tenant_name: community.tenant,
          },
          active_devices: await activeDevices(hub, community, month),
        });
      return { rows, total: all.length };
    },
});

/** Per month, for one community. */
export const activeByMonth = route({
  method: "get",
  path: "/customers/:id/active-devices",
  right: "communities.read",
  title: "How many devices of a community were read in each of some months (UTC).",
  params: z.object({ id: z.string().max(64) }),
  query: z.object({
    from: Month,
    /** The last one; the same month when it is not said. */
    to: Month.optional(),
  }),
  answer: { data: z.array(ActiveDevicesRow) },
  open:
    ({ hub }) =>
    async ({ scope, params: { id }, query: { from, to = from } }) => {
      const community = await communityNamed(hub, scope, id);
      const months = monthsBetween(from, to);
      const rows: ActiveDevicesRow[] = [];
      for (const month of months)
        rows.push({
          month,
          community: {
            id: community.communityId,
            name: community.name,
            tenant_name: community.tenant,
          },
          active_devices: await activeDevices(hub, community, month),
        });
      return rows;
    },
});

/** @throws Fault "invalid" for an end before the start, or too many */
function monthsBetween(from: string, to: string): string[] {
  const months: string[] = [];
  for (const date = new Date(`${from}-01T00:00:00Z`); ; date.setUTCMonth(date.getUTCMonth() + 1)) {
    const month = date.toISOString().slice(0, 7);
    if (month > to) break;
    months.push(month);
    if (months.length > MOST_MONTHS)
      throw new Fault("invalid", `At most ${MOST_MONTHS} months are counted at once.`);
  }
  if (months.length === 0) throw new Fault("invalid", "`to` is a month before `from`.");
  return months;
}
