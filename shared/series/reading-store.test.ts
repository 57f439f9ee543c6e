import { suite } from "uvu";
import * as assert from "uvu/assert";
import { isFault } from "#shared/model/fault.ts";
import type { ResidentId } from "#shared/model/ids.ts";
import type { Scope } from "#shared/model/scope.ts";
import { systemScope } from "#shared/model/scope.ts";
import { keptUplink, METER } from "#shared/testing/kept-uplinks.ts";
import { openMemoryDatabases } from "#shared/testing/memory-databases.ts";
import { TENANT } from "#shared/testing/site-example.ts";
import { newestValues, nothingYet } from "./latest.ts";
import { readingStore } from "./reading-store.ts";
import { everything, type Window } from "./window.ts";
import { rollUp } from "./rollup.ts";

const test = suite("reading store");
const HOUR = 3_600_000;
const FROM = Date.UTC(2026, 10, 1);
const resident: Scope = { kind: "resident", tenant: TENANT, residentId: "r-1" as ResidentId };

/** A meter that tells whole cubic metres, one each hour for four days. */
async function stand(windows: readonly Window[], times?: readonly number[]) {
  const databases = openMemoryDatabases();
  const store = await databases.open("roll");
  const uplinks = (times ?? Array.from({ length: 96 }, (_, i) => FROM + i * HOUR)).map((time, i) =>
    keptUplink(FROM + i * HOUR, i, {
      time,
      readings: [{ values: [{ register: "8-0:1.0.0", n: i, scale: 0, unit: "m3" }] }],
    }),
  );
  await rollUp(store, TENANT, [
    { writer: "gw-0000000000000001", epoch: "00000001-0000000000000000", seq: 0, uplinks },
  ]);
  const reach = (scope: Scope) => (scope.kind === "system" ? [everything] : windows);
  return { databases, readings: readingStore({ store, reach }) };
}
const asked = {
  registers: ["8-0:1.0.0"] as const,
  zones: [{ fromMs: 0, zone: "UTC" }],
  from: "2026-11-01",
  to: "2026-11-05",
  step: "day" as const,
  nowMs: FROM + 96 * HOUR,
  gapMs: 3 * HOUR,
};

test("a reading exactly at the begin of a window is in it, one exactly at its end is not", async () => {
  const window = { ...everything, fromMs: FROM + 24 * HOUR, toMs: FROM + 48 * HOUR };
  const { readings, databases } = await stand([window]);
  const rows = await readings.readings(resident, TENANT, METER, FROM, FROM + 96 * HOUR);
  assert.is(rows[0]?.time, window.fromMs);
  assert.is(rows.at(-1)?.time, window.toMs - HOUR);
  const { reading, heard } = await readings.latest(resident, TENANT, METER);
  assert.is(reading?.time, window.toMs - HOUR);
  assert.is(heard, null, "how it is heard now is not theirs to know");
  const answer = await readings.consumption(resident, TENANT, METER, asked);
  assert.equal(
    answer?.periods.map(({ n, quality }) => [n, quality]),
    [
      [null, "outside"],
      [24, "measured"],
      [null, "outside"],
      [null, "outside"],
    ],
  );
  assert.is(answer?.total, 24);
  await databases.close();
});

test("what an earlier reading told is shown beside the last one, to those in whose time it was told", async () => {
  const databases = openMemoryDatabases();
  const store = await databases.open("roll");
  const battery = [{ register: "battery" as const, n: 90, scale: 0, unit: "%" as const }];
  const index = [{ register: "8-0:1.0.0" as const, n: 5, scale: 0, unit: "m3" as const }];
  const uplinks = [battery, index].map((values, i) =>
    keptUplink(FROM + i * HOUR, i, { readings: [{ values }] }),
  );
  await rollUp(store, TENANT, [
    { writer: "gw-0000000000000001", epoch: "00000001-0000000000000000", seq: 0, uplinks },
  ]);
  let windows: Window[] = [everything];
  const readings = readingStore({ store, reach: () => windows });
  const seen = async () => {
    const newest = newestValues(await readings.latest(resident, TENANT, METER));
    assert.equal(
      newestValues((await readings.latestAll(resident, TENANT)).get(METER) ?? nothingYet),
      newest,
    );
    return newest.map(({ register, time }) => [register, (time - FROM) / HOUR]);
  };
  assert.equal(await seen(), [
    ["8-0:1.0.0", 1],
    ["battery", 0],
  ]);
  windows = [{ ...everything, fromMs: FROM + HOUR }];
  assert.equal(await seen(), [["8-0:1.0.0", 1]]);
  await databases.close();
});

test("who moved out sees the newest index of their time, also where the last thing told was none", async () => {
  const databases = openMemoryDatabases();
  const store = await databases.open("roll");
  const index = (n: number) => ({
    register: "8-0:1.0.0" as const,
    n,
    scale: 0,
    unit: "m3" as const,
  });
  const battery = { register: "battery" as const, n: 90, scale: 0, unit: "%" as const };
  const uplinks = [[index(5)], [battery], [index(6)]].map((values, i) =>
    keptUplink(FROM + i * HOUR, i, { readings: [{ values }] }),
  );
  await rollUp(store, TENANT, [
    { writer: "gw-0000000000000001", epoch: "00000001-0000000000000000", seq: 0, uplinks },
  ]);
  const window = { ...everything, toMs: FROM + 2 * HOUR };
  const readings = readingStore({ store, reach: () => [window] });
  const latest = await readings.latest(resident, TENANT, METER);
  assert.equal(
    newestValues(latest).map(({ register, n, time }) => [register, n, (time - FROM) / HOUR]),
    [
      ["battery", 90, 1],
      ["8-0:1.0.0", 5, 0],
    ],
  );
  await databases.close();
});

test("an index read off at mounting counts to its last digit, whatever the meter tells", async () => {
  const mounted = {
    fromMs: FROM + 90 * 60_000,
    toMs: FROM + 48 * HOUR + 90 * 60_000,
    start: { n: 1_234, scale: -3 },
    end: { n: 49_900, scale: -3 },
  };
  const window = { fromMs: mounted.fromMs, toMs: mounted.toMs, mounted };
  const { readings, databases } = await stand([window]);
  const answer = await readings.consumption(resident, TENANT, METER, asked);
  assert.is(answer?.scale, -3);
  assert.is(answer?.total, 49_900 - 1_234);
  await databases.close();
});

test("without a window, and for a window that is not theirs, the meter is not there", async () => {
  const theirs = { ...everything, fromMs: FROM + 24 * HOUR };
  for (const windows of [[], [theirs]]) {
    const { readings, databases } = await stand(windows);
    const outcome = await readings
      .consumption(resident, TENANT, METER, { ...asked, window: { ...everything, fromMs: FROM } })
      .catch((error: unknown) => error);
    assert.ok(isFault(outcome, "not_found"));
    await databases.close();
  }
});

test("a time no calendar has costs its own row and nothing else", async () => {
  const { readings, databases } = await stand([], [FROM, NaN, 9e15, FROM + HOUR, -5]);
  const rows = await readings.readings(systemScope("test"), TENANT, METER, FROM, FROM + 2 * HOUR);
  assert.is(rows.length, 2);
  assert.is((await readings.latest(systemScope("test"), TENANT, METER)).reading?.time, FROM + HOUR);
  await databases.close();
});

test.run();
