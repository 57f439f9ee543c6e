/**
 * `event-of`: what is written into the audit, as other systems are told of it. Before and after
 * stay here: a receiver asks for what it may see with a key of its own.
 */
import type { AuditEntry } from "#cloud/hub/audit-store.ts";
import type { HubEvent } from "./deliveries.ts";

export function eventOf(entry: AuditEntry): HubEvent {
  const { organizationId, communityId, what, target, result, by } = entry;
  return {
    organizationId,
    communityId,
    // Refusals are the auditor's business: nothing happened.
    kind: result === "ok" ? what.replaceAll(" ", ".") : "refused",
    data: {
      target: target && { type: target.type, id: target.id },
      by: { kind: by.kind, id: by.id },
    },
  };
}
