/** `reject`: heard devices that are somebody else's stay quiet, until that is taken back. */
import { z } from "zod";
import { route } from "#cloud/api/route.ts";
import { TheseSightings } from "#shared/api/unregistered.ts";
import type { DeviceId } from "#shared/model/ids.ts";

const Done = z.object({ done: z.number().int() });

export const reject = route({
  method: "post",
  path: "/unregistered/reject",
  right: "devices.write",
  title: "Heard devices that are not ours: they leave the list. What is heard of them is kept.",
  body: TheseSightings,
  answer: { data: Done },
  open:
    ({ hub, reports, news }) =>
    async ({ scope, body, trail, asker }) => {
      const heard = new Set((await reports.sightings(scope)).map(({ deviceId }) => deviceId));
      const wanted = [...new Set(body.dev_eui as DeviceId[])].filter((id) => heard.has(id));
      await hub.rejections.reject(scope, wanted, asker.id, hub.clock.now());
      for (const id of wanted)
        trail.note({ what: "unregistered rejected", target: { type: "device", id } });
      news.tell(scope.organizationId, "unregistered");
      return { done: wanted.length };
    },
});

export const restore = route({
  method: "post",
  path: "/unregistered/restore",
  right: "devices.write",
  title: "Takes a rejection back: they are in the list again.",
  body: TheseSightings,
  answer: { data: Done },
  open:
    ({ hub, reports, news }) =>
    async ({ scope, body, trail }) => {
      const quiet = new Set(
        (await reports.sightings(scope, "rejected")).map(({ deviceId }) => deviceId),
      );
      const wanted = [...new Set(body.dev_eui as DeviceId[])].filter((id) => quiet.has(id));
      await hub.rejections.restore(scope, wanted);
      for (const id of wanted)
        trail.note({ what: "unregistered restored", target: { type: "device", id } });
      news.tell(scope.organizationId, "unregistered");
      return { done: wanted.length };
    },
});
