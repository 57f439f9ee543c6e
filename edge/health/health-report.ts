/** `health-report`: tells the hub how this gateway is doing, in one document per hour of its life. */
import type { Database } from "#shared/couch/database.ts";
import type { Clock } from "#shared/model/clock.ts";
import type { HealthDoc } from "#shared/model/gateway-docs.ts";
import type { GatewayId } from "#shared/model/ids.ts";
import type { Sites } from "#edge/site/sites.ts";
import type { Metrics } from "./metrics.ts";

export interface HealthReportOptions {
  readonly database: Database;
  readonly gatewayId: GatewayId;
  readonly clock: Clock;
  readonly version: string;
  readonly startedMs: number;
  readonly metrics: Pick<Metrics, "kept">;
  readonly waiting: () => number;
  readonly sites: Pick<Sites, "all">;
}

/** An open hour is written again at most this often, and only when its numbers changed: what is news the hub hears with each question. */
const AGAIN_MS = 900_000;
/** Somebody waits to see that a block or an erasure arrived here: what was taken in is told sooner. */
const TAKEN_AGAIN_MS = 15_000;

export function healthReport({
  database,
  gatewayId,
  clock,
  version,
  startedMs,
  metrics,
  waiting,
  sites,
}: HealthReportOptions) {
  let last: { readonly atMs: number; readonly told: string; readonly taken: string } | undefined;
  return {
    /** Writes the hour's document when there is something new to say. */
    async write(): Promise<void> {
      const nowMs = clock.now();
      const told = JSON.stringify([metrics.kept, waiting()]);
      const taken = JSON.stringify(
        sites.all().map(({ generation, community }) => [generation, community.projectedAt]),
      );
      if (last?.told === told && last.taken === taken) return;
      const againMs = last?.taken === taken ? AGAIN_MS : TAKEN_AGAIN_MS;
      if (last && nowMs - last.atMs < againMs) return;
      const at = new Date(nowMs).toISOString();
      const _id = `health:${gatewayId}:${at.slice(0, 13)}`;
      const old = await database.get(_id);
      const doc: HealthDoc = {
        _id,
        type: "health",
        v: 1,
        gatewayId,
        at,
        version,
        upMs: nowMs - startedMs,
        rssBytes: process.memoryUsage.rss(),
        uplinksKept: metrics.kept,
        waiting: waiting(),
        sites: Object.fromEntries(
          sites.all().map(({ tenant, generation }) => [tenant, generation]),
        ),
        projections: Object.fromEntries(
          sites.all().map(({ tenant, community }) => [tenant, community.projectedAt]),
        ),
      };
      await database.put({ ...doc, ...(old?._rev === undefined ? {} : { _rev: old._rev }) });
      last = { atMs: nowMs, told, taken };
    },
  };
}
