import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { CommunityDoc } from "#cloud/areas/communities/community-store.ts";
import type { DeviceDoc } from "#cloud/areas/devices/device-store.ts";
import { databaseName, monthBounds, monthOf } from "#shared/model/database-names.ts";
import { openHttpDatabases } from "#shared/couch/http.ts";
import type { Database, Databases, Doc } from "#shared/couch/database.ts";
import type { Epoch, TenantName, WriterId } from "#shared/model/ids.ts";
import { systemScope } from "#shared/model/scope.ts";
import { historyStore } from "#shared/series/history-store.ts";
import { readingStore } from "#shared/series/reading-store.ts";
import { rollupWorker } from "#shared/series/rollup-worker.ts";
import type { SegmentDoc } from "#shared/model/segment.ts";
import { packSegment } from "#shared/series/segment.ts";
import { everything } from "#shared/series/window.ts";
import { keptUplink, METER } from "#shared/testing/kept-uplinks.ts";
import { openMemoryDatabases } from "#shared/testing/memory-databases.ts";
import { steerableClock } from "#shared/testing/steerable-clock.ts";
import { freezing } from "./freezing.ts";
import { inTurn } from "./in-turn.ts";
import { missingParts, monthParts, writerChain, type PartOwner } from "./month-parts.ts";
import { months } from "./months.ts";

const GATEWAY = "gw-00112233445566aa" as WriterId;
const EPOCH = "00000001-0123456789abcdef" as Epoch;
const HOUR = 3_600_000;
const START = Date.UTC(2026, 6, 1);
const scope = systemScope("test");
const device = {
  deviceId: METER,
  kind: "cold_water",
  expectedIntervalMs: HOUR,
  installations: [],
} as unknown as DeviceDoc;

const run = `${process.pid}-${Date.now().toString(36)}`;
let stands = 0;

/**
 * A hub's own half of it, with a meter that told every hour from July to October. In memory, or on the CouchDB
 * at `url` under names nobody else has.
 */
async function openStand(url: string | undefined, owners: readonly PartOwner[]) {
  const clock = steerableClock(Date.UTC(2026, 9, 20));
  const tenant = `freezing-${run}-${(stands += 1)}` as TenantName;
  const community = {
    tenant,
    zones: [{ from: "2026-01-01T00:00:00.000Z", zone: "Europe/Madrid" }],
  } as unknown as CommunityDoc;
  const databases: Databases = url ? openHttpDatabases({ url }) : openMemoryDatabases({ clock });
  const known = await months(databases, clock);
  const rollName = `roll-${tenant}`;
  const roll = await databases.openShelf(rollName);
  const chain: { seq: number; prev: { id: string; digest: string } | null; before: number } = {
    seq: 0,
    prev: null,
    before: 0,
  };
  const hear = async (month: string, times: readonly number[]) => {
    await known.make(tenant, month);
    const database = await databases.open(databaseName.tele(tenant, month));
    for (let i = 0; i < times.length; i += 100) {
      const uplinks = times
        .slice(i, i + 100)
        .map((time) => keptUplink(time, Math.floor((time - START) / HOUR) * 10));
      const place = { writer: GATEWAY, epoch: EPOCH, ...chain, inbox: { from: 0, to: 0 } };
      const doc = packSegment(place, uplinks);
      await database.put(doc);
      chain.seq++;
      chain.prev = { id: doc._id, digest: doc.digest };
      chain.before += uplinks.length;
    }
  };
  for (const month of ["202607", "202608", "202609", "202610"]) {
    const { fromMs, toMs } = monthBounds(month);
    const endMs = Math.min(toMs, clock.now());
    await hear(
      month,
      Array.from({ length: Math.floor((endMs - fromMs) / HOUR) }, (_, i) => fromMs + i * HOUR),
    );
  }
  const stopping = new AbortController();
  const turns = inTurn();
  const log = { info: () => undefined, warn: () => undefined };
  const worker = rollupWorker({
    tenant: tenant,
    teleDatabases: () => known.tele(tenant),
    roll,
    inTurn: (work) => turns(tenant, work),
    clock,
    tally: { refused: (reason) => assert.unreachable(reason) },
    signal: stopping.signal,
    log,
  });
  const history = historyStore({ databases, clock });
  const freezer = freezing({
    databases,
    roll,
    months: known,
    history,
    clock,
    retentionOf: async () => ({ rawDays: 30, hourlyMonths: 13, dailyMonths: 48 }),
    devicesOf: async () => [device],
    whoIsMissing: async (_community, month) =>
      missingParts(await known.tele(tenant), month, owners),
    inTurn: turns,
    caughtUp: () => worker.caughtUp(),
    log,
  });
  await worker.caughtUp();
  return {
    tenant,
    community,
    databases,
    clock,
    roll,
    known,
    history,
    freezer,
    worker,
    hear,
    /** Ends the rollup. */
    async rest() {
      stopping.abort();
      await worker.done;
    },
    /** Does something once before the word is given that a month is frozen. */
    beforeTheWord(then: () => Promise<void>) {
      const open = databases.open.bind(databases);
      let opened = 0;
      Object.assign(databases, {
        open: async (name: string) => {
          // The meter's own month is written there first.
          if (name === databaseName.hist(tenant, "202607") && ++opened === 2) await then();
          return open(name);
        },
      });
    },
    readings: readingStore({ store: roll, reach: () => [everything], history }),
    async end() {
      stopping.abort();
      await worker.done;
      if (url)
        for (const name of await databases.names())
          if (name === rollName || name.startsWith(`t-${tenant}-`)) await databases.destroy(name);
      await databases.close();
    },
  };
}

type Stand = Awaited<ReturnType<typeof openStand>>;
const days = async ({ readings, clock, tenant }: Stand, from: string, to: string) =>
  (
    await readings.consumption(scope, tenant, METER, {
      registers: ["8-0:1.0.0"],
      zones: [{ fromMs: 0, zone: "Europe/Madrid" }],
      from,
      to,
      step: "day",
      nowMs: clock.now(),
      gapMs: 3 * HOUR,
    })
  )?.periods.map(({ n, marks }) => [n, ...marks]);

const couchdbUrl = process.env.COUCHDB_URL;
if (!couchdbUrl)
  process.on("exit", () => console.log("NOT TRIED: CouchDB (COUCHDB_URL is not set)"));

for (const [label, url] of [
  ["in memory", undefined],
  ...(couchdbUrl ? [["CouchDB", couchdbUrl] as const] : []),
] as const) {
  const test = suite(`freezing, ${label}`);
  const stand = (owners: readonly PartOwner[] = []) => openStand(url, owners);

  test("a month past its raw time becomes history, its segments and days go, and every day counts as before", async () => {
    const one = await stand();
    const before = await days(one, "2026-07-01", "2026-10-01");
    const outcomes = await one.freezer.run(one.community);
    assert.equal(
      outcomes.map(({ month, is }) => [month, is]),
      [
        ["202607", "frozen"],
        ["202608", "frozen"],
      ],
    );
    assert.equal(one.known.list(one.tenant), ["202609", "202610"]);
    const left = await one.roll.ids({ from: "day:", to: "day:\uffff" });
    assert.ok(left.every((id) => id > `day:${one.tenant}:${METER}:2026-09`));
    assert.equal(await days(one, "2026-07-01", "2026-10-01"), before);
    const names = await one.databases.names();
    assert.ok(names.includes(databaseName.hist(one.tenant, "202607")));
    assert.ok(names.includes(databaseName.daily(one.tenant, "2026")));
    const rows = await one.readings.readings(scope, one.tenant, METER, START, START + 24 * HOUR);
    assert.ok(rows.length >= 23, "one row an hour is left");
    assert.equal(await one.freezer.run(one.community), [], "there is nothing left to do");
    await one.end();
  });

  test("a reading that comes after the month was frozen makes a further version, and its day says so", async () => {
    const one = await stand();
    await one.freezer.run(one.community);
    const late = START + 10 * 24 * HOUR + 30 * 60_000;
    await one.hear("202610", [late]);
    await one.worker.caughtUp();
    await one.freezer.run(one.community);
    const hist = await one.databases.open(databaseName.hist(one.tenant, "202607"));
    assert.equal(await hist.ids({ from: "h:", to: "h:\uffff" }), [
      `h:${METER}:0001`,
      `h:${METER}:0002`,
    ]);
    const answer = await days(one, "2026-07-10", "2026-07-13");
    assert.equal(answer, [[240], [240, "late"], [240]]);
    assert.equal(
      await one.roll.ids({
        from: `day:${one.tenant}:${METER}:2026-07`,
        to: `day:${one.tenant}:${METER}:2026-08`,
      }),
      [],
    );
    await one.end();
  });

  test("nothing is let go of while a gateway may hold a part of the month", async () => {
    const owner: PartOwner = {
      gatewayId: "gw-ffffffffffffffff",
      name: "Attic",
      completeUntil: null,
      denied: 0,
    };
    const one = await stand([owner]);
    const outcomes = await one.freezer.run(one.community);
    assert.equal(outcomes, [
      {
        month: "202607",
        is: "waiting",
        why: ["Attic: has not said yet that all of this month is here"],
      },
    ]);
    assert.is(one.known.list(one.tenant).length, 4);
    await one.end();
    const said = await stand([{ ...owner, completeUntil: "2026-08-02T00:00:00.000Z" }]);
    const [first, second] = await said.freezer.run(said.community);
    assert.equal([first?.is, second?.is], ["frozen", "waiting"]);
    await said.end();
  });

  test("a chain with a hole keeps its months, one that goes on into a later month does not", async () => {
    const one = await stand();
    const owner = { gatewayId: GATEWAY, name: "Cellar", completeUntil: null, denied: 0 };
    const tele = await one.known.tele(one.tenant);
    assert.equal(await missingParts(tele, "202609", [owner]), []);
    assert.is(
      (await missingParts(tele, "202610", [owner])).length,
      1,
      "the newest goes on nowhere",
    );
    assert.is((await writerChain(tele, GATEWAY)).lastMonth, "202610");
    const [july] = tele;
    const { runs } = await monthParts(july as NonNullable<typeof july>);
    assert.equal(
      runs.map(({ from, to, uplinks }) => [from, to, uplinks]),
      [[0, 7, 744]],
    );
    const id = `s:${GATEWAY}:${EPOCH}:00000003`;
    await july?.remove(id, (await july.get(id))?._rev ?? "");
    const [why] = await missingParts(tele, "202607", [owner]);
    assert.match(why ?? "", /Cellar: segments are missing between .*0002 and .*0004/);
    await one.end();
  });

  test("a cut after the word was given is made up for at the next run", async () => {
    const one = await stand();
    const drop = one.known.drop.bind(one.known);
    let isCut = true;
    Object.assign(one.known, {
      drop: async (name: string) => {
        if (isCut) throw new Error("the power went");
        await drop(name);
      },
    });
    await one.freezer.run(one.community).then(
      () => assert.unreachable(),
      () => undefined,
    );
    isCut = false;
    await one.freezer.run(one.community);
    assert.equal(one.known.list(one.tenant), ["202609", "202610"]);
    const hist = await one.databases.open(databaseName.hist(one.tenant, "202607"));
    assert.equal(await hist.ids({ from: "h:", to: "h:\uffff" }), [`h:${METER}:0001`]);
    await one.end();
  });

  test("a cut before the word was given leaves no mark on what is frozen again", async () => {
    const one = await stand();
    const before = await days(one, "2026-07-01", "2026-08-01");
    one.beforeTheWord(async () => {
      throw new Error("the power went");
    });
    await one.freezer.run(one.community).then(
      () => assert.unreachable(),
      () => undefined,
    );
    // As after a start.
    one.history.changed();
    await one.freezer.run(one.community);
    assert.equal(one.known.list(one.tenant), ["202609", "202610"]);
    const hist = await one.databases.open(databaseName.hist(one.tenant, "202607"));
    assert.equal(await hist.ids({ from: "h:", to: "h:\uffff" }), [`h:${METER}:0001`]);
    assert.equal(await days(one, "2026-07-01", "2026-08-01"), before);
    await one.end();
  });

  test("after a cut in the middle of letting go, what is left of the frozen days goes without a mark", async () => {
    const one = await stand();
    const before = await days(one, "2026-07-01", "2026-08-01");
    const removeMany = one.roll.removeMany.bind(one.roll);
    let isCut = true;
    Object.assign(one.roll, {
      removeMany: async (docs: Parameters<typeof removeMany>[0]) => {
        if (isCut) throw new Error("the power went");
        return removeMany(docs);
      },
    });
    await one.freezer.run(one.community).then(
      () => assert.unreachable(),
      () => undefined,
    );
    isCut = false;
    one.history.changed();
    await one.freezer.run(one.community);
    assert.equal(one.known.list(one.tenant), ["202609", "202610"]);
    const hist = await one.databases.open(databaseName.hist(one.tenant, "202607"));
    assert.equal(await hist.ids({ from: "h:", to: "h:\uffff" }), [`h:${METER}:0001`]);
    assert.equal(await days(one, "2026-07-01", "2026-08-01"), before);
    await one.end();
  });

  test("a reading that comes while its month is being frozen is in a further version", async () => {
    const one = await stand();
    const late = START + 10 * 24 * HOUR + 30 * 60_000;
    one.beforeTheWord(async () => {
      await one.hear("202607", [late]);
      await one.worker.caughtUp();
    });
    await one.freezer.run(one.community);
    assert.equal(one.known.list(one.tenant), ["202609", "202610"]);
    const hist = await one.databases.open(databaseName.hist(one.tenant, "202607"));
    assert.equal(await hist.ids({ from: "h:", to: "h:\uffff" }), [
      `h:${METER}:0001`,
      `h:${METER}:0002`,
    ]);
    const answer = await days(one, "2026-07-11", "2026-07-12");
    assert.equal(answer, [[240, "late"]]);
    await one.end();
  });

  test("a month does not go while one of its segments is in no day yet", async () => {
    const one = await stand();
    await one.rest();
    await one.hear("202607", [START + 30 * 60_000]);
    Object.assign(one.worker, { caughtUp: async () => undefined });
    const [outcome] = await one.freezer.run(one.community);
    assert.is(outcome?.is, "waiting");
    assert.match(JSON.stringify(outcome), /s:gw-.* is not rolled up yet/);
    assert.is(one.known.list(one.tenant).length, 4);
    await one.end();
  });

  test("of a machine that went back to an old image of its disk nothing is missing where its chain forks", async () => {
    const one = await stand();
    const owner = { gatewayId: GATEWAY, name: "Cellar", completeUntil: null, denied: 0 };
    const tele = await one.known.tele(one.tenant);
    const [july, august] = tele as [Database, Database];
    const from = await july.get<SegmentDoc & Doc>(`s:${GATEWAY}:${EPOCH}:00000003`);
    if (!from) throw new Error("there is no such segment");
    const epoch = "00000002-0123456789abcdef" as Epoch;
    const place = {
      writer: GATEWAY,
      epoch,
      seq: 0,
      prev: { id: from._id, digest: from.digest },
      before: from.before + from.count,
      inbox: { from: 0, to: 0 },
    };
    await august.put(packSegment(place, [keptUplink(Date.UTC(2026, 7, 20), 1)]));
    assert.equal(await missingParts(tele, "202608", [owner]), []);
    // Where what it goes on from is not here, something is.
    await july.remove(from._id, from._rev as string);
    assert.is((await missingParts(tele, "202608", [owner])).length, 1);
    await one.end();
  });

  test("of a gateway whose newest went ahead of its backlog the older months are waited for", async () => {
    const one = await stand();
    const owner = { gatewayId: GATEWAY, name: "Cellar", completeUntil: null, denied: 0 };
    const [july, ...later] = await one.known.tele(one.tenant);
    const { runs } = await monthParts(july as NonNullable<typeof july>);
    const [why] = await missingParts(later, "202608", [owner]);
    assert.match(why ?? "", /Cellar: segments are missing up to s:.*0007/);
    assert.equal(await missingParts(later, "202608", [owner], runs), [], "they are history");
    const said = { ...owner, completeUntil: "2026-10-01T00:00:00.000Z" };
    assert.equal(await missingParts(later, "202608", [said]), [], "by its own word");
    await one.end();
  });

  test("a month that was let go of is not made again for somebody who asks", async () => {
    const one = await stand();
    await one.freezer.run(one.community);
    assert.is(await one.known.make(one.tenant, "202607"), false);
    assert.not.ok((await one.databases.names()).includes(databaseName.tele(one.tenant, "202607")));
    await one.end();
  });

  test("hours beyond their time go, days stay, and later whole years of days", async () => {
    const one = await stand();
    await one.freezer.run(one.community);
    one.clock.set(Date.UTC(2027, 8, 15));
    // The worker finds its months gone and waits a moment before it goes on.
    let isOver = false;
    const ran = one.freezer.run(one.community).finally(() => (isOver = true));
    while (!isOver) await one.clock.advance(1_000);
    await ran;
    const hist = (await one.databases.names()).filter((name) => name.includes("-hist-"));
    assert.ok(!hist.includes(databaseName.hist(one.tenant, "202607")));
    const july = await days(one, "2026-07-05", "2026-07-08");
    assert.equal(july, [[240], [240], [240]]);
    one.clock.set(Date.UTC(2031, 0, 15));
    await one.freezer.run(one.community);
    const daily = (await one.databases.names()).filter((name) => name.includes("-daily-"));
    assert.not.ok(daily.includes(databaseName.daily(one.tenant, "2026")), monthOf(one.clock.now()));
    await one.end();
  });

  test.run();
}
