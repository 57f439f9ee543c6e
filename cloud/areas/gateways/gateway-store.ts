/**
 * `gateway-store`: the machines that run the edge: their public keys, their communities, and
 * whether they are revoked. Of a gateway the hub never holds anything secret.
 */
import { z } from "zod";
import type { Registry } from "#cloud/hub/registry.ts";
import { reachesCommunity, reachesOrganization } from "#cloud/hub/scoped-documents.ts";
import { save } from "#cloud/hub/save.ts";
import type { Clock } from "#shared/model/clock.ts";
import { Fault } from "#shared/model/fault.ts";
import { GatewayIdentity } from "#shared/model/gateway-identity.ts";
import { CommunityId, type GatewayId, OrganizationId } from "#shared/model/ids.ts";
import type { Scope } from "#shared/model/scope.ts";
import { At } from "#shared/model/site.ts";

/**
 * `gateway:{gatewayId}` in `riser`.
 *
 * History: 1 = first release.
 */
export const GatewayDoc = z.object({
  _id: z.string().startsWith("gateway:"),
  type: z.literal("gateway"),
  v: z.literal(1),
  ...GatewayIdentity.shape,
  organizationId: OrganizationId,
  name: z.string(),
  communities: z.array(CommunityId),
  enrolledAt: At,
  lastSeenAt: At.nullable(),
});
export type GatewayDoc = z.infer<typeof GatewayDoc>;

/**
 * `deny:{gatewayId}` in `riser`: this gateway is let in nowhere, whatever its token says.
 *
 * History: 1 = first release.
 */
export interface DenyDoc {
  readonly _id: string;
  readonly type: "deny";
  readonly v: 1;
  readonly gatewayId: GatewayId;
  readonly deniedAt: string;
  readonly [field: string]: unknown;
}

export interface GatewayStore {
  list(scope: Scope): Promise<GatewayDoc[]>;
  /** @throws Fault "not_found" */
  find(scope: Scope, gatewayId: string): Promise<GatewayDoc>;
  save(scope: Scope, doc: GatewayDoc): Promise<void>;
  /** Shuts a gateway out at once and for good. @throws Fault "not_found" */
  revoke(scope: Scope, gatewayId: GatewayId): Promise<void>;
  /** Without waiting for the disk: asked on every request of a gateway. */
  isRevoked(gatewayId: GatewayId): boolean;
  /** It spoke with the hub just now. Written down by `flush`, so that talk costs no write. */
  seen(gatewayId: GatewayId): void;
  /** When it last spoke, epoch ms, or null. */
  lastSeen(doc: GatewayDoc): number | null;
  flush(): Promise<void>;
}

export async function gatewayStore(registry: Registry, clock: Clock): Promise<GatewayStore> {
  const { riser } = registry;
  const denied = new Set<GatewayId>();
  const seenMs = new Map<GatewayId, number>();
  const unwritten = new Set<GatewayId>();
  for (const doc of (await riser.freshOf<DenyDoc>("deny")).values()) denied.add(doc.gatewayId);

  const inReach = (scope: Scope, doc: GatewayDoc) =>
    reachesOrganization(scope, doc.organizationId) &&
    (scope.kind !== "communities" || doc.communities.some((id) => reachesCommunity(scope, id)));
  const find = async (scope: Scope, gatewayId: string) => {
    const doc = (await riser.freshOf<GatewayDoc>("gateway")).get(`gateway:${gatewayId}`);
    if (!doc || !inReach(scope, doc))
      throw new Fault("not_found", "There is no such gateway here.");
    return doc;
  };
  return {
    find,
    async list(scope) {
      const all = [...(await riser.freshOf<GatewayDoc>("gateway")).values()];
      return all
        .filter((doc) => inReach(scope, doc))
        .sort((a, b) => (a.enrolledAt < b.enrolledAt ? -1 : 1));
    },
    async save(scope, doc) {
      if (!inReach(scope, doc))
        throw new Fault("forbidden", "That lies outside of what you may change.");
      await save(riser.database, [doc]);
    },
    async revoke(scope, gatewayId) {
      await find(scope, gatewayId);
      denied.add(gatewayId);
      const deniedAt = new Date(clock.now()).toISOString();
      const doc: DenyDoc = { _id: `deny:${gatewayId}`, type: "deny", v: 1, gatewayId, deniedAt };
      if (!(await riser.database.get(doc._id))) await save(riser.database, [doc]);
    },
    isRevoked: (gatewayId) => denied.has(gatewayId),
    seen(gatewayId) {
      seenMs.set(gatewayId, clock.now());
      unwritten.add(gatewayId);
    },
    lastSeen(doc) {
      const written = doc.lastSeenAt === null ? null : Date.parse(doc.lastSeenAt);
      return seenMs.get(doc.gatewayId) ?? written;
    },
    async flush() {
      const gateways = await riser.freshOf<GatewayDoc>("gateway");
      const due = [...unwritten];
      unwritten.clear();
      for (const gatewayId of due) {
        const doc = gateways.get(`gateway:${gatewayId}`);
        const ms = seenMs.get(gatewayId);
        if (!doc || ms === undefined) continue;
        const lastSeenAt = new Date(ms).toISOString();
        // Enrolled anew meanwhile: the next minute writes it.
        await save(riser.database, [{ ...doc, lastSeenAt }]).catch(() => unwritten.add(gatewayId));
      }
    },
  };
}
