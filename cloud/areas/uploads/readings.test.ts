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

test.run();
