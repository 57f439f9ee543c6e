/**
 * `take-up`: at a start, what lies in the inbox and in no segment is taken up again; what was acknowledged
 * and is in neither any more is told, as is what else was lost with databases that had to be set aside.
 */
import type { ChainEnd } from "#shared/keep/chain.ts";
import { inboxDays, inboxEntries, type InboxEntry } from "#shared/keep/inbox.ts";
import type { InboxMark } from "#shared/keep/inbox-mark.ts";
import { databaseName } from "#shared/model/database-names.ts";
import type { TenantName } from "#shared/model/ids.ts";
import type { Tally } from "#shared/model/refusals.ts";
import type { Sites } from "#edge/site/sites.ts";
import type { Store } from "./open-store.ts";
import {
  isInboxReadWhole,
  isInboxSetAside,
  seqsOf,
  tellCutOff,
  tellLostSessions,
  tellMissing,
  tellSetAside,
} from "./recovery.ts";
import { seenBefore } from "./witness.ts";

export interface TakeUpParts {
  readonly store: Pick<Store, "databases" | "remembered" | "setAside" | "witnessFolder">;
  readonly mark: Pick<InboxMark, "start" | "forget">;
  readonly tally: Tally;
  /** How far each community's segments go. */
  readonly ends: () => ReadonlyMap<TenantName, ChainEnd | undefined>;
  readonly sites: Pick<Sites, "get" | "withKeys">;
  /** Nothing of it is taken up any more. */
  readonly isErased: (tenant: TenantName) => boolean;
  /** Makes ready for a community, before the first of its entries is found. */
  readonly prepare: (tenant: TenantName) => Promise<void>;
  /** Told of each entry that is in no segment, in the order in which they were kept. */
  readonly onFound: (entry: InboxEntry) => void;
  readonly log: { error(about: object, message: string): void };
}

/** @returns the last place that was ever used in the inbox, as far as it can be told */
export async function takeUpInbox(parts: TakeUpParts): Promise<{ readonly lastN: number }> {
  const { store, mark, tally, ends, sites, isErased, prepare, onFound, log } = parts;
  const { databases, remembered, setAside } = store;
  const isSealed = (tenant: TenantName, n: number) => n <= (ends().get(tenant)?.sealedN ?? 0);
  const isCutOff = tellCutOff(tally, {
    seqs: await seqsOf(databases),
    ends: ends(),
    remembered,
    setAside,
  });
  // Opened now: whichever is damaged is set aside before anybody reads on from the mark.
  for (const day of await inboxDays(databases)) await databases.open(databaseName.inbox(day));
  const isWhole = isCutOff || isInboxReadWhole(setAside);
  let lastN = 0;
  const found = new Set<number>();
  // What was salvaged from a damaged inbox lies in it in no order.
  const salvaged: InboxEntry[] | undefined = isInboxSetAside(setAside) ? [] : undefined;
  for await (const page of inboxEntries(databases, isWhole ? undefined : mark.start))
    for (const entry of page) {
      lastN = Math.max(lastN, entry.n);
      found.add(entry.n);
      if (isErased(entry.tenant)) continue;
      await prepare(entry.tenant);
      if (isSealed(entry.tenant, entry.n)) continue;
      if (salvaged) salvaged.push(entry);
      else onFound(entry);
    }
  for (const entry of salvaged?.sort((a, b) => a.n - b.n) ?? []) onFound(entry);
  if (isWhole) await mark.forget();
  const { missing, lastN: lastSeen } = await tellMissing(
    tally,
    seenBefore(store.witnessFolder),
    ({ n, tenant }) =>
      found.has(n) ||
      isSealed(tenant, n) ||
      isErased(tenant) ||
      // Of a community that was erased nothing is missing.
      (!sites.get(tenant) && !remembered.ends[tenant]),
  );
  if (missing > 0)
    log.error({ uplinks: missing }, "uplinks that were kept are gone: see the ledger");
  if (setAside.some(({ name }) => name === databaseName.local))
    tellLostSessions(tally, sites.withKeys());
  for (const one of setAside) tellSetAside(tally, one, remembered.strangers);
  return { lastN: Math.max(lastN, lastSeen) };
}
