import { generateKeyPairSync } from "node:crypto";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { gatewayIdOf } from "#shared/auth/gateway-id.ts";
import { httpCall } from "#shared/couch/http.ts";
import { databaseName, monthOf } from "#shared/model/database-names.ts";
import { isFault } from "#shared/model/fault.ts";
import type { TenantName } from "#shared/model/ids.ts";
import { startHub } from "./cloud.ts";
import { loadExample, openStand, PASSWORD, type Stand } from "./hub-stand.ts";
import { enrol } from "./hub/enrol.ts";
import { load } from "./hub/load/load.ts";
import { makeSetupLink, setUp } from "./hub/setup.ts";

const test = suite<{ stand: Stand }>("what is cut short or comes at once");

test.before.each(async (context) => {
  context.stand = await openStand();
});
test.after.each(async ({ stand }) => {
  await stand.close();
});

const outcome = async (work: Promise<unknown>) =>
  work.then(
    () => "done",
    (error: unknown) => (isFault(error) ? error.code : String(error)),
  );

test("a hub whose port is taken lets go of its folder and says so", async ({ stand }) => {
  const other = await openStand();
  const taken = { ...other.config, port: stand.hub.port };
  await other.hub.stop();
  const world = {
    clock: other.clock,
    random: (size: number) => crypto.getRandomValues(new Uint8Array(size)),
    log: { info() {}, warn() {}, error() {} },
    pages: async () => stand.hub.app,
  };
  assert.is(await outcome(startHub(taken, world)), "conflict");
  await other.restart();
  await other.close();
});

test("an enrolment that was cut off leaves no gateway without its database", async ({ stand }) => {
  const tenant = stand.tenant("river");
  await load(stand.hub.hub, loadExample(tenant));
  const { hub } = stand.hub;
  const gateway = await stand.gateway();
  const cut = {
    ...hub,
    databases: {
      ...hub.databases,
      open: async () => {
        throw new Error("cut off here");
      },
    },
  };
  await outcome(enrol(cut, gateway.identity, { communities: [tenant] }));
  const isThere = (await hub.databases.names()).includes(databaseName.gateway(gateway.id));
  const known = await outcome(hub.gateways.find({ kind: "system", part: "test" }, gateway.id));
  assert.ok(isThere || known === "not_found", "known and without a database");
});

test("keys that are no points of the curve enrol nobody, and loading goes on", async ({
  stand,
}) => {
  const tenant = stand.tenant("river");
  await load(stand.hub.hub, loadExample(tenant));
  const sound = generateKeyPairSync("ec", { namedCurve: "P-256" }).publicKey.export({
    format: "jwk",
  });
  const off = { kty: "EC", crv: "P-256", x: "A".repeat(43), y: "B".repeat(42) + "A" };
  for (const [signing, encryption] of [
    [sound, off],
    [off, sound],
  ] as const) {
    const gatewayId = await gatewayIdOf(signing);
    const identity = { gatewayId, signing, encryption };
    assert.is(await outcome(enrol(stand.hub.hub, identity, { communities: [tenant] })), "invalid");
  }
  assert.is(await outcome(load(stand.hub.hub, loadExample(tenant))), "done");
});

test("months that passed while the hub was away are made when it is back", async ({ stand }) => {
  const tenant = stand.tenant("river") as TenantName;
  stand.clock.set(Date.UTC(2026, 10, 20));
  await stand.restart();
  await load(stand.hub.hub, loadExample(tenant));
  stand.clock.set(Date.UTC(2027, 2, 3));
  await stand.restart();
  const names = await stand.hub.hub.databases.names();
  for (const month of ["202611", "202612", "202701", "202702", "202703", "202704"])
    assert.ok(names.includes(databaseName.tele(tenant, month)), month);
  // A clock that was wrong for a while makes no thousand databases.
  stand.clock.set(Date.UTC(2999, 2, 3));
  await stand.restart();
  const more = (await stand.hub.hub.databases.names()).length - names.length;
  assert.ok(more < 60, `${more} databases were made`);
});

test("a load and a first sign-in at once meet in one organization", async ({ stand }) => {
  const { hub } = stand.hub;
  const token = (await makeSetupLink(hub)).split("=")[1] ?? "";
  const form = {
    token,
    organization: "Acme",
    email: "olga@example.org",
    first_name: "Olga",
    last_name: "Operator",
    password: PASSWORD,
  };
  const organizations = hub.registry.organizations;
  let held = false;
  // The load has seen that there is no organization, and is about to make one.
  const slow = {
    ...hub,
    registry: {
      ...hub.registry,
      organizations: async () => {
        const found = await organizations();
        if (!held) {
          held = true;
          await new Promise((resolve) => setTimeout(resolve, 300));
        }
        return found;
      },
    },
  };
  await Promise.all([load(slow, loadExample(stand.tenant("river"))), setUp(hub, form)]);
  assert.is((await organizations()).length, 1);
});

const couchdbUrl = process.env.COUCHDB_URL;
if (!couchdbUrl)
  process.on("exit", () => console.log("NOT TRIED: CouchDB (COUCHDB_URL is not set)"));
else
  test("a database that was made and not yet opened to its gateways is, after the next start", async () => {
    const stand = await openStand(couchdbUrl);
    try {
      const tenant = stand.tenant("river") as TenantName;
      await load(stand.hub.hub, loadExample(tenant));
      const gateway = await stand.enrolled(tenant);
      const call = httpCall({ url: couchdbUrl });
      const month = monthOf(stand.clock.now());
      const shut = { names: [], roles: ["_admin"] };
      const names = [databaseName.tele(tenant, month), databaseName.events(tenant, month)];
      for (const name of names)
        await call("PUT", `/${name}/_security`, { admins: shut, members: shut });
      await stand.restart();
      const headers = { authorization: `Bearer ${await stand.token(gateway)}` };
      for (const name of names)
        assert.is((await stand.ask("GET", `/sync/${name}`, { headers })).status, 200, name);
    } finally {
      await stand.close();
    }
  });

test.run();
