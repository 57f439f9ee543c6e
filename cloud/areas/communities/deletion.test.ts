import { suite } from "uvu";
import * as assert from "uvu/assert";
import { devEui, loadExample, openStand, type Loose, type Stand } from "#cloud/hub-stand.ts";
import { endDeleted } from "#cloud/hub/end-deleted.ts";
import { load } from "#cloud/hub/load/load.ts";
import type { DeviceId, Epoch } from "#shared/model/ids.ts";
import { contentOf } from "#cloud/hub/save.ts";
import { systemScope } from "#shared/model/scope.ts";
import { packSegment } from "#shared/series/segment.ts";
import { keptUplink } from "#shared/testing/kept-uplinks.ts";

const couchdbUrl = process.env.COUCHDB_URL;
const scope = systemScope("test");
const DAY_MS = 86_400_000;

for (const [label, url] of [
  ["embedded", undefined],
  ...(couchdbUrl ? [["CouchDB", couchdbUrl]] : []),
]) {
  const test = suite<{ stand: Stand; cookie: string; tenant: string; other: string }>(
    `deleting communities on ${label}`,
  );

  let round = 0;
  test.before(async (context) => {
    context.stand = await openStand(url);
    context.cookie = await context.stand.operator("olga@example.org");
  });
  // Two communities of each test's own.
  test.before.each(async (context) => {
    const { stand } = context;
    round++;
    context.tenant = stand.tenant(`river${round}`);
    context.other = stand.tenant(`hill${round}`);
    await load(stand.hub.hub, loadExample(context.tenant));
    const second = loadExample(context.other);
    (second.communities[0] as Loose).name = "Hillside";
    await load(stand.hub.hub, second);
  });
  test.after(async ({ stand }) => {
    await stand.close();
  });

  const asking =
    ({ stand, cookie }: { stand: Stand; cookie: string }) =>
    (method: string, path: string, body?: unknown) =>
      stand.ask(method, `/api/v1${path}`, { cookie, ...(body ? { body } : {}) });

  test("what would go is counted first, and nothing goes without its name", async (context) => {
    const { stand, tenant } = context;
    const ask = asking(context);
    const gateway = await stand.enrolled(tenant);
    const { json } = await ask("GET", `/customers/${tenant}/deletion`);
    const { units, tenancies, memberships, people_who_go, devices, gateways, readings } = json.data;
    // Ana, Ben and Cleo live in the other community's file too: Ana and Ben by their addresses.
    assert.equal(
      { units, tenancies, memberships, people_who_go, devices, readings },
      { units: 2, tenancies: 3, memberships: 3, people_who_go: 1, devices: 2, readings: 0 },
    );
    assert.equal(gateways, [{ id: gateway.id, name: gateway.id }]);
    for (const confirm of [undefined, "", "yes", "riverside", "Hillside"])
      assert.is((await ask("DELETE", `/customers/${tenant}`, { confirm })).status, 400, confirm);
    assert.is((await ask("GET", `/customers/${tenant}`)).status, 200);
  });

  test("a deleted community is seen by nobody, its gateways are out at once, its meters are the organization's", async (context) => {
    const { stand, tenant, other } = context;
    const ask = asking(context);
    const gateway = await stand.enrolled(tenant, other);
    const token = await stand.token(gateway);
    const sync = (name: string) =>
      stand.ask("GET", `/sync/t-${name}-site-1`, { headers: { authorization: `Bearer ${token}` } });
    assert.is((await sync(tenant)).status, 200);
    const id = (await ask("GET", `/customers/${tenant}`)).json.data.id as string;
    const gone = await ask("DELETE", `/customers/${tenant}?confirm=${tenant}`);
    assert.is(gone.status, 200, gone.text);
    assert.is((await sync(tenant)).status, 403, "the token of before opens nothing");
    assert.is((await sync(other)).status, 200);
    for (const path of [`/customers/${tenant}`, `/customers/${id}`, `/units?community=${id}`])
      assert.is((await ask("GET", path)).status, 404, path);
    assert.is((await ask("GET", `/customers?q=${tenant}`)).json.total, 0);
    assert.is((await ask("GET", `/units?q=${tenant}`)).json.total, 0);
    const deleted = await ask("GET", `/customers?status=deleted&q=${tenant}`);
    assert.is(deleted.json.data[0].id, id);
    const device = (await ask("GET", `/devices/${devEui(tenant, 1)}`)).json.data;
    assert.is(device.community, null);
    assert.is(device.unit, null);
    const taken = { name: "Again", tenant_name: tenant };
    assert.is((await ask("POST", "/customers", taken)).status, 409);
    const claims = await stand.token(gateway);
    assert.not.match(Buffer.from(claims.split(".")[1] as string, "base64url").toString(), tenant);
  });

  test("it can be brought back as it was, with the meters nobody else took", async (context) => {
    const { stand, tenant, other } = context;
    const ask = asking(context);
    const { hub } = stand.hub;
    const gateway = await stand.enrolled(tenant);
    const before = (await ask("GET", `/devices/${devEui(tenant, 1)}`)).json.data;
    const deviceBefore = await hub.devices.find(scope, devEui(tenant, 1));
    await ask("DELETE", `/customers/${tenant}`, { confirm: "Riverside" });
    // Meanwhile one of its meters is given to somebody else.
    const all = await hub.communities.list(scope);
    const hill = all.find((one) => one.tenant === other);
    if (!hill) throw new Error("no other community");
    const lent = await hub.devices.find(scope, devEui(tenant, 2));
    const from = new Date(stand.clock.now()).toISOString();
    await hub.devices.save(scope, hill.organizationId, [
      {
        ...lent,
        communityId: hill.communityId,
        held: [...lent.held, { communityId: hill.communityId, from }],
      },
    ]);
    const rival = loadExample(stand.tenant("brook"));
    rival.organization.name = "Rival";
    await load(hub, rival, { newOrganization: true });
    const theirOperator = asking({
      stand,
      cookie: await stand.operator("bert@b.example", "Rival"),
    });
    assert.is((await theirOperator("POST", `/customers/${tenant}/restore`)).status, 404);
    assert.is((await theirOperator("GET", "/customers?status=deleted")).json.total, 0);
    stand.clock.set(stand.clock.now() + 29 * DAY_MS);
    assert.equal(await endDeleted(hub), []);
    stand.clock.set(stand.clock.now() - 29 * DAY_MS);
    const back = await ask("POST", `/customers/${tenant}/restore`);
    assert.is(back.status, 200, back.text);
    assert.is(back.json.data.units, 2);
    assert.is(back.json.data.devices, 1);
    const device = await hub.devices.find(scope, devEui(tenant, 1));
    assert.equal(contentOf(device), contentOf(deviceBefore));
    assert.is(
      (await ask("GET", `/devices/${devEui(tenant, 1)}`)).json.data.unit.id,
      before.unit.id,
    );
    const theirs = (await ask("GET", `/devices/${devEui(tenant, 2)}`)).json.data;
    assert.is(theirs.community.tenant_name, other);
    const headers = { authorization: `Bearer ${await stand.token(gateway)}` };
    assert.is((await stand.ask("GET", `/sync/t-${tenant}-site-1`, { headers })).status, 200);
    assert.is((await ask("POST", `/customers/${tenant}/restore`)).status, 404);
  });

  test("its people are out of sight with it, keep what they are elsewhere, and come back", async (context) => {
    const { stand, tenant } = context;
    const ask = asking(context);
    const { hub } = stand.hub;
    const { id } = (await ask("GET", `/customers/${tenant}`)).json.data;
    const before = (await ask("GET", `/people?community=${id}&limit=500`)).json.data;
    const [ana, cleo] = ["Ana", "Cleo"].map((name) =>
      before.find((one: Loose) => one.first_name === name),
    );
    const all = (await ask("GET", "/people?limit=500")).json.total;
    const isSeen = async ({ id: person }: Loose) =>
      (await ask("GET", `/people/${person}`)).status === 200;
    const places = async ({ id: person }: Loose) =>
      (await ask("GET", `/people/${person}`)).json.data.memberships.map((one: Loose) => one.on.id);
    await ask("DELETE", `/customers/${tenant}`, { confirm: tenant });
    assert.is(
      (await ask("GET", "/people?limit=500")).json.total,
      all - 1,
      "Cleo lives there alone",
    );
    assert.equal(await Promise.all([ana, cleo].map(isSeen)), [true, false]);
    assert.not.ok((await places(ana)).includes(id));
    for (const [method, path, body] of [
      ["PATCH", `/people/${cleo.id}`, { phone: "1" }],
      ["POST", `/people/${cleo.id}/disable`, {}],
      ["DELETE", `/people/${cleo.id}`, {}],
    ] as const)
      assert.is((await ask(method, path, body)).status, 404, method);
    // Taken out everywhere meanwhile, she is still who she was there.
    assert.is((await ask("DELETE", `/people/${ana.id}`, {})).status, 204);
    assert.is(await isSeen(ana), false);
    await ask("POST", `/customers/${tenant}/restore`);
    const after = (await ask("GET", `/people?community=${id}&limit=500`)).json.data;
    assert.equal(
      after.map((one: Loose) => one.id),
      before.map((one: Loose) => one.id),
    );
    assert.equal(await places(ana), [id]);
    assert.is((await hub.people.find(scope, cleo.id)).phone, null, "nothing was written meanwhile");
  });

  test("who is added elsewhere under the address of somebody out of sight is the same person", async (context) => {
    const { stand, tenant, other } = context;
    const ask = asking(context);
    const [gone, stays] = await Promise.all(
      [tenant, other].map(async (one) => (await ask("GET", `/customers/${one}`)).json.data.id),
    );
    const add = async (community: string) =>
      (
        await ask("POST", "/people", {
          email: `rea@${stand.tenant("rea")}.example`,
          role: "auditor",
          on: { kind: "community", id: community },
        })
      ).json.data.person;
    const rea = await add(gone);
    await ask("DELETE", `/customers/${tenant}`, { confirm: tenant });
    assert.is((await ask("GET", `/people/${rea.id}`)).status, 404);
    const again = await add(stays);
    assert.is(again.id, rea.id);
    assert.equal(
      again.memberships.map((one: Loose) => one.on.id),
      [stays],
    );
    await ask("POST", `/customers/${tenant}/restore`);
    const whole = await ask("GET", `/people/${rea.id}`);
    assert.is(whole.json.data.memberships.length, 2);
  });

  test("a hub brought back from a backup of before does not bring a deleted community back", async (context) => {
    const { stand, tenant } = context;
    const { hub } = stand.hub;
    const organization = (await hub.registry.organizations()).find(({ name }) => name === "Acme");
    const organizationId = organization?.organizationId as never;
    await asking(context)("DELETE", `/customers/${tenant}`, { confirm: tenant });
    const deleted = (await hub.deletedCommunities.list(scope)).find((one) => one.tenant === tenant);
    if (!deleted) throw new Error("not deleted");
    const { deletion: _, ...asBefore } = deleted;
    const { database } = await hub.registry.organization(organizationId);
    await database.put(asBefore);
    await stand.restart();
    const ask = asking(context);
    assert.is((await ask("GET", `/customers/${tenant}`)).status, 404);
    assert.is((await ask("GET", `/customers?status=deleted&q=${tenant}`)).json.total, 1);
    assert.is((await ask("POST", `/customers/${tenant}/restore`)).status, 200);
  });

  test("an owner stays while it owns; of a selection each is told, those below go first", async (context) => {
    const { stand, tenant, other } = context;
    const ask = asking(context);
    const idOf = async (name: string) => (await ask("GET", `/customers/${name}`)).json.data.id;
    const top = await idOf(tenant);
    const below = (
      await ask("POST", "/customers", {
        name: "Below",
        tenant_name: stand.tenant("below"),
        owner: top,
      })
    ).json.data.id;
    const refused = await ask("DELETE", `/customers/${tenant}`, { confirm: tenant });
    assert.is(refused.status, 409);
    assert.match(refused.json.detail, "owns 1 community");
    const ids = [top, stand.tenant("below"), "nowhere"];
    assert.is((await ask("POST", "/customers/bulk-delete", { ids, confirm: "2" })).status, 400);
    const { json } = await ask("POST", "/customers/bulk-delete", { ids, confirm: "3" });
    assert.equal(
      json.data.results.map(({ ok, code }: Loose) => code ?? ok),
      [true, true, "not_found"],
    );
    await ask("POST", `/customers/${below}/restore`);
    assert.is((await ask("GET", `/customers/${below}`)).json.data.owner, null);
    const archived = await ask("POST", "/customers/bulk-archive", {
      ids: [below, await idOf(other)],
    });
    assert.is(archived.json.data.done, 2);
    const again = await ask("POST", "/customers/bulk-archive", { ids: [below], archived: true });
    assert.is(again.json.data.results[0].code, "conflict");
    // What is archived can be deleted, and comes back archived.
    assert.is((await ask("DELETE", `/customers/${below}`, { confirm: "Below" })).status, 200);
    assert.ok((await ask("POST", `/customers/${below}/restore`)).json.data.archived_at);
  });

  test("after 30 days nothing of it is left: databases, rollup, people, names in the way of a backup", async (context) => {
    const { stand, tenant, other } = context;
    const ask = asking(context);
    const { hub } = stand.hub;
    const gateway = await stand.enrolled(tenant, other);
    const month = new Date(stand.clock.now()).toISOString().slice(0, 7).replace("-", "");
    const nowMs = stand.clock.now();
    const segment = packSegment(
      {
        writer: gateway.id,
        epoch: "00000001-0123456789abcdef" as Epoch,
        seq: 0,
        prev: null,
        before: 0,
        inbox: { from: 1, to: 2 },
      } as never,
      [keptUplink(nowMs - 60_000, 1000, { deviceId: devEui(tenant, 1) as DeviceId })],
    );
    await (await hub.databases.open(`t-${tenant}-tele-${month}`)).put(segment);
    await stand.hub.caughtUp();
    assert.is((await ask("GET", `/customers/${tenant}/deletion`)).json.data.readings, 1);
    await ask("DELETE", `/customers/${tenant}`, { confirm: tenant });
    const id = (await ask("GET", `/customers?status=deleted&q=${tenant}`)).json.data[0]
      .id as string;
    stand.clock.set(stand.clock.now() + 30 * DAY_MS);
    assert.ok((await endDeleted(hub)).includes(tenant));
    assert.equal(await endDeleted(hub), []);
    const names = await hub.databases.names();
    assert.equal(
      names.filter((name) => name.startsWith(`t-${tenant}`)),
      [],
    );
    assert.ok(names.some((name) => name.startsWith(`t-${other}-tele`)));
    const roll = await hub.databases.openShelf("roll");
    assert.equal(
      (await roll.ids({})).filter((one) => one.includes(`:${tenant}`)),
      [],
    );
    const people = await hub.people.list(scope);
    assert.not.ok(people.some(({ memberships }) => JSON.stringify(memberships).includes(id)));
    assert.ok(
      people.some(({ firstName }) => firstName === "Ana"),
      "she lives elsewhere too",
    );
    const organization = (await hub.registry.organizations()).find(({ name }) => name === "Acme");
    const image = await hub.registry.organization(organization?.organizationId as never);
    const left = [...(await image.fresh()).values()].filter((doc) =>
      JSON.stringify({ ...doc, held: [], installations: [] }).includes(id),
    );
    assert.equal(left, []);
    assert.equal((await hub.gateways.find(scope, gateway.id)).communities.length, 1);
    // A sign-in of a month ago is over.
    const later = asking({ stand, cookie: await stand.operator("otto@example.org", "Acme") });
    assert.is((await later("POST", `/customers/${tenant}/restore`)).status, 404);
    const again = await later("POST", "/customers", { name: "Again", tenant_name: tenant });
    assert.is(again.status, 409);
    assert.ok(hub.journal.isDenied("tenant", tenant));
  });

  test.run();
}
