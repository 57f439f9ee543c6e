/**
 * `recovery`: says what is gone after databases were set aside. What was acknowledged is compared with
 * what is still here, and each difference becomes a line of the ledger: device, from, to, count.
 *
 * It mends nothing itself: segments are sealed again from the inbox, rollups are made from segments,
 * site and segments come from the hub, each by its own part.
 */
import type { Databases } from "#shared/couch/database.ts";
import type { SetAside } from "#shared/couch/set-aside.ts";
import type { ChainEnd } from "#shared/keep/chain.ts";
import { databaseName, parseDatabaseName } from "#shared/model/database-names.ts";
import type { DeviceId, TenantName } from "#shared/model/ids.ts";
import type { RefusedWhat, Tally } from "#shared/model/refusals.ts";
import type { Remembered } from "./remembered.ts";
import type { Seen } from "./witness.ts";

const INBOX = /^inbox-\d{8}$/;

/** A database that is set aside is told at once; what was in it, where nothing else can say it, too. */
export function tellSetAside(
  tally: Tally,
  { name, reason }: Pick<SetAside, "name" | "reason">,
  strangers: Readonly<Record<string, number>>,
): void {
  const parsed = parseDatabaseName(name);
  const tenant = parsed && "tenant" in parsed ? parsed.tenant : undefined;
  tally.refused("database_damaged", 1, {
    ...(tenant === undefined ? {} : { tenant }),
    about: `${name}: ${reason}`,
  });
  if (name !== "strangers") return;
  for (const [deviceId, count] of Object.entries(strangers))
    tally.refused("store_damaged", count, {
      deviceId: deviceId as DeviceId,
      about: "heard before its device was registered",
    });
}

export function isInboxSetAside(setAside: readonly Pick<SetAside, "name">[]): boolean {
  return setAside.some(({ name }) => INBOX.test(name));
}

/** Whether the inbox has to be read from its beginning: places in its mark, or segments after it, are gone. */
export function isInboxReadWhole(setAside: readonly SetAside[]): boolean {
  return setAside.some(
    ({ name }) => INBOX.test(name) || parseDatabaseName(name)?.kind === "tele" || name === "local",
  );
}

/**
 * Counts what was acknowledged, is in no segment, and is in no inbox any more.
 *
 * @param isKept whether an uplink's place was found in the inbox, or lies in a segment
 * @returns the last place that was seen
 */
export async function tellMissing(
  tally: Tally,
  seen: AsyncIterable<Seen>,
  isKept: (seen: Seen) => boolean,
): Promise<{ lastN: number; missing: number }> {
  const gone = new Map<string, { count: number; fromMs: number; toMs: number; one: Seen }>();
  let [lastN, missing] = [0, 0];
  for await (const one of seen) {
    lastN = Math.max(lastN, one.n);
    if (isKept(one)) continue;
    missing++;
    const key = `${one.tenant} ${one.deviceId}`;
    const { heardAt } = one;
    const known = gone.get(key) ?? { count: 0, fromMs: heardAt, toMs: heardAt, one };
    known.count++;
    known.fromMs = Math.min(known.fromMs, heardAt);
    known.toMs = Math.max(known.toMs, heardAt);
    gone.set(key, known);
  }
  for (const { count, fromMs, toMs, one } of gone.values()) {
    const what: RefusedWhat = { tenant: one.tenant, deviceId: one.deviceId, fromMs, toMs };
    tally.refused("store_damaged", count, what);
  }
  return { lastN, missing };
}

/** Databases whose writes nobody else remembers. */
const TOLD_BY_SEQ = [databaseName.local, databaseName.ledger, databaseName.strangers];

/** How far they are written. */
export async function seqsOf(databases: Databases): Promise<Record<string, number>> {
  const seqs: Record<string, number> = {};
  for (const name of TOLD_BY_SEQ) {
    const info = await (await databases.openExisting(name))?.info();
    if (info) seqs[name] = Number(info.seq);
  }
  return seqs;
}

/**
 * A database whose log was cut off looks whole and is an older one: it was written further than it is
 * now. Also chains of segments whose end is gone.
 *
 * @returns whether segments are missing that may still lie in the inbox
 */
export function tellCutOff(
  tally: Tally,
  {
    seqs,
    ends,
    remembered,
    setAside,
  }: {
    readonly seqs: Readonly<Record<string, number>>;
    readonly ends: ReadonlyMap<TenantName, ChainEnd | undefined>;
    readonly remembered: Pick<Remembered, "seqs" | "ends">;
    readonly setAside: readonly SetAside[];
  },
): boolean {
  for (const [name, seq] of Object.entries(remembered.seqs)) {
    const now = seqs[name] ?? 0;
    if (now >= seq || setAside.some((one) => one.name === name)) continue;
    tally.refused("database_damaged", 1, {
      about: `${name}: its newest ${seq - now} writes are gone`,
    });
  }
  let isCutOff = false;
  for (const [tenant, end] of Object.entries(remembered.ends) as [TenantName, ChainEnd][]) {
    const here = ends.get(tenant)?.uplinks ?? 0;
    if (here >= end.uplinks) continue;
    isCutOff = true;
    tally.refused("database_damaged", 1, {
      tenant,
      about: `the newest ${end.uplinks - here} uplinks in segments are gone, and sealed again from the inbox`,
    });
  }
  return isCutOff;
}

/** Radio sessions were in `local`: devices that join over the air have to do so again. */
export function tellLostSessions(
  tally: Tally,
  devices: Iterable<{ readonly tenant: TenantName; readonly deviceId: DeviceId }>,
): void {
  for (const what of devices)
    tally.refused("session_lost", 1, { ...what, about: "it is heard again after its next join" });
}
