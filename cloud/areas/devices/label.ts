/**
 * `label`: what stands on a device's label, and what is still missing to register it. A key that
 * stands on it goes back to whoever scanned it and nowhere else.
 */
import { z } from "zod";
import { route } from "#cloud/api/route.ts";
import { LabelAnswer } from "#shared/api/labels.ts";
import { makerOf } from "#shared/devices/labels/makers.ts";
import { LONGEST_LABEL, readLabel } from "#shared/devices/labels/read-label.ts";
import { Fault, isFault } from "#shared/model/fault.ts";
import type { DeviceId } from "#shared/model/ids.ts";

export const label = route({
  method: "post",
  path: "/devices/label",
  right: "devices.write",
  title:
    "Reads a device's label (LoRa Alliance TR005, or as makers print it): who it is, whether it is known, what is missing to register it.",
  body: z.strictObject({ text: z.string().min(1).max(LONGEST_LABEL) }),
  answer: { data: LabelAnswer },
  isSecret: true,
  isHarmless: true,
  open:
    ({ inventory, reports }) =>
    async ({ scope, body }) => {
      const { format, devEui, joinEui, appKey, serial, model, profileId, problems } = readLabel(
        body.text,
      );
      if (devEui === undefined)
        throw new Fault("invalid", `text: ${problems.join("; ")}`, {
          fields: { text: problems.join("; ") },
        });
      const device = await inventory.find(scope, devEui).catch((error: unknown) => {
        if (isFault(error, "not_found")) return undefined;
        throw error;
      });
      const sightings = [
        ...(await reports.sightings(scope)),
        ...(await reports.sightings(scope, "rejected")),
      ];
      const heard = sightings.find(({ deviceId }) => deviceId === (devEui as DeviceId));
      const decoder = heard?.last.guess?.model;
      const register = {
        dev_eui: devEui,
        device_name: serial ?? devEui,
        ...(joinEui === undefined ? {} : { join_eui: joinEui }),
        ...(appKey === undefined ? {} : { app_key: appKey }),
        ...(serial === undefined ? {} : { serial_number: serial }),
        ...(model === undefined ? {} : { model }),
        ...(decoder === undefined ? {} : { decoder }),
      };
      return {
        format,
        maker: makerOf(devEui) ?? null,
        profile_id: profileId ?? null,
        problems: [...problems],
        registered: device
          ? { name: device.device.name, community: device.community?.name ?? null }
          : null,
        heard: heard
          ? { last_at: heard.lastAt, count: heard.count, guess: heard.last.guess?.model ?? null }
          : null,
        register,
        // What a gateway that answers its joins itself has to know; a network server knows it.
        missing: [
          ...(decoder === undefined && model === undefined ? ["decoder"] : []),
          ...(joinEui === undefined ? ["join_eui"] : []),
          ...(appKey === undefined ? ["app_key"] : []),
        ],
      };
    },
});
