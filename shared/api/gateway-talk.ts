/**
 * `gateway-talk`: what a gateway and its hub say to each other beside replication, over
 * `/api/v1/gateways/…`. Machines only; people have routes of their own.
 *
 * - `POST /claim` `Claim` → `Claimed`: with a code from the hub; afterwards the gateway is known.
 * - `POST /token` `{assertion}` → `Talk`: proves itself, gets an access token.
 * - `POST /watch` with the token, `Watch` → `Talk` without a token: waits until something changed.
 * - `POST /months` with the token, `MissingMonth` → which databases were made.
 * - `POST /held` with the token, `Held` → `HeldMonth[]`: what the hub has of this gateway.
 * - `POST /inherited` with the token, `Heirs` → `Inherited`: which of these machines were withdrawn, and what the hub
 *   has of them: they cannot bring again what it lost.
 * - `POST /lacking` with the token, `Lacking` → those of the ids that the hub lacks.
 * - `POST /returned` with the token, `Returned` → how many of these segments it lacked: of a machine that was
 *   withdrawn, or of the asking one's own in a month that is history.
 */
import { z } from "zod";
import { GatewayIdentity } from "#shared/model/gateway-identity.ts";
import { hubTroubleCodes } from "#shared/model/hub-troubles.ts";
import { Epoch, GatewayId, TenantName } from "#shared/model/ids.ts";
import { SegmentDoc } from "#shared/model/segment.ts";

const Jwk = z.object({
  kty: z.literal("EC"),
  crv: z.literal("P-256"),
  x: z.string().max(64),
  y: z.string().max(64),
});

/** Who the hub is. A gateway remembers it from its first talk. */
export const HubFace = z.object({
  id: z.string().regex(/^[0-9a-f]{16}$/),
  /** Signs statements (ES256). */
  identity: Jwk,
  /** Seals what only the hub may read (ECDH-ES+A256KW). */
  sealing: Jwk,
});
export type HubFace = z.infer<typeof HubFace>;

export const Claim = z.strictObject({
  code: z.string().max(40),
  gateway: GatewayIdentity,
  /** Signed with the gateway's own key: nobody claims a machine they do not hold. */
  assertion: z.string().max(4096),
});
export type Claim = z.infer<typeof Claim>;

export const Claimed = z.object({
  gateway_id: GatewayId,
  name: z.string(),
  hub: HubFace,
  hub_time: z.iso.datetime(),
  communities: z.array(z.object({ tenant: TenantName, name: z.string() })),
});
export type Claimed = z.infer<typeof Claimed>;

/** One community as its gateway has to know it. Versions are opaque: another one means there is news. */
export const CommunityTalk = z.object({
  tenant: TenantName,
  name: z.string(),
  /** Name of the `site` database that counts. */
  site: z.string(),
  siteVersion: z.string(),
  /**
   * Months of which there are databases, oldest first, with a version of what lies in them: of
   * segments only where others than this gateway write here.
   */
  months: z.array(
    z.object({ month: z.string().regex(/^[0-9]{6}$/), tele: z.string(), events: z.string() }),
  ),
  /** Databases with frozen months and years, to be fetched when the version is another one. */
  history: z.array(z.string()).default([]),
  historyVersion: z.string().default(""),
});
export type CommunityTalk = z.infer<typeof CommunityTalk>;

export const Talk = z.object({
  hub_time: z.iso.datetime(),
  hub: HubFace,
  /** One life of the hub's data: another one after a restore from a backup. */
  life: z.string(),
  communities: z.array(CommunityTalk),
  /** Communities whose every trace has to go. */
  erased: z.array(TenantName),
  /** Another machine speaks with this gateway's identity. */
  hasTwin: z.boolean(),
  /** Of all the above. */
  version: z.string(),
});
export type Talk = z.infer<typeof Talk>;

export const TokenTalk = Talk.extend({
  access_token: z.string().min(1),
  /** s */
  expires_in: z.number().positive(),
});
export type TokenTalk = z.infer<typeof TokenTalk>;

/** What keeps a gateway and its hub from being in step. */
export const HubTrouble = z.object({
  /** A gateway newer than this hub may know more of them: its sentence is shown then. */
  code: z.enum(hubTroubleCodes).catch("unexpected"),
  /** The HTTP status that was answered. */
  status: z.number().int().min(0).max(999).optional(),
  /** How long the hub asks to wait, or how far its clock is ahead of the gateway's, s. */
  seconds: z.number().int().optional(),
});
export type HubTrouble = z.infer<typeof HubTrouble>;

/** The last time a gateway could not reach its hub, and why. */
export const LastAway = z.object({
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  /** In English, as it logged it. */
  sentence: z.string().max(300),
  trouble: HubTrouble.nullable(),
});
export type LastAway = z.infer<typeof LastAway>;

/**
 * How a gateway is doing, as it says itself. No person, no device. What a newer gateway says
 * beyond it is not read.
 */
export const GatewayReport = z.object({
  version: z.string().max(40),
  epoch: Epoch,
  startedAt: z.iso.datetime(),
  connectedSince: z.iso.datetime().nullable(),
  lastSuccessAt: z.iso.datetime().nullable(),
  /** In English, for logs; null after a success. */
  lastError: z.string().max(300).nullable(),
  /** The same as a code; gateways before 0.1.0 say only the sentence. */
  trouble: HubTrouble.nullable().optional(),
  lastAway: LastAway.nullable().optional(),
  /** Readings' uplinks the hub has not confirmed, and about how many bytes they are on the line. */
  waiting: z.number().int().min(0),
  waitingBytes: z.number().int().min(0),
  /** All that was heard until then is on the hub; null while nothing was confirmed. */
  completeUntil: z.iso.datetime().nullable(),
  /** How long the rest takes at the present pace, ms; null when nobody can say. */
  etaMs: z.number().int().min(0).nullable(),
  /** Documents the hub refused, which wait to be offered again. */
  denied: z.number().int().min(0),
  /** What was asked for at the site and is not answered yet. */
  asked: z.number().int().min(0).optional(),
  /** Radio sessions of the machine before that it could not go on with, and whose devices have not joined since. */
  leftBehind: z.number().int().min(0).optional(),
  /** By community: the `projectedAt` of the `site` in use. */
  sites: z.record(TenantName, z.string().max(40)),
  /** By community: the generation of the `site` in use. */
  generations: z.record(TenantName, z.int().min(0)).optional(),
  /** Communities of which there is anything here. */
  holds: z.array(TenantName).max(1000),
});
export type GatewayReport = z.infer<typeof GatewayReport>;

export const Watch = z.strictObject({
  /** What the gateway knows; null asks for an answer at once. */
  version: z.string().max(100).nullable(),
  waitMs: z.number().int().min(0).max(120_000),
  report: GatewayReport.optional(),
});
export type Watch = z.infer<typeof Watch>;

export const MissingMonth = z.strictObject({
  tenant: TenantName,
  month: z.string().regex(/^[0-9]{4}(0[1-9]|1[0-2])$/),
});
export type MissingMonth = z.infer<typeof MissingMonth>;
export const MadeMonth = z.object({
  /** Whether a database was missing: then what lay in it has to be brought again. */
  isNew: z.boolean(),
  /** It is history: what of it the hub lacks is brought another way. */
  isHistory: z.boolean(),
});

export const Held = z.strictObject({ tenant: TenantName });
/** What the hub has of the asking gateway in one month: enough to see whether it is the same. */
export const HeldMonth = z.object({
  month: z.string(),
  kind: z.enum(["tele", "events"]),
  count: z.number().int().min(0),
  /** The last id; null for none. */
  last: z.string().nullable(),
  /** SHA-256 over all ids in order, each followed by a line end, base64url. */
  digest: z.string(),
});
export type HeldMonth = z.infer<typeof HeldMonth>;

/** Machines of which the asking gateway has segments. */
export const Heirs = Held.extend({ writers: z.array(GatewayId).max(500) });
export const Inherited = z.object({
  writers: z.array(GatewayId),
  months: z.array(z.object({ writer: GatewayId, month: z.string(), digest: z.string() })),
});
export type Inherited = z.infer<typeof Inherited>;
/** Segments asked for, and brought, at once at most. */
export const MOST_LACKING = 1_000;
export const MOST_RETURNED = 20;
const OfWithdrawn = MissingMonth.extend({ writer: GatewayId });
export const Lacking = OfWithdrawn.extend({ ids: z.array(z.string().max(120)).max(MOST_LACKING) });
/** With the revisions they have. */
export const Returned = OfWithdrawn.extend({
  docs: z.array(z.looseObject({ ...SegmentDoc.shape, _rev: z.string() })).max(MOST_RETURNED),
});
export const ReturnedCount = z.object({ segments: z.number().int() });
