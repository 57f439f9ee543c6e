import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { APP_KEY, openStand, type Loose, type Stand } from "#cloud/hub-stand.ts";

export const timeoutMs = 120_000;
const couchdbUrl = process.env.COUCHDB_URL;
const HOMES = 100;
const DAY_MS = 86_400_000;
const MIDNIGHT_MS = Date.parse("2026-10-01T00:00:00+02:00");

const test = suite<{
  stand: Stand;
  folder: string;
  cookie: string;
  hub: Loose;
  Problem: Loose;
  tenant: string;
  homes: readonly { readonly name: string; readonly devEui: string; readonly email: string }[];
}>("a new user with the typed client");
test.before(async (context) => {
  context.stand = await openStand(couchdbUrl);
  context.cookie = await context.stand.operator("olga@a.example");
  context.folder = await mkdtemp(join(tmpdir(), "riser-client-"));
});
test.after(async ({ stand, folder }) => {
  await stand.close();
  await rm(folder, { recursive: true, force: true });
});

test("a community of 100 homes is set up with what the hub says of itself, a key and the typed client", async (context) => {
  const { stand, folder, cookie } = context;
  const made = await stand.ask("POST", "/api/v1/keys", {
    cookie,
    body: { name: "set-up", scopes: ["admin"] },
  });
  // As a new user has it: the file from the docs page, saved and imported.
  const source = (await stand.ask("GET", "/api/v1/client.ts", { headers: { "x-api-key": "" } }))
    .text;
  const file = join(folder, "client.mts");
  await writeFile(file, source);
  // Its types are tried where the client is made; here it is called.
  const { riser, Problem } = await import(pathToFileURL(file).href);
  const url = `http://127.0.0.1:${stand.hub.port}`;
  const hub = riser({
    url,
    apiKey: made.json.data.key,
    fetch: (address: string, options: RequestInit) => fetch(address, options),
  });
  Object.assign(context, { hub, Problem });

  const tenant = (context.tenant = stand.tenant("hillside"));
  const community = await hub.postCustomers({
    name: "Hillside",
    tenant_name: tenant,
    admin_email: "admin@hillside.example",
    zone: "Europe/Madrid",
  });
  assert.is(community.tenant_name, tenant);

  const homes = (context.homes = Array.from({ length: HOMES }, (_, i) => ({
    name: `${Math.floor(i / 4) + 1}${"ABCD"[i % 4]}`,
    devEui: `70b3d5${tenant.slice(-8)}${i.toString(16).padStart(2, "0")}`,
    email: `home-${i}@hillside.example`,
  })));
  // A home by hand, as the first: house, home, person, tenancy. The files know it again.
  const house = await hub.postBuildings({ community: tenant, name: "North" });
  const [first] = homes;
  const unit = await hub.postUnits({
    community: tenant,
    name: first?.name,
    building: house.id,
    floor: "1",
    external_id: "H-1",
  });
  const { person, invitation } = await hub.postPeople({
    email: first?.email,
    first_name: "Resident",
    last_name: "No 0",
    phone: "+34 600000000",
    language: "es",
    role: "resident",
    on: { kind: "community", id: tenant },
    activation: "link",
  });
  assert.match(invitation.url, /\/activate#token=/);
  const lived = await hub.postUnitsIdTenancies(unit.id, {
    resident: person.memberships[0].resident_id,
    from: "2026-10-01",
  });
  assert.is(lived.is_vacant, false);
  const [group] = [await hub.postGroups({ community: tenant, kind: "units", name: "Stair A" })];
  await hub.postGroupsIdMembers(group.id, { add: [unit.id] });

  const through = async (upload: Loose) => {
    let now = upload;
    while (now.state === "running") {
      await new Promise((resolve) => setTimeout(resolve, 50));
      now = await hub.getUploadsUploadId(now.id);
    }
    return now;
  };
  const people = [
    "email;first_name;last_name;phone;building;unit;move_in;language",
    ...homes.map(
      ({ name, email }, i) =>
        `${email};Resident;No ${i};+34 6${String(i).padStart(8, "0")};North;${name};2026-10-01;es`,
    ),
  ].join("\n");
  const residents = await through(await hub.postUploadsResidents(people, { community: tenant }));
  assert.equal(
    [residents.created, residents.unchanged, residents.failed],
    [HOMES - 1, 1, 0],
    "the one made by hand is known again",
  );
  const meters = [
    "dev_eui;join_eui;app_key;device_name;device_type;serial_number;building;unit;valid_from;initial_index",
    ...homes.map(
      ({ name, devEui }, i) =>
        `${devEui};0000000000000001;${APP_KEY};Water ${name};water_meter;SN-${i};North;${name};2026-10-01;${i}.5`,
    ),
  ].join("\n");
  const tried = await through(
    await hub.postUploadsDevices(meters, { community: tenant, dry_run: true }),
  );
  assert.equal([tried.created, tried.failed, tried.can_undo], [HOMES, 0, false]);
  const devices = await through(await hub.postUploadsDevices(meters, { community: tenant }));
  assert.equal([devices.created, devices.failed], [HOMES, 0]);
  const kept = await hub.getUnitsId(unit.id);
  assert.equal([kept.floor, kept.external_id, kept.devices], ["1", "H-1", 1]);

  const claims = await hub.postGatewaysClaimsMany({
    claims: ["Cellar", "Roof"].map((label) => ({ communities: [tenant], label })),
  });
  assert.equal(
    claims.map(({ label, code }: Loose) => [label, /^[0-9A-Z]{5}-[0-9A-Z]{5}$/.test(code)]),
    [
      ["Cellar", true],
      ["Roof", true],
    ],
  );

  // The network server gets a key of its own that can do nothing else.
  const ingest = await stand.ask("POST", "/api/v1/keys", {
    cookie,
    body: { name: "network server", scopes: ["ingest"], communities: [tenant] },
  });
  const server = riser({ url, apiKey: ingest.json.data.key });
  const refused = await server.getDevices().catch((error: unknown) => error);
  assert.ok(refused instanceof Problem);
  assert.match(refused.message, /needs the scope read or admin/);
  // Two days of readings, all meters of a day at once: home i uses i litres and a hundred a day.
  for (const day of [1, 2]) {
    const said = await server.postIngest(
      homes.map(({ devEui }, i) => ({
        dev_eui: devEui,
        timestamp: new Date(MIDNIGHT_MS + day * DAY_MS).toISOString(),
        cumulativeFlowM3: (1000 * i + 500 + day * (100 + i)) / 1000,
      })),
    );
    assert.is(said.results.filter(({ outcome }: Loose) => outcome === "kept").length, HOMES);
  }
  await stand.hub.caughtUp();
  const period = { community: tenant, from: "2026-10-01", to: "2026-10-02" };
  const bill = await hub.getReportsBilling({ ...period, limit: 500 });
  assert.is(bill.total, HOMES);
  for (const row of bill.data) {
    const i = homes.findIndex(({ devEui }) => devEui === row.dev_eui);
    assert.equal(
      [row.unit.name, Math.round(Number(row.consumption) * 1000)],
      [homes[i]?.name, 100 + i],
    );
  }
  const sheet: Response = await hub.getReportsBillingFile({ ...period, format: "csv" });
  const lines = (await sheet.text()).trim().split("\r\n");
  assert.equal(
    [sheet.headers.get("content-type"), lines.length],
    ["text/csv; charset=utf-8", HOMES + 1],
  );
  const month = await hub.getUnitsUnitIdConsumption(unit.id, {
    from: "2026-10-01",
    to: "2026-11-01",
    step: "month",
  });
  assert.equal(
    month.periods.map(({ label, consumption }: Loose) => [label, Number(consumption)]),
    [["2026-10", 0.2]],
  );
  const [water] = (await hub.getReportsTotals({ ...period, by: "kind" })).data;
  assert.equal([water.kind, water.meters, water.missing], ["cold_water", HOMES, 0]);
  assert.is(Math.round(Number(water.consumption) * 1000), (HOMES * (2 * 100 + HOMES - 1)) / 2);
});

test("who calls is found by phone, helped in every way, and shut out and let in again", async ({
  stand,
  cookie,
  hub,
  homes,
}) => {
  const found = await hub.getPeople({ q: "600000042" });
  assert.equal(
    found.data.map(({ email }: Loose) => email),
    ["home-42@hillside.example"],
  );
  const [{ id, memberships }] = found.data;
  assert.is(memberships[0].units[0].name, homes[42]?.name);

  const letter = await hub.postPeoplePersonInvitation(id, { way: "letter" });
  assert.match(letter.letter_html, /<svg/);
  const password = "violet harbour 20";
  const { sign_ins_ended } = await hub.postPeoplePersonPassword(id, {
    password,
    password_again: password,
  });
  assert.is(sign_ins_ended, 0);
  const signIn = () =>
    stand.ask("POST", "/api/v1/sign-in", { body: { email: found.data[0].email, password } });
  assert.is((await signIn()).status, 200, "the new password works at once");
  assert.is((await hub.postPeoplePersonDisable(id)).is_disabled, true);
  const out = await signIn();
  assert.is(out.status, 403, out.text);
  assert.match(out.json.detail, /switched off|disabled/);
  assert.is((await hub.postPeoplePersonEnable(id)).is_disabled, false);
  assert.is((await signIn()).status, 200);
  assert.match((await hub.postPeoplePersonCode(id)).code, /^[0-9A-Z-]{19}$/);

  // What somebody sees is looked at by people alone.
  const reason = "billing question";
  const byKey = await hub.postAssistance({ person: id, reason }).catch((error: unknown) => error);
  assert.match(byKey.message, "no API key may do it");
  const begun = await stand.ask("POST", "/api/v1/assistance", {
    cookie,
    body: { person: id, reason },
  });
  assert.is(begun.status, 201, begun.text);
  const seen = await stand.ask("GET", "/api/v1/me/homes", { cookie });
  assert.is(seen.json.data.homes?.[0]?.name ?? seen.json.data[0]?.name, homes[42]?.name, seen.text);
  assert.is((await stand.ask("POST", "/api/v1/assistance/stop", { cookie })).status, 204);
  const told = await hub.getAudit({ for: id, what: "assistance.start" });
  assert.equal(
    told.data.map((row: Loose) => row.reason),
    [reason],
  );
});

test("a community goes with all that is in it and comes back the same, and what is taken is refused in words", async ({
  hub,
  Problem,
  tenant,
  homes,
}) => {
  const refusal = async (work: Promise<unknown>) => {
    const error: Loose = await work.catch((thrown: unknown) => thrown);
    assert.ok(error instanceof Problem, String(error));
    return [error.status, error.message];
  };
  assert.equal(await refusal(hub.postCustomers({ name: "Again", tenant_name: tenant })), [
    409,
    `The tenant_name ${JSON.stringify(tenant)} is taken.`,
  ]);
  assert.equal(await refusal(hub.postCustomers({ name: "", tenant_name: "more" })), [
    400,
    "name: is empty",
  ]);
  const counted = async () => {
    const { units, residents, devices } = await hub.getCustomersId(tenant);
    return [units, residents, devices];
  };
  assert.equal(await counted(), [HOMES, HOMES, HOMES]);
  const preview = await hub.getCustomersIdDeletion(tenant);
  assert.equal(
    [preview.units, preview.tenancies, preview.devices, preview.readings],
    [HOMES, HOMES, HOMES, 2 * HOMES],
  );
  assert.equal(await refusal(hub.deleteCustomersId(tenant)), [
    400,
    'Type "Hillside" to delete it.',
  ]);
  await hub.deleteCustomersId(tenant, { confirm: "Hillside" });
  assert.is((await refusal(hub.getCustomersId(tenant)))[0], 404);
  assert.is((await hub.getDevicesDevEui(homes[0]?.devEui)).community, null, "the organization's");
  assert.is((await hub.getCustomers({ status: "deleted" })).total, 1);
  await hub.postCustomersIdRestore(tenant);
  assert.equal(await counted(), [HOMES, HOMES, HOMES]);
  const back = await hub.getDevicesDevEui(homes[0]?.devEui);
  assert.equal([back.community.tenant_name, back.unit.name], [tenant, homes[0]?.name]);
});

test.run();
