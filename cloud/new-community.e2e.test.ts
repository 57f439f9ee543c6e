import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { openStand, type Loose, type Stand } from "#cloud/hub-stand.ts";

export const timeoutMs = 120_000;
const couchdbUrl = process.env.COUCHDB_URL;
const HOMES = 100;
const DAY_MS = 86_400_000;
const MIDNIGHT_MS = Date.parse("2026-10-01T00:00:00+02:00");

const test = suite<{ stand: Stand; folder: string }>("a new user with the typed client");
test.before(async (context) => {
  context.stand = await openStand(couchdbUrl);
  context.folder = await mkdtemp(join(tmpdir(), "riser-client-"));
});
test.after(async ({ stand, folder }) => {
  await stand.close();
  await rm(folder, { recursive: true, force: true });
});

test("a community of 100 homes is set up with what the hub says of itself, a key and the typed client", async ({
  stand,
  folder,
}) => {
  const cookie = await stand.operator("olga@a.example");
  const made = await stand.ask("POST", "/api/v1/keys", {
    cookie,
    body: { name: "set-up", scopes: ["admin", "ingest"] },
  });
  // As a new user has it: the file from the docs page, saved and imported.
  const source = (await stand.ask("GET", "/api/v1/client.ts", { headers: { "x-api-key": "" } }))
    .text;
  const file = join(folder, "client.mts");
  await writeFile(file, source);
  // Its types are tried where the client is made; here it is called.
  const { riser, Problem } = await import(pathToFileURL(file).href);
  const hub = riser({
    url: `http://127.0.0.1:${stand.hub.port}`,
    apiKey: made.json.data.key,
    fetch: (address: string, options: RequestInit) => fetch(address, options),
  });

  const tenant = stand.tenant("hillside");
  const community = await hub.postCustomers({
    name: "Hillside",
    tenant_name: tenant,
    admin_email: "admin@hillside.example",
    zone: "Europe/Madrid",
  });
  assert.is(community.tenant_name, tenant);

  const homes = Array.from({ length: HOMES }, (_, i) => ({
    name: `${Math.floor(i / 4) + 1}${"ABCD"[i % 4]}`,
    devEui: `70b3d5${tenant.slice(-8)}${i.toString(16).padStart(2, "0")}`,
    email: `home-${i}@hillside.example`,
  }));
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
  assert.equal([residents.created, residents.failed], [HOMES, 0]);
  const meters = [
    "dev_eui;device_name;device_type;serial_number;building;unit;valid_from;initial_index",
    ...homes.map(
      ({ name, devEui }, i) =>
        `${devEui};Water ${name};water_meter;SN-${i};North;${name};2026-10-01;${i}.5`,
    ),
  ].join("\n");
  const devices = await through(await hub.postUploadsDevices(meters, { community: tenant }));
  assert.equal([devices.created, devices.failed], [HOMES, 0]);

  // A day of readings: home i uses i litres and a hundred.
  for (const [i, { devEui }] of homes.entries())
    await hub.postIngestWaterConsumption({
      dev_eui: devEui,
      timestamp: new Date(MIDNIGHT_MS + DAY_MS).toISOString(),
      cumulativeFlowM3: (1000 * i + 500 + 100 + i) / 1000,
    });
  await stand.hub.caughtUp();
  const bill = await hub.getReportsBilling({
    community: tenant,
    from: "2026-10-01",
    to: "2026-10-02",
    limit: 500,
  });
  assert.is(bill.total, HOMES);
  for (const row of bill.data) {
    const i = homes.findIndex(({ devEui }) => devEui === row.dev_eui);
    assert.equal(
      [row.unit.name, Math.round(Number(row.consumption) * 1000)],
      [homes[i]?.name, 100 + i],
    );
  }
  const found = await hub.getPeople({ q: "600000042" });
  assert.equal(
    found.data.map(({ email }: Loose) => email),
    ["home-42@hillside.example"],
  );
  const home = found.data[0].memberships[0].units[0];
  assert.is(home.name, homes[42]?.name);

  const refused = await hub
    .postCustomers({ name: "Hillside again", tenant_name: tenant })
    .catch((error: unknown) => error);
  assert.ok(refused instanceof Problem);
  assert.is(refused.status, 409);
});

test.run();
