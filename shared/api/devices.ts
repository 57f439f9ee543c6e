/**
 * `devices`: what is said over HTTP to register devices, to assign them to homes and residents, and
 * to correct what was told wrongly. Moments are ISO 8601; a date alone is the beginning of that day
 * in the community's zone.
 */
import { z } from "zod";
import { DevEui, DeviceId, GatewayId, ResidentId, UnitId } from "#shared/model/ids.ts";
import { meterKindIds } from "#shared/model/meter-kinds.ts";
import { ExternalId } from "#shared/model/place.ts";
import { units } from "#shared/model/registers.ts";
import { Multiplier } from "#shared/model/site.ts";
import { DateOrMoment } from "./communities.ts";

const Text = (most: number) => z.string().trim().min(1).max(most);
const hex = (digits: number, what: string) =>
  z
    .string()
    .overwrite((text) => text.replaceAll(/[\s:.-]/g, "").toLowerCase())
    .regex(new RegExp(`^[0-9a-f]{${digits}}$`), `${what} is ${digits} hex digits`);
const Key = (what: string) => hex(32, what);

/** A DevEUI however it is written, or the id of a source that has none. */
export const AnyDeviceId = z.union(
  [DevEui, DeviceId],
  "a DevEUI is 16 hex digits; an id of another kind begins with x-",
);

/** What a counter shows, `123.456`, as text or number: at most 12 digits and 6 decimals. */
export const IndexGiven = z.union(
  [z.string().regex(/^[0-9]{1,12}(\.[0-9]{1,6})?$/), z.number().min(0).max(999_999_999_999)],
  'an index is written "123.456": at most 12 digits and 6 decimals',
);

/** What one count stands for: a number such as 10 or 0.001, or `{n, scale, unit}`. */
export const MultiplierGiven = z.union([z.number().positive().max(1e9), Multiplier]);

/** What can be said of a device at any time; null takes it away. */
const editable = {
  device_name: Text(120),
  /** What other products call its type; tells the kind where none is said. */
  device_type: Text(120),
  kind: z.enum(meterKindIds),
  /** `maker/model` of the decoder, or `own/name`. */
  decoder: z.string().max(160),
  /** The maker's name of the model, for people; finds the decoder where none is said. */
  model: Text(120).nullable(),
  serial_number: Text(64).nullable(),
  external_id: ExternalId.nullable(),
  notes: z.string().trim().max(2000).nullable(),
  calibration_due: z.iso.date().nullable(),
  expected_interval_s: z.number().int().min(10).max(31_536_000),
  /** In which unit indexes are told for it. */
  index_unit: z.enum(units).nullable(),
  multiplier: MultiplierGiven.nullable(),
  /** True: the community's first gateway answers its joins; or a gateway's id; null: a network server does. */
  home_gateway: z.union([z.literal(true), GatewayId]).nullable(),
  join_eui: hex(16, "a JoinEUI"),
  /** Write-only: kept encrypted, told to its gateway alone, never shown. */
  app_key: Key("an AppKey"),
  /** LoRaWAN 1.1; for 1.0.x the only root key, as some network servers name it. */
  nwk_key: Key("an NwkKey"),
  /** For a device that never joins (ABP), all three together, write-only as well. */
  dev_addr: hex(8, "a DevAddr"),
  nwk_s_key: Key("an NwkSKey"),
  app_s_key: Key("an AppSKey"),
} as const;

const optional = z.object(editable).partial().shape;

/** Other fields are passed over: programs written for other products send more. */
export const RegisterDevice = z.object({
  ...optional,
  dev_eui: AnyDeviceId,
  device_name: Text(120),
  device_type: Text(120),
  /** By id or `tenant_name`; without, the organization itself holds it until it is assigned. */
  community: z.string().max(64).optional(),
});
export type RegisterDevice = z.infer<typeof RegisterDevice>;

export const DeviceChange = z.strictObject({
  ...optional,
  /** False: retired, its history stays. */
  is_active: z.boolean().optional(),
});
export type DeviceChange = z.infer<typeof DeviceChange>;

/** Where: a home, or a resident: theirs. */
export const AssignDevice = z.object({
  end_user_id: ResidentId.optional(),
  unit_id: UnitId.optional(),
  /** Now when it is not said; never before anybody said so. */
  valid_from: DateOrMoment.optional(),
  valid_to: DateOrMoment.nullish(),
  start_index: IndexGiven.optional(),
  index_unit: z.enum(units).optional(),
  multiplier: MultiplierGiven.optional(),
});
export type AssignDevice = z.infer<typeof AssignDevice>;

export const EndAssignment = z.object({
  valid_to: DateOrMoment.optional(),
  end_index: IndexGiven.optional(),
  index_unit: z.enum(units).optional(),
});

const Reason = z.string().trim().min(1).max(500);

/** What was told wrongly, told anew; what is not said stays, null takes away. */
export const CorrectAssignment = z.strictObject({
  unit_id: UnitId.optional(),
  valid_from: DateOrMoment.optional(),
  valid_to: DateOrMoment.nullish(),
  start_index: IndexGiven.nullish(),
  end_index: IndexGiven.nullish(),
  index_unit: z.enum(units).optional(),
  multiplier: MultiplierGiven.nullish(),
  reason: Reason.optional(),
});
export type CorrectAssignment = z.infer<typeof CorrectAssignment>;

export const SwapDevices = z.strictObject({
  dev_eui: AnyDeviceId,
  other_dev_eui: AnyDeviceId,
  /** The moment at which both are where the other should be; now when it is not said. */
  at: DateOrMoment.optional(),
  reason: Reason.optional(),
});

/** The new meter: one that is registered and in no home, or what registers it. */
export const ExchangeDevice = z.object({
  new_device: RegisterDevice.omit({ community: true, device_name: true, device_type: true })
    .extend({ device_name: Text(120).optional(), device_type: Text(120).optional() })
    .strict(),
  at: DateOrMoment.optional(),
  end_index: IndexGiven.optional(),
  start_index: IndexGiven.optional(),
  index_unit: z.enum(units).optional(),
  multiplier: MultiplierGiven.optional(),
  /** Whether the old one is retired; it is when nothing is said. */
  retire: z.boolean().default(true),
  reason: Reason.optional(),
});
export type ExchangeDevice = z.infer<typeof ExchangeDevice>;

export const handStatuses = ["online", "offline", "maintenance"] as const;
export const StatusByHand = z.object({ status: z.enum(handStatuses) });

export const AssignmentRow = z.object({
  id: z.string(),
  dev_eui: z.string(),
  unit: z.object({ id: z.string(), name: z.string() }).nullable(),
  /** Those who lived there in that time. */
  residents: z.array(
    z.object({ end_user_id: z.string(), valid_from: z.string(), valid_to: z.string().nullable() }),
  ),
  valid_from: z.string(),
  valid_to: z.string().nullable(),
  start_index: z.string().nullable(),
  end_index: z.string().nullable(),
  index_unit: z.string().nullable(),
  multiplier: Multiplier.nullable(),
});
export type AssignmentRow = z.infer<typeof AssignmentRow>;
