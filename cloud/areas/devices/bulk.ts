/**
 * `bulk`: the same for many devices: assigned, taken away, retired, moved into maintenance. Each
 * row has its own outcome; one that is refused disturbs no other.
 */
import { z } from "zod";
import type { AreaParts } from "#cloud/api/area-parts.ts";
import { route } from "#cloud/api/route.ts";
import { change } from "#cloud/hub/change.ts";
import { removedAt } from "#cloud/hub/devices/installing.ts";
import { momentOf } from "#cloud/hub/moment.ts";
import { AnyDeviceId, AssignDevice, EndAssignment, handStatuses } from "#shared/api/devices.ts";
import { isFault } from "#shared/model/fault.ts";
import type { DeviceId } from "#shared/model/ids.ts";
import type { HubScope } from "#shared/model/scope.ts";
import { assignDevice, namingTheOther } from "./assign.ts";
import { afterChanges, noteChange, type Change } from "./changed.ts";
import { stamped, withUse } from "#cloud/hub/devices/in-use.ts";

const MOST = 5_000;
const UTC = { zones: [{ from: new Date(0).toISOString(), zone: "Etc/UTC" }] };

const One = { dev_eui: AnyDeviceId };
const Bulk = z.discriminatedUnion("action", [
  z.object({
    action: z.literal("assign"),
    rows: z.array(AssignDevice.extend(One)).min(1).max(MOST),
  }),
  z.object({
    action: z.literal("unassign"),
    rows: z.array(EndAssignment.extend(One)).min(1).max(MOST),
  }),
  z.object({ action: z.literal("retire"), rows: z.array(z.object(One)).min(1).max(MOST) }),
  z.object({
    action: z.literal("status"),
    status: z.enum(handStatuses),
    rows: z.array(z.object(One)).min(1).max(MOST),
  }),
]);
type Bulk = z.infer<typeof Bulk>;

const Outcome = z.object({
  row: z.number().int(),
  dev_eui: z.string(),
  ok: z.boolean(),
  /** Why not: a code and words. */
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
});

export const bulk = route({
  method: "post",
  path: "/devices/bulk",
  right: "devices.write",
  title:
    "Assigns, unassigns, retires many devices, or sets their state: each row has its own outcome.",
  body: Bulk,
  answer: {
    data: z.object({ done: z.number().int(), failed: z.number().int(), rows: z.array(Outcome) }),
  },
  open:
    (parts) =>
    async ({ scope, body, trail }) => {
      const changes: Change[] = [];
      const rows: z.infer<typeof Outcome>[] = [];
      for (const [row, { dev_eui }] of body.rows.entries()) {
        try {
          const changed = await changeOf(parts, scope, body, row);
          changes.push(changed);
          noteChange(trail, `devices: ${body.action}`, changed);
          rows.push({ row, dev_eui, ok: true, error: null });
        } catch (error) {
          if (!isFault(error)) throw error;
          const { code, message } = error;
          rows.push({ row, dev_eui, ok: false, error: { code, message } });
        }
      }
      await afterChanges(parts, scope, changes);
      return { done: changes.length, failed: rows.length - changes.length, rows };
    },
});

async function changeOf(
  parts: AreaParts,
  scope: HubScope,
  body: Bulk,
  row: number,
): Promise<Change> {
  const { hub, inventory } = parts;
  const now = new Date(hub.clock.now()).toISOString();
  const deviceId = body.rows[row]?.dev_eui as DeviceId;
  switch (body.action) {
    case "assign": {
      const wanted = body.rows[row] as (typeof body.rows)[number];
      return namingTheOther(parts, scope, () => assignDevice(parts, scope, deviceId, wanted));
    }
    case "unassign": {
      const { valid_to, end_index, index_unit } = body.rows[row] as (typeof body.rows)[number];
      const { community } = await inventory.find(scope, deviceId);
      const at = valid_to === undefined ? now : momentOf(community ?? UTC, valid_to);
      const told = {
        endIndex: end_index === undefined ? undefined : String(end_index),
        indexUnit: index_unit,
      };
      return change(hub.devices, scope, deviceId, (device) =>
        stamped(hub, device, removedAt(device, at, told).device),
      );
    }
    case "retire":
      return change(hub.devices, scope, deviceId, (device) =>
        stamped(hub, device, withUse(hub, device, false)),
      );
    default:
      return change(hub.devices, scope, deviceId, (device) => ({
        ...device,
        status: { is: body.status, at: now },
        updatedAt: now,
      }));
  }
}
