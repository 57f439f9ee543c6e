/**
 * `rollup`: one rollup worker per community, and what follows from its news.
 */
import type { Database, Shelf } from "#shared/couch/database.ts";
import type { EventLog } from "#shared/couch/event-log.ts";
import type { Clock } from "#shared/model/clock.ts";
import type { DeviceId, TenantName } from "#shared/model/ids.ts";
import type { Redecoder } from "#shared/model/redecoder.ts";
import type { Tally } from "#shared/model/refusals.ts";
import { correctionsIn } from "#shared/series/rollup-basis.ts";
import { rollupWorker, type RollupWorker } from "#shared/series/rollup-worker.ts";
import type { InTurn } from "./in-turn.ts";
import type { BringAlong } from "./bring-along.ts";
import type { Moved } from "./moved.ts";

export interface RollupParts {
  readonly teleDatabases: (tenant: TenantName) => Promise<Database[]>;
  readonly roll: Shelf;
  readonly events: EventLog;
  /** Says what uplinks mean today, where decoders may have been mended. */
  readonly redecoder?: Redecoder;
  /** Who is told when something of a community was written. */
  readonly moved: Pick<Moved, "listen">;
  /** By community: work on its days. */
  readonly inTurn: InTurn;
  readonly clock: Clock;
  readonly tally: Tally;
  readonly log: { warn(about: object, message: string): void };
  /** Where devices were handed on: what is another community's. */
  readonly alongWith?: Pick<BringAlong, "watched" | "take">;
  /** After a batch: which devices have news, and of how many uplinks and readings. */
  readonly onNews: (
    tenant: TenantName,
    deviceIds: ReadonlySet<DeviceId>,
    counts: { uplinks: number; readings: number },
  ) => void;
}

/** Another process of the hub may have written: with hundreds of communities a look at all takes its time. */
const LOOK_AGAIN_MS = 300_000;
/**
 * A day of 5,000 meters that report each quarter of an hour, while they are merged some 200 MB: of a
 * backlog each day is written twice at most. With a third of it CouchDB, which writes some thousand
 * documents a second, took twice as long.
 */
const BATCH_SEGMENTS = 2_400;

export interface Rollups {
  /** Starts a community's worker, once. */
  start(tenant: TenantName): void;
  /** Ends a community's worker. */
  end(tenant: TenantName): Promise<void>;
  /** Resolves when all that is here at this moment is rolled up. */
  caughtUp(): Promise<void>;
  stop(): Promise<void>;
}

export function rollups(parts: RollupParts): Rollups {
  const { teleDatabases, roll, events, redecoder, alongWith, clock, tally, log, onNews } = parts;
  const workers = new Map<TenantName, RollupWorker>();
  const endings = new Map<TenantName, AbortController>();
  const stopping = new AbortController();
  return {
    start(tenant) {
      if (workers.has(tenant) || stopping.signal.aborted) return;
      const ending = new AbortController();
      endings.set(tenant, ending);
      const worker = rollupWorker({
        tenant,
        teleDatabases: () => teleDatabases(tenant),
        roll,
        batchSegments: BATCH_SEGMENTS,
        lookAgainMs: LOOK_AGAIN_MS,
        corrections: () => correctionsIn(events.read(tenant, "clock")),
        ...(redecoder ? { redecoder } : {}),
        inTurn: (work) => parts.inTurn(tenant, work),
        clock,
        tally,
        log,
        signal: AbortSignal.any([stopping.signal, ending.signal]),
        ...(alongWith
          ? {
              elsewhere: {
                devices: () => alongWith.watched(tenant),
                take: (uplinks) => alongWith.take(tenant, uplinks),
              },
            }
          : {}),
        onRolledUp: (uplinks, { readings }) =>
          onNews(tenant, new Set(uplinks.map(({ deviceId }) => deviceId)), {
            uplinks: uplinks.length,
            readings,
          }),
        onDerivedAnew: (deviceIds) => onNews(tenant, deviceIds, { uplinks: 0, readings: 0 }),
      });
      workers.set(tenant, worker);
      ending.signal.addEventListener("abort", parts.moved.listen([tenant], worker.wake));
    },
    async end(tenant) {
      endings.get(tenant)?.abort();
      await workers.get(tenant)?.done;
      workers.delete(tenant);
      endings.delete(tenant);
    },
    async caughtUp() {
      await Promise.all([...workers.values()].map((worker) => worker.caughtUp()));
    },
    async stop() {
      stopping.abort();
      await Promise.all([...workers.values()].map(({ done }) => done));
    },
  };
}
