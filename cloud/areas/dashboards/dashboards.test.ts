import { suite } from "uvu";
import * as assert from "uvu/assert";
import { devEui, loadExample, openStand, type Loose, type Stand } from "#cloud/hub-stand.ts";
import { load } from "#cloud/hub/load/load.ts";

const couchdbUrl = process.env.COUCHDB_URL;

interface Context {
  stand: Stand;
  cookie: string;
  tenant: string;
  other: string;
  community: string;
}

for (const [label, url] of [
  ["embedded", undefined],
  ...(couchdbUrl ? [["CouchDB", couchdbUrl]] : []),
]) {
  const test = suite<Context>(`dashboards, settings and limits on ${label}`);

  test.before(async (context) => {
    const stand = await openStand(url);
    context.stand = stand;
    context.cookie = await stand.operator("olga@example.org");
    const empty = await stand.ask("GET", "/api/v1/organization", { cookie: context.cookie });
    assert.is(empty.json.data.customer_mode, false);
    context.tenant = stand.tenant("river");
    context.other = stand.tenant("hill");
    await load(stand.hub.hub, loadExample(context.tenant));
    await load(stand.hub.hub, loadExample(context.other));
    const found = await stand.ask("GET", `/api/v1/customers/${context.tenant}`, {
      cookie: context.cookie,
    });
    context.community = found.json.data.id;
  });
  test.after(async ({ stand }) => {
    await stand.close();
  });

  const asking =
    ({ stand, cookie }: Context) =>
    (method: string, path: string, body?: unknown) =>
      stand.ask(method, `/api/v1${path}`, { cookie, ...(body ? { body } : {}) });
  const site = async ({ stand, tenant }: Context): Promise<Loose> =>
    (await stand.hub.hub.databases.open(`t-${tenant}-site-1`)).get("site");

  test("a page is put together from cards of its own community, and one is the home", async (context) => {
    const ask = asking(context);
    const { community, tenant, other } = context;
    const cards = [
      { id: "water", card: "consumption", kind: "cold_water" },
      { id: "now", card: "readings", devices: [devEui(tenant, 1).toUpperCase()], width: 12 },
    ];
    const made = await ask("POST", "/dashboards", { community, name: "Lobby", cards });
    assert.is(made.status, 201, made.text);
    assert.is(made.json.data.cards[0].by, "day");
    const { id } = made.json.data;
    for (const [wrong, status] of [
      [{ id: "x", card: "iframe" }, 400],
      [{ id: "water", card: "health" }, 400],
      [{ id: "x", card: "readings", devices: [devEui(other, 1)] }, 404],
      [{ id: "x", card: "readings", devices: ["ffffffffffffffff"] }, 404],
    ] as const) {
      const body = { cards: [...cards, wrong] };
      assert.is((await ask("PATCH", `/dashboards/${id}`, body)).status, status, wrong.card);
    }
    assert.is((await ask("PATCH", `/dashboards/${id}`, { is_home: true })).json.data.is_home, true);
    const home = async () => (await ask("GET", `/customers/${tenant}`)).json.data.home_dashboard;
    assert.is(await home(), id);
    const body = { home_dashboard: id };
    assert.is((await ask("PATCH", `/customers/${other}`, body)).status, 404, "another one's page");
    assert.is((await ask("GET", `/dashboards?community=${tenant}`)).json.total, 1);
    assert.is((await ask("DELETE", `/dashboards/${id}`)).status, 204);
    assert.is(await home(), null);
  });

  test("what the organization decides reaches the sites, unless a community decided itself", async (context) => {
    const ask = asking(context);
    const logo = `data:image/png;base64,${Buffer.from("not really a picture").toString("base64")}`;
    const body = {
      brand: { name: "Acme Water", colour: "#006699", logo },
      hourly_detail: "consent",
    };
    const changed = await ask("PATCH", "/organization", body);
    assert.is(changed.status, 200, changed.text);
    assert.is(changed.json.data.customer_mode, true);
    assert.equal((await site(context)).brand, body.brand);
    assert.is((await site(context)).hourlyDetail, "consent");
    await ask("PATCH", `/customers/${context.tenant}`, {
      hourly_detail: "off",
      brand: { name: "Riverside" },
    });
    assert.equal((await site(context)).brand, { ...body.brand, name: "Riverside" });
    assert.is((await site(context)).hourlyDetail, "off");
    for (const wrong of [
      { brand: { logo: "data:image/svg+xml;base64,AAAA" } },
      { brand: { colour: "red" } },
      { retention: { raw_days: 1, hourly_months: 13, daily_months: 36 } },
      { zone: "Nowhere/Land" },
    ])
      assert.is((await ask("PATCH", "/organization", wrong)).status, 400, JSON.stringify(wrong));
    const kept = { raw_days: 30, hourly_months: 13, daily_months: 36 };
    const { data } = (await ask("PATCH", "/organization", { retention: kept })).json;
    assert.equal(data.retention, kept);
    assert.is(data.hourly_detail, "consent");
    const audit = await ask("GET", "/audit?limit=50");
    assert.not.match(audit.text, "image/png");
  });

  test("a community takes no more devices and people than it may have", async (context) => {
    const ask = asking(context);
    const { community, tenant, stand } = context;
    await ask("PATCH", `/customers/${tenant}`, { max_devices: 2, max_people: 3 });
    const { hub } = stand.hub;
    const scope = { kind: "system", part: "test" } as const;
    const [one] = await hub.devices.list(scope, community as never);
    if (!one) throw new Error("no device");
    const { organizationId } = await hub.communities.find(scope, community);
    const deviceId = devEui(tenant, 9);
    const more = { ...one, _id: `device:${deviceId}`, deviceId, _rev: undefined } as Loose;
    delete more._rev;
    const refused = await hub.devices
      .save(scope, organizationId, [more])
      .catch((error: unknown) => error as Error);
    assert.match(String(refused), "may have at most 2 devices, and has 2: 1 more is too many");
    // What is there may be changed, and what is retired does not count.
    await hub.devices.save(scope, organizationId, [{ ...one, isActive: false }]);
    assert.is(await hub.devices.save(scope, organizationId, [more]), 1);
    const person = await ask("POST", "/people", {
      first_name: "Zoe",
      last_name: "Fourth",
      email: "zoe@example.org",
      role: "resident",
      on: { kind: "community", id: community },
      activation: "none",
    });
    assert.is(person.status, 409, person.text);
    assert.match(person.json.detail, "at most 3 people");
    await ask("PATCH", `/customers/${tenant}`, { max_devices: null, max_people: null });
  });

  test("devices that were read in a month are counted for the invoice", async (context) => {
    const ask = asking(context);
    const { tenant, stand } = context;
    const roll = await stand.hub.hub.databases.openShelf("roll");
    const day = (n: number, date: string) =>
      roll.bulk([{ _id: `day:${tenant}:${devEui(tenant, n)}:${date}`, type: "day", rows: "" }]);
    await day(1, "2026-10-30");
    await day(1, "2026-10-31");
    await day(2, "2026-11-01");
    const path = `/customers/${tenant}/active-devices`;
    const { json } = await ask("GET", `${path}?from=2026-09&to=2026-11`);
    assert.equal(
      json.data.map(({ month, active_devices }: Loose) => [month, active_devices]),
      [
        ["2026-09", 0],
        ["2026-10", 1],
        ["2026-11", 1],
      ],
    );
    const all = await ask("GET", "/customers/active-devices?month=2026-10");
    assert.is(all.json.total, 2);
    assert.is(
      all.json.data.find(({ community }: Loose) => community.tenant_name === tenant).active_devices,
      1,
    );
    for (const wrong of ["from=2026-11&to=2026-10", "from=2026-13", "from=2020-01&to=2026-01", ""])
      assert.is((await ask("GET", `${path}?${wrong}`)).status, 400, wrong);
  });

  test.run();
}
