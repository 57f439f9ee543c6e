/**
 * `undecoded`: the uplinks of a community that nothing could be made of, with the reason, by day and
 * device. Derived from segments like the rollup and beside it, so that it may be deleted with it.
 *
 * A set: the same segments in any order, any number of times, end in the same documents. What a
 * mended decoder reads is taken out again.
 *
 * History: 1 = first release.
 */
import { dayOf } from "#shared/model/database-names.ts";
import type { DeviceId, TenantName } from "#shared/model/ids.ts";
import type { KeptUplink } from "#shared/model/kept-uplink.ts";
import { Fault } from "#shared/model/fault.ts";
import type { SeriesStore, StoredDoc } from "./series-store.ts";

/** One uplink nothing could be made of. Times are epoch ms. */
export interface UndecodedUplink {
  readonly identity: string;
  readonly time: number;
  readonly heardAt: number;
  readonly fPort: number | null;
  readonly hex: string;
  readonly reason: string;
  /** `model@version`, or null when there was none to ask. */
  readonly decoder: string | null;
  readonly writer: string;
  readonly via: string;
}

/** `undecoded:{tenant}:{yyyymmdd heard}:{device}`. */
export interface UndecodedDoc extends StoredDoc {
  readonly type: "undecoded";
  readonly v: 1;
  readonly deviceId: DeviceId;
  /** Oldest first, at most `MOST_KEPT`. */
  readonly uplinks: readonly UndecodedUplink[];
  /** More than could be listed. */
  readonly isMore?: true;
}

/** Listed of one device and day: one every three minutes. */
const MOST_KEPT = 480;
/** A decoder's words may be a book. */
const MOST_REASON = 500;
/** Documents read at once when a list is made. */
const PAGE = 200;

const prefixOf = (tenant: TenantName) => `undecoded:${tenant}:`;
const idOf = (tenant: TenantName, { heardAt, deviceId }: KeptUplink) =>
  `${prefixOf(tenant)}${dayOf(heardAt)}:${deviceId}`;

/** An uplink as it was heard and as it reads today. */
export interface Reread {
  readonly writer: string;
  readonly before: KeptUplink;
  readonly now: KeptUplink;
}

/**
 * Brings the lists in step with what uplinks say today. One write per device and day concerned.
 *
 * @throws Fault "unavailable" when the store refused; nothing is lost, call again
 */
export async function noteUndecoded(
  store: SeriesStore,
  tenant: TenantName,
  rereads: readonly Reread[],
): Promise<void> {
  const concerned = rereads.filter(
    ({ before, now }) => before.undecoded !== null || now.undecoded !== null,
  );
  if (concerned.length === 0) return;
  const byId = new Map<string, Reread[]>();
  for (const reread of concerned) {
    const id = idOf(tenant, reread.now);
    const list = byId.get(id);
    if (list) list.push(reread);
    else byId.set(id, [reread]);
  }
  const old = new Map(
    (await store.getMany<UndecodedDoc>([...byId.keys()])).map((doc) => [doc._id, doc]),
  );
  const changed: UndecodedDoc[] = [];
  const empty: UndecodedDoc[] = [];
  for (const [_id, list] of byId) {
    const known = old.get(_id);
    const next = merged(_id, known, list);
    if (next.uplinks.length > 0) {
      if (!known || JSON.stringify(known) !== JSON.stringify(next)) changed.push(next);
    } else if (known) empty.push(known);
  }
  for (const outcomes of [await store.bulk(changed), await store.removeMany(empty)]) {
    const refused = outcomes.find(({ ok }) => !ok);
    if (refused)
      throw new Fault(
        "unavailable",
        `the list could not be written: ${refused.id}`,
        {},
        refused.message,
      );
  }
}

function merged(_id: string, old: UndecodedDoc | undefined, list: readonly Reread[]): UndecodedDoc {
  const uplinks = new Map((old?.uplinks ?? []).map((uplink) => [uplink.identity, uplink]));
  for (const { now, writer } of list)
    if (now.undecoded === null) uplinks.delete(now.identity);
    else {
      const next = shown(now, now.undecoded, writer);
      const known = uplinks.get(now.identity);
      // Of copies the same one stands whichever came first.
      if (!known || wayOf(next) <= wayOf(known)) uplinks.set(now.identity, next);
    }
  const ordered = [...uplinks.values()].toSorted(
    (a, b) => a.heardAt - b.heardAt || (a.identity < b.identity ? -1 : 1),
  );
  const isMore = old?.isMore === true || ordered.length > MOST_KEPT;
  return {
    _id,
    ...(old?._rev === undefined ? {} : { _rev: old._rev }),
    type: "undecoded",
    v: 1,
    deviceId: (list[0] as Reread).now.deviceId,
    uplinks: ordered.slice(-MOST_KEPT),
    ...(isMore ? { isMore } : {}),
  };
}

const wayOf = ({ writer, via }: UndecodedUplink) => `${writer} ${via}`;

/**
 * Removes what is listed of devices, heard from a moment on, so that it can be listed again.
 *
 * @throws Fault "unavailable" when the store refused
 */
export async function forgetUndecoded(
  store: SeriesStore,
  tenant: TenantName,
  deviceIds: ReadonlySet<DeviceId>,
  fromMs: number,
  toMs: number,
): Promise<void> {
  const prefix = prefixOf(tenant);
  const to = `${prefix}${dayOf(toMs)}:\uffff`;
  for (let from = `${prefix}${dayOf(fromMs)}:`; ;) {
    const page = await store.list<UndecodedDoc>({ from, to, limit: PAGE });
    const theirs = page.filter(({ deviceId }) => deviceIds.has(deviceId));
    const refused = (await store.removeMany(theirs)).find(({ ok }) => !ok);
    if (refused) throw new Fault("unavailable", `the list could not be emptied: ${refused.id}`);
    const last = page.at(-1);
    if (!last || page.length < PAGE) return;
    from = `${last._id}\u0000`;
  }
}

function shown(uplink: KeptUplink, reason: string, writer: string): UndecodedUplink {
  const { identity, time, heardAt, fPort, payload, decoder, via } = uplink;
  return {
    identity,
    time,
    heardAt,
    fPort,
    hex: Buffer.from(payload).toString("hex"),
    reason: reason.slice(0, MOST_REASON),
    decoder,
    writer,
    via,
  };
}

/** All lists of a community, the newest day first. */
export async function undecodedOf(store: SeriesStore, tenant: TenantName): Promise<UndecodedDoc[]> {
  const found: UndecodedDoc[] = [];
  const from = prefixOf(tenant);
  for (let to = `${from}\uffff`; ;) {
    const page = await store.list<UndecodedDoc>({ from, to, descending: true, limit: PAGE });
    found.push(...page.filter(({ _id }) => _id !== to));
    const last = page.at(-1);
    if (!last || page.length < PAGE) return found;
    to = last._id;
  }
}
