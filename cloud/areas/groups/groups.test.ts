import { suite } from "uvu";
import * as assert from "uvu/assert";
import { loadExample, openStand, type Loose, type Stand } from "#cloud/hub-stand.ts";
import { load } from "#cloud/hub/load/load.ts";
import { newId, type MembershipId, type PersonId } from "#shared/model/ids.ts";
import { systemScope } from "#shared/model/scope.ts";

const couchdbUrl = process.env.COUCHDB_URL;
const scope = systemScope("test");

interface Context {
  stand: Stand;
  cookie: string;
  /** Ids by name. */
  communities: Map<string, string>;
}

for (const [label, url] of [
  ["embedded", undefined],
  ...(couchdbUrl ? [["CouchDB", couchdbUrl]] : []),
]) {
  const test = suite<Context>(`groups on ${label}`);

  test.before(async (context) => {
    const stand = await openStand(url);
    context.stand = stand;
    context.cookie = await stand.operator("olga@example.org");
    for (const name of ["North", "South", "East"]) {
      const file = loadExample(stand.tenant(name.toLowerCase()));
      (file.communities[0] as Loose).name = name;
      await load(stand.hub.hub, file);
    }
    const rival = loadExample(stand.tenant("rival"));
    rival.organization.name = "Rival";
    (rival.communities[0] as Loose).name = "Foreign";
    await load(stand.hub.hub, rival, { newOrganization: true });
    const all = await stand.hub.hub.communities.list(scope);
    context.communities = new Map(all.map(({ name, communityId }) => [name, communityId]));
  });
  test.after(async ({ stand }) => {
    await stand.close();
  });

  const asking =
    ({ stand, cookie }: Context, other = cookie) =>
    (method: string, path: string, body?: unknown) =>
      stand.ask(method, `/api/v1${path}`, { cookie: other, ...(body ? { body } : {}) });
  /** Somebody with one role on a place, signed in. */
  const memberOn = async ({ stand, communities }: Context, role: string, on: Loose) => {
    const { hub } = stand.hub;
    const all = await hub.communities.list(scope);
    const organizationId = all.find(({ communityId }) => communityId === communities.get("North"))
      ?.organizationId as never;
    const personId = newId<PersonId>("p", hub.random);
    const at = new Date(stand.clock.now()).toISOString();
    const membershipId = newId<MembershipId>("m", hub.random);
    await hub.people.add(scope, {
      _id: `person:${personId}`,
      type: "person",
      v: 1,
      personId,
      email: null,
      firstName: "Greta",
      lastName: "Grouped",
      phone: null,
      language: "en",
      memberships: [{ membershipId, organizationId, role: role as never, on, createdAt: at }],
      isDisabled: false,
      createdAt: at,
    });
    return { personId, cookie: `riser_signin=${await hub.signIns.begin(personId)}` };
  };
  const names = ({ json }: Loose) => json.data.map(({ name }: Loose) => name);

  test("All is built in, comes first and holds everything somebody reaches", async (context) => {
    const ask = asking(context);
    const { json } = await ask("GET", "/groups");
    assert.equal(
      json.data.map(({ id }: Loose) => id),
      ["all-communities", "all-people", "all-units", "all-devices"],
    );
    assert.is(json.data[0].members, 3);
    assert.is(json.data[3].members, 6);
    assert.equal(names(await ask("GET", "/groups/all-communities/members")), [
      "East",
      "North",
      "South",
    ]);
    assert.is((await ask("DELETE", "/groups/all-units")).status, 409);
    assert.is((await ask("PATCH", "/groups/all-units", { name: "Mine" })).status, 409);
  });

  test("a group takes what is in reach and nothing else; lists are cut to it", async (context) => {
    const ask = asking(context);
    const { communities } = context;
    const members = [communities.get("North")];
    const body = { kind: "communities", name: "Riverbank", members };
    const made = await ask("POST", "/groups", body);
    assert.is(made.status, 201, made.text);
    assert.is((await ask("POST", "/groups", { ...body, name: "riverbank" })).status, 409);
    const { id } = made.json.data;
    for (const wrong of [communities.get("Foreign"), "c-0000000000000000", "nonsense"]) {
      const answer = await ask("POST", `/groups/${id}/members`, { add: [wrong] });
      assert.is(answer.status, 404, wrong);
      const made = await ask("POST", "/groups", { ...body, name: "Other", members: [wrong] });
      assert.is(made.status, 404, wrong);
    }
    await ask("POST", `/groups/${id}/members`, { add: [communities.get("East")] });
    assert.equal(names(await ask("GET", `/customers?group=${id}`)), ["East", "North"]);
    await ask("POST", `/groups/${id}/members`, { remove: [communities.get("East")] });
    assert.equal(names(await ask("GET", `/customers?group=${id}`)), ["North"]);
    assert.is((await ask("GET", `/units?group=${id}`)).status, 404, "of another kind");
    const founded = await ask("POST", "/customers", {
      name: "West",
      tenant_name: context.stand.tenant("west"),
      groups: [id],
    });
    assert.is(founded.status, 201, founded.text);
    assert.equal(names(await ask("GET", `/groups/${id}/members`)), ["North", "West"]);
    await ask("POST", `/groups/${id}/members`, { remove: [founded.json.data.id] });
  });

  test("meters and people are listed by group; a DevEUI in a group may be written in any way", async (context) => {
    const ask = asking(context);
    const all = (await ask("GET", "/devices")).json.data;
    const [one, two] = all.map(({ dev_eui: devEui }: Loose) => devEui as string);
    const spelled = one.toUpperCase().replaceAll(/(..)(?!$)/g, "$1-");
    const body = { kind: "devices", name: "Checked", members: [spelled, one] };
    const made = await ask("POST", "/groups", body);
    assert.is(made.status, 201, made.text);
    assert.is(made.json.data.members, 1);
    const { id } = made.json.data;
    const listed = async () =>
      (await ask("GET", `/devices?group=${id}`)).json.data.map(({ dev_eui: is }: Loose) => is);
    assert.equal(await listed(), [one]);
    await ask("POST", `/groups/${id}/members`, { add: [two.toUpperCase()], remove: [spelled] });
    assert.equal(await listed(), [two]);
    assert.is((await ask("GET", "/devices?group=all-devices")).json.total, all.length);
    assert.is((await ask("GET", "/devices?group=gr-0000000000000000")).status, 404);
    const north = context.communities.get("North");
    const cut = await ask("POST", "/groups", {
      kind: "communities",
      name: "Its meters",
      members: [north],
    });
    const inNorth = await ask("GET", `/devices?community=${north}`);
    const byGroup = await ask("GET", `/devices?group=${cut.json.data.id}`);
    assert.ok(byGroup.json.total > 0);
    assert.equal(byGroup.json.data, inNorth.json.data);

    const [somebody] = (await ask("GET", "/people")).json.data;
    const people = { kind: "people", name: "A few", members: [somebody.id] };
    const few = await ask("POST", "/groups", people);
    const found = await ask("GET", `/people?group=${few.json.data.id}`);
    assert.equal(
      found.json.data.map((person: Loose) => person.id),
      [somebody.id],
    );
    assert.is((await ask("GET", `/people?group=${id}`)).status, 404, "of another kind");
    for (const group of [id, cut.json.data.id, few.json.data.id])
      await ask("DELETE", `/groups/${group}`);
  });

  test("a role on a group holds in the communities that are in it now, and those below", async (context) => {
    const ask = asking(context);
    const { communities, stand } = context;
    const [group] = (await ask("GET", "/groups?q=riverbank")).json.data;
    const on = { kind: "group", groupId: group.id };
    const { cookie: greta } = await memberOn(context, "admin", on);
    const hers = asking(context, greta);
    assert.equal(names(await hers("GET", "/customers")), ["North"]);
    const below = {
      name: "Attic",
      tenant_name: stand.tenant("attic"),
      owner: communities.get("North"),
    };
    assert.is((await hers("POST", "/customers", below)).status, 201);
    assert.equal(names(await hers("GET", "/customers")), ["Attic", "North"]);
    assert.is((await hers("POST", "/customers", { ...below, owner: null })).status, 403);
    await ask("POST", `/groups/${group.id}/members`, { add: [communities.get("South")] });
    assert.equal(names(await hers("GET", "/customers")), ["Attic", "North", "South"]);
    await ask("POST", `/groups/${group.id}/members`, { remove: [communities.get("North")] });
    assert.equal(names(await hers("GET", "/customers")), ["South"]);
    // The group itself is the organization's: nobody widens their own reach by it.
    const wider = await hers("POST", `/groups/${group.id}/members`, {
      add: [communities.get("South")],
    });
    assert.is(wider.status, 404);
    const refused = await ask("DELETE", `/groups/${group.id}`);
    assert.is(refused.status, 409);
    assert.match(refused.json.detail, "1 person has a role");
  });

  test("somebody of a switched-off community gets in nowhere there until it is switched on again", async (context) => {
    const ask = asking(context);
    const id = context.communities.get("East");
    const { cookie: admin } = await memberOn(context, "admin", {
      kind: "community",
      communityId: id,
    });
    const theirs = asking(context, admin);
    assert.is((await theirs("GET", `/customers/${id}`)).status, 200);
    await ask("PATCH", `/customers/${id}`, { is_active: false });
    assert.is((await theirs("GET", `/customers/${id}`)).status, 403);
    assert.is((await ask("GET", `/customers/${id}`)).json.data.is_active, false);
    await ask("PATCH", `/customers/${id}`, { is_active: true });
    assert.is((await theirs("GET", `/customers/${id}`)).status, 200);
  });

  test("a community's own group holds what is there, and its admins make and keep it", async (context) => {
    const { communities } = context;
    const id = communities.get("East");
    const { cookie: admin } = await memberOn(context, "admin", {
      kind: "community",
      communityId: id,
    });
    const theirs = asking(context, admin);
    const units = (await theirs("GET", "/units")).json.data;
    const foreign = (await asking(context)("GET", "/units?community=" + communities.get("South")))
      .json;
    assert.is((await theirs("POST", "/groups", { kind: "units", name: "Ours" })).status, 403);
    const body = { kind: "units", name: "Ours", community: id, members: [units[0].id] };
    const made = await theirs("POST", "/groups", body);
    assert.is(made.status, 201, made.text);
    const add = { add: [foreign.data[0].id] };
    const path = `/groups/${made.json.data.id}`;
    assert.is((await theirs("POST", `${path}/members`, add)).status, 404);
    assert.is((await asking(context)("POST", `${path}/members`, add)).status, 404, "not of it");
    assert.is((await theirs("GET", `/units?group=${made.json.data.id}`)).json.total, 1);
    const more = { max_devices: 1000 };
    assert.is((await theirs("PATCH", `/customers/${id}`, more)).status, 403, "its owner says that");
    assert.is((await theirs("PATCH", `/customers/${id}`, { city: "Olten" })).status, 200);
    assert.is((await theirs("DELETE", path)).status, 204);
    assert.is((await theirs("GET", path)).status, 404);
  });

  test("a role given to a group of people is everybody's in it, while they are in it", async (context) => {
    const { communities } = context;
    const ask = asking(context);
    const north = { kind: "community", id: communities.get("North") as string };
    const greta = await memberOn(context, "none", {
      kind: "community",
      communityId: communities.get("North"),
    });
    const as = asking(context, greta.cookie);
    const made = await ask("POST", "/groups", { kind: "people", name: "Auditors of North" });
    const id = made.json.data.id as string;
    const roles = { roles: [{ role: "auditor", on: north }] };
    assert.is((await ask("PUT", `/groups/${id}/roles`, roles)).status, 200);
    assert.is((await as("GET", "/devices")).status, 403);
    await ask("POST", `/groups/${id}/members`, { add: [greta.personId] });
    assert.is((await as("GET", "/devices")).status, 200);
    const { memberships } = (await ask("GET", `/people/${greta.personId}`)).json.data;
    const given = memberships.find((one: Loose) => one.role === "auditor");
    const path = `/people/${greta.personId}/memberships/${given.id}`;
    assert.is((await ask("DELETE", path)).status, 409, "it comes with the group");
    assert.is((await ask("DELETE", `/groups/${id}`)).status, 409, "the group still gives roles");
    await ask("POST", `/groups/${id}/members`, { remove: [greta.personId] });
    assert.is((await as("GET", "/devices")).status, 403);
    await ask("POST", `/groups/${id}/members`, { add: [greta.personId] });
    assert.is((await ask("PUT", `/groups/${id}/roles`, { roles: [] })).status, 200);
    assert.is((await as("GET", "/devices")).status, 403);
  });

  test("nobody gives more through a group than they may give by hand", async (context) => {
    const { communities } = context;
    const on = { kind: "community", communityId: communities.get("North") };
    const ada = await memberOn(context, "admin", on);
    const as = asking(context, ada.cookie);
    const north = communities.get("North") as string;
    const made = await as("POST", "/groups", {
      kind: "people",
      name: "Friends",
      community: north,
      members: [ada.personId],
    });
    const id = made.json.data.id as string;
    for (const roles of [
      [{ role: "operator", on: { kind: "organization" } }],
      [{ role: "admin", on: { kind: "community", id: north } }],
      [{ role: "auditor", on: { kind: "community", id: communities.get("South") } }],
    ]) {
      const { status } = await as("PUT", `/groups/${id}/roles`, { roles });
      assert.ok([403, 404].includes(status), `${JSON.stringify(roles)}: ${status}`);
    }
    // Nor is somebody put into a group whose roles are above them.
    const ask = asking(context);
    const high = await ask("POST", "/groups", { kind: "people", name: "High", community: north });
    await ask("PUT", `/groups/${high.json.data.id}/roles`, {
      roles: [{ role: "admin", on: { kind: "community", id: north } }],
    });
    const bob = await memberOn(context, "none", on);
    const put = await as("POST", `/groups/${high.json.data.id}/members`, { add: [bob.personId] });
    assert.is(put.status, 403);
  });

  test.run();
}
