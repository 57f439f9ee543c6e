import { suite } from "uvu";
import * as assert from "uvu/assert";
import { openStand, type Stand } from "#cloud/hub-stand.ts";
import { databaseName } from "#shared/model/database-names.ts";
import { systemScope } from "#shared/model/scope.ts";

const test = suite<{ stand: Stand; cookie: string }>("mappings");
test.before(async (context) => {
  context.stand = await openStand(process.env["COUCHDB_URL"]);
  context.cookie = await context.stand.operator("olga@example.org");
});
test.after(async ({ stand }) => {
  await stand.close();
});

const mapping = {
  topic: "plant/+/state",
  device: { topicLevel: 1 },
  time: null,
  values: [{ pointer: "/meters/0/m3", register: "8-0:1.0.0" }],
};
const sample = { topic: "plant/Pump 1/state", body: '{"meters":[{"m3":"12.5"}],"name":"x"}' };

test("a mapping is tried on a live sample before it is kept", async ({ stand, cookie }) => {
  const { status, json, text } = await stand.ask("POST", "/api/v1/mappings/trial", {
    cookie,
    body: { mapping, sample },
  });
  assert.is(status, 200, text);
  assert.equal(json.data, {
    known_as: null,
    is_for_topic: true,
    device: { is: "x-trial-pump-1", why: null },
    time: { is: null, why: "The mapping takes the time of arrival." },
    values: [{ is: { register: "8-0:1.0.0", n: 125, scale: -1, unit: "m3" }, why: null }],
    places: [
      { pointer: "/meters/0/m3", value: "12.5" },
      { pointer: "/name", value: "x" },
    ],
  });
  const known = await stand.ask("POST", "/api/v1/mappings/trial", {
    cookie,
    body: { mapping, sample: { topic: "z/plug", body: '{"linkquality":1,"power":2}' } },
  });
  assert.is(known.json.data.known_as, "zigbee2mqtt");
  const broken = await stand.ask("POST", "/api/v1/mappings/trial", {
    cookie,
    body: { mapping, sample: { body: "{" } },
  });
  assert.is(broken.status, 400);
});

test("it is carried to the community's gateways, changed and taken back", async ({
  stand,
  cookie,
}) => {
  const tenant = stand.tenant("plant");
  await stand.ask("POST", "/api/v1/customers", {
    cookie,
    body: { name: "Plant", tenant_name: tenant },
  });
  const { hub } = stand.hub;
  const sent = async () => {
    const community = (await hub.communities.list(systemScope("test"))).find(
      (one) => one.tenant === tenant,
    );
    const name = databaseName.site(community!.tenant, community!.generation);
    const site = await hub.databases.open(name);
    return (await site.list({ from: "mapping:", to: "mapping:\uffff", limit: 10 })).map(
      (doc) => doc["mapping"],
    );
  };
  const body = { name: "plant", title: "The plant's own", mapping, sample };
  const made = await stand.ask("POST", "/api/v1/mappings", { cookie, body });
  assert.is(made.status, 201, made.text);
  const rules = { ...mapping, name: "plant", values: [{ ...mapping.values[0], scale: 0 }] };
  assert.equal(await sent(), [rules]);
  assert.is((await stand.ask("POST", "/api/v1/mappings", { cookie, body })).status, 409);
  const useless = { ...mapping, values: [{ pointer: "/none", register: "8-0:1.0.0" }] };
  const refused = await stand.ask("PUT", "/api/v1/mappings/plant", {
    cookie,
    body: { title: "Worse", mapping: useless, sample },
  });
  assert.is(refused.status, 400, refused.text);
  const misfit = { ...mapping, values: [{ ...mapping.values[0], unit: "kWh" }] };
  const wrong = await stand.ask("PUT", "/api/v1/mappings/plant", {
    cookie,
    body: { title: "Worse", mapping: misfit, sample },
  });
  assert.is(wrong.status, 400, wrong.text);
  assert.is(wrong.json.fields["mapping.values.0.unit"], "8-0:1.0.0 is counted in m3", wrong.text);
  assert.equal(await sent(), [rules], "what was refused changes nothing");
  const list = await stand.ask("GET", "/api/v1/mappings", { cookie });
  assert.is(list.json.total, 1);
  await stand.ask("DELETE", "/api/v1/mappings/plant", { cookie });
  assert.equal(await sent(), []);
});

test.run();
