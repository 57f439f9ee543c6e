import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Database } from "#shared/couch/database.ts";
import { GatewayId } from "#shared/model/ids.ts";
import { steerableClock } from "#shared/testing/steerable-clock.ts";
import { healthReport } from "./health-report.ts";

const test = suite("health report");
const MINUTE_MS = 60_000;

test("what was taken in of the hub is told within a minute, mere counts each quarter of an hour", async () => {
  const clock = steerableClock(Date.UTC(2026, 10, 1, 10));
  const written: { sites: object; uplinksKept: number }[] = [];
  const database = {
    get: async () => undefined,
    put: async (doc: (typeof written)[number]) => void written.push(doc),
  } as unknown as Database;
  const metrics = { kept: 0 };
  const site = { tenant: "north", generation: 1, community: { projectedAt: "2026-11-01" } };
  const report = healthReport({
    database,
    gatewayId: GatewayId.parse("gw-0011223344556677"),
    clock,
    version: "0",
    startedMs: clock.now(),
    metrics,
    waiting: () => 0,
    sites: { all: () => [site] } as never,
  });
  const after = async (ms: number) => {
    await clock.advance(ms);
    await report.write();
    return written.length;
  };
  assert.is(await after(0), 1);
  assert.is(await after(20 * MINUTE_MS), 1, "nothing is new");
  metrics.kept = 5;
  assert.is(await after(1), 2);
  metrics.kept = 6;
  assert.is(await after(MINUTE_MS), 2, "a count waits");
  site.generation = 2;
  assert.is(await after(1), 3, "an erasure arrived");
  assert.equal([written[2]?.sites, written[2]?.uplinksKept], [{ north: 2 }, 6]);
});

test.run();
