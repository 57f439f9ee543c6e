/**
 * `site`: what the hub tells a community's gateways, one generation at a time.
 *
 * The documents of `t-{tenant}-site-{generation}`. The hub alone writes and revises them; a
 * restore or an erasure makes a new generation, gateways switch whole and destroy the old one.
 * First names and access-code hashes stand here and in no other replicated database. Device keys
 * are only ever inside the JWE of a `keys:` document, sealed for one gateway.
 *
 * History: 1 = first release.
 */
import { z } from "zod";
import { FieldMapping } from "./field-mapping.ts";
import {
  DeviceId,
  GatewayId,
  InstallationId,
  KeyId,
  ResidentId,
  TenancyId,
  TenantName,
  UnitId,
} from "./ids.ts";
import { JsonMapping } from "./json-mapping.ts";
import { meterKindIds } from "./meter-kinds.ts";
import { units } from "./registers.ts";

/** ISO 8601 in UTC with a Z. */
export const At = z.iso.datetime();

/** A half-open stretch of time; without `to` it goes on. */
const period = { from: At, to: At.optional() };

/** What one number on the counter stands for: `n` × 10^`scale` of `unit`, of the register's own unit without one. */
export const Multiplier = z.object({
  n: z.number().int().positive(),
  scale: z.number().int().min(-12).max(12),
  unit: z.enum(units).optional(),
});

/** Largest logo, characters of its data address (about 48 KB of picture). */
const LOGO_CHARS = 65_536;

/** What a community's pages are dressed in. */
export const Brand = z.object({
  name: z.string().trim().min(1).max(120),
  colour: z
    .string()
    .regex(/^#[0-9a-f]{6}$/)
    .optional(),
  /** A picture inside the address itself, so that a gateway shows it offline; no SVG, which may hold scripts. */
  logo: z
    .string()
    .max(LOGO_CHARS)
    .regex(
      /^data:image\/(png|jpeg|webp);base64,[A-Za-z0-9+/]+={0,2}$/,
      "a PNG, JPEG or WebP picture",
    )
    .optional(),
});
export type Brand = z.infer<typeof Brand>;

/** Whether residents see hours: yes, no, or those who agreed. */
export const HourlyDetail = z.enum(["on", "off", "consent"]);
export type HourlyDetail = z.infer<typeof HourlyDetail>;

/** `_id` "site": the community itself. */
export const SiteDoc = z.object({
  _id: z.literal("site"),
  type: z.literal("site"),
  v: z.literal(1),
  tenant: TenantName,
  generation: z.number().int().min(1),
  name: z.string(),
  /** IANA zones with the time from which each holds, oldest first; never empty. */
  zones: z.array(z.object({ from: At, zone: z.string() })).min(1),
  language: z.enum(["en", "es", "de", "fr"]),
  brand: Brand,
  /** Absent: on. */
  hourlyDetail: HourlyDetail.optional(),
  /** What belongs to this state of the site beside this document: see `access/site-parts`. */
  parts: z.object({ count: z.number().int().min(0), digest: z.string().length(43) }).optional(),
  /** When the hub wrote this projection. */
  projectedAt: At,
});
export type SiteDoc = z.infer<typeof SiteDoc>;

/** `unit:{unitId}`: a home with those who live and lived in it. */
export const UnitDoc = z.object({
  _id: z.string().startsWith("unit:"),
  type: z.literal("unit"),
  v: z.literal(1),
  unitId: UnitId,
  name: z.string(),
  building: z.string().optional(),
  tenancies: z.array(z.object({ tenancyId: TenancyId, residentId: ResidentId, ...period })),
});
export type UnitDoc = z.infer<typeof UnitDoc>;

/** `device:{deviceId}`: a meter or sensor, where it is mounted and was. */
export const DeviceDoc = z.object({
  _id: z.string().startsWith("device:"),
  type: z.literal("device"),
  v: z.literal(1),
  deviceId: DeviceId,
  name: z.string(),
  kind: z.enum(meterKindIds),
  /** The decoder's `maker/model`, or `own/{slug}` for one the organization brought itself. */
  model: z.string(),
  serial: z.string().optional(),
  /** How often it is expected to report. */
  expectedIntervalMs: z.number().int().positive(),
  /** The community holds the device in these stretches, oldest first; between and after them it does not. */
  held: z.array(z.object(period)).min(1),
  /** Alone answers its joins and sends its downlinks; absent for a device heard through a network server. */
  homeGatewayId: GatewayId.optional(),
  /** What the counter can do, where it is known: the first number it cannot show, the most it passes in an hour. */
  counter: z
    .object({
      /** Of both numbers, in the unit consumption is told in (m³, kWh), after the multiplier. */
      scale: z.number().int().min(-12).max(12),
      modulusN: z.number().int().positive().optional(),
      mostPerHourN: z.number().int().positive().optional(),
    })
    .optional(),
  /**
   * `startN` and `endN` are what the counter showed at mounting and removal, × 10^`scale` in
   * `indexUnit` (the register's own without one), before the multiplier. What was told wrongly
   * once is told again here: consumption is computed from these when it is asked for.
   */
  installations: z.array(
    z.object({
      installationId: InstallationId,
      unitId: UnitId,
      ...period,
      startN: z.number().int().optional(),
      endN: z.number().int().optional(),
      scale: z.number().int().optional(),
      indexUnit: z.enum(units).optional(),
      multiplier: Multiplier.optional(),
    }),
  ),
});
export type DeviceDoc = z.infer<typeof DeviceDoc>;

/** `code:{finder}`: a resident's access code for the LAN: public finder, argon2id hash of the secret. */
export const CodeDoc = z.object({
  _id: z.string().startsWith("code:"),
  type: z.literal("code"),
  v: z.literal(1),
  finder: z.string().regex(/^[0-9A-HJKMNP-TV-Z]{4}$/),
  secretHash: z.string().startsWith("$argon2id$"),
  residentId: ResidentId,
  /** What the page calls them. */
  firstName: z.string(),
  language: z.enum(["en", "es", "de", "fr"]),
  isDisabled: z.boolean(),
  /** They want to see hours where the community asks each of its residents. */
  hasAgreedToHours: z.boolean().optional(),
  expiresAt: At.optional(),
});
export type CodeDoc = z.infer<typeof CodeDoc>;

/**
 * `keys:{gatewayId}`: the root keys of the devices whose home is that gateway. `jwe` is a compact
 * JWE (ECDH-ES+A256KW, A256GCM) for the gateway's encryption key; inside is a `KeyBundle` as JSON.
 */
export const KeysDoc = z.object({
  _id: z.string().startsWith("keys:"),
  type: z.literal("keys"),
  v: z.literal(1),
  gatewayId: GatewayId,
  jwe: z.string(),
});
export type KeysDoc = z.infer<typeof KeysDoc>;

const Key = z.string().regex(/^[0-9a-f]{32}$/);

/** What a device joins over the air with (OTAA): its root key, 32 hex digits. */
export const JoinKeys = z.object({
  joinEui: z.string().regex(/^[0-9a-f]{16}$/),
  appKey: Key,
  macVersion: z.enum(["1.0"]),
});
export type JoinKeys = z.infer<typeof JoinKeys>;

/** What a device was given at its factory instead (ABP): one session for life. */
export const FixedSession = z.object({
  devAddr: z.string().regex(/^[0-9a-f]{8}$/),
  nwkSKey: Key,
  appSKey: Key,
  macVersion: z.enum(["1.0"]),
});
export type FixedSession = z.infer<typeof FixedSession>;

/** Inside the JWE: per DevEUI the keys it joins with, or the session it has for life. */
export const KeyBundle = z.object({
  devices: z.record(DeviceId, z.union([JoinKeys, FixedSession])),
  /**
   * Sessions of the machine whose place this one takes, each a text as its network server wrote it.
   * Whoever takes one looks at it for itself: another form of one must not cost the keys of all.
   */
  sessions: z.record(DeviceId, z.unknown()).optional(),
});
export type KeyBundle = z.infer<typeof KeyBundle>;

/** What `own/{slug}` begins with: no maker is called so. */
export const OWN_MODELS = "own/";

/** A decoder's name within its organization. */
export const DecoderSlug = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,59}$/, "lower-case letters, digits and hyphens, at most 60");

/** Longest script, characters: the sandbox takes no longer one. */
export const SCRIPT_CHARS = 256 * 1024;

/** A frame a decoder is tried with: bytes as hex, and what it should answer when somebody has said so. */
export const DecoderExample = z.object({
  title: z.string().max(200).optional(),
  fPort: z.int().min(1).max(255).nullable(),
  hex: z.string().regex(/^([0-9a-f]{2}){0,512}$/),
  /** The answer's `data` as JSON has it; absent: any answer without errors will do. */
  expected: z.unknown().optional(),
});
export type DecoderExample = z.infer<typeof DecoderExample>;

/**
 * `decoder:{slug}`: a maker's script that the organization brought, in the version in force, with the
 * registers its fields are. Devices of model `own/{slug}` are decoded by it, here and on the hub alike.
 */
export const DecoderDoc = z.object({
  _id: z.string().startsWith("decoder:"),
  type: z.literal("decoder"),
  v: z.literal(1),
  slug: DecoderSlug,
  title: z.string().min(1).max(200),
  /** Which function it brings: TS013's `decodeUplink`, or an older server's `Decode` or `Decoder`. */
  language: z.enum(["ts013", "decode", "decoder"]),
  /** Goes up whenever script or mapping changes. */
  version: z.int().min(1),
  source: z.string().min(1).max(SCRIPT_CHARS),
  mapping: FieldMapping,
  examples: z.array(DecoderExample).max(50),
  /**
   * Uplinks sent from then on are decoded again by this version, whatever an earlier one made of them.
   * Those that nothing could be made of are always tried again, with it or without.
   */
  redecodeFrom: At.optional(),
});
export type DecoderDoc = z.infer<typeof DecoderDoc>;

/**
 * `mapping:{name}`: where in somebody's own JSON the readings stand, for messages that no format knows.
 */
export const MappingDoc = z.object({
  _id: z.string().startsWith("mapping:"),
  type: z.literal("mapping"),
  v: z.literal(1),
  mapping: JsonMapping,
});
export type MappingDoc = z.infer<typeof MappingDoc>;

/**
 * `program:{keyId}`: a program that reads this community on its gateways, without internet. Of its
 * key only the hash of 256 random bits stands here; on the hub that key opens nothing.
 */
export const ProgramDoc = z.object({
  _id: z.string().startsWith("program:"),
  type: z.literal("program"),
  v: z.literal(1),
  keyId: KeyId,
  /** SHA-256, hex. */
  secretHash: z.string().regex(/^[0-9a-f]{64}$/),
  expiresAt: At.optional(),
});
export type ProgramDoc = z.infer<typeof ProgramDoc>;

export const SiteDocument = z.discriminatedUnion("type", [
  SiteDoc,
  UnitDoc,
  DeviceDoc,
  CodeDoc,
  KeysDoc,
  DecoderDoc,
  MappingDoc,
  ProgramDoc,
]);
export type SiteDocument = z.infer<typeof SiteDocument>;
