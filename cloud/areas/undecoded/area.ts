/** `undecoded`: uplinks that nothing could be made of, with the reason; a mended decoder takes them off the list. */
import { z } from "zod";
import { Paging } from "#cloud/api/paging.ts";
import { route, type Area } from "#cloud/api/route.ts";
import type { CommunityDoc } from "#cloud/hub/hub.ts";
import type { Item } from "#cloud/hub/inventory.ts";
import { UndecodedRow } from "#shared/api/decoders.ts";
import { Fault } from "#shared/model/fault.ts";
import { undecodedOf } from "#shared/series/undecoded.ts";

/** `community` by id or `tenant_name`; `device` by DevEUI; `model` as its device names it. */
const Asked = Paging.extend({
  community: z.string().max(64).optional(),
  device: z.string().max(64).optional(),
  model: z.string().max(200).optional(),
});

const list = route({
  method: "get",
  path: "/undecoded",
  right: "devices.read",
  title: "Uplinks that could not be decoded, newest first, with the reason.",
  query: Asked,
  answer: { rows: UndecodedRow },
  open:
    ({ hub, inventory, roll }) =>
    async ({ scope, query: { community, device, model, limit, offset } }) => {
      const all = await hub.communities.list(scope);
      const asked =
        community === undefined || community === ""
          ? all
          : all.filter(
              ({ communityId, tenant }) => communityId === community || tenant === community,
            );
      if (asked.length === 0 && community)
        throw new Fault("not_found", "There is no such community here.");
      const items = new Map<string, Item>(
        (await inventory.list(scope)).flatMap((item): [string, Item][] =>
          item.community ? [[`${item.community.tenant} ${item.device.deviceId}`, item]] : [],
        ),
      );
      const found: UndecodedRow[] = [];
      for (const one of asked)
        for (const { deviceId, uplinks } of await undecodedOf(roll, one.tenant)) {
          const item = items.get(`${one.tenant} ${deviceId}`);
          // One that moved on to another community is that one's.
          if (!item) continue;
          if (device && device.toLowerCase() !== deviceId) continue;
          if (model && model !== item.device.model) continue;
          for (const uplink of uplinks) found.push(rowOf(item, one, uplink));
        }
      found.sort((a, b) => (a.heard_at > b.heard_at ? -1 : 1));
      return { rows: found.slice(offset, offset + limit), total: found.length };
    },
});

export const undecoded: Area = {
  name: "undecoded",
  title: "Uplinks that nothing could be made of",
  routes: [list],
};

type Uplink = Awaited<ReturnType<typeof undecodedOf>>[number]["uplinks"][number];

function rowOf({ device }: Item, community: CommunityDoc, uplink: Uplink): UndecodedRow {
  const { time, heardAt, fPort, hex, reason, decoder, via, writer } = uplink;
  return {
    dev_eui: device.deviceId,
    device_name: device.name,
    device_type: device.model,
    community: { id: community.communityId, name: community.name },
    at: new Date(time).toISOString(),
    heard_at: new Date(heardAt).toISOString(),
    fPort,
    hex,
    reason,
    decoder,
    via,
    writer,
  };
}
