import { suite } from "uvu";
import * as assert from "uvu/assert";
import { devEui, loadExample, openStand, type Loose, type Stand } from "#cloud/hub-stand.ts";
import { load } from "#cloud/hub/load/load.ts";
import { systemScope } from "#shared/model/scope.ts";

const couchdbUrl = process.env.COUCHDB_URL;
const scope = systemScope("test");

interface Context {
  stand: Stand;
  cookie: string;
  tenant: string;
  community: string;
  /** Of another organization. */
  foreign: { building: string; resident: string; unit: string };
}

for (const [label, url] of [
  ["embedded", undefined],
  ...(couchdbUrl ? [["CouchDB", couchdbUrl]] : []),
]) {
  const test = suite<Context>(`units on ${label}`);

  test.before(async (context) => {
    const stand = await openStand(url);
    const { hub } = stand.hub;
    context.stand = stand;
    context.cookie = await stand.operator("olga@example.org");
    context.tenant = stand.tenant("river");
    await load(hub, loadExample(context.tenant));
    const rival = loadExample(stand.tenant("brook"));
    rival.organization.name = "Rival";
    await load(hub, rival, { newOrganization: true });
    const all = await hub.communities.list(scope);
    const of = (tenant: string) => {
      const found = all.find((one) => one.tenant === tenant);
      if (!found) throw new Error(tenant);
      return found.communityId;
    };
    context.community = of(context.tenant);
    const foreign = of(stand.tenant("brook"));
    const [building] = await hub.units.buildings.list(scope, foreign);
    const [resident] = await hub.residents.list(scope, foreign);
    const [unit] = await hub.units.units.list(scope, foreign);
    context.foreign = {
      building: building?.buildingId ?? "",
      resident: resident?.residentId ?? "",
      unit: unit?.unitId ?? "",
    };
  });
  test.after(async ({ stand }) => {
    await stand.close();
  });

  const asking =
    ({ stand, cookie }: Context) =>
    (method: string, path: string, body?: unknown) =>
      stand.ask(method, `/api/v1${path}`, { cookie, ...(body === undefined ? {} : { body }) });
  const unitNamed = async (context: Context, name: string): Promise<Loose> => {
    const { json } = await asking(context)("GET", `/units?community=${context.tenant}&limit=500`);
    const found = json.data.find((one: Loose) => one.name === name);
    return (await asking(context)("GET", `/units/${found.id}`)).json.data;
  };
  const siteUnit = async ({ stand, tenant }: Context, id: string): Promise<Loose> =>
    (await stand.hub.hub.databases.open(`t-${tenant}-site-1`)).get(`unit:${id}`);

  test("homes are found by name, building and who lives or lived there, as they were at a date", async (context) => {
    const ask = asking(context);
    assert.is((await ask("GET", "/units?q=quintanilla%20north")).json.total, 1);
    assert.is((await ask("GET", "/units?vacant=true")).json.data[0].name, "1B");
    const home = async (query: string): Promise<Loose> =>
      (await ask("GET", `/units?${query}`)).json.data.find(({ name }: Loose) => name === "1A");
    assert.equal(
      (await home("q=1a&at=2026-02-01")).residents.map(({ resident }: Loose) => resident.name),
      ["Ana Quintanilla"],
    );
    const now = await home("q=1a");
    assert.is(now.residents.length, 2);
    assert.is(now.devices, 1);
    assert.is((await ask("GET", "/units?at=1999-01-01&vacant=false")).json.total, 0);
    assert.is((await ask("GET", "/units?at=yesterday")).status, 400);
  });

  test("a home is made in a building of its community; its name is its own there", async (context) => {
    const { community, foreign } = context;
    const ask = asking(context);
    const building = (await ask("POST", "/buildings", { community, name: "South" })).json.data;
    const made = await ask("POST", "/units", {
      community,
      name: "1A",
      building: building.id,
      floor: "2",
      external_id: "WE-7",
    });
    assert.is(made.status, 201, made.text);
    assert.is(made.json.data.building.name, "South");
    assert.is((await siteUnit(context, made.json.data.id))?.building, "South");
    for (const body of [
      { community, name: " 1a ", building: building.id },
      { community, name: "1C", external_id: "WE-7" },
    ])
      assert.is((await ask("POST", "/units", body)).status, 409, JSON.stringify(body));
    for (const body of [
      { community, name: "1C", building: foreign.building },
      { community: "c-0000000000000000", name: "1C" },
    ])
      assert.is((await ask("POST", "/units", body)).status, 404, JSON.stringify(body));
    const twice = { community, name: "2C", building: building.id };
    const both = await Promise.all([ask("POST", "/units", twice), ask("POST", "/units", twice)]);
    assert.equal(
      both.map(({ status }) => status).toSorted((a, b) => a - b),
      [201, 409],
    );
    assert.is((await ask("DELETE", `/buildings/${building.id}`)).status, 409);
  });

  test("of two who move the same person in at once one is refused, and is told by which tenancy", async (context) => {
    const ask = asking(context);
    const home = await unitNamed(context, "2C");
    const { json } = await ask("GET", "/units?q=fitzwilliam");
    const resident = json.data[0].residents[0].resident.id as string;
    const add = (from: string) =>
      ask("POST", `/units/${home.id}/tenancies`, { resident, from, to: "2027-01-01" });
    const answers = await Promise.all([add("2026-05-01"), add("2026-06-01"), add("2026-07-01")]);
    assert.equal(
      answers.map(({ status }) => status).toSorted((a, b) => a - b),
      [201, 409, 409],
    );
    const there = (await unitNamed(context, "2C")).tenancies;
    assert.is(there.length, 1);
    for (const answer of answers.filter(({ status }) => status === 409)) {
      assert.match(answer.json.detail, there[0].id);
      assert.is(answer.json.tenancy.id, there[0].id);
    }
  });

  test("somebody moves in by the address they have in this community, and nobody by another", async (context) => {
    const ask = asking(context);
    const home = await unitNamed(context, "2C");
    const { json } = await ask("GET", "/people?q=fitzwilliam");
    const [{ email, memberships }] = json.data;
    const add = (resident: string) =>
      ask("POST", `/units/${home.id}/tenancies`, {
        resident,
        from: "2031-05-01",
        to: "2031-06-01",
      });
    const added = await add(email.toUpperCase());
    assert.is(added.status, 201, added.text);
    const there = (await unitNamed(context, "2C")).tenancies.find(({ from }: Loose) =>
      from.startsWith("2031"),
    );
    assert.is(there.resident.id, memberships[0].resident_id);
    const nobody = await add("nobody@example.org");
    assert.equal([nobody.status, Object.keys(nobody.json.fields)], [400, ["resident"]]);
    await ask("DELETE", `/units/${home.id}/tenancies/${there.id}`);
  });

  test("two different people who move in at once both live there", async (context) => {
    const ask = asking(context);
    const home = await unitNamed(context, "1B");
    const residents = await context.stand.hub.hub.residents.list(scope, context.community as never);
    const answers = await Promise.all(
      residents.map(({ residentId: resident }) =>
        ask("POST", `/units/${home.id}/tenancies`, { resident, from: "2026-05-01" }),
      ),
    );
    assert.ok(answers.every(({ status }) => status === 201));
    assert.is((await unitNamed(context, "1B")).tenancies.length, residents.length);
    assert.is((await siteUnit(context, home.id))?.tenancies.length, residents.length);
  });

  test("tenancies are ended, corrected and taken back; dates begin where the building is", async (context) => {
    const ask = asking(context);
    const { id, tenancies } = await unitNamed(context, "1B");
    const [first, second] = tenancies;
    const path = `/units/${id}/tenancies`;
    const ended = await ask("POST", `${path}/${first.id}/end`, { to: "2026-08-01" });
    assert.is(ended.status, 200, ended.text);
    const end = ended.json.data.tenancies.find((one: Loose) => one.id === first.id).to;
    assert.is(end, "2026-07-31T22:00:00.000Z");
    assert.is((await ask("POST", `${path}/${first.id}/end`, {})).status, 409);
    const back = await ask("PATCH", `${path}/${first.id}`, { to: null, from: "2026-05-02" });
    assert.is(back.json.data.tenancies.find((one: Loose) => one.id === first.id).to, null);
    const wrong = await ask("PATCH", `${path}/${first.id}`, { to: "2026-01-01" });
    assert.is(wrong.status, 400);
    const other = await ask("PATCH", `${path}/${first.id}`, { resident: second.resident.id });
    assert.is(other.status, 409);
    const foreign = { resident: context.foreign.resident };
    assert.is((await ask("PATCH", `${path}/${first.id}`, foreign)).status, 404);
    assert.is((await ask("POST", path, foreign)).status, 404);
    const gone = await ask("DELETE", `${path}/${second.id}`);
    assert.is(gone.json.data.tenancies.length, tenancies.length - 1);
    assert.is((await ask("DELETE", `${path}/${second.id}`)).status, 404);
  });

  test("moving out is one call: final index, those who go, and whoever comes", async (context) => {
    const ask = asking(context);
    const [home] = (await ask("GET", "/units?q=fitzwilliam%20north")).json.data;
    const device = devEui(context.tenant, 1);
    const path = `/units/${home.id}/move-out`;
    const nobody = await ask("POST", path, {
      at: "2026-11-01",
      indexes: [{ device: devEui(context.tenant, 2), index: "1" }],
    });
    assert.is(nobody.status, 409, "the meter hangs elsewhere");
    const foreign = await ask("POST", path, { next: [{ resident: context.foreign.resident }] });
    assert.is(foreign.status, 404);
    const moved = await ask("POST", path, {
      at: "2026-11-01",
      indexes: [{ device: device.toUpperCase(), index: "0123.450" }],
      next: [{ first_name: "Dora", last_name: "Newcomer", email: "dora@example.org" }],
      note: "keys handed over",
    });
    assert.is(moved.status, 200, moved.text);
    const { data } = moved.json;
    assert.equal(
      data.residents.map(({ resident }: Loose) => resident.name),
      ["Dora Newcomer"],
    );
    assert.equal(data.moves[0].indexes, [{ device, index: "123.450", unit: null }]);
    assert.is(data.moves[0].out.length, 2);
    const site = await siteUnit(context, home.id);
    assert.not.ok("moves" in (site ?? {}));
    assert.not.match(JSON.stringify(site), "Newcomer");
    const vacant = await ask("POST", path, { at: "2026-11-20" });
    assert.is(vacant.json.data.is_vacant, true);
    assert.is((await ask("POST", path, { at: "2026-11-21" })).status, 409);
  });

  test("a move that cannot be makes nobody", async (context) => {
    const ask = asking(context);
    const home = await unitNamed(context, "2C");
    const before = (await context.stand.hub.hub.people.list(scope)).length;
    const body = {
      at: "2026-06-02",
      tenancies: ["t-0000000000000000"],
      next: [{ first_name: "Never", last_name: "Was" }],
    };
    assert.is((await ask("POST", `/units/${home.id}/move-out`, body)).status, 404);
    assert.is((await context.stand.hub.hub.people.list(scope)).length, before);
  });

  test("a home with a history stays; of a selection each is told what became of it", async (context) => {
    const ask = asking(context);
    const { community, foreign } = context;
    const empty = (await ask("POST", "/units", { community, name: "9X" })).json.data.id;
    const lived = (await unitNamed(context, "1B")).id;
    const ids = [empty, lived, foreign.unit];
    assert.is((await ask("POST", "/units/bulk-delete", { ids, confirm: "yes" })).status, 400);
    const { json } = await ask("POST", "/units/bulk-delete", { ids, confirm: "3" });
    assert.equal(
      json.data.results.map(({ ok, code }: Loose) => code ?? ok),
      [true, "conflict", "not_found"],
    );
    assert.is((await ask("GET", `/units/${empty}`)).status, 404);
  });

  test("the audit names people by their ids alone", async ({ stand }) => {
    const [organization] = (await stand.hub.hub.registry.organizations()).filter(
      ({ name }) => name === "Acme",
    );
    const by = "p-0000000000000000" as never;
    const organizationId = organization?.organizationId as never;
    const { rows } = await stand.hub.hub.audit.list(
      { kind: "organization", organizationId, by },
      { limit: 500 },
    );
    const tenancy = rows.find(({ what }) => what === "tenancy.end");
    assert.match(tenancy?.forWhom ?? "", /^p-/);
    assert.ok(tenancy?.after?.to);
    const text = JSON.stringify(rows);
    for (const name of ["Quintanilla", "Fitzwilliam", "Newcomer", "dora@example.org"])
      assert.not.match(text, name);
  });

  test("in an archived community nobody moves", async (context) => {
    const ask = asking(context);
    const home = await unitNamed(context, "1B");
    await ask("POST", `/customers/${context.tenant}/archive`, {});
    for (const [method, path, body] of [
      ["POST", `/units/${home.id}/move-out`, {}],
      ["PATCH", `/units/${home.id}`, { floor: "7" }],
      ["POST", "/units", { community: context.community, name: "8X" }],
      ["DELETE", `/units/${home.id}/tenancies/${home.tenancies[0].id}`, undefined],
    ] as const) {
      const answer = await ask(method, path, body);
      assert.is(answer.status, 409, `${method} ${path}`);
      assert.match(answer.json.detail, "archived");
    }
    await ask("DELETE", `/customers/${context.tenant}/archive`);
  });

  test.run();
}
