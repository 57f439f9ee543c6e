import { suite } from "uvu";
import * as assert from "uvu/assert";
import { devEui, loadExample, openStand, type Loose, type Stand } from "#cloud/hub-stand.ts";
import { load } from "#cloud/hub/load/load.ts";
import { systemScope } from "#shared/model/scope.ts";
import { toXlsx } from "#shared/sheets/write-xlsx.ts";

const scope = systemScope("test");
const couchdbUrl = process.env.COUCHDB_URL;

interface Context {
  stand: Stand;
  cookie: string;
  tenant: string;
}
const test = suite<Context>("uploads");

test.before.each(async (context) => {
  context.stand = await openStand(couchdbUrl);
  context.tenant = context.stand.tenant("riverside");
  context.cookie = await context.stand.operator("olga@a.example");
  await load(context.stand.hub.hub, loadExample(context.tenant));
});
test.after.each(async ({ stand }) => {
  await stand.close();
});

const get = async ({ stand, cookie }: Context, path: string) =>
  (await stand.ask("GET", `/api/v1${path}`, { cookie })).json;

/** Sends a file and waits until it is through. */
async function send(context: Context, file: string | Uint8Array, query = "", type = "text/csv") {
  const { stand, cookie } = context;
  const answer = await fetch(`http://127.0.0.1:${stand.hub.port}/api/v1/uploads/devices${query}`, {
    method: "POST",
    headers: { cookie, "content-type": type, host: "localhost" },
    body: file as BodyInit,
  });
  const said = await answer.json();
  if (answer.status !== 202) return { status: answer.status, said, rows: [] as Loose[] };
  let { data } = said;
  while (data.state === "running") {
    await new Promise((resolve) => setTimeout(resolve, 20));
    ({ data } = await get(context, `/uploads/${data.id}`));
  }
  const rows = (await get(context, `/uploads/${data.id}/rows?limit=500`)).data as Loose[];
  return { status: answer.status, said: data, rows };
}

const HEAD =
  "dev_eui;join_eui;app_key;device_name;device_type;serial_number;model;decoder;community;building;unit;resident_email;valid_from;initial_index;index_unit;multiplier;calibration_due;notes;action";
const row = (cells: Record<string, string>) =>
  HEAD.split(";")
    .map((name) => cells[name] ?? "")
    .join(";");
const fileOf = (...rows: Record<string, string>[]) => [HEAD, ...rows.map(row)].join("\r\n");

test("a file is tried without a trace, done row by row, and the same file again changes nothing", async (context) => {
  const { tenant } = context;
  const key = "00112233445566778899aabbccddeeff";
  const file = fileOf(
    {
      dev_eui: devEui(tenant, 10),
      device_name: "Water 2A",
      device_type: "water_meter",
      unit: "2A",
      building: "South",
      valid_from: "2026-11-01",
      initial_index: "12,5",
      join_eui: "0000000000000001",
      app_key: key,
    },
    {
      dev_eui: devEui(tenant, 11).toUpperCase(),
      device_name: "Water 2B",
      device_type: "water_meter",
      unit: "2B",
      building: "South",
    },
    { dev_eui: "nonsense", device_name: "Broken" },
    { dev_eui: devEui(tenant, 10), device_name: "Twice" },
    { dev_eui: devEui(tenant, 12), action: "skip" },
  );
  const query = `?community=${tenant}&file_name=meters.csv`;
  const tried = await send(context, file, `${query}&dry_run=true`);
  assert.equal(
    tried.rows.map(({ outcome }) => outcome),
    ["created", "created", "failed", "failed", "skipped"],
  );
  assert.is((await get(context, "/devices")).total, 2, "a dry run wrote something");
  assert.equal(
    (await get(context, "/units")).data.filter(({ name }: Loose) => name === "2A"),
    [],
  );

  const done = await send(context, file, query);
  assert.is(done.said.state, "done");
  assert.equal([done.said.created, done.said.failed, done.said.skipped], [2, 2, 1]);
  const wrong = done.rows.find(({ line }) => line === 4);
  assert.equal(wrong.errors, [
    { column: "dev_eui", value: "nonsense", message: "a DevEUI is 16 hex digits" },
  ]);
  const { data } = await get(context, `/devices/${devEui(tenant, 10)}`);
  assert.is(data.unit.name, "2A");
  assert.is(data.device_name, "Water 2A");
  const [mounted] = (await get(context, `/devices/${devEui(tenant, 10)}/assignments`)).data;
  assert.is(mounted.start_index, "12.5");
  // A day's beginning where the building stands.
  assert.is(mounted.valid_from, "2026-10-31T23:00:00.000Z");
  assert.not.ok(JSON.stringify([tried, done]).includes(key), "a key is told back");
  assert.not.ok(context.stand.logged.join("\n").includes(key), "a key is in the log");

  const again = await send(context, file, query);
  assert.equal(
    [again.said.created, again.said.updated, again.said.unchanged],
    [0, 0, 2],
    JSON.stringify(again.rows),
  );
});

test("an upload is taken back: what it made goes, what it changed is as before, what was changed since stays", async (context) => {
  const { tenant, stand, cookie } = context;
  const old = (await get(context, `/devices/${devEui(tenant, 1)}`)).data.device_name;
  const done = await send(
    context,
    fileOf(
      { dev_eui: devEui(tenant, 1), device_name: "Renamed", action: "update" },
      {
        dev_eui: devEui(tenant, 10),
        device_name: "New",
        device_type: "water",
        unit: "9Z",
        building: "West",
      },
      { dev_eui: devEui(tenant, 11), device_name: "New too", device_type: "water" },
    ),
    `?community=${tenant}`,
  );
  assert.equal([done.said.created, done.said.updated], [2, 1], JSON.stringify(done.rows));
  stand.clock.set(stand.clock.now() + 1000);
  await stand.ask("PATCH", `/api/v1/devices/${devEui(tenant, 11)}`, {
    cookie,
    body: { device_name: "By hand" },
  });
  const undone = await stand.ask("POST", `/api/v1/uploads/${done.said.id}/undo`, {
    cookie,
    body: {},
  });
  assert.equal(undone.json.data, { removed: 1, restored: 1, kept: 1 }, undone.text);
  assert.is((await get(context, `/devices/${devEui(tenant, 1)}`)).data.device_name, old);
  assert.is((await get(context, `/devices/${devEui(tenant, 11)}`)).data.device_name, "By hand");
  assert.is((await get(context, "/units?q=9Z")).total, 0);
  assert.is((await get(context, `/uploads/${done.said.id}`)).data.state, "undone");
  const twice = await stand.ask("POST", `/api/v1/uploads/${done.said.id}/undo`, {
    cookie,
    body: {},
  });
  assert.is(twice.status, 409);
  // Its DevEUI is free again.
  const back = await send(context, fileOf({ dev_eui: devEui(tenant, 10), device_name: "Again" }));
  assert.is(back.said.created, 1);
});

test("The Things Stack's columns are understood, and a workbook is read like a file", async (context) => {
  const { tenant } = context;
  const tts = [
    "id,dev_eui,join_eui,name,app_key,lorawan_version,brand_id,model_id",
    `meter-1,${devEui(tenant, 20)},0000000000000001,Meter one,00112233445566778899AABBCCDDEEFF,MAC_V1_0_3,milesight,em300-th`,
  ].join("\n");
  const done = await send(context, tts, `?community=${tenant}`);
  assert.is(done.said.created, 1, JSON.stringify(done.rows));
  const { data } = await get(context, `/devices/${devEui(tenant, 20)}`);
  assert.is(data.device_name, "Meter one");
  assert.is(data.decoder, "milesight/em300-th");
  const book = toXlsx("devices", [
    ["dev_eui", "device_name", "unit"],
    [devEui(tenant, 21), "From a workbook", "1B"],
  ]);
  const sheet = await send(
    context,
    book,
    `?community=${tenant}`,
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  );
  assert.is(sheet.said.created, 1, JSON.stringify(sheet.rows));
  assert.is((await get(context, `/devices/${devEui(tenant, 21)}`)).data.unit.name, "1B");
});

test("a session for life comes with its three keys, which are told to nobody again", async (context) => {
  const { tenant, stand } = context;
  const [nwk, app] = ["a1".repeat(16), "b2".repeat(16)];
  const file = [
    "dev_eui;device_name;dev_addr;nwk_s_key;app_s_key",
    `${devEui(tenant, 60)};Fixed;26011BDA;${nwk};${app}`,
    `${devEui(tenant, 61)};Half;26011BDB;${nwk};`,
  ].join("\n");
  const done = await send(context, file, `?community=${tenant}`);
  assert.equal([done.said.created, done.said.failed], [1, 1], JSON.stringify(done.rows));
  assert.is(done.rows[1].errors[0].column, "app_s_key");
  const [device] = (await stand.hub.hub.devices.list(scope)).filter(({ name }) => name === "Fixed");
  const keys = await stand.hub.hub.keys.open(
    scope,
    (await stand.hub.hub.communities.list(scope))[0]?.organizationId as never,
    [device?.deviceId as never],
  );
  assert.equal(
    [...keys.values()],
    [{ devAddr: "26011bda", nwkSKey: nwk, appSKey: app, macVersion: "1.0" }],
  );
  assert.not.ok(JSON.stringify(done).includes(nwk));
  assert.not.ok(stand.logged.join("").includes(app));
});

test("communities that are missing are made when that is asked for, and only then", async (context) => {
  const file = fileOf({ dev_eui: "00000000000000a1", device_name: "A", community: "Hill House" });
  const refused = await send(context, file);
  assert.is(refused.said.failed, 1);
  assert.is(refused.rows[0].errors[0].column, "community");
  const done = await send(context, file, "?make_communities=true");
  assert.is(done.said.created, 1, JSON.stringify(done.rows));
  const all = await context.stand.hub.hub.communities.list(scope);
  assert.ok(all.some(({ name, tenant }) => name === "Hill House" && tenant === "hill-house"));
});

test("a file that is none is refused with words, and writes nothing", async (context) => {
  for (const [file, why] of [
    ["", /empty/],
    ["a;b;c\n1;2;3", /no column dev_eui/],
    [Uint8Array.from([0x50, 0x4b, 3, 4, 0, 0, 0]), /workbook|file|zip/i],
    [Uint8Array.from([0xff, 0xfe, 0x00, 0xd8, 0x00]), /\w/],
  ] as const) {
    const { status, said } = await send(context, file);
    assert.is(status, 400, JSON.stringify(said).slice(0, 200));
    assert.match(said.detail, why);
  }
  assert.is((await get(context, "/uploads")).total, 0);
});

test("the template is what it says it reads", async (context) => {
  const { stand, cookie } = context;
  const csv = await stand.ask("GET", "/api/v1/uploads/devices/template", { cookie });
  assert.ok(csv.text.includes(HEAD));
  const sent = await send(context, csv.text, `?community=${context.tenant}`);
  assert.equal([sent.said.rows, sent.said.skipped], [1, 1]);
  const book = await stand.ask("GET", "/api/v1/uploads/devices/template?format=xlsx", { cookie });
  assert.is(book.status, 200);
});

test.run();
