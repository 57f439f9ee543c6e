/**
 * `unregistered`: what is said over HTTP to take in devices that were heard before anybody
 * registered them, or to leave them to whoever they belong to.
 */
import { z } from "zod";
import { DeviceId, ResidentId, UnitId } from "#shared/model/ids.ts";
import { AnyDeviceId, AssignDevice, RegisterDevice } from "./devices.ts";

/** The most devices in one call. */
export const MOST_SIGHTINGS = 5_000;

/** What is not said is taken from what was heard: the id for a name, the guess for a model. */
export const AcceptSighting = RegisterDevice.omit({ device_name: true, device_type: true }).extend({
  device_name: RegisterDevice.shape.device_name.optional(),
  device_type: RegisterDevice.shape.device_type.optional(),
  /** To a home or a resident right away; then their community is the device's. */
  unit_id: UnitId.optional(),
  end_user_id: ResidentId.optional(),
  valid_from: AssignDevice.shape.valid_from,
  start_index: AssignDevice.shape.start_index,
});
export type AcceptSighting = z.infer<typeof AcceptSighting>;

export const AcceptSightings = z.strictObject({
  rows: z.array(AcceptSighting).min(1).max(MOST_SIGHTINGS),
});

export const TheseSightings = z.strictObject({
  dev_eui: z
    .array(z.union([AnyDeviceId, DeviceId]))
    .min(1)
    .max(MOST_SIGHTINGS),
});

export const SightingOutcome = z.object({
  row: z.number().int(),
  dev_eui: z.string(),
  ok: z.boolean(),
  /** Why not: a code and words. */
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
});
export type SightingOutcome = z.infer<typeof SightingOutcome>;
export const SightingOutcomes = z.object({
  done: z.number().int(),
  failed: z.number().int(),
  rows: z.array(SightingOutcome),
});
