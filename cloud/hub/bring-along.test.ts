/** A meter whose handing over is told when the months since are history already. */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { devEui, loadExample, openStand, type Loose } from "#cloud/hub-stand.ts";
import { databaseName, monthBounds, parseDatabaseName } from "#shared/model/database-names.ts";
import type { DeviceId, Epoch, TenantName, WriterId } from "#shared/model/ids.ts";
import { systemScope } from "#shared/model/scope.ts";
import { packSegment } from "#shared/series/segment.ts";
import { keptUplink } from "#shared/testing/kept-uplinks.ts";
import { changeIn } from "./change.ts";
import { load } from "./load/load.ts";

const test = suite("what a former community has of a meter, when it is history");
const scope = systemScope("test");
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const WRITER = "gw-00112233445566aa" as WriterId;
const JULY_MS = monthBounds("202607").fromMs;
const HANDED_AT = "2026-07-15T00:00:00.000Z";
/** July and August are beyond their raw time then. */
const DECEMBER_MS = Date.UTC(2026, 11, 10);
/** Seven minutes past each hour, ten litres an hour. */
const hours = (from: number, to: number) =>
  Array.from({ length: (to - from) * 24 }, (_, i) => JULY_MS + from * DAY + i * HOUR + 7 * 60_000);

/** A community that heard a meter all July and August, and one next door that has it by now, or heard it too. */
async function town(heardNextDoor: readonly number[]) {
  const stand = await openStand();
  const [here, next] = [stand.tenant("here") as TenantName, stand.tenant("next") as TenantName];
  stand.clock.set(DECEMBER_MS);
  const cookie = await stand.operator("olga@a.example");
  await load(stand.hub.hub, loadExample(here));
  const meter = devEui(here, 1) as DeviceId;
  const ask = async (method: string, path: string, body?: unknown): Promise<Loose> => {
    const answer = await stand.ask(method, `/api/v1${path}`, { cookie, body });
    assert.ok(answer.status < 300, `${path}: ${answer.text}`);
    return answer.json.data;
  };
  await ask("POST", "/customers", { name: "Next door", tenant_name: next });
  const hear = async (tenant: TenantName, times: readonly number[]) => {
    for (const month of ["202607", "202608"]) {
      const { fromMs, toMs } = monthBounds(month);
      const uplinks = times
        .filter((time) => fromMs <= time && time < toMs)
        .map((time) =>
          keptUplink(time, Math.floor((time - JULY_MS) / HOUR) * 10, { deviceId: meter }),
        );
      if (uplinks.length === 0) continue;
      await stand.hub.hub.months.make(tenant, month);
      const database = await stand.hub.hub.databases.open(databaseName.tele(tenant, month));
      const epoch = `00000001-0000000000${month}` as Epoch;
      for (let seq = 0; seq * 200 < uplinks.length; seq++) {
        const inbox = { from: seq * 200, to: seq * 200 + 199 };
        const place = { writer: WRITER, epoch, seq, prev: null, before: seq * 200, inbox };
        await database.put(packSegment(place, uplinks.slice(seq * 200, seq * 200 + 200)));
      }
      await database.close();
      stand.hub.hub.moved.tell(tenant);
    }
  };
  await hear(here, hours(0, 62));
  await hear(next, heardNextDoor);
  await stand.hub.caughtUp();
  /** A rollup whose month went waits a moment before it goes on. */
  const caughtUp = async () => {
    let isOver = false;
    const done = stand.hub.caughtUp().finally(() => (isOver = true));
    while (!isOver) await stand.clock.advance(100);
    await done;
  };
  /** Does what is due each hour until it is done. */
  const freeze = async (isDone: () => Promise<boolean>) => {
    for (const endMs = Date.now() + 20_000; !(await isDone());) {
      assert.ok(Date.now() < endMs, "the hub does not come to it");
      await stand.clock.advance(HOUR);
      await caughtUp();
    }
  };
  const isFrozen = async () => {
    const names = await stand.hub.hub.databases.names();
    return !names.some((name) => {
      const parsed = parseDatabaseName(name);
      return parsed?.kind === "tele" && parsed.month < "202609";
    });
  };
  await freeze(isFrozen);
  const versions = async (tenant: TenantName, month: string) => {
    const name = databaseName.hist(tenant, month);
    const hist = await stand.hub.hub.databases.openExisting(name);
    const ids = (await hist?.ids({ from: `h:${meter}:`, to: `h:${meter}:\uffff` })) ?? [];
    await hist?.close();
    return ids.map((id) => Number(id.slice(-4)));
  };
  const billed = async (tenant: TenantName) => {
    const rows = await ask(
      "GET",
      `/reports/billing?community=${tenant}&from=2026-07-01&to=2026-08-31`,
    );
    return rows
      .filter(({ dev_eui }: Loose) => dev_eui === meter)
      .map(({ start, end, consumption }: Loose) => [start?.index, end?.index, consumption]);
  };
  const days = async () =>
    (
      await ask("GET", `/devices/${meter}/consumption?from=2026-07-16&to=2026-08-30&step=day`)
    ).periods.map(({ consumption }: Loose) => consumption);
  return { stand, ask, here, next, meter, caughtUp, freeze, versions, billed, days };
}
const EACH_DAY = Array.from({ length: 45 }, () => "0.240");

test("a month that is history in both makes a further version in the new community, each hour once", async () => {
  // Next door heard it for ten days of each month, through its own gateway.
  const one = await town([...hours(18, 28), ...hours(40, 50)]);
  const { stand, ask, here, next, meter } = one;
  assert.equal(await one.versions(next, "202607"), [1]);
  await ask("PUT", `/devices/${meter}/community`, { community: next, from: HANDED_AT });
  // A stop comes in the middle: the next start goes on.
  await stand.restart();
  await stand.restart();
  await one.freeze(async () => JSON.stringify(await one.days()) === JSON.stringify(EACH_DAY));
  const versions = async () => [
    await one.versions(next, "202607"),
    await one.versions(next, "202608"),
  ];
  const before = await versions();
  assert.ok(
    before.every(({ length }) => length > 1),
    "each in a further version",
  );
  assert.equal(await one.versions(here, "202607"), [1], "the former one's stays as it was frozen");
  // Looked through once more, nothing new is found.
  const [community] = await stand.hub.hub.communities.list(scope);
  const { organizationId } = community as NonNullable<typeof community>;
  const { devices } = stand.hub.hub;
  await changeIn(devices, scope, organizationId, meter, ({ broughtSince, ...rest }) => {
    assert.is(broughtSince, HANDED_AT);
    return rest;
  });
  await stand.restart();
  for (let hour = 0; hour < 3; hour++) {
    await stand.clock.advance(HOUR);
    await one.caughtUp();
  }
  assert.equal(await versions(), before);
  const { readings } = await ask("GET", `/devices/${meter}?include=telemetry`);
  const times = readings.map(({ time }: Loose) => time);
  assert.is(new Set(times).size, times.length, "each reading once");
  await stand.close();
});

test("months in which the new community has nothing of the meter count all the same, and the former one sees none of it", async () => {
  const one = await town([]);
  const { stand, ask, here, next, meter } = one;
  const before = await one.billed(here);
  await ask("PUT", `/devices/${meter}/community`, { community: next, from: HANDED_AT });
  await one.caughtUp();
  await one.freeze(async () => JSON.stringify(await one.days()) === JSON.stringify(EACH_DAY));
  const [row] = await one.billed(here);
  assert.ok(before[0][1] !== row[1], "the bill of the former one ends with the hand-over");
  assert.is(row[1], "3.358");
  const { key } = await ask("POST", "/keys", {
    name: "here",
    scopes: ["read"],
    communities: [here],
  });
  for (const path of [
    `/devices/${meter}`,
    `/devices/${meter}?include=telemetry`,
    `/devices/${meter}/consumption?from=2026-07-16&to=2026-08-30&step=day`,
  ]) {
    const answer = await stand.ask("GET", `/api/v1${path}`, { headers: { "x-api-key": key } });
    assert.is(answer.status, 404, path);
  }
  await stand.close();
});

test.run();
