/**
 * `trail`: what one call leaves in the audit. A handler says what it did and to what; who, when,
 * from where and with what result is added for it. A change that says nothing is written down all
 * the same, under its method and path.
 */
import type { Context } from "hono";
import type { AuditEntry, AuditStore } from "#cloud/hub/audit-store.ts";
import { isFault } from "#shared/model/fault.ts";
import type { CommunityId, OrganizationId, PersonId } from "#shared/model/ids.ts";
import type { Asker } from "./asker.ts";

/** One thing done. Fields as in the audit; `organizationId` only where nobody is signed in. */
export interface Deed {
  readonly what: string;
  readonly communityId?: CommunityId | null;
  readonly target?: AuditEntry["target"];
  readonly forWhom?: PersonId;
  readonly before?: Record<string, unknown>;
  readonly after?: Record<string, unknown>;
  readonly reason?: string;
  readonly organizationId?: OrganizationId;
}

export interface Trail {
  /** Writes down a deed; several in one call are several entries. */
  note(deed: Deed): void;
}

export interface CallTrail extends Trail {
  /** Writes the entries. `error` is what the call failed with. */
  end(error: unknown): Promise<void>;
}

export interface TrailOptions {
  readonly audit: AuditStore;
  readonly asker: Asker | undefined;
  readonly from: string;
  readonly requestId: string;
  /** Used when the handler said nothing; undefined where a silent call leaves no entry. */
  readonly silent: string | undefined;
}

export function callTrail({ audit, asker, from, requestId, silent }: TrailOptions): CallTrail {
  const deeds: Deed[] = [];
  return {
    note(deed) {
      deeds.push(deed);
    },
    async end(error) {
      const result = error === undefined ? "ok" : isFault(error) ? error.code : "internal";
      const all = deeds.length > 0 || silent === undefined ? deeds : [{ what: silent }];
      for (const deed of all) {
        const organizationId = deed.organizationId ?? asker?.organizationId;
        if (organizationId === undefined) continue;
        await audit.add({
          organizationId,
          communityId: deed.communityId ?? null,
          by: {
            kind: asker?.kind ?? "nobody",
            id: asker?.id ?? "",
            roles: [...(asker?.roles ?? [])],
          },
          assistant: (asker?.kind === "person" && asker.assistant?.personId) || null,
          forWhom: deed.forWhom ?? null,
          what: deed.what,
          target: deed.target ?? null,
          ...(deed.before ? { before: deed.before } : {}),
          ...(deed.after ? { after: deed.after } : {}),
          ...(deed.reason === undefined ? {} : { reason: deed.reason }),
          from,
          result,
          requestId,
        });
      }
    },
  };
}

/** A name for what a route does, from its method and path: `put /devices/:dev_eui/assign`. */
export function deedName(c: Context, path: string): string {
  return `${c.req.method.toLowerCase()} ${path}`;
}
