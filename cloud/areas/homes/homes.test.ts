/** Residents on a whole hub: their own homes in their own time, and nothing of anybody else's. */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { devEui, loadExample, openStand, type Loose, type Stand } from "#cloud/hub-stand.ts";
import { load } from "#cloud/hub/load/load.ts";
import type { DeviceId, WriterId } from "#shared/model/ids.ts";
import { systemScope } from "#shared/model/scope.ts";
import { packSegment } from "#shared/series/segment.ts";
import { keptUplink } from "#shared/testing/kept-uplinks.ts";

const scope = systemScope("test");
const HOUR = 3_600_000;
/** The day Ana moved out and Ben and Cleo in. */
const MOVED = Date.parse("2026-03-01T00:00:00+01:00");

interface Context {
  stand: Stand;
  olga: string;
  unit: string;
  empty: string;
  meter: string;
  /** Cookies of residents, by first name. */
  as: Record<string, string>;
  ids: Record<string, string>;
}
const test = suite<Context>("homes");

test.before(async (context) => {
  const stand = await openStand(process.env.COUCHDB_URL);
  context.stand = stand;
  context.olga = await stand.operator("olga@a.example");
  const tenant = stand.tenant("alpha");
  const { hub } = stand.hub;
  await load(hub, loadExample(tenant));
  const units = await hub.units.units.list(scope);
  context.unit = units.find(({ name }) => name === "1A")?.unitId as string;
  context.empty = units.find(({ name }) => name === "1B")?.unitId as string;
  const deviceId = devEui(tenant, 1) as DeviceId;
  const device = await hub.devices.find(scope, deviceId);
  context.meter = device.installations[0]?.installationId as string;
  const gateway = await stand.enrolled(tenant);
  // An hour before and after the move, and of today.
  const nowMs = stand.clock.now();
  const times = [-3, -2, -1, 0, 1, 2, 3].map((hours) => MOVED + hours * HOUR);
  times.push(nowMs - 2 * HOUR, nowMs - HOUR);
  const uplinks = times.map((time, i) => keptUplink(time, 12_400 + i * 10, { deviceId }));
  const segment = packSegment(
    {
      writer: gateway.id as unknown as WriterId,
      epoch: "00000001-0000000000000000" as Loose,
      seq: 0,
      prev: null,
    } as Loose,
    uplinks,
  );
  const month = new Date(nowMs).toISOString().slice(0, 7).replace("-", "");
  const tele = await hub.databases.open(`t-${tenant}-tele-${month}`);
  await tele.put(segment);
  await stand.hub.caughtUp();
  const people = await hub.people.list(scope);
  [context.as, context.ids] = [{}, {}];
  for (const { personId, firstName } of people) {
    context.as[firstName] = `riser_signin=${await hub.signIns.begin(personId)}`;
    context.ids[firstName] = personId;
  }
});
test.after(async ({ stand }) => {
  await stand.close();
});

const get = ({ stand, as }: Context, who: string, path: string) =>
  stand.ask("GET", `/api/v1/me/homes${path}`, { cookie: as[who] as string });

test("a resident sees their home as their gateway shows it, and no other", async (context) => {
  const { unit, empty } = context;
  const me = await get(context, "Ben", "");
  assert.is(me.status, 200, me.text);
  assert.equal(
    me.json.data.homes.map(({ unit_id, name, from }: Loose) => [unit_id, name, from]),
    [[unit, "1A", "2026-03-01"]],
  );
  const overview = await get(context, "Ben", `/${unit}/overview`);
  assert.is(overview.status, 200, overview.text);
  assert.is(overview.json.data.meters.length, 1);
  assert.is(overview.json.data.freshness.is_hub_reached, true);
  for (const text of [me.text, overview.text])
    assert.not.match(text, /Quintanilla|Ana|ana\.q|Vandermeer/);
  assert.is((await get(context, "Ben", `/${empty}/overview`)).status, 404);
  assert.is(
    (await get(context, "Olga", `/${unit}/overview`)).status,
    404,
    "an operator lives nowhere",
  );
});

test("what was used before they moved in, and after they moved out, is not theirs", async (context) => {
  const { unit, meter } = context;
  const day = async (who: string, from: string, to: string) => {
    const query = `from=${from}&to=${to}&by=hour`;
    const answer = await get(context, who, `/${unit}/meters/${meter}/consumption?${query}`);
    assert.is(answer.status, 200, answer.text);
    return answer.json.data.periods.filter(({ n }: Loose) => n !== null);
  };
  const before = ["2026-02-28", "2026-03-01"] as const;
  const after = ["2026-03-01", "2026-03-02"] as const;
  assert.is((await day("Ben", ...before)).length, 0);
  assert.ok((await day("Ben", ...after)).length > 0);
});

test("who moved out reads their own time for a year, and then no more", async (context) => {
  const { stand, unit } = context;
  const nowMs = stand.clock.now();
  const endMs = MOVED + 12 * 31 * 24 * HOUR;
  const isStill = nowMs < endMs;
  const answer = await get(context, "Ana", `/${unit}/overview`);
  assert.is(answer.status, isStill ? 200 : 404, answer.text);
  if (isStill) {
    const me = await get(context, "Ana", "");
    assert.is(me.json.data.homes[0].to, "2026-03-01");
    const index = answer.json.data.meters[0]?.index;
    if (index) assert.ok(Date.parse(index.at) < MOVED, "the index of their last day");
  }
  const organizations = await stand.hub.hub.registry.organizations();
  const [organization] = organizations;
  const riser = stand.hub.hub.registry.riser.database;
  const doc = (await riser.get(`organization:${organization?.organizationId}`)) as Loose;
  const { defaultSettings } = await import("#cloud/hub/organization-settings.ts");
  await riser.put({ ...doc, settings: { ...defaultSettings, formerResidentMonths: 1 } });
  assert.is((await get(context, "Ana", `/${unit}/overview`)).status, 404);
  assert.equal((await get(context, "Ana", "")).json.data.homes, []);
});

test("a community that shows no hours shows none, and one that asks shows them who agreed", async (context) => {
  const { stand, unit, meter } = context;
  const { hub } = stand.hub;
  const [community] = await hub.communities.list(scope);
  const decide = async (hourlyDetail: "on" | "off" | "consent") => {
    const now = await hub.communities.find(scope, community?.communityId as string);
    await hub.communities.save(scope, now.organizationId, [{ ...now, hourlyDetail }]);
    await hub.adopt(now);
  };
  const hours = async () =>
    (
      await get(
        context,
        "Ben",
        `/${unit}/meters/${meter}/consumption?from=2026-03-01&to=2026-03-02&by=hour`,
      )
    ).status;
  const cookie = context.as["Ben"] as string;
  await decide("consent");
  assert.is(await hours(), 403);
  const agree = (agreed: boolean) =>
    stand.ask("PUT", `/api/v1/me/homes/${unit}/hours`, { cookie, body: { agreed } });
  assert.is((await agree(true)).status, 204);
  assert.is(await hours(), 200);
  await decide("off");
  assert.is(await hours(), 403);
  await decide("on");
  assert.is(await hours(), 200);
});

test("assistance sees what a resident sees, changes nothing, is seen by them, and ends", async (context) => {
  const { stand, olga, unit, ids, as } = context;
  const start = (person: string, more: object = {}) =>
    stand.ask("POST", "/api/v1/assistance", {
      cookie: olga,
      body: { person, reason: "a question about the bill", minutes: 10, ...more },
    });
  assert.is((await start(ids["Olga"] as string)).status, 403, "not oneself");
  assert.is((await start(ids["Ben"] as string, { full_control: true })).status, 403);
  assert.is((await start(ids["Ben"] as string)).status, 201);
  const me = await stand.ask("GET", "/api/v1/me", { cookie: olga });
  assert.is(me.json.data.first_name, "Ben");
  assert.is(me.json.data.assistance.reason, "a question about the bill");
  assert.is(me.json.data.assistance.may_change, false);
  const seen = await stand.ask("GET", `/api/v1/me/homes/${unit}/overview`, { cookie: olga });
  assert.is(seen.status, 200);
  const tries: [string, string, unknown][] = [
    ["PATCH", "/me/profile", { first_name: "Bob" }],
    ["PUT", "/me/password", { password: "violet harbour 77" }],
    ["POST", "/assistance", { person: ids["Cleo"], reason: "and on to the next" }],
    ["GET", "/me/sign-ins", undefined],
    ["GET", "/people", undefined],
  ];
  for (const [method, path, body] of tries)
    assert.is(
      (await stand.ask(method, `/api/v1${path}`, { cookie: olga, body })).status,
      403,
      path,
    );
  const told = await stand.ask("GET", "/api/v1/me/assistance", { cookie: as["Ben"] as string });
  assert.is(told.json.data[0].by, "Olga Operator");
  assert.is(told.json.data[0].ended_at, null);
  assert.is((await stand.ask("POST", "/api/v1/assistance/stop", { cookie: olga })).status, 204);
  assert.is((await stand.ask("GET", "/api/v1/me", { cookie: olga })).json.data.first_name, "Olga");

  await start(ids["Ben"] as string);
  await stand.clock.advance(600_001);
  const after = await stand.ask("GET", "/api/v1/me", { cookie: olga });
  assert.is(after.json.data.first_name, "Olga", "its time is up");
  const audit = await stand.ask("GET", "/api/v1/audit?what=assistance", { cookie: olga });
  assert.ok(audit.json.data.some((one: Loose) => one.reason === "a question about the bill"));
});

test("with full control one acts as somebody, and the audit names both", async (context) => {
  const { stand, olga, ids } = context;
  const riser = stand.hub.hub.registry.riser.database;
  const [organization] = await stand.hub.hub.registry.organizations();
  const doc = (await riser.get(`organization:${organization?.organizationId}`)) as Loose;
  const { defaultSettings } = await import("#cloud/hub/organization-settings.ts");
  await riser.put({
    ...doc,
    settings: { ...defaultSettings, assistance: { isAllowed: true, mayControl: true } },
  });
  const begun = await stand.ask("POST", "/api/v1/assistance", {
    cookie: olga,
    body: { person: ids["Cleo"], reason: "sets the language with her", full_control: true },
  });
  assert.is(begun.status, 201, begun.text);
  const changed = await stand.ask("PATCH", "/api/v1/me/profile", {
    cookie: olga,
    body: { language: "fr" },
  });
  assert.is(changed.status, 200, changed.text);
  assert.is(changed.json.data.id, ids["Cleo"]);
  const password = await stand.ask("PUT", "/api/v1/me/password", {
    cookie: olga,
    body: { password: "violet harbour 77" },
  });
  assert.is(password.status, 403, "what is hers alone stays hers");
  await stand.ask("POST", "/api/v1/assistance/stop", { cookie: olga });
  const audit = await stand.ask("GET", "/api/v1/audit?what=profile.change", { cookie: olga });
  const [row] = audit.json.data;
  assert.is(row.by.id, ids["Cleo"]);
  assert.is(row.assistant.id, ids["Olga"]);
});

/** Somebody new of Ben's household, and the cookie they are signed in with. */
async function letIn({ stand, unit, as }: Context, name: string) {
  const email = `${name.toLowerCase()}@example.org`;
  const path = `/api/v1/me/homes/${unit}/household`;
  const added = await stand.ask("POST", path, {
    cookie: as["Ben"] as string,
    body: { email, first_name: name },
  });
  assert.is(added.status, 201, added.text);
  const { hub } = stand.hub;
  const person = await hub.people.findByEmail(scope, email);
  const theirs = `riser_signin=${await hub.signIns.begin(person?.personId as Loose)}`;
  return { path, email, theirs, id: added.json.data.id as string };
}

test("a partner gets an own sign-in and sees the same, until it is taken back", async (context) => {
  const { stand, unit, meter, as } = context;
  const cookie = as["Ben"] as string;
  const { path, email, theirs, id } = await letIn(context, "Pat");
  const seen = (who: string, more: string) =>
    stand.ask("GET", `/api/v1/me/homes${more}`, { cookie: who });
  const [homes, own] = [await seen(theirs, ""), await seen(cookie, "")];
  assert.equal(homes.json.data.homes, own.json.data.homes);
  const month = `/${unit}/meters/${meter}/consumption?from=2026-03-01&to=2026-03-02&by=day`;
  assert.is((await seen(theirs, month)).text, (await seen(cookie, month)).text);
  const before = `/${unit}/meters/${meter}/consumption?from=2026-02-28&to=2026-03-01&by=day`;
  assert.is((await seen(theirs, before)).text, (await seen(cookie, before)).text);
  const listed = await stand.ask("GET", path, { cookie });
  assert.equal(
    listed.json.data.map((one: Loose) => [one.first_name, one.email, one.has_come]),
    [["Pat", email, false]],
  );
  const again = { email: "PAT@example.org", first_name: "Patricia" };
  assert.is((await stand.ask("POST", path, { cookie, body: again })).status, 409);
  assert.is((await stand.ask("POST", path, { cookie: theirs, body: again })).status, 403);
  assert.is((await stand.ask("GET", path, { cookie: theirs })).status, 403);
  const invite = (who: string, resident: string) =>
    stand.ask("POST", `${path}/${resident}/invitation`, { cookie: who, body: {} });
  assert.is((await invite(cookie, id)).status, 204);
  assert.is((await invite(theirs, id)).status, 403);
  assert.is((await invite(as["Cleo"] as string, id)).status, 404, "Cleo did not let them in");
  const remove = (who: string) => stand.ask("DELETE", `${path}/${id}`, { cookie: who, body: {} });
  assert.is((await remove(as["Cleo"] as string)).status, 404);
  assert.is((await remove(cookie)).status, 204);
  assert.is((await seen(theirs, "")).status, 401);
  assert.is((await remove(cookie)).status, 404);
  assert.equal((await stand.ask("GET", path, { cookie })).json.data, []);
});

test("whoever has a sign-in already is let into a household by accepting it themselves", async (context) => {
  const { stand, unit, as, ids } = context;
  const { hub } = stand.hub;
  const path = `/api/v1/me/homes/${unit}/household`;
  const cookie = as["Ben"] as string;
  const ana = await hub.people.find(scope, ids["Ana"] as string);
  const added = await stand.ask("POST", path, {
    cookie,
    body: { email: ana.email, first_name: "Ana" },
  });
  const shown = async () => (await stand.ask("GET", path, { cookie })).json.data[0];
  assert.is((await shown()).email, ana.email, "as of somebody new");
  const invited = (await hub.people.list(scope)).find(({ invitedEmail }) => invitedEmail);
  const { token } = await hub.links.make({
    purpose: "activate",
    personId: invited?.personId as Loose,
    organizationId: invited?.memberships[0]?.organizationId as Loose,
    way: "link",
  });
  const accepted = await stand.ask("POST", "/api/v1/activation/accept", {
    cookie: as["Ana"] as string,
    body: { token },
  });
  assert.is(accepted.status, 204, accepted.text);
  assert.is((await shown()).id, added.json.data.id);
  const homes = await get(context, "Ana", "");
  assert.ok(
    homes.json.data.homes.some((one: Loose) => one.unit_id === unit),
    homes.text,
  );
  const overview = await get(context, "Ana", `/${unit}/overview`);
  const { index } = overview.json.data.meters[0];
  assert.ok(Date.parse(index.at) > MOVED, "not the time she lived there herself");
  const gone = await stand.ask("DELETE", `${path}/${added.json.data.id}`, { cookie, body: {} });
  assert.is(gone.status, 204, gone.text);
  assert.is((await hub.people.find(scope, ids["Ana"] as string)).memberships.length, 1);
});

test("whoever was switched off before they came cannot be let in as who they are elsewhere", async (context) => {
  const { stand, olga, unit, as, ids } = context;
  const { hub } = stand.hub;
  const path = `/api/v1/me/homes/${unit}/household`;
  const ana = await hub.people.find(scope, ids["Ana"] as string);
  const cookie = as["Ben"] as string;
  const own = (await hub.people.find(scope, ids["Ben"] as string)).email;
  const self = await stand.ask("POST", path, { cookie, body: { email: own, first_name: "Ben" } });
  assert.is(self.status, 409, "oneself");
  const body = { email: ana.email, first_name: "Ana" };
  const added = await stand.ask("POST", path, { cookie, body });
  assert.is(added.status, 201, added.text);
  const invited = (await hub.people.list(scope)).find(({ invitedEmail }) => invitedEmail);
  const { token } = await hub.links.make({
    purpose: "activate",
    personId: invited?.personId as Loose,
    organizationId: invited?.memberships[0]?.organizationId as Loose,
    way: "link",
  });
  const off = await stand.ask("POST", `/api/v1/people/${invited?.personId}/disable`, {
    cookie: olga,
    body: {},
  });
  assert.is(off.status, 200, off.text);
  const accepted = await stand.ask("POST", "/api/v1/activation/accept", {
    cookie: as["Ana"] as string,
    body: { token },
  });
  assert.is(accepted.status, 403, accepted.text);
  assert.is((await hub.people.find(scope, ids["Ana"] as string)).memberships.length, 1);
  const gone = await stand.ask("DELETE", `${path}/${added.json.data.id}`, { cookie, body: {} });
  assert.is(gone.status, 204, gone.text);
});

test("who let somebody in takes back that alone, not the home the management gave them", async (context) => {
  const { stand, olga, unit, empty, as } = context;
  const { path, theirs, id } = await letIn(context, "Robin");
  const given = await stand.ask("POST", `/api/v1/units/${empty}/tenancies`, {
    cookie: olga,
    body: { resident: id, from: "2026-04-01T00:00:00.000Z" },
  });
  assert.ok(given.status < 300, given.text);
  const cookie = as["Ben"] as string;
  const gone = await stand.ask("DELETE", `${path}/${id}`, { cookie, body: {} });
  assert.is(gone.status, 204, gone.text);
  const home = await stand.ask("GET", "/api/v1/me/homes", { cookie: theirs });
  assert.is(home.status, 200, home.text);
  assert.equal(
    home.json.data.homes.map((one: Loose) => [one.unit_id, one.to ?? null]),
    [[empty, null]],
  );
  assert.is(
    (await stand.ask("GET", `/api/v1/me/homes/${unit}/overview`, { cookie: theirs })).status,
    404,
  );
  assert.equal((await stand.ask("GET", path, { cookie })).json.data, []);
});

test("the household's time ends with that of the one who let it in, whoever ends it", async (context) => {
  const { stand, olga, unit } = context;
  const tenancies = async () =>
    (await stand.ask("GET", `/api/v1/units/${unit}`, { cookie: olga })).json.data
      .tenancies as Loose[];
  const ask = async (method: string, more: string, body: unknown) => {
    const answer = await stand.ask(method, `/api/v1/units/${unit}${more}`, { cookie: olga, body });
    assert.is(answer.status, 200, answer.text);
  };
  const { id, theirs } = await letIn(context, "Quinn");
  const quinn = async () => (await tenancies()).find((one) => one.resident.id === id);
  const host = (await quinn()).part_of;
  const end = new Date(stand.clock.now() + HOUR).toISOString();
  await ask("POST", `/tenancies/${host}/end`, { to: end });
  assert.is((await quinn()).to, end);
  await ask("PATCH", `/tenancies/${host}`, { to: null });
  assert.is((await quinn()).to, null, "what ended together goes on together");
  const at = new Date(stand.clock.now()).toISOString();
  const [ben] = (await tenancies()).filter((one) => one.id === host);
  await ask("POST", "/move-out", { at, tenancies: [host, (await quinn()).id] });
  assert.is((await quinn()).to, at);
  const home = await stand.ask("GET", "/api/v1/me/homes", { cookie: theirs });
  assert.is(home.json.data.homes.length, 1, "as Ben does, they read their time");
  await ask("PATCH", `/tenancies/${host}`, { to: ben.to });
});

test("rights of one's own making: no more than the giver's, at once for all who hold them", async (context) => {
  const { stand, olga, ids } = context;
  const make = (rights: string[], cookie = olga) =>
    stand.ask("POST", "/api/v1/roles", { cookie, body: { name: "Front desk", rights } });
  const role = (await make(["people.read", "people.reset"])).json.data;
  assert.is(role.rank, 30);
  const given = await stand.ask("POST", `/api/v1/people/${ids["Cleo"]}/memberships`, {
    cookie: olga,
    body: { role: role.id, on: { kind: "organization" } },
  });
  assert.is(given.status, 201, given.text);
  const cookie = context.as["Cleo"] as string;
  assert.is((await stand.ask("GET", "/api/v1/people", { cookie })).status, 200);
  assert.is((await make(["people.read"], cookie)).status, 403);
  const held = await stand.ask("DELETE", `/api/v1/roles/${role.id}`, { cookie: olga });
  assert.is(held.status, 409);
  const changed = await stand.ask("PUT", `/api/v1/roles/${role.id}`, {
    cookie: olga,
    body: { name: "Front desk", rights: ["devices.read"] },
  });
  assert.is(changed.status, 200);
  assert.is((await stand.ask("GET", "/api/v1/people", { cookie })).status, 403);
});

test("the audit is filtered, paged, and taken along as a file that harms no spreadsheet", async (context) => {
  const { stand, olga } = context;
  const ask = (query: string) => stand.ask("GET", `/api/v1/audit?${query}`, { cookie: olga });
  const all = await ask("limit=2");
  assert.is(all.json.data.length, 2);
  assert.ok(all.json.total > 5);
  const refused = await ask("result=refused&limit=100");
  assert.ok(refused.json.data.every((one: Loose) => one.result !== "ok"));
  assert.ok(refused.json.total > 0);
  assert.is((await ask("to=2020-01-01T00:00:00Z")).json.total, 0);
  await stand.ask("POST", "/api/v1/roles", { cookie: olga, body: { name: "=cmd()", rights: [] } });
  const file = await stand.ask("GET", "/api/v1/audit/export?what=role.add", { cookie: olga });
  assert.match(file.headers["content-type"] as string, /text\/csv/);
  assert.match(file.text, /role\.add/);
  assert.not.match(file.text, /(^|;)=cmd/m);
  assert.is((await ask("what=audit.export")).json.total, 1, "that it was taken is noted");
});

test.run();
