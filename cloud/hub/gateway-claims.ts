/**
 * `gateway-claims`: codes with which gateways come to the hub. Short, good once and for a time; only a
 * keyed hash of a code is kept, so that a copy of the database opens nothing.
 *
 * Which of two machines that bring the same code at once wins is decided by the document's
 * revision; the one that won may ask again, since its answer may have been lost on the line.
 */
import { createHmac } from "node:crypto";
import { z } from "zod";
import type { Clock } from "#shared/model/clock.ts";
import { newClaimCode, type ClaimCode } from "#shared/model/claim-code.ts";
import { Fault, isFault } from "#shared/model/fault.ts";
import { CommunityId, GatewayId, OrganizationId } from "#shared/model/ids.ts";
import type { Scope } from "#shared/model/scope.ts";
import { At } from "#shared/model/site.ts";
import type { DenyJournal } from "./deny-journal.ts";
import type { Registry } from "./registry.ts";
import { reachesCommunity, reachesOrganization } from "./scoped-documents.ts";

/**
 * `claim:{HMAC-SHA256 of the code, first 128 bits, hex}` in `riser`.
 *
 * History: 1 = first release.
 */
export const ClaimDoc = z.object({
  _id: z.string().startsWith("claim:"),
  type: z.literal("claim"),
  v: z.literal(1),
  organizationId: OrganizationId,
  /** Never none. */
  communities: z.array(CommunityId).min(1),
  /** What stands on the label, and the gateway's first name. */
  label: z.string().max(120),
  /** The machine whose place the new one takes. */
  replaces: GatewayId.optional(),
  createdAt: At,
  expiresAt: At,
  usedBy: GatewayId.optional(),
  usedAt: At.optional(),
});
export type ClaimDoc = z.infer<typeof ClaimDoc>;

export const CLAIM_LIFE_MS = 7 * 86_400_000;
export const LONGEST_CLAIM_LIFE_MS = 180 * 86_400_000;

export interface NewClaim {
  readonly organizationId: OrganizationId;
  readonly communities: readonly CommunityId[];
  readonly label: string;
  readonly lifeMs: number;
  readonly replaces?: GatewayId | undefined;
}

export interface GatewayClaims {
  /** The code is told here and never again. */
  make(scope: Scope, wanted: NewClaim): Promise<{ claim: ClaimDoc; code: ClaimCode }>;
  list(scope: Scope): Promise<ClaimDoc[]>;
  /** Calls back one that nobody used. @throws Fault "not_found", "conflict" */
  callBack(scope: Scope, id: string): Promise<ClaimDoc>;
  /** The claim behind a code, when this gateway may use it. @throws Fault "not_found" whatever is wrong with it */
  find(code: ClaimCode, gatewayId: GatewayId): Promise<ClaimDoc>;
  /** Makes it this gateway's. @throws Fault "not_found" when another one was quicker */
  use(claim: ClaimDoc, gatewayId: GatewayId): Promise<void>;
}

const noSuchCode = () =>
  new Fault(
    "not_found",
    "This code is not (or not any more) good: it was mistyped, used, called back, or its time is over.",
  );

export function gatewayClaims(
  registry: Registry,
  journal: DenyJournal,
  masterKey: Uint8Array,
  clock: Clock,
  random: (size: number) => Uint8Array,
): GatewayClaims {
  const { riser } = registry;
  const idOf = (code: ClaimCode) =>
    `claim:${createHmac("sha256", masterKey).update("claim\0").update(code).digest("hex").slice(0, 32)}`;
  const isInReach = (scope: Scope, doc: ClaimDoc) =>
    reachesOrganization(scope, doc.organizationId) &&
    doc.communities.every((id) => reachesCommunity(scope, id));
  const held = async () => riser.freshOf<ClaimDoc>("claim");
  return {
    async make(scope, { organizationId, communities, label, lifeMs, replaces }) {
      const code = newClaimCode(random);
      const nowMs = clock.now();
      const claim: ClaimDoc = {
        _id: idOf(code),
        type: "claim",
        v: 1,
        organizationId,
        communities: [...communities],
        label,
        ...(replaces === undefined ? {} : { replaces }),
        createdAt: new Date(nowMs).toISOString(),
        expiresAt: new Date(nowMs + Math.min(lifeMs, LONGEST_CLAIM_LIFE_MS)).toISOString(),
      };
      if (!isInReach(scope, claim))
        throw new Fault("not_found", "There is no such community here.");
      await riser.database.put(claim);
      return { claim, code };
    },
    async list(scope) {
      return [...(await held()).values()]
        .filter((doc) => isInReach(scope, doc))
        .sort((a, b) => (a.createdAt > b.createdAt ? -1 : 1));
    },
    async callBack(scope, id) {
      const claim = (await held()).get(`claim:${id}`);
      if (!claim || !isInReach(scope, claim))
        throw new Fault("not_found", "There is no such claim here.");
      if (claim.usedBy !== undefined)
        throw new Fault("conflict", "A gateway came with this code already. Revoke the gateway.");
      await journal.add("claim", claim._id);
      const { _rev } = claim as { _rev?: string };
      await riser.database.remove(claim._id, _rev as string);
      return claim;
    },
    async find(code, gatewayId) {
      const claim = (await held()).get(idOf(code));
      if (!claim) throw noSuchCode();
      if (claim.usedBy === gatewayId) return claim;
      // The journal remembers a use that a restored database has forgotten.
      const isSpent = claim.usedBy !== undefined || journal.isDenied("claim", claim._id);
      if (isSpent || clock.now() >= Date.parse(claim.expiresAt)) throw noSuchCode();
      return claim;
    },
    async use(claim, gatewayId) {
      if (claim.usedBy === gatewayId) return;
      const usedAt = new Date(clock.now()).toISOString();
      try {
        await riser.database.put({ ...claim, usedBy: gatewayId, usedAt });
      } catch (error) {
        if (isFault(error, "conflict")) throw noSuchCode();
        throw error;
      }
      await journal.add("claim", claim._id);
    },
  };
}
