import { suite } from "uvu";
import * as assert from "uvu/assert";
import { devEui, loadExample, openStand, type Stand } from "#cloud/hub-stand.ts";
import { load } from "#cloud/hub/load/load.ts";

const test = suite<{ stand: Stand; cookie: string; tenant: string }>("decoders");
test.before(async (context) => {
  context.stand = await openStand(process.env["COUCHDB_URL"]);
  context.tenant = context.stand.tenant("riverside");
  context.cookie = await context.stand.operator("olga@example.org");
  await load(context.stand.hub.hub, loadExample(context.tenant));
});
test.after(async ({ stand }) => {
  await stand.close();
});

const source = `function decodeUplink(input) {
  console.log("port " + input.fPort);
  return { data: { water_m3: input.bytes[0] / 10 } };
}
function encodeDownlink(input) { return { bytes: [input.data.minutes], fPort: 7 }; }
function decodeDownlink(input) { return { data: { minutes: input.bytes[0] } }; }`;
const mapping = { fields: [{ path: "water_m3", register: "8-0:1.0.0", unit: "m3" }] };
const draft = {
  title: "Acme W1",
  source,
  mapping,
  examples: [{ fPort: 1, hex: "2a", expected: { water_m3: 4.2 } }],
};

test("a script is tried on samples before it is kept, with a proposed mapping", async ({
  stand,
  cookie,
}) => {
  const samples = [
    { fPort: 1, hex: "2a" },
    { fPort: 1, hex: "2b" },
  ];
  const { status, json, text } = await stand.ask("POST", "/api/v1/decoders/trial", {
    cookie,
    body: { source, samples },
  });
  assert.is(status, 200, text);
  assert.is(json.data.language, "ts013");
  assert.equal(json.data.samples[0].logs, ["port 1"]);
  assert.equal(json.data.samples[1].data, { water_m3: 4.3 });
  assert.equal(
    json.data.proposal.mapping.fields.map(({ path, unit }: { path: string; unit: string }) => [
      path,
      unit,
    ]),
    [["water_m3", "m3"]],
  );
  const broken = await stand.ask("POST", "/api/v1/decoders/trial", {
    cookie,
    body: { source: "function (", samples },
  });
  assert.is(broken.status, 400);
  const thrown = await stand.ask("POST", "/api/v1/decoders/trial", {
    cookie,
    body: { source: "function decodeUplink() { throw new Error('no'); }", samples },
  });
  assert.match(thrown.json.data.samples[0].error, /no/);
});

test("downlinks are encoded and decoded, and sent nowhere", async ({ stand, cookie }) => {
  const ask = async (body: Record<string, unknown>) =>
    (
      await stand.ask("POST", "/api/v1/decoders/trial/downlink", {
        cookie,
        body: { source, ...body },
      })
    ).json.data;
  const encoded = await ask({ data: { minutes: 15 } });
  assert.equal([encoded.fPort, encoded.hex], [7, "0f"]);
  assert.equal((await ask({ frame: { fPort: 7, hex: "0f" } })).data, { minutes: 15 });
});

test("one is kept when its examples pass, changed by versions, given to devices, and then not deleted", async ({
  stand,
  cookie,
  tenant,
}) => {
  const wrong = { ...draft, examples: [{ fPort: 1, hex: "2a", expected: { water_m3: 5 } }] };
  const refused = await stand.ask("POST", "/api/v1/decoders", {
    cookie,
    body: { ...wrong, slug: "acme-w1" },
  });
  assert.is(refused.status, 400);
  const made = await stand.ask("POST", "/api/v1/decoders", {
    cookie,
    body: { ...draft, slug: "acme-w1" },
  });
  assert.is(made.status, 201, made.text);
  assert.is(
    (await stand.ask("POST", "/api/v1/decoders", { cookie, body: { ...draft, slug: "acme-w1" } }))
      .status,
    409,
  );
  const change = (body: Record<string, unknown>) =>
    stand.ask("PUT", "/api/v1/decoders/acme-w1", { cookie, body: { ...draft, ...body } });
  assert.is((await change({ title: "Acme" })).json.data.version, 1, "a title is no version");
  const second = `${source}\n// mended`;
  assert.is((await change({ source: second })).json.data.version, 2);
  const first = await stand.ask("GET", "/api/v1/decoders/acme-w1/versions/1", { cookie });
  assert.is(first.json.data.source, source);

  const given = await stand.ask("PUT", "/api/v1/decoders/acme-w1/devices", {
    cookie,
    body: { dev_euis: [devEui(tenant, 1)] },
  });
  assert.equal(given.json.data, { devices: 1 }, given.text);
  assert.is((await stand.ask("DELETE", "/api/v1/decoders/acme-w1", { cookie })).status, 409);
  const [row] = (await stand.ask("GET", "/api/v1/decoders", { cookie })).json.data;
  assert.equal([row.model, row.version, row.devices], ["own/acme-w1", 2, 1]);
});

test("what nobody has a device for can be deleted, with its versions", async ({
  stand,
  cookie,
}) => {
  await stand.ask("POST", "/api/v1/decoders", { cookie, body: { ...draft, slug: "spare" } });
  assert.is((await stand.ask("DELETE", "/api/v1/decoders/spare", { cookie })).status, 204);
  assert.is((await stand.ask("GET", "/api/v1/decoders/spare", { cookie })).status, 404);
  assert.is((await stand.ask("GET", "/api/v1/decoders/spare/versions/1", { cookie })).status, 404);
});

test.run();
