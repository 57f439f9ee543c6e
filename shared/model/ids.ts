/**
 * `ids`: the names things go by, each a type of its own, parsed once at the door.
 *
 * An id made here carries no person and no address: residents' and units' ids are random.
 */
import { z } from "zod";

/**
 * The 64-bit address a LoRaWAN device is born with: 16 lower-case hex digits, most significant
 * digit first, as printed on its label; on air it travels the other way round.
 *
 * @see LoRaWAN 1.0.4 Link Layer Specification, section 6.1.1.2
 */
export const DevEui = z
  .string()
  .overwrite((text) => text.replaceAll(/[\s:.-]/g, "").toLowerCase())
  .regex(/^[0-9a-f]{16}$/, "a DevEUI is 16 hex digits")
  .brand<"DevEui">();
export type DevEui = z.infer<typeof DevEui>;

/**
 * What telemetry calls a device: its DevEUI, or for a source that has none (a wM-Bus receiver,
 * a smart plug on MQTT) a lower-case source id that cannot be mistaken for one.
 */
export const DeviceId = z
  .string()
  .regex(
    /^([0-9a-f]{16}|x-[a-z0-9][a-z0-9._-]{0,61})$/,
    "a device id is a DevEUI or begins with x-",
  )
  .brand<"DeviceId">();
export type DeviceId = z.infer<typeof DeviceId>;

/** A community's slug: names its databases and routes its webhooks; unique on a hub, never changed, never used again. */
export const TenantName = z
  .string()
  .regex(
    /^[a-z][a-z0-9-]{1,38}$/,
    "2 to 39 lower-case letters, digits and hyphens, beginning with a letter",
  )
  .brand<"TenantName">();
export type TenantName = z.infer<typeof TenantName>;

/** A machine running the edge runtime: `gw-` and 16 hex digits of its signing key's thumbprint (RFC 7638). */
export const GatewayId = z
  .string()
  .regex(/^gw-[0-9a-f]{16}$/, "a gateway id is gw- and 16 hex digits")
  .brand<"GatewayId">();
export type GatewayId = z.infer<typeof GatewayId>;

/** Who writes telemetry: a gateway, or a process of the hub. */
export const WriterId = z
  .string()
  .regex(/^(gw-[0-9a-f]{16}|hub-[0-9a-f]{8,16})$/)
  .brand<"WriterId">();
export type WriterId = z.infer<typeof WriterId>;

/** One life of a writer's process: a start counter (8 hex digits, so that epochs sort) and 64 random bits. */
export const Epoch = z
  .string()
  .regex(/^[0-9a-f]{8}-[0-9a-f]{16}$/)
  .brand<"Epoch">();
export type Epoch = z.infer<typeof Epoch>;

/** Random ids of the objects an operator keeps: a short kind, a hyphen, 16 characters of base 32 (80 bits). */
const randomId = <B extends string>(kind: string) =>
  z
    .string()
    .regex(
      new RegExp(`^${kind}-[0-9a-hjkmnp-tv-z]{16}$`),
      `an id of this kind is ${kind}- and 16 letters and digits`,
    )
    .brand<B>();
export const OrganizationId = randomId<"OrganizationId">("o");
export type OrganizationId = z.infer<typeof OrganizationId>;
export const CommunityId = randomId<"CommunityId">("c");
export type CommunityId = z.infer<typeof CommunityId>;
export const UnitId = randomId<"UnitId">("u");
export type UnitId = z.infer<typeof UnitId>;
export const ResidentId = randomId<"ResidentId">("r");
export type ResidentId = z.infer<typeof ResidentId>;
export const TenancyId = randomId<"TenancyId">("t");
export type TenancyId = z.infer<typeof TenancyId>;
export const InstallationId = randomId<"InstallationId">("i");
export type InstallationId = z.infer<typeof InstallationId>;
export const PersonId = randomId<"PersonId">("p");
export type PersonId = z.infer<typeof PersonId>;
/** A role that somebody holds somewhere. */
export const MembershipId = randomId<"MembershipId">("m");
export type MembershipId = z.infer<typeof MembershipId>;
/** A role an organization put together itself. */
export const RoleId = randomId<"RoleId">("rl");
export type RoleId = z.infer<typeof RoleId>;
/** A group of communities, people, units or devices. */
export const GroupId = randomId<"GroupId">("gr");
export type GroupId = z.infer<typeof GroupId>;
/** An API key; its secret stands elsewhere, hashed. */
export const KeyId = randomId<"KeyId">("k");
export type KeyId = z.infer<typeof KeyId>;

const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";

/** A new random id of `kind`; `random` gives that many random bytes. */
export function newId<T extends string>(kind: string, random: (size: number) => Uint8Array): T {
  let text = "";
  for (const byte of random(16)) text += ALPHABET[byte & 31];
  return `${kind}-${text}` as T;
}
