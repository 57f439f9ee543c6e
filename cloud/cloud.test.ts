import { mkdir, stat, chmod } from "node:fs/promises";
import { join } from "node:path";
import { compactDecrypt } from "jose";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { readStatement } from "#shared/auth/hub-statement.ts";
import { databaseName, monthOf } from "#shared/model/database-names.ts";
import { isFault } from "#shared/model/fault.ts";
import type { DeviceId, Epoch, TenantName } from "#shared/model/ids.ts";
import { KeyBundle, SiteDocument } from "#shared/model/site.ts";
import { packSegment } from "#shared/series/segment.ts";
import { keptUplink } from "#shared/testing/kept-uplinks.ts";
import { startHub } from "./cloud.ts";
import { runCommand } from "./commands.ts";
import {
  APP_KEY,
  devEui,
  loadExample,
  openStand,
  PASSWORD,
  type Stand,
  type Loose,
} from "./hub-stand.ts";
import { ask as askSocket, socketPath } from "./hub/control/control-socket.ts";
import { enrol } from "./hub/enrol.ts";
import { load } from "./hub/load/load.ts";
import { makeSetupLink } from "./hub/setup.ts";
import { systemScope } from "#shared/model/scope.ts";

const couchdbUrl = process.env.COUCHDB_URL;
if (!couchdbUrl)
  process.on("exit", () => console.log("NOT TRIED: CouchDB (COUCHDB_URL is not set)"));

const scope = systemScope("test");
const code = (wanted: string) => (error: unknown) => isFault(error) && error.code === wanted;

async function rejects(work: Promise<unknown>, wanted: string): Promise<Error> {
  try {
    await work;
  } catch (error) {
    assert.ok(code(wanted)(error), `${wanted} expected, not ${String(error)}`);
    return error as Error;
  }
  throw new Error(`it should have failed with ${wanted}`);
}

for (const [label, url] of [
  ["embedded", undefined],
  ...(couchdbUrl ? [["CouchDB", couchdbUrl]] : []),
]) {
  const test = suite<{ stand: Stand; tenant: string; cookie: string }>(`hub on ${label}`);

  test.before(async (context) => {
    context.stand = await openStand(url);
    context.tenant = context.stand.tenant("river");
  });
  test.after(async ({ stand }) => {
    await stand.close();
  });

  test("the first start gives a set-up link that works until it was used", async (context) => {
    const { stand } = context;
    const link = stand.hub.setupLink as string;
    assert.match(link, /^\/setup#token=[A-Za-z0-9_-]{43}$/);
    const token = link.split("=")[1];
    const form = {
      token,
      organization: "Acme",
      email: "olga@example.org",
      first_name: "Olga",
      last_name: "Operator",
      password: PASSWORD,
      zone: "Europe/Madrid",
    };
    assert.equal((await stand.ask("GET", `/api/v1/setup/${token}`)).json, {
      status: "success",
      data: { is_valid: true },
    });

    const weak = await stand.ask("POST", "/api/v1/setup", {
      body: { ...form, password: "Password1234" },
    });
    assert.is(weak.status, 400);
    const missing = await stand.ask("POST", "/api/v1/setup", { body: { ...form, email: "no" } });
    assert.ok(missing.json.fields.email);
    const nowhere = await stand.ask("POST", "/api/v1/setup", { body: { ...form, zone: "Mars" } });
    assert.match(nowhere.json.fields.zone, /not a time zone/);

    const done = await stand.ask("POST", "/api/v1/setup", { body: form });
    assert.is(done.status, 201);
    assert.is(done.json.data.organization.name, "Acme");
    context.cookie = done.cookie as string;
    const set = (done.headers["set-cookie"] as string[])[0] as string;
    for (const flag of ["HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=2592000"])
      assert.match(set, flag);
    assert.not.match(set, "Secure");

    const { cookie } = context;
    const organization = await stand.ask("GET", "/api/v1/organization", { cookie });
    assert.is(organization.json.data.zone, "Europe/Madrid", "its communities begin with it");

    assert.equal((await stand.ask("GET", `/api/v1/setup/${token}`)).json.data, { is_valid: false });
    assert.is((await stand.ask("POST", "/api/v1/setup", { body: form })).status, 404);
    assert.is(
      (await stand.ask("GET", "/api/v1/me", { cookie: context.cookie })).json.data.first_name,
      "Olga",
    );
    await rejects(makeSetupLink(stand.hub.hub), "conflict");
  });

  test("a set-up link ends after a day, and when a newer one is made", async ({ stand }) => {
    const first = (await makeSetupLink(stand.hub.hub, { add: true })).split("=")[1] as string;
    const second = (await makeSetupLink(stand.hub.hub, { add: true })).split("=")[1] as string;
    assert.is(await stand.hub.hub.setupLinks.isValid(first), false);
    assert.is(await stand.hub.hub.setupLinks.isValid(second), true);
    stand.clock.set(stand.clock.now() + 86_400_001);
    assert.is(await stand.hub.hub.setupLinks.isValid(second), false);
    stand.clock.set(stand.clock.now() - 86_400_001);
  });

  test("a wrong password and an unknown person get the same answer, and guessing gets slow", async ({
    stand,
  }) => {
    const tryOne = (email: string, password: string) =>
      stand.ask("POST", "/api/v1/sign-in", { body: { email, password } });
    const wrong = await tryOne("olga@example.org", "not this one at all");
    const unknown = await tryOne("nobody@example.org", "not this one at all");
    assert.is(wrong.status, 401);
    assert.is(unknown.text, wrong.text);
    for (let i = 0; i < 4; i++) await tryOne("olga@example.org", "not this one at all");
    const slowed = await tryOne("OLGA@example.org ", PASSWORD);
    assert.is(slowed.status, 429);
    assert.ok(slowed.json.retry_after_ms > 0);
    assert.is(slowed.headers["retry-after"], "1");
    stand.clock.set(stand.clock.now() + 1_000);
    const right = await tryOne("OLGA@example.org ", PASSWORD);
    assert.is(right.status, 200);
    assert.is(right.json.data.email, "olga@example.org");
    const cookie = right.cookie as string;
    assert.is((await stand.ask("POST", "/api/v1/sign-out", { cookie })).status, 204);
    assert.is((await stand.ask("GET", "/api/v1/me", { cookie })).status, 401);
  });

  test("a sign-in lives for 30 days after its last use", async ({ stand }) => {
    const { signIns } = stand.hub.hub;
    const begunMs = stand.clock.now();
    const cookie = (
      await stand.ask("POST", "/api/v1/sign-in", {
        body: { email: "olga@example.org", password: PASSWORD },
      })
    ).cookie as string;
    stand.clock.set(begunMs + 20 * 86_400_000);
    const moved = await stand.ask("GET", "/api/v1/me", { cookie });
    assert.is(moved.status, 200);
    assert.is(moved.cookie, cookie, "the browser is told that it lives on");
    stand.clock.set(begunMs + 45 * 86_400_000);
    assert.is((await stand.ask("GET", "/api/v1/me", { cookie })).status, 200);
    stand.clock.set(begunMs + 76 * 86_400_000);
    assert.is((await stand.ask("GET", "/api/v1/me", { cookie })).status, 401);
    assert.is(await signIns.personOf(cookie.split("=")[1] as string), undefined);
    stand.clock.set(begunMs);
  });

  test("loading twice changes nothing the second time", async ({ stand, tenant }) => {
    const { hub } = stand.hub;
    const first = await load(hub, loadExample(tenant));
    assert.is(first.codes.length, 3);
    assert.equal(
      first.codes.map(({ unit, ref }) => [unit, ref]),
      [
        ["1A", "ana"],
        ["1A", "ben"],
        ["1A", "cleo"],
      ],
    );
    const site = await hub.databases.open(databaseName.site(tenant as TenantName, 1));
    const before = (await site.list()).map(({ _id, _rev }) => [_id, _rev]);
    const second = await load(hub, loadExample(tenant));
    assert.equal({ written: second.written, codes: second.codes }, { written: 0, codes: [] });
    assert.equal(
      (await site.list()).map(({ _id, _rev }) => [_id, _rev]),
      before,
    );
    const fresh = await load(hub, loadExample(tenant), { newCodes: true });
    assert.is(fresh.codes.length, 3);
    const finders = (await site.list({ from: "code:", to: "code:\uffff" })).map(
      ({ finder }) => finder,
    );
    assert.equal(finders, fresh.codes.map(({ code }) => code.slice(0, 4)).sort());
  });

  test("a changed file changes what it speaks of and keeps every id", async ({ stand, tenant }) => {
    const { hub } = stand.hub;
    const units = await hub.units.units.list(scope);
    const file = loadExample(tenant);
    const community = file.communities[0] as (typeof file.communities)[0];
    const unit = community.units[1] as unknown as { tenancies: unknown[] };
    unit.tenancies.push({ resident: "ana", from: "2026-03-01T00:00:00+01:00" });
    community.zone = "Atlantic/Canary";
    await load(hub, file);
    assert.equal(
      (await hub.units.units.list(scope)).map(({ unitId }) => unitId).sort(),
      units.map(({ unitId }) => unitId).sort(),
    );
    const site = await hub.databases.open(databaseName.site(tenant as TenantName, 1));
    const doc = await site.get("site");
    const zones = doc?.zones as { from: string; zone: string }[];
    assert.equal(
      zones.map(({ zone }) => zone),
      ["Europe/Madrid", "Atlantic/Canary"],
    );
    assert.is(
      Date.parse((zones[1] as { from: string }).from),
      stand.clock.now(),
      "from now, not backwards",
    );
    await load(hub, loadExample(tenant));
  });

  const wrongFiles: readonly [what: string, change: (file: Loose) => void, complaint: RegExp][] = [
    ["no file at all", (file) => delete file.communities, /communities: /],
    [
      "an unknown field",
      (file) => (file.communities[0].colour = "red"),
      /communities\[0\]: unknown field "colour"/,
    ],
    [
      "a name that cannot be a database",
      (file) => (file.communities[0].tenant_name = "River Side"),
      /communities\[0\]\.tenant_name: 2 to 39/,
    ],
    [
      "a zone that is none",
      (file) => (file.communities[0].zone = "Madrid"),
      /communities\[0\]\.zone: not a time zone/,
    ],
    [
      "a DevEUI that is none",
      (file) => (file.communities[0].devices[0].dev_eui = "12"),
      /devices\[0\]\.dev_eui: a DevEUI is 16 hex digits/,
    ],
    [
      "a key that is none",
      (file) => (file.communities[0].devices[0].app_key = "5ecre7"),
      /devices\[0\]\.app_key: an AppKey is 32 hex digits/,
    ],
    [
      "a key without a JoinEUI",
      (file) => delete file.communities[0].devices[0].join_eui,
      /devices\[0\]: join_eui and app_key go together/,
    ],
    [
      "a device twice",
      (file) => (file.communities[0].devices[1].dev_eui = file.communities[0].devices[0].dev_eui),
      /devices\[1\]\.dev_eui: is at communities\[0\]\.devices\[0\] already/,
    ],
    [
      "a home that is not there",
      (file) => (file.communities[0].devices[0].installations[0].unit = "9Z"),
      /installations\[0\]\.unit: there is no unit "9Z"/,
    ],
    [
      "a person who is not there",
      (file) => (file.communities[0].units[0].tenancies[0].resident = "zoe"),
      /tenancies\[0\]\.resident: there is no resident "zoe"/,
    ],
    [
      "a building that is not there",
      (file) => (file.communities[0].units[0].building = "South"),
      /units\[0\]\.building: there is no building "South"/,
    ],
    [
      "a device in two homes at once",
      (file) =>
        file.communities[0].devices[0].installations.push({
          unit: "1B",
          from: "2026-01-01T00:00:00Z",
        }),
      /devices\[0\]: installations\[0\] and installations\[1\] overlap/,
    ],
    [
      "an end before its beginning",
      (file) => (file.communities[0].units[0].tenancies[1].to = "2020-01-01T00:00:00Z"),
      /tenancies\[1\]\.to: ends before it begins/,
    ],
    [
      "an index as a float",
      (file) => (file.communities[0].devices[0].installations[0].start_index = 12.34),
      /start_index: /,
    ],
    [
      "an index too long to be exact",
      (file) =>
        (file.communities[0].devices[0].installations[0].start_index = "999999999999.999999"),
      /start_index: has too many digits/,
    ],
    [
      "another organization by mistake",
      (file) => (file.organization.name = "Acmee"),
      /organization\.name: there is no organization "Acmee"/,
    ],
  ];
  for (const [what, change, complaint] of wrongFiles)
    test(`a file with ${what} is refused as a whole and says where`, async ({ stand, tenant }) => {
      const { hub } = stand.hub;
      const before = (await hub.registry.riser.database.info()).seq;
      const file = loadExample(tenant);
      (file.communities[0] as { name: string }).name = "Not to be seen";
      change(file);
      const error = await rejects(load(hub, file), "invalid");
      assert.match(error.message, complaint);
      assert.not.match(error.message, APP_KEY);
      assert.not.match(error.message, "5ecre7");
      assert.is((await hub.registry.riser.database.info()).seq, before);
      assert.not.ok(
        (await hub.communities.list(scope)).some(({ name }) => name === "Not to be seen"),
      );
    });

  test("a device and a name belong to one community of the hub", async ({ stand, tenant }) => {
    const { hub } = stand.hub;
    const other = stand.tenant("other");
    const file = loadExample(other);
    const own = loadExample(tenant);
    (file.communities[0] as Loose).devices = own.communities[0]?.devices;
    file.organization.name = "Rival";
    const error = await rejects(load(hub, file, { newOrganization: true }), "invalid");
    assert.match(error.message, /devices\[0\]\.dev_eui: is registered elsewhere already/);
    const taken = loadExample(tenant);
    taken.organization.name = "Rival";
    assert.match(
      (await rejects(load(hub, taken, { newOrganization: true }), "invalid")).message,
      /tenant_name: .* is taken/,
    );
    assert.is((await hub.registry.organizations()).length, 1);
  });

  test("an installation that overlaps one from before is refused", async ({ stand, tenant }) => {
    const file = loadExample(tenant);
    (file.communities[0] as Loose).devices[0].installations = [
      { unit: "1B", from: "2026-06-01T00:00:00Z" },
    ];
    const error = await rejects(load(stand.hub.hub, file), "invalid");
    assert.match(
      error.message,
      /communities\[0\]\.devices\[0\]: an installation from 2026-06-01.* overlaps/,
    );
  });

  test("a gateway is enrolled by its public keys, and gets its devices' keys sealed for it", async ({
    stand,
    tenant,
  }) => {
    const { hub } = stand.hub;
    const gateway = await stand.enrolled(tenant);
    const site = await hub.databases.open(databaseName.site(tenant as TenantName, 1));
    const docs = await site.list();
    for (const doc of docs) assert.ok(SiteDocument.safeParse(doc).success, doc._id);
    assert.equal(docs.map(({ type }) => String(type)).sort(), [
      "code",
      "code",
      "code",
      "device",
      "device",
      "keys",
      "site",
      "unit",
      "unit",
    ]);
    const device = docs.find(({ _id }) => _id === `device:${devEui(tenant, 1)}`) as Loose;
    assert.is(device.homeGatewayId, gateway.id);
    assert.is(device.installations[0].startN, 12_340);
    assert.is(device.installations[0].scale, -3);
    const keys = docs.find(({ type }) => type === "keys") as Loose;
    const { plaintext } = await compactDecrypt(keys.jwe, gateway.encryption);
    const bundle = KeyBundle.parse(JSON.parse(new TextDecoder().decode(plaintext)));
    assert.equal(bundle.devices, {
      [devEui(tenant, 1)]: { joinEui: "0000000000000001", appKey: APP_KEY, macVersion: "1.0" },
    });

    await enrol(hub, gateway.identity, { communities: [tenant] });
    assert.is((await site.get(keys._id))?._rev, keys._rev, "the same content is not sealed again");
    const second = await stand.enrolled(tenant);
    assert.is(
      await site.get(`keys:${second.id}`),
      undefined,
      "the first enrolled is the home of its devices",
    );
  });

  test("a file that is no gateway's, or was changed, enrols nobody", async ({ stand, tenant }) => {
    const { hub } = stand.hub;
    const gateway = await stand.gateway();
    await rejects(enrol(hub, { hello: 1 }, { communities: [tenant] }), "invalid");
    const other = await stand.gateway();
    await rejects(
      enrol(
        hub,
        { ...gateway.identity, signing: other.identity.signing },
        { communities: [tenant] },
      ),
      "invalid",
    );
    await rejects(
      enrol(hub, { ...gateway.identity, d: "private" }, { communities: [tenant] }),
      "invalid",
    );
    await rejects(enrol(hub, gateway.identity, { communities: ["nowhere"] }), "not_found");
    await rejects(enrol(hub, gateway.identity, { communities: [] }), "invalid");
  });

  test("a gateway proves itself once per assertion and opens its own databases only", async ({
    stand,
    tenant,
  }) => {
    const gateway = await stand.enrolled(tenant);
    const assertion = await stand.assertion(gateway);
    const post = (body: unknown) => stand.ask("POST", "/api/v1/gateways/token", { body });
    const first = await post({ assertion });
    assert.is(first.status, 200);
    const { data } = first.json;
    assert.is(data.gateway_id, gateway.id);
    assert.equal(
      data.communities.map((one: Loose) => [one.tenant, one.name, one.site]),
      [[tenant, "Riverside", `t-${tenant}-site-1`]],
    );
    assert.is((await post({ assertion })).status, 401, "an assertion is good once");
    const stranger = await stand.gateway();
    const unknown = await post({ assertion: await stand.assertion(stranger) });
    const elsewhere = await post({
      assertion: await stand.assertion(gateway, "https://hub.rival.example"),
    });
    const wrongKey = await post({
      assertion: await stand.assertion({ ...gateway, signing: stranger.signing }),
    });
    for (const answer of [unknown, elsewhere, wrongKey, await post({ assertion: "a.b.c" })])
      assert.is(answer.status, 401);
    for (const body of [{}, "no json", { assertion: 1 }]) assert.is((await post(body)).status, 400);

    const headers = { authorization: `Bearer ${data.access_token}` };
    const get = async (name: string) =>
      (await stand.ask("GET", `/sync/${name}`, { headers })).status;
    const month = monthOf(stand.clock.now());
    assert.is(await get(`t-${tenant}-site-1`), 200);
    assert.is(await get(`t-${tenant}-tele-${month}`), 200);
    assert.is(await get(`t-${tenant}-events-${month}`), 200);
    assert.is(await get(`g-${gateway.id}`), 200);
    for (const name of ["riser", "roll", "t-nobody-site-1", `g-${stranger.id}`])
      assert.is(await get(name), 403, name);
    const next = monthOf(
      Date.parse(`${new Date(stand.clock.now()).toISOString().slice(0, 7)}-28T00:00:00Z`) +
        5 * 86_400_000,
    );
    assert.is(
      await get(`t-${tenant}-tele-${next}`),
      200,
      "the month to come is there before it begins",
    );
  });

  test("a revoked gateway is out at once, with the token it has, and for good", async ({
    stand,
    tenant,
  }) => {
    const gateway = await stand.enrolled(tenant);
    const headers = { authorization: `Bearer ${await stand.token(gateway)}` };
    assert.is((await stand.ask("GET", `/sync/t-${tenant}-site-1`, { headers })).status, 200);
    await stand.hub.hub.gateways.revoke(scope, gateway.id);
    assert.is.not((await stand.ask("GET", `/sync/t-${tenant}-site-1`, { headers })).status, 200);
    await stand.restart();
    const body = { assertion: await stand.assertion(gateway) };
    const answer = await stand.ask("POST", "/api/v1/gateways/token", { body });
    assert.is(answer.status, 403);
    const { identity } = stand.hub.hub.secrets;
    const said = await readStatement(answer.json.statement, identity.publicJwk, gateway.id);
    assert.is(said.why, "revoked");
    const other = await stand.gateway();
    const forged = { assertion: await stand.assertion({ ...gateway, signing: other.signing }) };
    assert.is(
      (await stand.ask("POST", "/api/v1/gateways/token", { body: forged })).status,
      401,
      "who cannot prove to be the gateway learns nothing of it",
    );
    await rejects(enrol(stand.hub.hub, gateway.identity, { communities: [tenant] }), "conflict");
  });

  test("what a gateway replicates is on the operator's page", async ({ stand, tenant, cookie }) => {
    const gateway = await stand.enrolled(tenant);
    const headers = { authorization: `Bearer ${await stand.token(gateway)}` };
    const nowMs = stand.clock.now();
    const deviceId = devEui(tenant, 1) as DeviceId;
    const uplinks = [3, 2, 1].map((hours) =>
      keptUplink(nowMs - hours * 3_600_000 + 5_000, 12_400 - hours, { deviceId }),
    );
    const segment = packSegment(
      {
        writer: gateway.id,
        epoch: "00000001-0123456789abcdef" as Epoch,
        seq: 0,
        prev: null,
        before: 0,
        inbox: { from: 1, to: 3 },
      } as never,
      uplinks,
    );
    const body = { docs: [{ ...segment, _rev: `1-${"a".repeat(32)}` }], new_edits: false };
    const pushed = await stand.ask("POST", `/sync/t-${tenant}-tele-${monthOf(nowMs)}/_bulk_docs`, {
      headers,
      body,
    });
    assert.is(pushed.status, 201, pushed.text);
    await stand.hub.caughtUp();

    const list = await until(
      () => stand.ask("GET", `/api/v1/devices?community=${tenant}`, { cookie }),
      (answer) => answer.json.data[0]?.last_reading !== null,
    );
    assert.equal([list.json.total, list.json.limit, list.json.offset], [2, 50, 0]);
    const [water, room] = list.json.data;
    assert.is(water.dev_eui, deviceId);
    assert.equal(
      [water.status, water.health, water.unit.name, water.community.tenant_name],
      ["online", "healthy", "1A", tenant],
    );
    assert.equal(water.last_reading.values, [
      { register: "8-0:1.0.0", title: "Water volume", n: 12_399, scale: -3, unit: "m3" },
    ]);
    assert.equal(water.radio, { rssi: -97, snr: 6.5, sf: 9 });
    assert.equal([room.status, room.health, room.last_seen_at], ["offline", "never", null]);

    const details = (
      await stand.ask("GET", `/api/v1/devices/${deviceId.toUpperCase()}?include=telemetry`, {
        cookie,
      })
    ).json.data;
    assert.equal(
      details.readings.map((one: Loose) => one.values[0].n),
      [12_399, 12_398, 12_397],
    );
    assert.is(details.zone, "Europe/Madrid");
    assert.is(details.uplinks.length, 3);
    assert.is(
      details.uplinks[0].payload_hex,
      Buffer.from((uplinks[2] as { payload: Uint8Array }).payload).toString("hex"),
    );
    assert.is(details.uplinks[0].writer, gateway.id);
    assert.equal([details.count.total, details.count.scale, details.count.events], [2, -3, []]);

    const count = async (query: string) =>
      (await stand.ask("GET", `/api/v1/devices?${query}`, { cookie })).json.total;
    assert.is(await count("status=online"), 1);
    assert.is(await count("status=offline"), 1);
    assert.is(await count("status=never"), 1);
    assert.is(await count("q=WATER%201a"), 1);
    assert.is(await count("q=sn-0001"), 1);
    assert.is(await count(`q=${deviceId.replace(/../g, "$&:").slice(0, -1)}`), 1);
    assert.is(await count("q=nothing"), 0);
    assert.is((await stand.ask("GET", "/api/v1/devices?limit=0", { cookie })).status, 400);

    const customers = (await stand.ask("GET", "/api/v1/customers", { cookie })).json.data;
    assert.is(customers.length, 1);
    assert.equal(customers[0].health, { never: 1, healthy: 1, late: 0, lost: 0 });
    assert.equal([customers[0].units, customers[0].residents, customers[0].devices], [2, 3, 2]);
    const overview = (await stand.ask("GET", "/api/v1/overview", { cookie })).json.data;
    assert.equal([overview.communities, overview.devices], [1, 2]);
    assert.is(overview.last_reading_at, new Date(nowMs - 3_595_000).toISOString());
    const rows = (await stand.ask("GET", "/api/v1/gateways", { cookie })).json.data;
    assert.ok(rows.find((row: Loose) => row.id === gateway.id).last_seen_at);

    await stand.restart();
    const again = (await stand.ask("GET", `/api/v1/devices/${deviceId}`, { cookie })).json.data;
    assert.equal(again.last_reading, water.last_reading, "and after a restart");
  });

  test("a device that was heard and is not registered is shown until it is", async ({
    stand,
    tenant,
    cookie,
  }) => {
    const gateway = await stand.enrolled(tenant);
    const headers = { authorization: `Bearer ${await stand.token(gateway)}` };
    const stranger = devEui(tenant, 99);
    const sighting = (deviceId: string, day: string, count: number) => ({
      _id: `sighting:${deviceId}:${day}`,
      type: "sighting",
      v: 1,
      gatewayId: gateway.id,
      deviceId,
      day,
      firstAt: `${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}T01:00:00Z`,
      lastAt: `${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}T09:00:00Z`,
      count,
      via: "lorawan",
      rssi: -100,
    });
    const docs = [
      sighting(stranger, "20261101", 3),
      sighting(stranger, "20261102", 4),
      sighting(devEui(tenant, 1), "20261101", 9),
    ].map((doc) => ({ ...doc, _rev: `1-${"b".repeat(32)}` }));
    const pushed = await stand.ask("POST", `/sync/g-${gateway.id}/_bulk_docs`, {
      headers,
      body: { docs, new_edits: false },
    });
    assert.is(pushed.status, 201, pushed.text);
    const seen = async () => (await stand.ask("GET", "/api/v1/unregistered", { cookie })).json.data;
    const [row, ...more] = await seen();
    assert.equal(more, []);
    assert.equal(
      [row.dev_eui, row.count, row.first_at, row.last_at],
      [stranger, 7, "2026-11-01T01:00:00Z", "2026-11-02T09:00:00Z"],
    );
    const file = loadExample(tenant);
    (file.communities[0] as Loose).devices.push({
      dev_eui: stranger,
      name: "New",
      model: "milesight/em300-th",
      kind: "temperature",
      expected_interval_s: 600,
    });
    await load(stand.hub.hub, file);
    assert.equal(await seen(), []);
  });

  test("no person and no key leaves the organization's own database", async ({ stand, tenant }) => {
    const { databases } = stand.hub.hub;
    const names = (await databases.names()).filter(
      (name) => name.includes(tenant) || name.startsWith("g-") || name === "roll",
    );
    assert.ok(names.length >= 5);
    const texts = [];
    for (const name of names) {
      const open = name === "roll" ? databases.openShelf : databases.open;
      texts.push(JSON.stringify(await (await open(name)).list()));
    }
    texts.push(stand.logged.join(""));
    for (const text of texts)
      for (const secret of [
        "Quintanilla",
        "Fitzwilliam",
        "example.org",
        APP_KEY,
        APP_KEY.toUpperCase(),
        PASSWORD,
      ])
        assert.not.ok(text.includes(secret), `${secret} got out`);
    const o = await databases.open(
      (await databases.names()).find((name) => name.startsWith("o-")) as string,
    );
    assert.not.ok(JSON.stringify(await o.list()).includes(APP_KEY), "keys are sealed at rest");
    const riser = JSON.stringify(await (await databases.open("riser")).list());
    assert.not.ok(riser.includes(PASSWORD) || riser.includes(APP_KEY));
    assert.ok(stand.logged.length > 0);
    for (const line of stand.logged) assert.not.match(line, /setup#token|riser_signin/);
  });

  test("commands reach the running hub through its socket, which is its owner's alone", async ({
    stand,
    tenant,
  }) => {
    const path = socketPath(stand.config.dataFolder);
    assert.is((await stat(path)).mode & 0o777, 0o600);
    assert.is((await stat(stand.config.dataFolder)).mode & 0o777, 0o700);
    const file = { ...loadExample(tenant) };
    const answered = await askSocket(path, "load", { file });
    assert.is((answered as Loose).result.codes.length, 0);
    assert.match(
      (await rejects(askSocket(path, "load", { file: {} }), "invalid")).message,
      /organization: /,
    );
    await rejects(askSocket(path, "nonsense" as never, {}), "not_found");
    for (const method of ["GET", "POST"])
      for (const route of ["/load", "/enrol", "/setup-link", "/control"])
        assert.is(
          (await stand.ask(method, route, method === "POST" ? { body: {} } : {})).status,
          404,
        );
  });

  test("a second hub on the same folder is refused and the first goes on", async ({ stand }) => {
    await rejects(
      startHub(stand.config, {
        clock: stand.clock,
        random: () => new Uint8Array(32),
        log: console,
        pages: async () => stand.hub.app,
      }),
      "conflict",
    );
    assert.is((await stand.ask("GET", "/health")).status, 200);
  });

  test("a request under a strange name or from a strange page is refused", async ({
    stand,
    cookie,
  }) => {
    const get = async (host: string) =>
      (await stand.ask("GET", "/api/v1/me", { cookie, headers: { host } })).status;
    for (const host of ["localhost", "127.0.0.1:1", "hub.example.org", "HUB.example.org:443"])
      assert.is(await get(host), 200, host);
    for (const host of [
      "rebound.example",
      "hub.example.org.evil.example",
      "localhost.evil.example",
    ])
      assert.is(await get(host), 403, host);
    const post = async (headers: Record<string, string>) =>
      (await stand.ask("POST", "/api/v1/sign-out", { headers })).status;
    assert.is(await post({ host: "hub.example.org", origin: "http://evil.example" }), 403);
    assert.is(await post({ host: "hub.example.org", origin: "null" }), 403);
    assert.is(await post({ host: "hub.example.org", origin: "http://hub.example.org" }), 204);
    assert.is(
      (await stand.ask("GET", "/metrics", { headers: { host: "rebound.example" } })).status,
      403,
    );
  });

  test("what is too large, no JSON or nowhere gets a problem and disturbs nothing", async ({
    stand,
    cookie,
  }) => {
    const large = await stand.ask("POST", "/api/v1/sign-in", { body: "x".repeat(1_000_001) });
    assert.is(large.status, 413);
    assert.is(large.headers["content-type"], "application/problem+json");
    assert.is((await stand.ask("POST", "/api/v1/sign-in", { body: "{" })).status, 400);
    assert.is((await stand.ask("GET", "/api/v1/nothing", { cookie })).json.code, "not_found");
    assert.is((await stand.ask("GET", "/nothing")).status, 404);
    const answer = await stand.ask("GET", "/api/v1/me", { cookie });
    assert.is(answer.headers["cache-control"], "no-store");
    assert.match(String(answer.headers["content-security-policy"]), "default-src 'none'");
    assert.is(answer.headers["strict-transport-security"], undefined);
  });

  test("another method than there is, and a parameter that nobody knows, are refused with what there is", async ({
    stand,
    cookie,
  }) => {
    const put = await stand.ask("PUT", "/api/v1/overview", { cookie, body: {} });
    assert.equal([put.status, put.headers["allow"], put.json.code], [405, "GET", "wrong_method"]);
    const nobody = await stand.ask("DELETE", "/api/v1/devices");
    assert.equal([nobody.status, nobody.headers["allow"]], [405, "GET"]);
    const one = await stand.ask("POST", "/api/v1/devices/0badc0de0badc0de", { cookie, body: {} });
    assert.equal([one.status, one.headers["allow"]], [405, "DELETE, GET, PATCH"]);

    const misspelt = await stand.ask("GET", "/api/v1/devices?comunity=x", { cookie });
    assert.equal([misspelt.status, Object.keys(misspelt.json.fields)], [400, ["comunity"]]);
    assert.match(misspelt.json.detail, "comunity: is not known here, but community, ");
    assert.is((await stand.ask("GET", "/api/v1/overview?x=1", { cookie })).status, 400);
    const came = await stand.ask("GET", "/api/v1/sign-in/oidc/callback?state=1&session_state=2");
    assert.is(came.status, 302, "a provider adds what it likes");
  });

  test("health and metrics answer, with counts and without names", async ({ stand, tenant }) => {
    assert.equal((await stand.ask("GET", "/health")).json, { status: "ok" });
    await stand.ask("POST", "/api/v1/gateways/token", { body: { assertion: "a.b.c" } });
    const text = (await stand.ask("GET", "/metrics")).text;
    assert.match(text, /^riser_devices 3$/m);
    assert.match(text, /^riser_gateway_tokens_refused_total [1-9]/m);
    assert.match(text, /^riser_refused_total\{reason="segment_damaged"\} 0$/m);
    assert.match(text, /^riser_gateways_said\{what="twins"\} 0$/m);
    assert.match(text, /^riser_sandbox\{what="quarantined"\} 0$/m);
    assert.not.ok(text.includes(tenant));
  });

  test("a page is told that there is news, and the stream ends with the hub", async ({
    stand,
    cookie,
  }) => {
    const answer = await stand.ask("GET", "/api/v1/live", { cookie });
    assert.match(String(answer.headers["content-type"]), "text/event-stream");
    assert.match(answer.text, "event: open");
    assert.is((await stand.ask("GET", "/api/v1/live")).status, 401);
  });

  test.run();
}

const commands = suite("hub's commands");

commands("work on the folder itself while no hub runs", async () => {
  const stand = await openStand();
  const tenant = stand.tenant("alone");
  await stand.hub.stop();
  const printed: string[] = [];
  const run = (...words: string[]) =>
    runCommand(
      stand.config,
      { clock: stand.clock, random: (size) => crypto.getRandomValues(new Uint8Array(size)) },
      words,
      (text) => printed.push(text),
    );
  try {
    const { writeFile } = await import("node:fs/promises");
    const folder = join(stand.config.dataFolder, "..", "files");
    await mkdir(folder);
    await writeFile(join(folder, "load.json"), JSON.stringify(loadExample(tenant)));
    await writeFile(
      join(folder, "broken.json"),
      `{"organization": {"name": "x"},\n "secret": "5ecre7"`,
    );
    const gateway = await stand.gateway();
    await writeFile(join(folder, "gateway.json"), JSON.stringify(gateway.identity));

    assert.ok(await run("load", join(folder, "load.json")));
    assert.match(printed.join(""), /Riverside +1A +Ben Fitzwilliam +[0-9A-Z]{4}-/);
    printed.length = 0;
    assert.ok(await run("load", join(folder, "load.json"), "--json", "--new-codes"));
    const { codes } = JSON.parse(printed.join(""));
    assert.equal(Object.keys(codes[0]), ["tenant_name", "unit", "resident", "ref", "code"]);
    assert.ok(
      await run("enrol", join(folder, "gateway.json"), "--community", tenant, "--name", "Cellar"),
    );
    printed.length = 0;
    assert.ok(await run("setup-link"));
    assert.match(printed.join(""), /\/setup#token=[A-Za-z0-9_-]{43}\n$/);

    const broken = await rejects(run("load", join(folder, "broken.json")), "invalid");
    assert.not.match(broken.message, "5ecre7");
    await rejects(run("load", join(folder, "missing.json")), "invalid");
    for (const words of [
      ["load"],
      ["bogus"],
      ["load", "a", "b"],
      ["load", "--nonsense"],
      ["setup-link", "x"],
    ])
      assert.not.ok(await run(...words));
  } finally {
    await stand.restart();
    await stand.close();
  }
});

commands("a secret that others may read stops the start", async () => {
  const stand = await openStand();
  const path = join(stand.config.dataFolder, "secrets", "master-key");
  assert.is((await stat(path)).mode & 0o777, 0o600);
  await stand.hub.stop();
  await chmod(path, 0o644);
  const error = await rejects(stand.restart(), "unavailable");
  assert.match(error.message, "chmod 600");
  await chmod(path, 0o600);
  await stand.restart();
  await stand.close();
});

commands.run();

/** Asks again until the answer is as wanted; the test's own time limit ends it otherwise. */
async function until<T>(ask: () => Promise<T>, isWanted: (answer: T) => boolean): Promise<T> {
  for (;;) {
    const answer = await ask();
    if (isWanted(answer)) return answer;
  }
}
