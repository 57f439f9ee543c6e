import { suite } from "uvu";
import * as assert from "uvu/assert";
import { devEui, loadExample, openStand, type Loose, type Stand } from "#cloud/hub-stand.ts";
import { load } from "#cloud/hub/load/load.ts";

const couchdbUrl = process.env.COUCHDB_URL;

const test = suite<{ stand: Stand; cookie: string; tenant: string }>("uploads of past readings");
test.before(async (context) => {
  context.stand = await openStand(couchdbUrl);
  context.tenant = context.stand.tenant("riverside");
  context.cookie = await context.stand.operator("olga@a.example");
  await load(context.stand.hub.hub, loadExample(context.tenant));
});
test.after(async ({ stand }) => {
  await stand.close();
});

test("past readings are tried, kept once, counted between, and what is wrong is told by its cell", async ({
  stand,
  cookie,
  tenant,
}) => {
  const meter = devEui(tenant, 31);
  const ask = async (method: string, path: string, body?: unknown) => {
    const answer = await stand.ask(method, `/api/v1${path}`, {
      cookie,
      ...(body === undefined ? {} : { body }),
    });
    assert.ok(answer.status < 300, answer.text);
    return answer.json;
  };
  await ask("POST", "/devices/register", {
    dev_eui: meter,
    device_name: "Old meter",
    device_type: "water_meter",
    community: tenant,
  });
  const file = [
    "dev_eui;time;index;unit",
    `${meter.toUpperCase()};2026-01-01;100,250;m3`,
    `${meter};01.02.2026 00:00;110.5;m³`,
    `${meter};2026-03-01T00:00:00+01:00;120500;L`,
    `${devEui(tenant, 32)};2026-01-01;1;m3`,
    `${meter};soon;1;m3`,
    `${meter};2036-01-01;1;m3`,
    `${meter};2026-01-02;1;kWh`,
    `${meter};2026-01-02;-5;m3`,
  ].join("\n");
  const send = async (query = "") => {
    const path = `/api/v1/uploads/readings?community=${tenant}${query}`;
    const answer = await fetch(`http://127.0.0.1:${stand.hub.port}${path}`, {
      method: "POST",
      headers: { cookie, "content-type": "text/csv", host: "localhost" },
      body: file,
    });
    const { data } = await answer.json();
    for (let said = data; ;) {
      if (said.state !== "running")
        return {
          said,
          rows: (await ask("GET", `/uploads/${said.id}/rows?limit=50`)).data as Loose[],
        };
      await new Promise((resolve) => setTimeout(resolve, 20));
      said = (await ask("GET", `/uploads/${said.id}`)).data;
    }
  };
  const months = async () => {
    await stand.hub.caughtUp();
    const { data } = await ask(
      "GET",
      `/devices/${meter}/consumption?from=2026-01-01&to=2026-03-01&step=month`,
    );
    return data.periods.map(({ consumption, quality }: Loose) => [consumption, quality]);
  };
  const tried = await send("&dry_run=true");
  assert.equal([tried.said.created, tried.said.failed], [3, 5], JSON.stringify(tried.rows));
  assert.equal(
    tried.rows.slice(3).map(({ errors: [first] }) => first.column),
    ["dev_eui", "time", "time", "unit", "index"],
  );
  assert.equal(await months(), [], "a dry run kept something");

  const done = await send();
  assert.equal([done.said.created, done.said.failed, done.said.can_undo], [3, 5, false]);
  assert.equal(await months(), [
    ["10.250", "measured"],
    ["10.000", "measured"],
  ]);
  const again = await send();
  assert.equal([again.said.created, again.said.unchanged], [0, 3]);
  assert.equal((await months()).length, 2);
  const { data } = await ask("GET", `/devices/${meter}?include=telemetry`);
  assert.equal(
    data.uplinks.map(({ via }: Loose) => via),
    ["import", "import", "import"],
  );
});

test("another system's readings are compared with what was heard here, and none of them is kept", async ({
  stand,
  cookie,
  tenant,
}) => {
  const headers = { cookie, host: "localhost" };
  const base = `http://127.0.0.1:${stand.hub.port}/api/v1`;
  const ask = async (path: string): Promise<Loose> =>
    (await fetch(`${base}${path}`, { headers })).json();
  const send = async (path: string, body: string) => {
    const type = { "content-type": "text/csv" };
    const init = { method: "POST", headers: { ...headers, ...type }, body };
    let { data } = await (await fetch(`${base}${path}`, init)).json();
    for (; data.state === "running"; { data } = await ask(`/uploads/${data.id}`))
      await new Promise((resolve) => setTimeout(resolve, 20));
    return { said: data, rows: (await ask(`/uploads/${data.id}/rows`)).data as Loose[] };
  };
  const meter = devEui(tenant, 1);
  const head = "dev_eui;time;index;unit";
  const known = [
    `${meter};2026-01-10T00:00:00Z;100.000;m3`,
    `${meter};2026-01-11T00:00:00Z;102.400;m3`,
    `${meter};2026-01-12T00:00:00Z;1.000;m3`,
  ];
  await send(`/uploads/readings?community=${tenant}`, [head, ...known].join("\n"));
  await stand.hub.caughtUp();
  const before = (await ask(`/devices/${meter}?include=telemetry`)).data.uplinks.length;

  const theirs = [
    `${meter};2026-01-10T00:00:20Z;100000;L`,
    `${meter};2026-01-10T12:00:00Z;101.205;m3`,
    `${meter};2026-01-11T00:00:00Z;102.5;m3`,
    `${meter};2026-01-11T12:00:00Z;102.5;m3`,
    `${meter};2025-06-01T00:00:00Z;90;m3`,
    `${devEui(tenant, 99)};2026-01-10T00:00:00Z;1;m3`,
  ];
  const path = `/uploads/comparison?community=${tenant}`;
  const { said, rows } = await send(`${path}&tolerance=0.01`, [head, ...theirs].join("\n"));
  assert.equal(
    [said.kind, said.seen, said.unchanged, said.differs, said.skipped, said.failed, said.can_undo],
    ["comparison", 6, 2, 1, 2, 1, false],
    JSON.stringify(rows),
  );
  assert.equal(
    rows.map(({ outcome, compared }) => [outcome, compared?.ours, compared?.difference]),
    [
      ["unchanged", "100.000", "0.000"],
      ["unchanged", "101.200", "0.005"],
      ["differs", "102.400", "0.100"],
      ["skipped", undefined, undefined],
      ["skipped", undefined, undefined],
      ["failed", undefined, undefined],
    ],
  );
  assert.equal(
    rows.slice(0, 3).map(({ compared }) => [compared.unit, compared.is_measured]),
    [
      ["m3", true],
      ["m3", false],
      ["m3", true],
    ],
  );
  assert.match(rows[3]?.notes[0], /began anew/);
  const strict = await send(path, [head, ...theirs].join("\n"));
  assert.is(strict.said.differs, 2, "without a tolerance every digit counts");
  const after = (await ask(`/devices/${meter}?include=telemetry`)).data.uplinks.length;
  assert.is(after, before);
});

test.run();
