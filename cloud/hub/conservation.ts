/**
 * `conservation`: compares, community by community, what gateways wrote with what the hub holds: the
 * chains of their segments, digests, and their own counts per day and device.
 *
 * In memory and only of communities somebody asks about; made anew after a start. Reading months of
 * segments takes its time: an answer says how far it came, and the next one goes on from there.
 */
import { setImmediate as breathe } from "node:timers/promises";
import type { Database } from "#shared/couch/database.ts";
import type { EventLog } from "#shared/couch/event-log.ts";
import type { Clock } from "#shared/model/clock.ts";
import type { LedgerPageDoc } from "#shared/model/events/ledger-page.ts";
import type { FrozenMonthDoc } from "#shared/model/frozen.ts";
import { isFault } from "#shared/model/fault.ts";
import type { TenantName } from "#shared/model/ids.ts";
import { SegmentDoc } from "#shared/model/segment.ts";
import { conservation, type ChainVerdict } from "#shared/series/conservation.ts";
import { unpackSegment } from "#shared/series/segment.ts";
import { hasSegment } from "./month-parts.ts";

export interface Compared {
  readonly chains: readonly ChainVerdict[];
  /** What gateways say they lost, refused or gave up, newest first. */
  readonly ledger: readonly LedgerPageDoc[];
  /** Whether all segments that are here were looked at. */
  readonly isWhole: boolean;
}

export interface Conservations {
  of(tenant: TenantName): Promise<Compared>;
}

interface State {
  readonly held: ReturnType<typeof conservation>;
  readonly since: Map<string, string | number>;
  working: Promise<boolean> | undefined;
}

/** Segments read at once. */
const PAGE = 50;
/** An answer waits so long for the comparison. */
const PATIENCE_MS = 3_000;
/** Communities whose comparison stays in memory. */
const MOST_TENANTS = 20;
const MOST_LEDGER_PAGES = 100;

export function conservations({
  tele,
  history,
  events,
  clock,
  log,
}: {
  /** A community's months of segments. */
  readonly tele: (tenant: TenantName) => Promise<readonly Database[]>;
  /** The segments that its months of history were made of. */
  readonly history: (tenant: TenantName) => Promise<FrozenMonthDoc["segments"]>;
  readonly events: Pick<EventLog, "read">;
  readonly clock: Clock;
  readonly log: { warn(about: object, message: string): void };
}): Conservations {
  const states = new Map<TenantName, State>();

  const stateOf = (tenant: TenantName): State => {
    const state = states.get(tenant) ?? {
      held: conservation(),
      since: new Map<string, string | number>(),
      working: undefined,
    };
    // The last asked for is the last in the map.
    states.delete(tenant);
    states.set(tenant, state);
    for (const [name, { working }] of states)
      if (states.size > MOST_TENANTS && !working) states.delete(name);
    return state;
  };

  /** Takes what has come since the last time, month by month. */
  const catchUp = async ({ held, since }: State, tenant: TenantName): Promise<boolean> => {
    for await (const count of events.read(tenant, "count")) held.takeCount(count);
    for (const database of await tele(tenant))
      for (;;) {
        const { changes, lastSeq } = await database.changes({
          since: since.get(database.name) ?? 0,
          limit: PAGE,
          docs: true,
        });
        for (const { doc } of changes) {
          const segment = SegmentDoc.safeParse(doc);
          if (!segment.success || held.has(segment.data._id)) continue;
          held.take(segment.data, devicesIn(segment.data));
          await breathe();
        }
        since.set(database.name, lastSeq);
        if (changes.length < PAGE) break;
      }
    return true;
  };

  return {
    async of(tenant) {
      const state = stateOf(tenant);
      state.working ??= catchUp(state, tenant)
        .catch((error: unknown) => {
          log.warn({ tenant, error }, "segments and counts could not all be compared");
          return false;
        })
        .finally(() => (state.working = undefined));
      const over = new AbortController();
      const late = clock.sleep(PATIENCE_MS, over.signal).then(() => false);
      const isWhole = await Promise.race([state.working, late]);
      over.abort();
      const frozen = await history(tenant);
      const ledger: LedgerPageDoc[] = [];
      for await (const page of events.read(tenant, "ledger")) ledger.push(page);
      ledger.sort((a, b) => (a.at < b.at ? 1 : -1));
      return {
        chains: state.held.verdicts((id) => hasSegment(frozen, id)),
        ledger: ledger.slice(0, MOST_LEDGER_PAGES),
        isWhole,
      };
    },
  };
}

/** The device of each uplink, or undefined when the segment is not what its digest says. */
function devicesIn(segment: SegmentDoc): string[] | undefined {
  try {
    return unpackSegment(segment).map(({ deviceId }) => deviceId);
  } catch (error) {
    if (isFault(error)) return undefined;
    throw error;
  }
}
