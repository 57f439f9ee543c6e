import { readFileSync } from "node:fs";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { devEui, loadExample, openStand, type Stand } from "#cloud/hub-stand.ts";
import { load } from "#cloud/hub/load/load.ts";
import type { KeyScope } from "#shared/model/roles.ts";
import { systemScope } from "#shared/model/scope.ts";

const test = suite<{ stand: Stand; tenant: string; rival: string; key: string; few: string }>(
  "webhooks",
);
const scope = systemScope("test");
const TIME = "2026-11-20T10:00:00Z";

interface Example {
  format: string;
  body: { deviceInfo?: { devEui: string }; end_device_ids?: { dev_eui: string } };
}
const examples = JSON.parse(
  readFileSync(new URL("../../shared/formats/examples.json", import.meta.url), "utf8"),
) as Example[];
const example = (format: string) =>
  structuredClone(examples.find((one) => one.format === format)?.body) as Record<string, unknown>;

test.before.each(async (context) => {
  const stand = await openStand(process.env["COUCHDB_URL"]);
  context.stand = stand;
  context.tenant = stand.tenant("riverside");
  context.rival = stand.tenant("brookside");
  const { hub } = stand.hub;
  await stand.operator("olga@a.example");
  await load(hub, loadExample(context.tenant));
  const other = loadExample(context.rival);
  other.organization.name = "Rival";
  await load(hub, other, { newOrganization: true });
  context.key = await keyOf(stand, context.tenant, ["ingest", "read"], true);
  context.few = await keyOf(stand, context.tenant, ["ingest"], false);
});
test.after.each(async ({ stand }) => {
  await stand.close();
});

async function keyOf(stand: Stand, tenant: string, scopes: KeyScope[], isWhole: boolean) {
  const { hub } = stand.hub;
  const community = (await hub.communities.list(scope)).find((one) => one.tenant === tenant);
  if (!community) throw new Error(tenant);
  const { text } = await hub.apiKeys.make(scope, {
    organizationId: community.organizationId,
    communities: isWhole ? null : [community.communityId],
    name: "sender",
    scopes,
    expiresAt: null,
  });
  return text;
}

const send = (stand: Stand, key: string, body: unknown, path = "/ingest/water-consumption") =>
  stand.ask("POST", `/api/v1${path}`, { body, headers: { "x-api-key": key } });
const read = async (stand: Stand, key: string, path: string) => {
  await stand.hub.caughtUp();
  const answer = await stand.ask("GET", `/api/v1${path}`, { headers: { "x-api-key": key } });
  return answer.json;
};
const water = (tenant: string, more: Record<string, unknown> = {}) => ({
  dev_eui: devEui(tenant, 1),
  timestamp: "2026-11-20T10:00:00Z",
  cumulativeFlowM3: 123.456,
  ...more,
});

test("a reading in flat JSON is durable when answered, and on the device's page", async ({
  stand,
  tenant,
  key,
}) => {
  const body = water(tenant, { tenant_name: tenant, battery_status: "ok" });
  const answer = await send(stand, key, body);
  assert.is(answer.status, 200, answer.text);
  assert.is(answer.json.status, "success");
  assert.is(answer.json.data.accepted, 1);
  assert.is(answer.json.data.dev_eui, devEui(tenant, 1));
  assert.is(answer.json.data.battery_level, 3.6);
  const { data } = await read(stand, key, `/devices/${devEui(tenant, 1)}?include=telemetry`);
  assert.is(data.last_reading.at, "2026-11-20T10:00:00.000Z");
  const [index] = data.last_reading.values.filter((one: { unit: string }) => one.unit === "m3");
  assert.is(index.n * 10 ** index.scale, 123.456);
});

test("a reading sent twice is one reading", async ({ stand, tenant, key }) => {
  assert.is((await send(stand, key, water(tenant))).json.data.results[0].outcome, "kept");
  assert.is((await send(stand, key, water(tenant))).json.data.results[0].outcome, "repeat");
  const { data } = await read(stand, key, `/devices/${devEui(tenant, 1)}?include=telemetry`);
  assert.is(data.uplinks.length, 1);
});

test("what was answered is there after a hub that was not stopped in peace", async ({
  stand,
  tenant,
  key,
}) => {
  await send(stand, key, water(tenant));
  await stand.restart();
  await send(stand, key, water(tenant, { timestamp: "2026-11-20T11:00:00Z" }));
  const { data } = await read(stand, key, `/devices/${devEui(tenant, 1)}?include=telemetry`);
  assert.is(data.uplinks.length, 2);
});

for (const [format, path] of [
  ["chirpstack-v4", "/ingest?event=up"],
  ["chirpstack-v3", "/ingest"],
  ["the-things-stack-v3", "/ingest"],
] as const)
  for (const model of ["somebody/water", "riser/reported-values"])
    test(`${format}: what a server's own decoder told counts for ${model}`, async ({
      stand,
      tenant,
      key,
    }) => {
      const eui = devEui(tenant, 2);
      await withModel(stand, eui, model);
      const body = example(format);
      if (format === "chirpstack-v4") {
        (body["deviceInfo"] as Record<string, unknown>)["devEui"] = eui;
        Object.assign(body, { time: TIME, object: { cumulativeFlow: 987_654 } });
      } else if (format === "chirpstack-v3") {
        body["devEUI"] = eui;
        body["objectJSON"] = JSON.stringify({ water: 987.654 });
      } else {
        (body["end_device_ids"] as Record<string, unknown>)["dev_eui"] = eui;
        body["received_at"] = TIME;
        Object.assign(body["uplink_message"] as object, {
          received_at: TIME,
          rx_metadata: [],
          decoded_payload: { cumulativeFlowM3: "987.654" },
        });
      }
      const answer = await send(stand, key, body, path);
      assert.is(answer.json.data?.accepted, 1, answer.text);
      const { data } = await read(stand, key, `/devices/${eui}?include=telemetry`);
      const [index] = data.last_reading.values.filter((one: { unit: string }) => one.unit === "m3");
      assert.is(index.n * 10 ** index.scale, 987.654);
    });

test("bytes of a model that is known speak for themselves, whatever the server's decoder says", async ({
  stand,
  tenant,
  key,
}) => {
  const eui = devEui(tenant, 2);
  const body = example("chirpstack-v4");
  (body["deviceInfo"] as Record<string, unknown>)["devEui"] = eui;
  Object.assign(body, { time: TIME, data: "AXVcA2c0AQRoZQ==", object: { water: 5 } });
  await send(stand, key, body, "/ingest");
  const { data } = await read(stand, key, `/devices/${eui}?include=telemetry`);
  assert.is(data.uplinks[0].payload_hex, "01755c03673401046865");
  assert.equal(data.last_reading.values.map((one: { register: string }) => one.register).sort(), [
    "battery",
    "humidity",
    "temperature",
  ]);
});

test("a device nobody registered is told of, kept, and taken in when it is registered", async ({
  stand,
  tenant,
  key,
}) => {
  const eui = "00000000000000aa";
  const answer = await send(stand, key, water(tenant, { dev_eui: eui }));
  assert.is(answer.json.data.results[0].outcome, "unregistered");
  // At once: whoever tries a webhook looks there next.
  const headers = { "x-api-key": key };
  const { json: seen } = await stand.ask("GET", "/api/v1/unregistered", { headers });
  assert.equal(
    seen.data.map((one: { dev_eui: string }) => one.dev_eui),
    [eui],
  );
  const file = loadExample(tenant);
  const devices = file.communities[0]?.devices as unknown as Record<string, unknown>[];
  devices.push({ ...devices[1], dev_eui: eui, model: "somebody/water", kind: "cold_water" });
  await load(stand.hub.hub, file);
  const { data } = await read(stand, key, `/devices/${eui}?include=telemetry`);
  assert.is(data.last_reading?.at, "2026-11-20T10:00:00.000Z");
  assert.equal((await read(stand, key, "/unregistered")).data, []);
});

test("one organization's sender never reaches another's device or community", async ({
  stand,
  tenant,
  rival,
  key,
  few,
}) => {
  const theirs = water(rival);
  assert.is((await send(stand, key, theirs)).json.data.results[0].outcome, "unregistered");
  const named = await send(stand, key, { ...theirs, tenant_name: rival });
  assert.is(named.status, 404);
  const missing = await send(stand, key, { ...theirs, tenant_name: "nowhere" });
  assert.is(missing.text, named.text);
  const rivalsKey = await keyOf(stand, rival, ["read"], true);
  const { data } = await read(stand, rivalsKey, `/devices/${devEui(rival, 1)}?include=telemetry`);
  assert.is(data.last_reading, null);
  assert.is((await send(stand, few, water(tenant))).status, 200);
});

test("what cannot be read is refused with words and counted; in a list it costs no neighbour", async ({
  stand,
  tenant,
  key,
}) => {
  for (const [body, status] of [
    ["{", 400],
    ["[]", 200],
    ["null", 400],
    [JSON.stringify({ hello: 1 }), 400],
    [JSON.stringify(water(tenant, { dev_eui: "zz" })), 400],
    [JSON.stringify(water(tenant, { cumulativeFlowM3: "NaN" })), 400],
    [JSON.stringify(water(tenant, { timestamp: "yesterday" })), 400],
    [`${"[".repeat(5000)}${"]".repeat(5000)}`, 400],
  ] as const) {
    const answer = await raw(stand, key, body);
    assert.is(answer.status, status, `${body.slice(0, 80)}: ${answer.text}`);
    if (status === 400) assert.match(answer.json.detail, /\w+ \w+/);
  }
  const list = [water(tenant), { hello: 1 }, water(tenant, { timestamp: "2026-11-20T11:00:00Z" })];
  const { data } = (await send(stand, key, list, "/ingest")).json;
  assert.equal(
    data.results.map((one: { outcome: string }) => one.outcome),
    ["kept", "refused", "kept"],
  );
  const text = await (await fetch(`${stand.hub.url}/metrics`)).text();
  assert.match(text, /riser_refused_total\{reason="message_unrecognised"\} [1-9]/);
  assert.match(text, /riser_webhook_uplinks_total\{outcome="kept",via="custom-json"\} 2/);
});

async function raw(stand: Stand, key: string, body: string) {
  const answer = await fetch(`http://127.0.0.1:${stand.hub.port}/api/v1/ingest`, {
    method: "POST",
    body,
    headers: { "x-api-key": key, "content-type": "application/json" },
  });
  const text = await answer.text();
  return { status: answer.status, text, json: JSON.parse(text) as { detail: string } };
}

async function withModel(stand: Stand, eui: string, model: string): Promise<void> {
  const { hub } = stand.hub;
  const device = await hub.devices.find(scope, eui);
  const community = await hub.communities.find(scope, device.communityId as string);
  await hub.devices.save(scope, community.organizationId, [
    { ...device, model, kind: "cold_water" },
  ]);
  await hub.adopt(community);
}

test.run();
