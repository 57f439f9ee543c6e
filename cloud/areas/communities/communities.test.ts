import { suite } from "uvu";
import * as assert from "uvu/assert";
import { parametersOf } from "#cloud/api/shared-parameters.ts";
import { openStand, type Loose, type Stand } from "#cloud/hub-stand.ts";

const couchdbUrl = process.env.COUCHDB_URL;

for (const [label, url] of [
  ["embedded", undefined],
  ...(couchdbUrl ? [["CouchDB", couchdbUrl]] : []),
]) {
  const test = suite<{ stand: Stand; cookie: string }>(`communities on ${label}`);

  test.before(async (context) => {
    context.stand = await openStand(url);
    context.cookie = await context.stand.operator("olga@example.org");
  });
  test.after(async ({ stand }) => {
    await stand.close();
  });

  test("a community is made with a name, an admin and a tenant_name; its databases are there", async ({
    stand,
    cookie,
  }) => {
    const tenant = stand.tenant("river");
    const body = {
      name: "Riverside",
      admin_email: "ada@example.org",
      tenant_name: tenant,
      city: "Bilbao",
      zone: "Europe/Madrid",
      currency: "eur",
      external_id: "K-1",
    };
    const made = await stand.ask("POST", "/api/v1/customers", { cookie, body });
    assert.is(made.status, 201, made.text);
    const { data } = made.json;
    for (const field of ["id", "name", "admin_email", "tenant_name", "is_active", "created_at"])
      assert.ok(field in data, field);
    assert.is(data.currency, "EUR");
    assert.is(data.is_active, true);
    const names = await stand.hub.hub.databases.names();
    for (const kind of ["tele", "events", "site-1"])
      assert.ok(
        names.some((name) => name.startsWith(`t-${tenant}-${kind}`)),
        kind,
      );
    const list = await stand.ask("GET", "/api/v1/customers?q=bilb%20k-1", { cookie });
    assert.is(list.json.total, 1);
    assert.is(list.json.data[0].tenant_name, tenant);
    const people = await stand.hub.hub.people.list({ kind: "system", part: "test" });
    const ada = people.find(({ email }) => email === "ada@example.org");
    assert.equal(ada?.memberships[0]?.on, { kind: "community", communityId: data.id });
    assert.is(ada?.memberships[0]?.role, "admin");
  });

  test("whatever asks for a community takes its id and its tenant_name, and tells nothing of another's", async ({
    stand,
    cookie,
  }) => {
    const tenant = stand.tenant("named");
    const body = { name: "Named", tenant_name: tenant };
    const { id } = (await stand.ask("POST", "/api/v1/customers", { cookie, body })).json.data;
    const document = (await stand.ask("GET", "/openapi.json")).json;
    const asking = Object.entries<Loose>(document.paths).flatMap(([path, { get }]) => {
      const parameters = get && !path.includes("{") ? parametersOf(get, document.components) : [];
      return parameters.some(({ name }) => name === "community") ? [{ path, parameters }] : [];
    });
    assert.ok(asking.length > 10, `${asking.length}`);
    for (const { path, parameters } of asking) {
      const ask = async (name: string) => {
        const dates = parameters.some((one) => one.name === "from" && one.required);
        const period = dates ? "&from=2026-10-01&to=2026-11-01" : "";
        return stand.ask("GET", `/api/v1${path}?community=${name}${period}`, { cookie });
      };
      const [byId, byName, nobody] = [await ask(id), await ask(tenant), await ask("nobody-here")];
      assert.is(byId.status, 200, `${path}: ${byId.text}`);
      assert.equal([byName.status, byName.text], [200, byId.text], path);
      assert.is(nobody.status, 404, path);
    }
    const given: [path: string, body: (name: string) => unknown][] = [
      ["/buildings", (name) => ({ community: name, name: `House of ${name}` })],
      ["/units", (name) => ({ community: name, name: `Home of ${name}` })],
      ["/groups", (name) => ({ community: name, kind: "units", name: `Of ${name}` })],
      ["/dashboards", (name) => ({ community: name, name: `Of ${name}` })],
      [
        "/people",
        (name) => ({ on: { kind: "community", id: name }, first_name: "A", role: "admin" }),
      ],
      ["/keys", (name) => ({ communities: [name], name: `Of ${name}`, scopes: ["ingest"] })],
    ];
    for (const [path, of] of given) {
      const ask = (name: string) => stand.ask("POST", `/api/v1${path}`, { cookie, body: of(name) });
      const [byId, byName, nobody] = [await ask(id), await ask(tenant), await ask("nobody-here")];
      assert.equal([byId.status, byName.status, nobody.status], [201, 201, 404], byName.text);
    }
  });

  test("of two that want the same tenant_name at once one gets it", async ({ stand, cookie }) => {
    const tenant_name = stand.tenant("wanted");
    const ask = (name: string) =>
      stand.ask("POST", "/api/v1/customers", { cookie, body: { name, tenant_name } });
    const answers = await Promise.all([ask("One"), ask("Two"), ask("Three")]);
    assert.equal(
      answers.map(({ status }) => status).toSorted((a, b) => a - b),
      [201, 409, 409],
    );
    const refused = answers.find(({ status }) => status === 409);
    assert.match(refused?.json.detail, tenant_name);
    const list = await stand.ask("GET", `/api/v1/customers?q=${tenant_name}`, { cookie });
    assert.is(list.json.total, 1);
  });

  test("what cannot be a community is said field by field", async ({ stand, cookie }) => {
    const tenant_name = stand.tenant("wrong");
    for (const [field, value] of [
      ["zone", "Europe/Atlantis"],
      ["zone", "+01:00"],
      ["currency", "XQQ"],
      ["tenant_name", "Not A Slug"],
      ["admin_email", "nobody"],
      ["country", 3],
      ["max_devices", -1],
      ["surprise", true],
    ] as const) {
      const body = { name: "Wrong", tenant_name, [field]: value };
      const answer = await stand.ask("POST", "/api/v1/customers", { cookie, body });
      assert.is(answer.status, 400, `${field}: ${answer.text}`);
    }
    const taken = { name: "Wrong", tenant_name, external_id: "K-1" };
    const answer = await stand.ask("POST", "/api/v1/customers", { cookie, body: taken });
    assert.is(answer.status, 409);
    assert.ok(answer.json.fields.external_id);
  });

  test("the zone of a community that never had a meter is right from the beginning", async ({
    stand,
    cookie,
  }) => {
    const tenant_name = stand.tenant("empty");
    const made = await stand.ask("POST", "/api/v1/customers", {
      cookie,
      body: { name: "Empty", tenant_name },
    });
    assert.is(made.status, 201, made.text);
    const path = `/api/v1/customers/${tenant_name}`;
    const body = { zone: "Asia/Kathmandu" };
    const { json } = await stand.ask("PATCH", path, { cookie, body });
    assert.equal(json.data.zones, [{ from: "1970-01-01T00:00:00.000Z", zone: "Asia/Kathmandu" }]);
    assert.is(
      (await stand.ask("DELETE", path, { cookie, body: { confirm: "Empty" } })).status,
      200,
    );
  });

  test("what is edited reaches the gateways; another zone holds from its day and leaves the past alone", async ({
    stand,
    cookie,
  }) => {
    const tenant = stand.tenant("river");
    const body = { name: "Riverside II", zone: "Atlantic/Canary", zone_from: "2027-01-01" };
    const path = `/api/v1/customers/${tenant}`;
    const changed = await stand.ask("PATCH", path, { cookie, body });
    assert.is(changed.status, 200, changed.text);
    assert.is(changed.json.data.city, "Bilbao");
    assert.is(changed.json.data.zone, "Europe/Madrid");
    assert.equal(changed.json.data.zones, [
      { from: "1970-01-01T00:00:00.000Z", zone: "Europe/Madrid" },
      { from: "2027-01-01T00:00:00.000Z", zone: "Atlantic/Canary" },
    ]);
    const site = await (await stand.hub.hub.databases.open(`t-${tenant}-site-1`)).get("site");
    assert.is(site?.name, "Riverside II");
    assert.equal(site?.brand, { name: "Riverside II" });
    assert.equal(site?.zones, changed.json.data.zones);
    assert.is(site?.hourlyDetail, "on");

    const replaced = await stand.ask("PUT", path, { cookie, body: { name: "Riverside" } });
    assert.is(replaced.json.data.city, null);
    assert.is(replaced.json.data.external_id, null);
    assert.is(replaced.json.data.admin_email, "ada@example.org");
  });

  test("an archived community can be read, and whatever changes it is refused in words", async ({
    stand,
    cookie,
  }) => {
    const path = `/api/v1/customers/${stand.tenant("river")}`;
    const archived = await stand.ask("POST", `${path}/archive`, { cookie, body: {} });
    assert.is(archived.status, 200, archived.text);
    assert.ok(archived.json.data.archived_at);
    assert.is((await stand.ask("POST", `${path}/archive`, { cookie })).status, 409);
    assert.is((await stand.ask("GET", path, { cookie })).status, 200);
    const refused = await stand.ask("PATCH", path, { cookie, body: { name: "Late" } });
    assert.is(refused.status, 409);
    assert.match(refused.json.detail, "archived");
    const below = {
      name: "Below",
      tenant_name: stand.tenant("below"),
      owner: archived.json.data.id,
    };
    assert.is((await stand.ask("POST", "/api/v1/customers", { cookie, body: below })).status, 409);
    const person = {
      first_name: "Late",
      last_name: "Comer",
      role: "resident",
      on: { kind: "community", id: archived.json.data.id },
      activation: "none",
    };
    assert.is((await stand.ask("POST", "/api/v1/people", { cookie, body: person })).status, 409);
    const found = await stand.ask("GET", "/api/v1/customers?status=archived", { cookie });
    assert.is(found.json.total, 1);
    assert.is((await stand.ask("DELETE", `${path}/archive`, { cookie })).status, 200);
    assert.is(
      (await stand.ask("PATCH", path, { cookie, body: { name: "Riverside" } })).status,
      200,
    );
  });

  test("a community has an owner that can change, and is never a part of itself", async ({
    stand,
    cookie,
  }) => {
    const make = async (name: string, owner?: string) => {
      const body = { name, tenant_name: stand.tenant(name.toLowerCase()), owner: owner ?? null };
      return (await stand.ask("POST", "/api/v1/customers", { cookie, body })).json.data
        .id as string;
    };
    const top = await make("Top");
    const middle = await make("Middle", top);
    const bottom = await make("Bottom", middle);
    const move = (id: string, owner: string | null) =>
      stand.ask("PATCH", `/api/v1/customers/${id}`, { cookie, body: { owner } });
    assert.is((await move(top, bottom)).status, 409);
    assert.is((await move(top, top)).status, 409);
    assert.is((await move(top, "c-0000000000000000")).status, 404);
    assert.is((await move(bottom, top)).json.data.owner.name, "Top");
    assert.is((await move(bottom, null)).json.data.owner, null);
    assert.is((await move(bottom, middle)).status, 200);
    assert.is((await move(bottom, stand.tenant("top"))).json.data.owner.name, "Top", "by its name");
    assert.is((await move(bottom, "nowhere")).status, 404);
    const named = `/api/v1/customers?owner=${stand.tenant("top")}`;
    assert.ok((await stand.ask("GET", named, { cookie })).json.total >= 1);
    assert.is((await move(bottom, null)).json.data.owner, null);
    const below = await stand.ask("GET", `/api/v1/customers?owner=${top}`, { cookie });
    assert.equal(
      below.json.data.map(({ name }: { name: string }) => name),
      ["Middle"],
    );
  });

  test.run();
}
