import { suite } from "uvu";
import * as assert from "uvu/assert";
import { isFault } from "#shared/model/fault.ts";
import type { DeviceId } from "#shared/model/ids.ts";
import type { SiteDocument } from "#shared/model/site.ts";
import { pending } from "#shared/series/pending.ts";
import { readingStore } from "#shared/series/reading-store.ts";
import { rollUp } from "#shared/series/rollup.ts";
import { keptUplink } from "#shared/testing/kept-uplinks.ts";
import { openMemoryDatabases } from "#shared/testing/memory-databases.ts";
import {
  FORMER,
  HOME_1A,
  HOME_1B,
  MOVED_AT,
  PRESENT,
  siteExample,
  TENANT,
  WATER_1A,
} from "#shared/testing/site-example.ts";
import { steerableClock } from "#shared/testing/steerable-clock.ts";
import { reachOf } from "#edge/site/reach.ts";
import { readSite } from "#shared/access/site.ts";
import { sites } from "#edge/site/sites.ts";
import { homes } from "#shared/access/homes.ts";
import type { SignedIn } from "./sign-ins.ts";

const test = suite("homes");
const HOUR = 3_600_000;
const NOW = Date.UTC(2026, 10, 23, 12, 30);
const MOVED = Date.parse(MOVED_AT);
const METER = "i-0000000000000001";
/** 10 L an hour. */
const litresAt = (time: number) => Math.floor((time - Date.UTC(2026, 9, 1)) / HOUR) * 10;

/** Hourly readings of home 1A from 25 October on, and the site as `change` leaves it. */
async function stand(change: (docs: SiteDocument[]) => void = () => undefined) {
  const databases = openMemoryDatabases();
  const docs = await siteExample();
  change(docs);
  const database = await databases.open("site");
  await database.bulk(docs);
  const site = await readSite(database);
  if (!site) throw new Error("no site");
  const known = sites();
  known.set(site, new Map());
  const roll = await databases.openShelf("roll");
  const times = Array.from({ length: 30 * 24 }, (_, i) => Date.UTC(2026, 9, 25) + i * HOUR);
  const uplinks = times
    .filter((time) => time <= NOW)
    .map((time) => keptUplink(time, litresAt(time), { deviceId: WATER_1A }));
  await rollUp(roll, TENANT, [
    { writer: "gw-0000000000000001", epoch: "00000001-0000000000000000", seq: 0, uplinks },
  ]);
  const fresh = pending();
  const shown = homes({
    readings: readingStore({ store: roll, reach: reachOf(known), pending: fresh }),
    clock: steerableClock(NOW),
    freshness: () => ({ is_hub_reached: true, hub_away_since: null, waiting: 0, is_keeping: true }),
  });
  const as = ({ residentId, code }: typeof FORMER): SignedIn => ({
    scope: { kind: "resident", tenant: TENANT, residentId },
    site,
    code: site.codes.get(code.slice(0, 4)) as SignedIn["code"],
  });
  return { shown, as, fresh, databases };
}
type UnitDoc = Extract<SiteDocument, { type: "unit" }>;
type DeviceDoc = Extract<SiteDocument, { type: "device" }>;
const unitIn = (docs: SiteDocument[], id: string) =>
  docs.find(({ _id }) => _id === `unit:${id}`) as UnitDoc;
const deviceIn = (docs: SiteDocument[], id: DeviceId) =>
  docs.find(({ _id }) => _id === `device:${id}`) as DeviceDoc;
const NOVEMBER = { from: "2026-11-01", to: "2026-12-01", step: "day" } as const;
const use = (periods: readonly { n: number | null }[]) =>
  periods.reduce((sum, { n }) => sum + (n ?? 0), 0);

test("the day somebody moves is split at midnight between the two, and nothing is in both", async () => {
  const { shown, as, databases } = await stand();
  const before = await shown.consumption(as(FORMER), HOME_1A, METER, NOVEMBER);
  const after = await shown.consumption(as(PRESENT), HOME_1A, METER, NOVEMBER);
  const days = (answer: typeof before) =>
    answer.periods.filter(({ n }) => n !== null).map(({ label }) => label);
  assert.is(days(before).at(-1), "2026-11-09");
  assert.is(days(after)[0], "2026-11-10");
  assert.is(use(before.periods), 9 * 240);
  assert.is(before.total, 9 * 240);
  assert.is(use(after.periods), litresAt(NOW) - litresAt(MOVED));
  const card = (await shown.overview(as(FORMER), HOME_1A)).meters[0];
  assert.is(card?.index?.n, litresAt(MOVED - HOUR), "their last index, none of the next one's");
  await databases.close();
});

test("the day the clocks go back has 25 hours, and they add up to it", async () => {
  const { shown, as, databases } = await stand();
  const day = { from: "2026-10-25", to: "2026-10-26" };
  const hours = await shown.consumption(as(FORMER), HOME_1A, METER, { ...day, step: "hour" });
  assert.is(hours.periods.length, 25);
  const whole = await shown.consumption(as(FORMER), HOME_1A, METER, { ...day, step: "day" });
  assert.is(use(hours.periods), whole.total);
  await databases.close();
});

test("a contract renewed from one day to the next is one stretch", async () => {
  const { shown, as, databases } = await stand((docs) => {
    const [, present] = unitIn(docs, HOME_1A).tenancies;
    if (!present) throw new Error("nobody lives there");
    unitIn(docs, HOME_1A).tenancies.push({ ...present, from: "2026-11-19T23:00:00.000Z" });
    present.to = "2026-11-19T23:00:00.000Z";
  });
  const answer = await shown.consumption(as(PRESENT), HOME_1A, METER, NOVEMBER);
  assert.is(answer.total, litresAt(NOW) - litresAt(MOVED));
  assert.is(use(answer.periods), answer.total);
  await databases.close();
});

test("a tenancy that is still to come hides nothing of the one before", async () => {
  const { shown, as, databases } = await stand((docs) => {
    const tenancies = unitIn(docs, HOME_1A).tenancies;
    const former = tenancies[0];
    if (former) tenancies.push({ ...former, from: "2027-01-01T00:00:00.000Z", to: undefined });
  });
  const answer = await shown.consumption(as(FORMER), HOME_1A, METER, NOVEMBER);
  assert.is(answer.total, 9 * 240);
  await databases.close();
});

test("a home without meters, a device mounted nowhere and one mounted twice are shown as they are", async () => {
  const { shown, as, databases } = await stand((docs) => {
    deviceIn(docs, "70b3d57ed0000002" as DeviceId).installations = [];
    const water = deviceIn(docs, WATER_1A);
    const [mounted] = water.installations;
    if (!mounted) throw new Error("not mounted");
    // Taken off on the 20th, back on the 21st: a second installation.
    water.installations = [
      { ...mounted, to: "2026-11-20T10:00:00.000Z" },
      {
        ...mounted,
        installationId: "i-0000000000000009" as typeof mounted.installationId,
        from: "2026-11-21T10:00:00.000Z",
      },
    ];
    unitIn(docs, HOME_1B).tenancies.push({
      ...(unitIn(docs, HOME_1A).tenancies[1] as UnitDoc["tenancies"][number]),
    });
  });
  assert.equal((await shown.overview(as(PRESENT), HOME_1B)).meters, []);
  const { meters } = await shown.overview(as(PRESENT), HOME_1A);
  assert.equal(
    meters.map(({ meter_id: meterId }) => meterId),
    ["i-0000000000000009", "i-0000000000000003"],
  );
  const first = await shown.consumption(as(PRESENT), HOME_1A, METER, NOVEMBER);
  const second = await shown.consumption(as(PRESENT), HOME_1A, "i-0000000000000009", NOVEMBER);
  assert.is(first.total, litresAt(Date.UTC(2026, 10, 20, 10)) - litresAt(MOVED));
  assert.is(second.total, litresAt(NOW) - litresAt(Date.UTC(2026, 10, 21, 10)));
  await databases.close();
});

test("what is asked in an odd way is refused, and never a failure", async () => {
  const { shown, as, databases } = await stand();
  const odd = [
    "+275760-09-12",
    "2026-11-23[u-ca=roc]",
    "2026-11-23T10:00",
    "20261123",
    "-000001-01-01",
    "x",
  ];
  for (const from of odd)
    for (const asked of [
      { from, to: "2026-12-01" },
      { from: "2026-11-01", to: from },
      { from, to: "+275760-09-13" },
    ]) {
      const outcome = await shown
        .consumption(as(PRESENT), HOME_1A, METER, { ...asked, step: "day" })
        .catch((error: unknown) => error);
      assert.ok(isFault(outcome, "invalid"), JSON.stringify(asked));
    }
  for (const [from, to] of [
    ["0000-01-01", "0000-01-03"],
    ["9999-12-30", "9999-12-31"],
  ] as const)
    assert.is(
      (await shown.consumption(as(PRESENT), HOME_1A, METER, { from, to, step: "day" })).total,
      null,
    );
  await databases.close();
});

test("what is kept and not rolled up yet is on the page, cut like everything else", async () => {
  const { shown, as, fresh, databases } = await stand();
  fresh.add(TENANT, keptUplink(NOW, 99_000, { deviceId: WATER_1A }), "gw-0000000000000001");
  assert.is((await shown.overview(as(PRESENT), HOME_1A)).meters[0]?.index?.n, 99_000);
  const former = (await shown.overview(as(FORMER), HOME_1A)).meters[0];
  assert.is(former?.index?.n, litresAt(MOVED - HOUR));
  assert.not.match(JSON.stringify(former), /99000/);
  await databases.close();
});

test.run();
