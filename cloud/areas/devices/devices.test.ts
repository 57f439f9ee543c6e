import { suite } from "uvu";
import * as assert from "uvu/assert";
import { devEui, loadExample, openStand, type Loose, type Stand } from "#cloud/hub-stand.ts";
import { load } from "#cloud/hub/load/load.ts";
import { databaseName } from "#shared/model/database-names.ts";
import type { TenantName } from "#shared/model/ids.ts";
import { systemScope } from "#shared/model/scope.ts";

const couchdbUrl = process.env.COUCHDB_URL;
const scope = systemScope("test");

for (const [label, url] of [
  ["embedded", undefined],
  ...(couchdbUrl ? [["CouchDB", couchdbUrl]] : []),
]) {
  const test = suite<{
    stand: Stand;
    cookie: string;
    tenant: string;
    unit: (name: string) => string;
    resident: (ref: string) => string;
  }>(`devices on ${label}`);

  test.before(async (context) => {
    const stand = await openStand(url);
    context.stand = stand;
    context.cookie = await stand.operator("olga@example.org");
    context.tenant = stand.tenant("river");
    await load(stand.hub.hub, loadExample(context.tenant));
    const units = await stand.hub.hub.units.units.list(scope);
    const residents = await stand.hub.hub.residents.list(scope);
    context.unit = (name) => units.find((one) => one.name === name)?.unitId as string;
    context.resident = (ref) => residents.find((one) => one.ref === ref)?.residentId as string;
  });
  test.after(async ({ stand }) => {
    await stand.close();
  });

  /** A device of the organization's own, by the three fields other products send. */
  const registered = async (
    { stand, cookie, tenant }: { stand: Stand; cookie: string; tenant: string },
    n: number,
    more: object = {},
  ) => {
    const body = {
      dev_eui: devEui(tenant, n).toUpperCase(),
      device_name: `Meter ${n}`,
      device_type: "water_meter",
      ...more,
    };
    const answer = await stand.ask("POST", "/api/v1/devices/register", { cookie, body });
    assert.is(answer.status, 201, answer.text);
    return answer.json.data;
  };
  const siteDevice = async (stand: Stand, tenant: string, n: number) => {
    const name = databaseName.site(tenant as TenantName, 1);
    const database = await stand.hub.hub.databases.open(name);
    return (await database.get(`device:${devEui(tenant, n)}`)) as Loose;
  };

  test("registered with three fields it answers with those other products know, and is nobody's yet", async (context) => {
    const { stand, cookie, tenant } = context;
    const data = await registered(context, 10);
    const { id, dev_eui, device_name, device_type, status, is_active, created_at } = data;
    assert.equal(
      { id, dev_eui, device_name, device_type, status, is_active },
      {
        id: devEui(tenant, 10),
        dev_eui: devEui(tenant, 10),
        device_name: "Meter 10",
        device_type: "water_meter",
        status: "offline",
        is_active: true,
      },
    );
    assert.ok(Date.parse(created_at) > 0);
    assert.equal(
      [data.community, data.kind, data.decoder],
      [null, "cold_water", "riser/reported-values"],
    );
    const mine = await stand.ask("GET", "/api/v1/devices?community=none", { cookie });
    assert.equal([mine.json.total, mine.json.limit, mine.json.offset], [1, 50, 0]);
    assert.is(await siteDevice(stand, tenant, 10), undefined, "no gateway is told");
  });

  test("a DevEUI is registered once on the hub, and nobody learns by whom", async (context) => {
    const { stand, cookie, tenant } = context;
    const body = (dev_eui: string) => ({ dev_eui, device_name: "x", device_type: "y" });
    const again = await stand.ask("POST", "/api/v1/devices/register", {
      cookie,
      body: body(devEui(tenant, 1)),
    });
    const other = loadExample(stand.tenant("rival"));
    other.organization.name = "Rival";
    await load(stand.hub.hub, other, { newOrganization: true });
    const foreign = await stand.ask("POST", "/api/v1/devices/register", {
      cookie,
      body: body(devEui(stand.tenant("rival"), 1)),
    });
    assert.equal([again.status, foreign.status], [409, 409]);
    assert.is(again.json.detail ?? again.json.title, foreign.json.detail ?? foreign.json.title);
    const wrong = await stand.ask("POST", "/api/v1/devices/register", {
      cookie,
      body: body("0004a30b"),
    });
    assert.is(wrong.status, 400);
    assert.match(wrong.text, /16 hex digits/);
  });

  test("a label is read, says whether the device is known and what is missing, and its key goes nowhere", async (context) => {
    const { stand, cookie, tenant } = context;
    const key = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";
    const read = async (text: string) =>
      stand.ask("POST", "/api/v1/devices/label", { cookie, body: { text } });
    const fresh = devEui(tenant, 77);
    const { data } = (await read(`LW:D0:0000000000000007:${fresh}:00010002:S4711:P${key}`)).json;
    assert.equal(
      [data.registered, data.heard, data.missing, data.problems],
      [null, null, ["decoder"], []],
    );
    const { device_name: name, ...body } = data.register;
    assert.equal(body, {
      dev_eui: fresh,
      join_eui: "0000000000000007",
      app_key: key,
      serial_number: "4711",
    });
    const known = (await read(devEui(tenant, 1))).json.data;
    assert.ok(known.registered.name.length > 0);
    const wrong = await read("nothing of the kind");
    assert.equal([wrong.status, /no DevEUI/.test(wrong.text)], [400, true]);
    assert.not.ok(stand.logged.join("").includes(key), "not into the log");
    const audit = await stand.ask("GET", "/api/v1/audit?limit=100", { cookie });
    assert.not.ok(audit.text.includes(key), "not into the audit");
    assert.is(name, "4711");
  });

  test("meters whose calibration ends are listed, the first to end first", async (context) => {
    const { stand, cookie, tenant } = context;
    for (const [n, calibration_due] of [
      [81, "2031-06-30"],
      [82, "2030-12-31"],
      [83, "2040-01-01"],
    ] as const)
      await registered(context, n, { calibration_due });
    const path = "/api/v1/devices?calibration_before=2032-01-01";
    const { json } = await stand.ask("GET", path, { cookie });
    assert.equal(
      json.data.map(({ dev_eui }: Loose) => dev_eui),
      [devEui(tenant, 82), devEui(tenant, 81)],
    );
  });

  test("keys are written, sealed and never shown; the community's gateway gets them", async (context) => {
    const { stand, cookie, tenant } = context;
    const secret = "00112233445566778899aabbccddeeff";
    const data = await registered(context, 11, {
      community: tenant,
      join_eui: "0000000000000001",
      app_key: secret,
      model: "CMI4110",
      external_id: "K-11",
      multiplier: 10,
    });
    assert.not.match(JSON.stringify(data), new RegExp(secret, "i"));
    assert.ok(data.keys_at);
    assert.is(data.decoder, "elvaco/cmi4110");
    const audit = await stand.hub.hub.registry.organization(
      (await stand.hub.hub.registry.organizations())[0]?.organizationId as never,
    );
    for (const doc of await audit.database.list())
      assert.not.match(JSON.stringify(doc), /00112233/);
    assert.ok(!stand.logged.some((line) => line.includes(secret)));
    assert.ok(await siteDevice(stand, tenant, 11));
    const taken = await stand.ask("POST", "/api/v1/devices/register", {
      cookie,
      body: {
        dev_eui: devEui(tenant, 99),
        device_name: "x",
        device_type: "y",
        external_id: "K-11",
      },
    });
    assert.is(taken.status, 409);
    const alone = await stand.ask("PATCH", `/api/v1/devices/${devEui(tenant, 10)}`, {
      cookie,
      body: { app_key: secret },
    });
    assert.is(alone.status, 400, "a key goes with its JoinEUI");
  });

  test("given to a resident it is theirs from now on, in any letter case; the same once more is the same", async (context) => {
    const { stand, cookie, tenant, resident } = context;
    await registered(context, 12);
    const path = `/api/v1/devices/${devEui(tenant, 12).toUpperCase()}/assign`;
    const body = { end_user_id: resident("ben"), start_index: "7.250" };
    const given = await stand.ask("PUT", path, { cookie, body });
    assert.is(given.status, 200, given.text);
    const row = given.json.data;
    assert.equal([row.unit.name, row.start_index, row.valid_to], ["1A", "7.250", null]);
    assert.ok(Math.abs(Date.parse(row.valid_from) - stand.clock.now()) < 60_000);
    assert.equal(
      row.residents.map((one: Loose) => one.end_user_id).sort(),
      [resident("ben"), resident("cleo")].sort(),
    );
    const again = await stand.ask("PUT", path, { cookie, body: { end_user_id: resident("ben") } });
    assert.is(again.json.data.id, row.id);
    const site = await siteDevice(stand, tenant, 12);
    assert.is(site.installations.length, 1);
    assert.is(site.held.length, 1);
    const mine = await stand.ask("GET", `/api/v1/devices?resident=${resident("ben")}`, { cookie });
    assert.ok(mine.json.data.some((one: Loose) => one.dev_eui === devEui(tenant, 12)));
  });

  test("a resident without a home gets one", async (context) => {
    const { stand, cookie, tenant, resident } = context;
    await registered(context, 13);
    const given = await stand.ask("PUT", `/api/v1/devices/${devEui(tenant, 13)}/assign`, {
      cookie,
      body: { end_user_id: resident("ana") },
    });
    assert.is(given.status, 200, given.text);
    assert.is(given.json.data.unit.name, "Home 1");
    assert.equal(
      given.json.data.residents.map((one: Loose) => one.end_user_id),
      [resident("ana")],
    );
  });

  test("what overlaps is refused and named, and the past is told by dates in the building's zone", async (context) => {
    const { stand, cookie, tenant, unit } = context;
    await registered(context, 14, { community: tenant });
    const path = `/api/v1/devices/${devEui(tenant, 14)}/assign`;
    const put = (body: object) => stand.ask("PUT", path, { cookie, body });
    const first = await put({
      unit_id: unit("1B"),
      valid_from: "2026-03-01",
      valid_to: "2026-06-01",
    });
    assert.is(first.json.data.valid_from, "2026-02-28T23:00:00.000Z", first.text);
    const refused = await put({ unit_id: unit("1A"), valid_from: "2026-05-01" });
    assert.is(refused.status, 409);
    assert.equal(refused.json.overlaps.unit.name, "1B");
    assert.is((await put({ unit_id: unit("1A"), valid_from: "2026-06-01" })).status, 200);
    const { json } = await stand.ask("GET", `/api/v1/devices/${devEui(tenant, 14)}/assignments`, {
      cookie,
    });
    assert.equal(
      json.data.map((one: Loose) => one.unit.name),
      ["1B", "1A"],
    );
    const ended = await stand.ask("DELETE", `${path}?end_index=12.5`, { cookie });
    assert.is(ended.json.data.end_index, "12.5", ended.text);
    assert.is((await stand.ask("DELETE", path, { cookie })).status, 404);
  });

  test("of many who give one device away at once, one does", async (context) => {
    const { stand, cookie, tenant, unit } = context;
    await registered(context, 15, { community: tenant });
    const homes = Array.from({ length: 12 }, (_, i) => unit(i % 2 ? "1A" : "1B"));
    const answers = await Promise.all(
      homes.map((unit_id, i) =>
        stand.ask("PUT", `/api/v1/devices/${devEui(tenant, 15)}/assign`, {
          cookie,
          body: { unit_id, valid_from: `2026-01-${String(i + 1).padStart(2, "0")}` },
        }),
      ),
    );
    const statuses = answers.map(({ status }) => status);
    assert.is(statuses.filter((one) => one === 200).length, 1, statuses.join());
    assert.is(statuses.filter((one) => one === 409).length, 11, statuses.join());
    const { installations } = await stand.hub.hub.devices.find(scope, devEui(tenant, 15));
    assert.is(installations.length, 1);
  });

  test("a status set by hand is shown and filtered by; retired it leaves its home and the list, not its history", async (context) => {
    const { stand, cookie, tenant, unit } = context;
    await registered(context, 16, { community: tenant });
    const path = `/api/v1/devices/${devEui(tenant, 16)}`;
    await stand.ask("PUT", `${path}/assign`, { cookie, body: { unit_id: unit("1B") } });
    const set = await stand.ask("PUT", `${path}/status`, {
      cookie,
      body: { status: "maintenance" },
    });
    assert.is(set.json.data.status, "maintenance", set.text);
    const listed = await stand.ask("GET", "/api/v1/devices?status=maintenance", { cookie });
    assert.is(listed.json.total, 1);
    assert.is(
      (await stand.ask("PUT", `${path}/status`, { cookie, body: { status: "broken" } })).status,
      400,
    );
    await stand.clock.advance(60_000);
    const retired = await stand.ask("PATCH", path, { cookie, body: { is_active: false } });
    assert.equal(
      [retired.json.data.is_active, retired.json.data.unit],
      [false, null],
      retired.text,
    );
    const q = `/api/v1/devices?q=${devEui(tenant, 16)}`;
    assert.is((await stand.ask("GET", q, { cookie })).json.total, 0);
    assert.is((await stand.ask("GET", `${q}&retired=only`, { cookie })).json.total, 1);
    const past = await stand.ask("GET", `${path}/assignments`, { cookie });
    assert.is(past.json.data.length, 1);
    assert.ok(past.json.data[0].valid_to);
    assert.is(
      (await stand.ask("PUT", `${path}/assign`, { cookie, body: { unit_id: unit("1B") } })).status,
      409,
    );
  });

  test("a meter takes another's place in one call; what both showed is kept side by side", async (context) => {
    const { stand, cookie, tenant, unit } = context;
    await registered(context, 20, { community: tenant, decoder: "elvaco/cmi4110", kind: "heat" });
    const path = `/api/v1/devices/${devEui(tenant, 20)}`;
    await stand.ask("PUT", `${path}/assign`, {
      cookie,
      body: { unit_id: unit("1B"), valid_from: "2026-01-01", start_index: "0" },
    });
    const done = await stand.ask("POST", `${path}/exchange`, {
      cookie,
      body: {
        new_device: { dev_eui: devEui(tenant, 21), serial_number: "N-21" },
        at: "2026-07-01",
        end_index: "120.5",
        start_index: "0.25",
        reason: "calibration",
      },
    });
    assert.is(done.status, 201, done.text);
    const { old, new: fresh } = done.json.data;
    assert.equal([old.valid_to, old.end_index], [fresh.valid_from, "120.5"]);
    assert.equal([fresh.start_index, fresh.unit.name, fresh.valid_to], ["0.25", "1B", null]);
    const now = (await stand.ask("GET", `/api/v1/devices/${devEui(tenant, 21)}`, { cookie })).json
      .data;
    assert.equal([now.kind, now.decoder, now.serial_number], ["heat", "elvaco/cmi4110", "N-21"]);
    assert.is((await stand.ask("GET", path, { cookie })).json.data.is_active, false);
    const again = await stand.ask("POST", `${path}/exchange`, {
      cookie,
      body: { new_device: { dev_eui: devEui(tenant, 22) } },
    });
    assert.is(again.status, 409, "it is in no home any more");
  });

  test("what was told wrongly is told anew, and the audit keeps what was told before", async (context) => {
    const { stand, cookie, tenant, unit } = context;
    const ids = [23, 24].map((n) => devEui(tenant, n));
    for (const [i, n] of [23, 24].entries()) {
      await registered(context, n, { community: tenant });
      await stand.ask("PUT", `/api/v1/devices/${ids[i]}/assign`, {
        cookie,
        body: { unit_id: unit(i ? "1B" : "1A"), valid_from: "2026-02-01", start_index: "5.5" },
      });
    }
    const body = { dev_eui: ids[0], other_dev_eui: ids[1], reason: "crossed over" };
    const swapped = await stand.ask("POST", "/api/v1/devices/swap", { cookie, body });
    assert.equal(
      [swapped.json.data.first.unit.name, swapped.json.data.second.unit.name],
      ["1B", "1A"],
      swapped.text,
    );
    const path = `/api/v1/devices/${ids[0]}/assignments/${swapped.json.data.first.id}`;
    const told = await stand.ask("PATCH", path, {
      cookie,
      body: { start_index: "6.25", multiplier: 0.001, valid_from: "2026-02-03", reason: "typo" },
    });
    assert.is(told.status, 200, told.text);
    assert.equal(told.json.data.multiplier, { n: 1, scale: -3 });
    assert.equal(
      [told.json.data.start_index, told.json.data.valid_from],
      ["6.25", "2026-02-02T23:00:00.000Z"],
    );
    const site = await siteDevice(stand, tenant, 23);
    assert.is(site.installations[0].startN, 625);
    const entries = await stand.ask("GET", "/api/v1/audit?limit=100", { cookie });
    assert.match(entries.text, /assignment corrected/);
    assert.match(entries.text, /crossed over/);
    const gone = await stand.ask("PATCH", `${path}0`, { cookie, body: { start_index: "1" } });
    assert.is(gone.status, 404);
  });

  test("a device moves to another community and back to the organization; its past stays where it was", async (context) => {
    const { stand, cookie, tenant, unit } = context;
    const other = stand.tenant("hill");
    await stand.ask("POST", "/api/v1/customers", {
      cookie,
      body: { name: "Hill", tenant_name: other },
    });
    await registered(context, 25, { community: tenant });
    const path = `/api/v1/devices/${devEui(tenant, 25)}`;
    await stand.ask("PUT", `${path}/assign`, {
      cookie,
      body: { unit_id: unit("1A"), valid_from: "2026-01-01" },
    });
    await stand.clock.advance(1_000);
    const moved = await stand.ask("PUT", `${path}/community`, {
      cookie,
      body: { community: other },
    });
    assert.is(moved.json.data?.community.tenant_name, other, moved.text);
    assert.is(moved.json.data.unit, null);
    const was = await siteDevice(stand, tenant, 25);
    assert.ok(was.held[0].to, "the former community's gateways know until when");
    assert.is(was.installations.length, 1);
    const database = await stand.hub.hub.databases.open(databaseName.site(other as TenantName, 1));
    const is = (await database.get(`device:${devEui(tenant, 25)}`)) as Loose;
    assert.equal([is.held.length, is.installations.length], [1, 0]);
    const back = await stand.ask("PUT", `${path}/community`, { cookie, body: { community: null } });
    assert.is(back.json.data.community, null);
  });

  test("many at once have one outcome each, and what is foreign is not there", async (context) => {
    const { stand, cookie, tenant, unit } = context;
    for (const n of [26, 27]) await registered(context, n, { community: tenant });
    const rows = [
      { dev_eui: devEui(tenant, 26), unit_id: unit("1A") },
      { dev_eui: devEui(stand.tenant("rival"), 1), unit_id: unit("1A") },
      { dev_eui: devEui(tenant, 27), unit_id: "u-0000000000000000" },
    ];
    const { json } = await stand.ask("POST", "/api/v1/devices/bulk", {
      cookie,
      body: { action: "assign", rows },
    });
    assert.equal([json.data.done, json.data.failed], [1, 2]);
    assert.equal(
      json.data.rows.map((one: Loose) => one.error?.code ?? null),
      [null, "not_found", "not_found"],
    );
    const retired = await stand.ask("POST", "/api/v1/devices/bulk", {
      cookie,
      body: { action: "retire", rows: [{ dev_eui: devEui(tenant, 27) }] },
    });
    assert.is(retired.json.data.done, 1);
  });

  test("what has a past is deleted when that is said twice, and its DevEUI is free again", async (context) => {
    const { stand, cookie, tenant } = context;
    const past = `/api/v1/devices/${devEui(tenant, 26)}`;
    assert.is((await stand.ask("DELETE", past, { cookie })).status, 409);
    const seen = await stand.ask("GET", `${past}/deletion`, { cookie });
    assert.equal([seen.json.data.assignments, seen.json.data.is_plain], [1, false]);
    const gone = await stand.ask("DELETE", `${past}?confirm=${devEui(tenant, 26).toUpperCase()}`, {
      cookie,
    });
    assert.is(gone.status, 200, gone.text);
    assert.is((await stand.ask("GET", past, { cookie })).status, 404);
    assert.is(await siteDevice(stand, tenant, 26), undefined);
    await registered(context, 26);
  });

  test.run();
}
