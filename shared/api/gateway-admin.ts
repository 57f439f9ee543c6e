/**
 * `gateway-admin`: what operators see of gateways and their claims.
 *
 * - `GET /gateways/claims` → page of `ClaimRow`; `POST` `NewClaim` → `ClaimMade`, the code told once;
 *   `POST /gateways/claims/check` a file → `ClaimCheck`, nothing is made; `POST /gateways/claims/many`
 *   `NewClaims` → `ClaimMade[]`; `POST /gateways/claims/csv` a file → a file with codes, for labels;
 *   `DELETE /gateways/claims/:id`
 * - `GET /gateways/:id`, `PATCH /gateways/:id`, `POST /gateways/:id/revoke`
 */
import { z } from "zod";
import { gatewayStates } from "#shared/model/gateway-states.ts";
import { leftBehindReasons } from "#shared/model/left-behind.ts";
import { HubTrouble, LastAway } from "./gateway-talk.ts";

/** How far a gateway and the hub are in step, as the gateway last said. */
export const GatewaySync = z.object({
  connected_since: z.string().nullable(),
  last_success_at: z.string().nullable(),
  /** In English, as the gateway logged it; null when all is well. */
  last_error: z.string().nullable(),
  /** The same as a code; null when all is well, and from a gateway that says only the sentence. */
  trouble: HubTrouble.nullable(),
  /** Of which it could tell afterwards only; null before the first since its start. */
  last_away: LastAway.nullable(),
  waiting: z.number().int(),
  waiting_bytes: z.number().int(),
  /** All that was heard until then is on the hub. */
  complete_until: z.string().nullable(),
  eta_ms: z.number().int().nullable(),
  /** Documents that the hub refused and that wait at the gateway. */
  denied: z.number().int(),
  /** What was asked for at the site and the hub has not answered yet. */
  asked: z.number().int(),
  /** Radio sessions of the machine before that it got and could not go on with. */
  left_behind: z.number().int(),
  /** Two machines speak with this identity. */
  has_twin: z.boolean(),
});
export type GatewaySync = z.infer<typeof GatewaySync>;

/** A device whose radio session did not go on with the machine that took another's place. */
export const LeftBehindRow = z.object({ device: z.string(), why: z.enum(leftBehindReasons) });
export type LeftBehindRow = z.infer<typeof LeftBehindRow>;

/** What is wanted of the list. */
export const GatewaysAsked = z.object({
  state: z.enum(gatewayStates).optional(),
  /** A community's id or `tenant_name`. */
  community: z.string().max(64).optional(),
  /** Part of a name, an id or a community's name. */
  q: z.string().trim().max(120).optional(),
});

/** What became of a gateway that is let in no more, and of the keys that lay on it. */
export const GatewayEnd = z.object({
  at: z.string(),
  why: z.enum(["revoked", "replaced"]),
  exposed: z.array(z.object({ device: z.string(), demand: z.enum(["rejoin", "new-key"]) })),
});
export type GatewayEnd = z.infer<typeof GatewayEnd>;

export const ClaimRow = z.object({
  id: z.string(),
  label: z.string(),
  communities: z.array(z.object({ id: z.string(), name: z.string() })),
  created_at: z.string(),
  expires_at: z.string(),
  /** The gateway that came with it. */
  used_by: z.string().nullable(),
  replaces: z.string().nullable(),
});
export type ClaimRow = z.infer<typeof ClaimRow>;

export const NewClaim = z.strictObject({
  /** Ids or `tenant_name`s, of one organization. May be left out where a machine is replaced. */
  communities: z.array(z.string().max(64)).max(200).default([]),
  label: z.string().trim().max(120).default(""),
  /** How long the code is good. */
  days: z.number().int().min(1).max(180).default(7),
  /** The gateway whose place the new one takes. */
  replaces: z.string().max(64).optional(),
});
export type NewClaim = z.infer<typeof NewClaim>;

export const ClaimMade = z.object({ ...ClaimRow.shape, code: z.string() });
export type ClaimMade = z.infer<typeof ClaimMade>;

export const MOST_CLAIMS = 1000;

/** Many codes at once, all or none. */
export const NewClaims = z.strictObject({
  claims: z
    .array(
      z.strictObject({
        /** Ids or `tenant_name`s, of one organization. */
        communities: z.array(z.string().max(64)).min(1).max(200),
        label: z.string().trim().max(120).default(""),
      }),
    )
    .min(1)
    .max(MOST_CLAIMS),
  /** How long the codes are good. */
  days: z.number().int().min(1).max(180).default(90),
});
export type NewClaims = z.infer<typeof NewClaims>;

/** Why a row makes no code. */
const claimProblems = [
  "no_community",
  "unknown_community",
  /** Several communities are called so: an id or a `tenant_name` says which. */
  "ambiguous_community",
  "too_many_communities",
  "label_too_long",
] as const;
/** What looks like a slip, and makes a code all the same. */
const claimWarnings = ["label_repeated", "label_taken"] as const;

/** A file of gateways to come, row by row, before anything is made. */
export const ClaimCheck = z.object({
  rows: z.array(
    z.object({
      /** Line of the file, from 1. */
      line: z.number().int(),
      /** As it will be: the community's name where the row gives none. */
      label: z.string(),
      /** Those that were found. */
      communities: z.array(z.object({ id: z.string(), name: z.string() })),
      problems: z.array(z.object({ code: z.enum(claimProblems), value: z.string() })),
      warnings: z.array(z.enum(claimWarnings)),
    }),
  ),
  /** What had to be assumed of the file, in English. */
  notes: z.array(z.string()),
});
export type ClaimCheck = z.infer<typeof ClaimCheck>;

export const ChangedGateway = z.strictObject({ name: z.string().trim().min(1).max(120) });
