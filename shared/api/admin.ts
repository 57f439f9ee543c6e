/**
 * `admin`: what the operator's pages are told by the hub over HTTP.
 *
 * Routes, all under `/api/v1`, all but the first three with the sign-in cookie:
 * - `GET /setup/{token}` → `{isValid}`: whether a set-up link still works
 * - `POST /setup` `Setup` → 201 and the cookie; 404 for a link that is used up, unknown or expired
 * - `POST /sign-in` `PasswordSignIn` → 200 `Operator` and the cookie; 401; 429 with `retry_after_ms`
 * - `POST /sign-out` → 204
 * - `GET /me` → `Operator`
 * - `GET /customers` → page of `CommunityRow`
 * - `GET /devices?community&status&q&limit&offset` → page of `DeviceRow`
 * - `GET /devices/{dev_eui}` → `DeviceDetails`
 * - `GET /unregistered?limit&offset` → page of `SightingRow`
 * - `GET /gateways` → page of `GatewayRow`
 * - `GET /overview` → `HubOverview`
 * - `GET /live` → an event stream: `event: change` with `{"what":"devices"|"unregistered"|"gateways"}`, at most one a second each
 */
import { z } from "zod";
import { GatewayEnd, GatewaySync, LeftBehindRow } from "./gateway-admin.ts";
import { markIds } from "#shared/model/marks.ts";
import { meterKindIds } from "#shared/model/meter-kinds.ts";
import { Zone } from "#shared/model/place.ts";
import { languages } from "./resident.ts";

/** A password that holds: 12 characters or more, not one of the common ones. */
export const Password = z.string().min(12, "at least 12 characters").max(256);

export const Setup = z.strictObject({
  token: z.string().max(128),
  organization: z.string().trim().min(1).max(120),
  email: z.email().max(254),
  first_name: z.string().trim().min(1).max(80),
  last_name: z.string().trim().min(1).max(80),
  password: Password,
  /** The zone its communities begin with, such as Europe/Madrid; UTC when it is not said. */
  zone: Zone.optional(),
});
export type Setup = z.infer<typeof Setup>;

export const PasswordSignIn = z.strictObject({
  email: z.string().max(254),
  password: z.string().max(256),
});
export type PasswordSignIn = z.infer<typeof PasswordSignIn>;

/** A one-time link's token, or a code that was handed over. */
export const Token = z.string().min(1).max(128);

export const Activation = z.strictObject({ token: Token, password: Password });
export type Activation = z.infer<typeof Activation>;

/** What a link to confirm an address leads to. */
export const NextEmailLook = z.object({
  email: z.string(),
  first_name: z.string(),
  language: z.enum(languages),
  organization: z.string(),
  /** Somebody signs in with it already: it stays theirs. */
  is_taken: z.boolean(),
  expires_at: z.string(),
});
export type NextEmailLook = z.infer<typeof NextEmailLook>;

export const ActivationLook = z.object({
  purpose: z.enum(["activate", "reset"]),
  email: z.string().nullable(),
  first_name: z.string(),
  language: z.enum(languages),
  organization: z.string(),
  /** `sign-in`: the address has a sign-in already, with which the invitation is accepted. */
  needs: z.enum(["password", "sign-in"]),
  /** Other ways in than a password. */
  providers: z.array(z.object({ id: z.string(), name: z.string() })),
  expires_at: z.string(),
});
export type ActivationLook = z.infer<typeof ActivationLook>;

export const Operator = z.object({
  person_id: z.string(),
  first_name: z.string(),
  last_name: z.string(),
  email: z.string().nullable(),
  language: z.enum(languages),
  /** The page they see first. */
  home_page: z.string().nullable(),
  /** The one they work in just now, and all they belong to. */
  organization: z.object({ id: z.string(), name: z.string() }),
  organizations: z.array(z.object({ id: z.string(), name: z.string() })),
  /** What they may do somewhere: pages show what leads to it, the hub decides. */
  rights: z.array(z.string()),
  roles: z.array(z.string()),
  /** Nothing else is answered until they have chosen another password. */
  must_change_password: z.boolean(),
  /** Whether they live somewhere and see a home. */
  homes: z.boolean(),
  /** While somebody else sits there in their name: what for, and until when. */
  assistance: z
    .object({ reason: z.string(), may_change: z.boolean(), expires_at: z.string() })
    .nullable(),
});
export type Operator = z.infer<typeof Operator>;

/** Health by the expected interval: heard within it, late up to four of them, then lost; never = not yet heard. */
export const healths = ["never", "healthy", "late", "lost"] as const;
export type Health = (typeof healths)[number];

export const ValueShown = z.object({
  register: z.string(),
  title: z.string(),
  n: z.number().int(),
  scale: z.number().int(),
  unit: z.string(),
});
export type ValueShown = z.infer<typeof ValueShown>;

export const DeviceRow = z.object({
  id: z.string(),
  dev_eui: z.string(),
  device_name: z.string(),
  /** As whoever registered it calls it, else its decoder. */
  device_type: z.string(),
  /** `maker/model` of the decoder, or `own/name`. */
  decoder: z.string(),
  /** The maker's name of the model. */
  model: z.string().nullable(),
  serial_number: z.string().nullable(),
  external_id: z.string().nullable(),
  notes: z.string().nullable(),
  /** A date. */
  calibration_due: z.string().nullable(),
  expected_interval_s: z.number().int(),
  join_eui: z.string().nullable(),
  /** When keys were last written; nobody is shown them. */
  keys_at: z.string().nullable(),
  kind: z.enum(meterKindIds),
  /** `online` = healthy or late, `offline` = lost or never; or what was set by hand. */
  status: z.enum(["online", "offline", "maintenance"]),
  /** Since when it is set by hand; until the next uplink, maintenance until it is ended. */
  status_set_at: z.string().nullable(),
  health: z.enum(healths),
  is_active: z.boolean(),
  created_at: z.string(),
  updated_at: z.string(),
  /** Null while the organization itself holds it. */
  community: z.object({ id: z.string(), name: z.string(), tenant_name: z.string() }).nullable(),
  unit: z.object({ id: z.string(), name: z.string() }).nullable(),
  last_seen_at: z.string().nullable(),
  last_reading: z
    .object({
      at: z.string(),
      time_source: z.string(),
      /** Of each register the newest, those of this reading first; `at` where an earlier one told it. */
      values: z.array(ValueShown.extend({ at: z.string().optional() })),
    })
    .nullable(),
  /** Signal in dBm, signal-to-noise in dB. */
  radio: z
    .object({ rssi: z.number().nullable(), snr: z.number().nullable(), sf: z.number().nullable() })
    .nullable(),
  via: z.string().nullable(),
  /** As it last said itself: `%` left, or volts. */
  battery: z.object({ pct: z.number().nullable(), volts: z.number().nullable() }).nullable(),
});
export type DeviceRow = z.infer<typeof DeviceRow>;

/** One kept uplink of a device as stored in its segment. */
export const UplinkRow = z.object({
  at: z.string(),
  heard_at: z.string(),
  time_source: z.string(),
  via: z.string(),
  writer: z.string(),
  session: z.string().nullable(),
  f_cnt: z.number().int().nullable(),
  f_port: z.number().int().nullable(),
  payload_hex: z.string(),
  /** Why it could not be decoded; null when it was. */
  undecoded: z.string().nullable(),
  values: z.array(ValueShown),
  rssi: z.number().nullable(),
  snr: z.number().nullable(),
});
export type UplinkRow = z.infer<typeof UplinkRow>;

/** Frames of the last uplinks by their counters. */
export const FrameLoss = z.object({
  received: z.number().int(),
  lost: z.number().int(),
  /** Share of those sent, 0–100; null where there are too few to tell. */
  loss_pct: z.number().nullable(),
});
export type FrameLoss = z.infer<typeof FrameLoss>;

/** One device; what it told comes along when it is asked for. */
export const DeviceAlone = DeviceRow.extend({
  zone: z.string(),
  /** Those who live there now. */
  end_users: z.array(z.object({ end_user_id: z.string() })),
});
export type DeviceAlone = z.infer<typeof DeviceAlone>;

/** `readings`: the last 48 hours, newest first. `uplinks`: the last 50 heard, newest first. */
/** What a counter counted in the last 31 days, and what of it is out of the ordinary, newest first. */
export const CountShown = z.object({
  register: z.string(),
  unit: z.string(),
  scale: z.number().int(),
  total: z.number().int().nullable(),
  /** Reports that were due, and those that were heard. */
  expected: z.number().int(),
  heard: z.number().int(),
  events: z.array(
    z.object({
      mark: z.enum(markIds),
      title: z.string(),
      from: z.string(),
      to: z.string(),
      /** The index before, and what was shown then. */
      before: z.number().int().nullable(),
      after: z.number().int(),
      counted: z.number().int(),
    }),
  ),
});
export type CountShown = z.infer<typeof CountShown>;

export const DeviceDetails = DeviceAlone.extend({
  /** Null for a device that counts nothing, or told nothing yet. */
  count: CountShown.nullable(),
  frames: FrameLoss.nullable(),
  readings: z.array(
    z.object({ at: z.string(), time_source: z.string(), values: z.array(ValueShown) }),
  ),
  uplinks: z.array(UplinkRow),
});
export type DeviceDetails = z.infer<typeof DeviceDetails>;

export const SightingRow = z.object({
  dev_eui: z.string(),
  first_at: z.string(),
  last_at: z.string(),
  count: z.number().int(),
  gateway_id: z.string(),
  via: z.string(),
  rssi: z.number().nullable(),
  snr: z.number().nullable(),
  guess: z.object({ model: z.string(), values: z.array(z.string()) }).nullable(),
});
export type SightingRow = z.infer<typeof SightingRow>;

export const GatewayRow = z.object({
  id: z.string(),
  name: z.string(),
  enrolled_at: z.string(),
  /** When it last spoke with the hub. */
  last_seen_at: z.string().nullable(),
  communities: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      /** Whether it has the newest of the community; null when it has not said. */
      is_current: z.boolean().nullable(),
    }),
  ),
  version: z.string().nullable(),
  waiting: z.number().int().nullable(),
  uplinks_kept: z.number().int().nullable(),
  /** The gateway whose place it took. */
  replaces: z.string().nullable(),
  /** Radio sessions of that one which the hub could not hand to it: the devices join anew. */
  left_behind: z.array(LeftBehindRow),
  /** Null when it has not said since the hub's start. */
  sync: GatewaySync.nullable(),
  /** Null for one that is let in. */
  withdrawn: GatewayEnd.nullable(),
});
export type GatewayRow = z.infer<typeof GatewayRow>;

export const HubOverview = z.object({
  /** True from the first community on: pages show communities and people. */
  customer_mode: z.boolean(),
  communities: z.number().int(),
  devices: z.number().int(),
  health: z.record(z.enum(healths), z.number().int()),
  unregistered: z.number().int(),
  gateways: z.number().int(),
  gateways_away: z.number().int(),
  last_reading_at: z.string().nullable(),
});
export type HubOverview = z.infer<typeof HubOverview>;
