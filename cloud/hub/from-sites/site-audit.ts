/** `site-audit`: what happened at a site, for the audit: with the time and the gateway it happened at. */
import { createHash } from "node:crypto";
import type { AuditEntry } from "#cloud/hub/audit-store.ts";
import type { CommunityDoc, Hub } from "#cloud/hub/hub.ts";
import type { EventOf } from "#shared/model/events/list.ts";
import { isFault } from "#shared/model/fault.ts";
import { ResidentId, type PersonId } from "#shared/model/ids.ts";
import { systemScope } from "#shared/model/scope.ts";
import type { AskedAnswer, AskedContext } from "./asked-answer.ts";

const scope = systemScope("from-sites");
/** In the audit's `from`, where otherwise an address stands. */
const AT_THE_SITE = "site";

/** Who somebody at a site is to the hub: a resident's person, or the gateway for whoever has its code. */
async function actor(
  hub: Hub,
  by: string,
  writer: string,
): Promise<{ readonly by: AuditEntry["by"]; readonly personId: PersonId | null }> {
  if (by === "unknown") return { by: { kind: "nobody", id: writer, roles: [] }, personId: null };
  const residentId = ResidentId.safeParse(by);
  if (!residentId.success)
    return { by: { kind: "gateway", id: writer, roles: [by] }, personId: null };
  const record = await hub.residents.find(scope, residentId.data).catch((error: unknown) => {
    if (isFault(error, "not_found")) return undefined;
    throw error;
  });
  const personId = record?.personId ?? null;
  return { by: { kind: "person", id: personId ?? by, roles: ["resident"] }, personId };
}

/** Before this program was written no clock can be right. */
const EARLIEST_MS = Date.UTC(2026, 0);

/** When it was, as far as the site's clock can be believed; else when the hub heard of it. */
function timeOf(hub: Hub, at: string): number {
  const [ms, nowMs] = [Date.parse(at), hub.clock.now()];
  return ms < EARLIEST_MS || ms > nowMs ? nowMs : ms;
}

/** The same event again is the same entry. */
const nameOf = (eventId: string) => createHash("sha256").update(eventId).digest("hex").slice(0, 16);

export async function auditRequest(
  { hub, community, request, gatewayId }: AskedContext,
  { outcome, says, target, forWhom, before, after }: AskedAnswer,
): Promise<void> {
  const { by, personId } = await actor(hub, request.by, gatewayId);
  await hub.audit.add(
    {
      organizationId: community.organizationId,
      communityId: community.communityId,
      by,
      assistant: null,
      forWhom: forWhom ?? personId,
      what: `site.${request.kind}`,
      target: target ?? null,
      ...(before && { before }),
      after: { ...after, gateway: gatewayId, done_at: request.at },
      ...(says === undefined ? {} : { reason: says }),
      from: AT_THE_SITE,
      result: outcome === "done" ? "ok" : outcome,
      requestId: request.requestId,
    },
    { atMs: timeOf(hub, request.at), name: nameOf(request._id) },
  );
}

export async function auditSignIn(
  hub: Hub,
  { organizationId, communityId }: CommunityDoc,
  event: EventOf<"site-sign-in">,
): Promise<void> {
  const { by, personId } = await actor(hub, event.by, event.writer);
  await hub.audit.add(
    {
      organizationId,
      communityId,
      by,
      assistant: null,
      forWhom: personId,
      what: event.result === "out" ? "site.sign-out" : "site.sign-in",
      target: { type: "gateway", id: event.writer },
      after: { way: event.way, count: event.count },
      from: AT_THE_SITE,
      result: event.result === "in" || event.result === "out" ? "ok" : event.result,
      requestId: event._id,
    },
    { atMs: timeOf(hub, event.at), name: nameOf(event._id) },
  );
}
