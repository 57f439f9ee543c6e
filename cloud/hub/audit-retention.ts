/**
 * `audit-retention`: lets go of what the audit has told for long enough: everything after some
 * years, and who came in when and from where much sooner. A chore of the process.
 *
 * Whole days go, so that there is something to do once a day at most; that entries went is an entry
 * itself. A year that is over as a whole goes with its database.
 */
import { isDeepStrictEqual } from "node:util";
import type { Database } from "#shared/couch/database.ts";
import { databaseName } from "#shared/model/database-names.ts";
import type { OrganizationId } from "#shared/model/ids.ts";
import { auditKey, type AuditDoc } from "./audit-store.ts";
import { everyDoc } from "./every-doc.ts";
import type { Hub } from "./hub.ts";
import { settingsOf, type OrganizationSettings } from "./organization-settings.ts";
import { removeAll } from "./remove-all.ts";

const DAY_MS = 86_400_000;
/** How late an entry may come: gateways tell what happened while they were cut off, and a while more. */
const LATE_MS = 100 * DAY_MS;
/** Coming in and going, here and at the sites. */
const SIGN_INS = new Set(["person.sign-in", "site.sign-in", "site.sign-out"]);

export type AuditLimits = NonNullable<OrganizationSettings["auditRetention"]>;

export interface AuditRetention {
  /** Removes what is too old now. */
  run(): Promise<void>;
}

/** @param defaults for organizations that have not decided */
export function auditRetention(
  hub: Pick<Hub, "audit" | "clock" | "databases" | "registry">,
  defaults: AuditLimits,
): AuditRetention {
  /** What was looked through already: before it nothing is left that is too old, but what comes late. */
  const done = new Map<OrganizationId, Bounds>();
  const forget = async (organizationId: OrganizationId, limits: AuditLimits) => {
    const before = boundsOf(hub.clock.now(), limits);
    const last = done.get(organizationId);
    if (last && isDeepStrictEqual(last, before)) return;
    const prefix = databaseName.audit(organizationId, "");
    const gone = { entries: 0, sign_ins: 0 };
    for (const name of await hub.databases.names()) {
      const year = name.startsWith(prefix) ? name.slice(prefix.length) : "";
      if (!/^[0-9]{4}$/.test(year) || Date.UTC(Number(year)) >= before.signInsMs) continue;
      const database = await hub.databases.open(name);
      if (Date.UTC(Number(year) + 1) <= before.entriesMs) {
        gone.entries += (await database.info()).docs;
        await hub.databases.destroy(name);
        continue;
      }
      const sinceMs = Math.max(before.entriesMs, (last?.signInsMs ?? 0) - LATE_MS);
      const entries = await within(database, 0, before.entriesMs);
      const signIns = (await within(database, sinceMs, before.signInsMs)).filter(isSignIn);
      if (entries.length + signIns.length === 0) continue;
      gone.entries += entries.length;
      gone.sign_ins += signIns.length;
      await removeAll(database, [...entries, ...signIns]);
      // What was removed is still there to be read until then.
      await hub.databases.compact(name);
    }
    done.set(organizationId, before);
    if (gone.entries + gone.sign_ins === 0) return;
    await hub.audit.add({
      organizationId,
      communityId: null,
      by: { kind: "system", id: "audit-retention", roles: [] },
      assistant: null,
      forWhom: null,
      what: "audit.forget",
      target: null,
      after: {
        ...gone,
        older_than: { entries: shown(before.entriesMs), sign_ins: shown(before.signInsMs) },
      },
      from: "",
      result: "ok",
      requestId: "",
    });
  };
  return {
    async run() {
      for (const organization of await hub.registry.organizations())
        await forget(
          organization.organizationId,
          settingsOf(organization).auditRetention ?? defaults,
        );
    },
  };
}

const shown = (ms: number) => new Date(ms).toISOString().slice(0, 10);

/** What happened earlier is too old: epoch ms, begins of days in UTC. */
interface Bounds {
  readonly entriesMs: number;
  readonly signInsMs: number;
}

/** Sign-ins never stay longer than the rest. */
function boundsOf(nowMs: number, { entryMonths, signInDays }: AuditLimits): Bounds {
  const date = new Date(Math.floor(nowMs / DAY_MS) * DAY_MS);
  const signInsMs = date.getTime() - signInDays * DAY_MS;
  const day = date.getUTCDate();
  date.setUTCMonth(date.getUTCMonth() - entryMonths);
  // There was no 29th of February: the last day of that month.
  if (date.getUTCDate() !== day) date.setUTCDate(0);
  return { entriesMs: date.getTime(), signInsMs: Math.max(signInsMs, date.getTime()) };
}

type Entry = Pick<AuditDoc, "_id" | "what"> & { readonly _rev?: string };

const isSignIn = ({ what }: Entry) => SIGN_INS.has(what);

/** Entries of a stretch of time, its end exclusive: of each only what it takes to remove it. */
async function within(database: Database, fromMs: number, toMs: number): Promise<Entry[]> {
  const found: Entry[] = [];
  if (fromMs >= toMs) return found;
  const stretch = { from: auditKey(fromMs), to: auditKey(toMs) };
  for await (const { _id, _rev, what } of everyDoc<AuditDoc & Entry>(database, stretch))
    found.push({ _id, what, ...(_rev === undefined ? {} : { _rev }) });
  return found;
}
