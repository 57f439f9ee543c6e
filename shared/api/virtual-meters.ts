/**
 * `virtual-meters`: meters that are computed from others when they are asked: what is lost is the
 * main meter minus its submeters.
 */
import { z } from "zod";
import { meterKindIds } from "#shared/model/meter-kinds.ts";
import { ExternalId } from "#shared/model/place.ts";
import { CommunityGiven, DateOrMoment } from "./communities.ts";
import { AnyDeviceId } from "./devices.ts";

/** As many as a large building has meters. */
const MOST_MEMBERS = 2000;

export const signs = ["plus", "minus"] as const;

const Member = z.strictObject({
  dev_eui: AnyDeviceId,
  /** `plus`: what it counts is added; `minus`: taken away. */
  sign: z.enum(signs).default("plus"),
  /** Since when it belongs to it; left out or null: as long as there are readings. */
  valid_from: DateOrMoment.nullish(),
  /** Until when, exclusive; left out or null: for good. */
  valid_to: DateOrMoment.nullish(),
});
export type MemberGiven = z.infer<typeof Member>;

const Name = z.string().trim().min(1).max(120);
const Members = z.array(Member).min(1).max(MOST_MEMBERS);
const Notes = z.string().trim().max(2000).nullable();

export const NewVirtualMeter = z.strictObject({
  community: CommunityGiven,
  name: Name,
  kind: z.enum(meterKindIds),
  members: Members,
  external_id: ExternalId.nullish(),
  notes: Notes.optional(),
});

/** What is said replaces what was; null takes it away. Members are said all together. */
export const VirtualMeterChange = z.strictObject({
  name: Name.optional(),
  kind: z.enum(meterKindIds).optional(),
  members: Members.optional(),
  external_id: ExternalId.nullish(),
  notes: Notes.optional(),
});

export const VirtualMeterRow = z.object({
  id: z.string(),
  name: z.string(),
  kind: z.enum(meterKindIds),
  community: z.object({ id: z.string(), name: z.string(), tenant_name: z.string() }),
  members: z.array(
    z.object({
      dev_eui: z.string(),
      /** Null for a device that was deleted since. */
      device_name: z.string().nullable(),
      sign: z.enum(signs),
      valid_from: z.string().nullable(),
      valid_to: z.string().nullable(),
    }),
  ),
  external_id: z.string().nullable(),
  notes: z.string().nullable(),
  created_at: z.string(),
  updated_at: z.string(),
});
export type VirtualMeterRow = z.infer<typeof VirtualMeterRow>;
