import { suite } from "uvu";
import * as assert from "uvu/assert";
import { devEui, loadExample, openStand, type Loose, type Stand } from "#cloud/hub-stand.ts";
import { load } from "#cloud/hub/load/load.ts";
import { systemScope } from "#shared/model/scope.ts";

const couchdbUrl = process.env.COUCHDB_URL;

interface Context {
  stand: Stand;
  cookie: string;
  tenant: string;
  home: string;
}

for (const [label, url] of [
  ["embedded", undefined],
  ...(couchdbUrl ? [["CouchDB", couchdbUrl]] : []),
]) {
  const test = suite<Context>(`unregistered on ${label}`);
  test.before.each(async (context) => {
    const stand = (context.stand = await openStand(url));
    context.cookie = await stand.operator("olga@example.org");
    context.tenant = stand.tenant("river");
    await load(stand.hub.hub, loadExample(context.tenant));
    const { json } = await stand.ask("GET", "/api/v1/units", { cookie: context.cookie });
    context.home = json.data.find(({ name }: Loose) => name === "1A").id;
  });
  test.after.each(async ({ stand }) => {
    await stand.close();
  });

  /** A gateway of the community tells that it heard these, from the first of November on. */
  const heard = async ({ stand, tenant }: Context, ids: readonly string[], more: object = {}) => {
    const gateway = await stand.enrolled(tenant);
    const docs = ids.map((deviceId) => ({
      _id: `sighting:${deviceId}:20261101`,
      _rev: `1-${"b".repeat(32)}`,
      type: "sighting",
      v: 1,
      gatewayId: gateway.id,
      deviceId,
      day: "20261101",
      firstAt: "2026-11-01T01:00:00.000Z",
      lastAt: "2026-11-01T09:00:00.000Z",
      count: 5,
      via: "lorawan",
      guess: { model: "axioma/qalcosonic-w1", values: ["1.234 m³"] },
      ...more,
    }));
    const pushed = await stand.ask("POST", `/sync/g-${gateway.id}/_bulk_docs`, {
      headers: { authorization: `Bearer ${await stand.token(gateway)}` },
      body: { docs, new_edits: false },
    });
    assert.is(pushed.status, 201, pushed.text);
  };
  const post = async ({ stand, cookie }: Context, path: string, body: unknown) => {
    const answer = await stand.ask("POST", `/api/v1/unregistered/${path}`, { cookie, body });
    assert.is(answer.status, 200, answer.text);
    return answer.json.data;
  };
  const listed = async ({ stand, cookie }: Context, query = "") => {
    const { json } = await stand.ask("GET", `/api/v1/unregistered${query}`, { cookie });
    return json.data.map(({ dev_eui }: Loose) => dev_eui).sort();
  };

  test("many are accepted in one step, each with its own outcome, and held since they were heard", async (context) => {
    const { stand, cookie, tenant, home } = context;
    const [a, b, c] = [devEui(tenant, 91), devEui(tenant, 92), "x-devaddr-26000001"];
    await heard(context, [a, b, c]);
    const said = await post(context, "accept", {
      rows: [
        { dev_eui: a, unit_id: home, start_index: "1.5", device_name: "Cold 1A" },
        { dev_eui: b.toUpperCase(), community: tenant, decoder: "nobody/nothing" },
        { dev_eui: c, community: tenant },
        { dev_eui: a, community: tenant },
        { dev_eui: devEui(tenant, 93), community: tenant },
      ],
    });
    assert.equal([said.done, said.failed], [1, 4]);
    assert.equal(
      said.rows.map(({ ok, error }: Loose) => (ok ? "ok" : error.code)),
      ["ok", "invalid", "invalid", "conflict", "not_found"],
    );
    assert.equal(await listed(context), [b, c]);
    const { json } = await stand.ask("GET", `/api/v1/devices/${a}`, { cookie });
    assert.equal(
      [json.data.device_name, json.data.decoder, json.data.unit?.name],
      ["Cold 1A", "axioma/qalcosonic-w1", "1A"],
    );
    const [device] = (await stand.hub.hub.devices.list(systemScope("test"))).filter(
      ({ deviceId }) => deviceId === a,
    );
    assert.is(device?.held[0]?.from, "2026-11-01T01:00:00.000Z");
    assert.ok((device?.installations[0]?.from as string) > "2026-11-01T09");
    const audit = await stand.ask("GET", "/api/v1/audit?limit=100", { cookie });
    assert.ok(audit.text.includes("unregistered accepted"));
  });

  test("what is rejected stays quiet, is found among the rejected, and comes back", async (context) => {
    const { stand, tenant, cookie } = context;
    const ids = [devEui(tenant, 94), devEui(tenant, 95)];
    await heard(context, ids);
    assert.is((await post(context, "reject", { dev_eui: [ids[0], "0badc0de0badc0de"] })).done, 1);
    assert.equal(await listed(context), [ids[1]]);
    assert.equal(await listed(context, "?show=rejected"), [ids[0]]);
    const overview = await stand.ask("GET", "/api/v1/overview", { cookie });
    assert.is(overview.json.data.unregistered, 1);
    assert.is((await post(context, "restore", { dev_eui: [ids[0]] })).done, 1);
    assert.equal(await listed(context), ids);
    assert.equal(await listed(context, `?q=${ids[1]?.toUpperCase()}`), [ids[1]]);
  });

  test("a rejected one can be accepted right away", async (context) => {
    const { tenant } = context;
    const id = devEui(tenant, 96);
    await heard(context, [id]);
    await post(context, "reject", { dev_eui: [id] });
    const said = await post(context, "accept", { rows: [{ dev_eui: id, community: tenant }] });
    assert.is(said.done, 1, JSON.stringify(said));
    assert.equal([await listed(context), await listed(context, "?show=rejected")], [[], []]);
  });

  test.run();
}
