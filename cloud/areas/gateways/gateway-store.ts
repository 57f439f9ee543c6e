/**
 * `gateway-store`: the machines that run the edge: their public keys, their communities, and
 * whether they are revoked. Of a gateway the hub never holds anything secret.
 */
import { z } from "zod";
import type { DenyJournal } from "#cloud/hub/deny-journal.ts";
import type { Registry } from "#cloud/hub/registry.ts";
import { reachesCommunity, reachesOrganization } from "#cloud/hub/scoped-documents.ts";
import { save } from "#cloud/hub/save.ts";
import { withdrawals } from "#shared/auth/hub-statement.ts";
import type { GatewayReport } from "#shared/api/gateway-talk.ts";
import type { Clock } from "#shared/model/clock.ts";
import { Fault, isFault } from "#shared/model/fault.ts";
import { GatewayIdentity } from "#shared/model/gateway-identity.ts";
import { CommunityId, DeviceId, GatewayId, OrganizationId } from "#shared/model/ids.ts";
import type { Scope } from "#shared/model/scope.ts";
import { At } from "#shared/model/site.ts";

/** What has to become of a device's keys: a new join is enough, or a new root key is needed. */
export const exposures = ["rejoin", "new-key"] as const;

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
  /** The machine whose place it took. */
  replaces: GatewayId.optional(),
  /** Let in no more: since when and why. */
  withdrawn: z.object({ at: At, why: z.enum(withdrawals) }).optional(),
  /**
   * Devices whose keys lay on it when it was revoked. A new session is asked of them all; a root
   * key cannot be changed over the air, so somebody has to give the device a new one.
   */
  exposed: z.array(z.object({ deviceId: DeviceId, demand: z.enum(exposures) })).optional(),
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
  /** As it is just now, changed: when it was last seen is written now and then. @throws Fault "not_found" */
  change(
    scope: Scope,
    gatewayId: GatewayId,
    changed: (doc: GatewayDoc) => GatewayDoc,
  ): Promise<GatewayDoc>;
  /** Shuts a gateway out at once and for good. @throws Fault "not_found" */
  revoke(
    scope: Scope,
    gatewayId: GatewayId,
    more?: Partial<Pick<GatewayDoc, "withdrawn" | "exposed">>,
  ): Promise<GatewayDoc>;
  /** Without waiting for the disk: asked on every request of a gateway. */
  isRevoked(gatewayId: GatewayId): boolean;
  /** It spoke with the hub just now. Written down by `flush`, so that talk costs no write. */
  seen(gatewayId: GatewayId): void;
  /** When it last spoke, epoch ms, or null. */
  lastSeen(doc: GatewayDoc): number | null;
  /** What it says of itself; the newest counts. */
  reported(gatewayId: GatewayId, report: GatewayReport): void;
  report(gatewayId: GatewayId): GatewayReport | undefined;
  /** True while two machines speak with this identity. */
  hasTwin(gatewayId: GatewayId): boolean;
  flush(): Promise<void>;
}

/** Of a write that met another one. */
const TRIES = 5;
/** Two machines are told of for this long after one of them was heard between two words of the other. */
const TWIN_MS = 3_600_000;
/** Epochs of a gateway that are remembered as over. */
const MOST_OVER = 50;

export async function gatewayStore(
  registry: Registry,
  clock: Clock,
  journal: Pick<DenyJournal, "add" | "isDenied">,
): Promise<GatewayStore> {
  const { riser } = registry;
  const denied = new Set<GatewayId>();
  const seenMs = new Map<GatewayId, number>();
  const unwritten = new Set<GatewayId>();
  const reports = new Map<GatewayId, GatewayReport>();
  const twins = new Map<GatewayId, number>();
  /** Epochs that were followed by another one. */
  const over = new Map<GatewayId, Set<string>>();
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
  const change: GatewayStore["change"] = async (scope, gatewayId, changed) => {
    for (let tries = 1; ; tries++) {
      const doc = changed(await find(scope, gatewayId));
      try {
        await save(riser.database, [doc]);
        return doc;
      } catch (error) {
        if (!isFault(error, "conflict") || tries === TRIES) throw error;
      }
    }
  };
  return {
    find,
    change,
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
    async revoke(scope, gatewayId, more = {}) {
      await find(scope, gatewayId);
      const deniedAt = new Date(clock.now()).toISOString();
      const mark = change(scope, gatewayId, (doc) => {
        const withdrawn = doc.withdrawn ?? { at: deniedAt, why: "revoked" as const };
        return { ...doc, withdrawn, ...more };
      });
      // Why comes before the denial, so that who asks just then is told right; nothing stops the denial.
      const outcome = await mark.then(
        (doc) => ({ doc }),
        (error: unknown) => ({ error }),
      );
      denied.add(gatewayId);
      if (more.withdrawn?.why === "replaced") await journal.add("replaced", gatewayId);
      await journal.add("gateway", gatewayId);
      const denial: DenyDoc = { _id: `deny:${gatewayId}`, type: "deny", v: 1, gatewayId, deniedAt };
      if (!(await riser.database.get(denial._id))) await save(riser.database, [denial]);
      if ("error" in outcome) throw outcome.error;
      return outcome.doc;
    },
    isRevoked: (gatewayId) => denied.has(gatewayId) || journal.isDenied("gateway", gatewayId),
    reported(gatewayId, report) {
      const before = reports.get(gatewayId);
      reports.set(gatewayId, report);
      if (!before || before.epoch === report.epoch) return;
      const ended = over.get(gatewayId) ?? new Set();
      over.set(gatewayId, ended);
      // It was over, and speaks again. One that begins is no twin, whatever it counts from: a machine that went
      // back to an old image of its disk counts anew.
      if (ended.has(report.epoch)) twins.set(gatewayId, clock.now());
      ended.add(before.epoch);
      const [oldest] = ended;
      if (ended.size > MOST_OVER && oldest !== undefined) ended.delete(oldest);
    },
    report: (gatewayId) => reports.get(gatewayId),
    hasTwin: (gatewayId) => clock.now() - (twins.get(gatewayId) ?? -Infinity) < TWIN_MS,
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
