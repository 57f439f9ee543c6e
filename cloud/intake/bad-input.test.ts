/**
 * What cannot be, on its whole way: told by a webhook, kept raw, rolled up, frozen, and on no bill.
 */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { devEui, loadExample, openStand, type Loose, type Stand } from "#cloud/hub-stand.ts";
import { load } from "#cloud/hub/load/load.ts";
import { databaseName } from "#shared/model/database-names.ts";
import type { TenantName } from "#shared/model/ids.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Midnight of the first of October in Madrid. */
const OCTOBER_MS = Date.parse("2026-09-30T22:00:00Z");
/** When October is beyond its raw time. */
const FEBRUARY_MS = Date.UTC(2027, 1, 10);

interface Context {
  stand: Stand;
  tenant: TenantName;
  cookie: string;
  key: string;
}

const test = suite<Context>("input that cannot be");
test.before(async (context) => {
  const stand = (context.stand = await openStand());
  stand.clock.set(OCTOBER_MS + 25 * DAY);
  context.tenant = stand.tenant("river") as TenantName;
  context.cookie = await stand.operator("olga@a.example");
  await load(stand.hub.hub, loadExample(context.tenant));
  context.key = (
    await ask(context, "POST", "/keys", { name: "sender", scopes: ["ingest", "read"] })
  ).data.key;
});
test.after(async ({ stand }) => {
  await stand.close();
});

async function ask({ stand, cookie, key }: Context, method: string, path: string, body?: unknown) {
  const who = key === undefined ? { cookie } : { headers: { "x-api-key": key } };
  const answer = await stand.ask(method, `/api/v1${path}`, {
    ...(method === "GET" ? who : { cookie }),
    body,
  });
  assert.ok(answer.status < 300, `${path}: ${answer.text}`);
  return answer.json;
}

/** A meter in the home 1B that tells 100 litres a day, at midnight and at noon, for 20 days. */
async function meterOf(context: Context, n: number): Promise<string> {
  const meter = devEui(context.tenant, n);
  await ask(context, "POST", "/devices/register", {
    dev_eui: meter,
    device_name: `Water ${n}`,
    device_type: "water_meter",
    community: context.tenant,
    expected_interval_s: 43_200,
  });
  const { data: units } = await ask(context, "GET", `/units?community=${context.tenant}`);
  const home = units.find(({ name }: Loose) => name === "1B");
  await ask(context, "PUT", `/devices/${meter}/assign`, {
    unit_id: home.id,
    valid_from: "2026-10-01",
  });
  return meter;
}

const litresAt = (half: number) => 5_001 + 50 * half;

/** What a sender says, as text: JSON itself knows no Infinity. */
async function tell({ stand, key }: Context, meter: string, timeMs: number, index: string) {
  const body = `{"dev_eui":"${meter}","timestamp":"${new Date(timeMs).toISOString()}","cumulativeFlowM3":${index}}`;
  return stand.ask("POST", "/api/v1/ingest", { headers: { "x-api-key": key }, body });
}

async function tellTruth(context: Context, meter: string, from: number, to: number) {
  for (let half = from; half <= to; half++) {
    const answer = await tell(
      context,
      meter,
      OCTOBER_MS + (half * DAY) / 2,
      String(litresAt(half) / 1000),
    );
    assert.is(answer.status, 200, answer.text);
  }
}

async function billOf(context: Context, meter: string) {
  const { data } = await ask(
    context,
    "GET",
    `/reports/billing?community=${context.tenant}&from=2026-10-01&to=2026-10-21`,
  );
  const row = data.find(({ dev_eui }: Loose) => dev_eui === meter);
  return [row.start?.index, row.end?.index, row.consumption];
}

const refusedSoFar = async ({ stand }: Context) => {
  const text = await (await fetch(`${stand.hub.url}/metrics`)).text();
  return [...text.matchAll(/riser_refused_total\{reason="([a-z_]+)"\} (\d+)/g)].reduce(
    (sum, [, , count]) => sum + Number(count),
    0,
  );
};

/** Each with what a webhook says to it, and the mark it leaves on the day it was told of. */
const CASES: readonly (readonly [
  what: string,
  index: string,
  timeMs: number,
  status: number,
  mark: string | null,
])[] = [
  ["no number", '"NaN"', 0, 400, null],
  ["what is beyond every number", "1e999", 0, 400, null],
  ["a negative index", "-5", 0, 200, "negative"],
  ["an index that no meter shows", "4000000000000", 0, 200, "absurd"],
  ["an index beyond what was told before and after", "812345.678", 0, 200, "spike"],
  ["a time in 2106", "5.5", Date.UTC(2106, 1, 7), 400, null],
  ["a time that has not come", "6.0", Date.UTC(2090, 1, 7), 200, null],
];
const TOLD_MS = OCTOBER_MS + 10.25 * DAY;

test("is refused in words or kept raw and marked, and the bill is what it was without it, also when its month is history", async (context) => {
  const { stand, tenant } = context;
  const meters: string[] = [];
  for (const [i, [what, index, timeMs, status]] of CASES.entries()) {
    const meter = await meterOf(context, 51 + i);
    meters.push(meter);
    await tellTruth(context, meter, 0, 20);
    const refused = await refusedSoFar(context);
    const answer = await tell(context, meter, timeMs || TOLD_MS, index);
    assert.is(answer.status, status, `${what}: ${answer.text}`);
    if (status === 400) assert.ok((await refusedSoFar(context)) > refused, `${what} is counted`);
    await tellTruth(context, meter, 21, 40);
  }
  await stand.hub.caughtUp();
  const look = async (when: string) => {
    for (const [i, [what, , , , mark]] of CASES.entries()) {
      const meter = meters[i] as string;
      assert.equal(await billOf(context, meter), ["5.001", "7.001", "2.000"], `${what}, ${when}`);
      if (mark === null) continue;
      const { data } = await ask(
        context,
        "GET",
        `/devices/${meter}/consumption?from=2026-10-11&to=2026-10-12&step=day`,
      );
      assert.ok(data.periods[0].marks.includes(mark), `${what}, ${when}: ${data.periods[0].marks}`);
    }
  };
  for (const [i, [what, , , status]] of CASES.entries()) {
    const { data } = await ask(context, "GET", `/devices/${meters[i]}?include=telemetry`);
    assert.is(data.uplinks.length, status === 200 ? 42 : 41, `${what}: raw`);
  }
  await look("open");
  stand.clock.set(FEBRUARY_MS);
  const tele = databaseName.tele(tenant, "202610");
  for (const endMs = Date.now() + 20_000; ;) {
    assert.ok(Date.now() < endMs, "October does not become history");
    await stand.clock.advance(HOUR);
    let isOver = false;
    const done = stand.hub.caughtUp().finally(() => (isOver = true));
    while (!isOver) await stand.clock.advance(100);
    await done;
    const names = await stand.hub.hub.databases.names();
    if (names.includes(databaseName.hist(tenant, "202610")) && !names.includes(tele)) break;
  }
  await look("frozen");
});

test.run();
