import { suite } from "uvu";
import * as assert from "uvu/assert";
import { devEui, loadExample, openStand, type Loose, type Stand } from "#cloud/hub-stand.ts";
import { load } from "#cloud/hub/load/load.ts";

const DAY_MS = 86_400_000;
/** Midnight of the first of October in Madrid. */
const OCTOBER_MS = Date.parse("2026-09-30T22:00:00Z");

interface Context {
  stand: Stand;
  cookie: string;
  tenant: string;
  main: string;
  first: string;
  second: string;
}

const test = suite<Context>("virtual meters");
const ask = async ({ stand, cookie }: Context, method: string, path: string, body?: unknown) => {
  const answer = await stand.ask(method, `/api/v1${path}`, {
    cookie,
    ...(body === undefined ? {} : { body }),
  });
  return { ...answer.json, status: answer.status, text: answer.text };
};

test.before(async (context) => {
  const stand = (context.stand = await openStand(process.env.COUCHDB_URL));
  context.cookie = await stand.operator("olga@a.example");
  const tenant = (context.tenant = stand.tenant("river"));
  await load(stand.hub.hub, loadExample(tenant));
  const ids = [41, 42, 43].map((n) => devEui(tenant, n)) as [string, string, string];
  [context.main, context.first, context.second] = ids;
  const key = (await ask(context, "POST", "/keys", { name: "sender", scopes: ["ingest"] })).data;
  const litres = [100, 30, 60];
  for (const [i, dev_eui] of ids.entries()) {
    const registered = await ask(context, "POST", "/devices/register", {
      dev_eui,
      device_name: ["Main", "Left", "Right"][i],
      device_type: "water_meter",
      community: tenant,
      expected_interval_s: 86_400,
    });
    assert.is(registered.status, 201, registered.text);
    for (let day = 0; day <= 6; day++) {
      // The right one says nothing over the borders of the fifth day.
      if (i === 2 && day > 3) continue;
      const answer = await stand.ask("POST", "/api/v1/ingest/water-consumption", {
        headers: { "x-api-key": key.key },
        body: {
          dev_eui,
          timestamp: new Date(OCTOBER_MS + day * DAY_MS).toISOString(),
          cumulativeFlowM3: ((litres[i] as number) * day) / 1000,
        },
      });
      // Dated before it was registered, and the community's all the same.
      assert.is(answer.json.data.results[0].outcome, "kept", answer.text);
    }
  }
  await stand.hub.caughtUp();
});
test.after(({ stand }) => stand.close());

const PERIOD = "from=2026-10-01&to=2026-10-05";
const days = ({ data }: Loose): (number | null)[] =>
  data.periods.map(({ consumption: told }: Loose) => (told === null ? null : Number(told)));

test("what is lost is the main meter minus its submeters, and unknown where one of them is", async (context) => {
  const { tenant, main, first, second } = context;
  const made = await ask(context, "POST", "/virtual-meters", {
    community: tenant,
    name: "Losses",
    kind: "cold_water",
    external_id: "V-1",
    members: [
      { dev_eui: main.toUpperCase() },
      { dev_eui: first, sign: "minus" },
      { dev_eui: second, sign: "minus", valid_from: "2026-10-02" },
    ],
  });
  assert.is(made.status, 201, made.text);
  const { id, members } = made.data;
  assert.equal(
    members.map((one: Loose) => [one.device_name, one.sign, one.valid_from]),
    [
      ["Main", "plus", null],
      ["Left", "minus", null],
      ["Right", "minus", "2026-10-01T22:00:00.000Z"],
    ],
  );
  const counted = await ask(context, "GET", `/virtual-meters/${id}/consumption?${PERIOD}`);
  assert.equal(days(counted), [0.07, 0.01, 0.01, null], counted.text);
  assert.is(counted.data.unit_of_measure, "m3");
  assert.ok(counted.data.periods[3].marks.includes("incomplete"));

  const ended = await ask(context, "PATCH", `/virtual-meters/${id}`, {
    name: "Losses of the river",
    members: [
      { dev_eui: main },
      { dev_eui: first, sign: "minus" },
      { dev_eui: second, sign: "minus", valid_from: "2026-10-02", valid_to: "2026-10-04" },
    ],
  });
  assert.equal([ended.status, ended.data?.name], [200, "Losses of the river"], ended.text);
  assert.equal(
    days(await ask(context, "GET", `/virtual-meters/${id}/consumption?${PERIOD}`)),
    [0.07, 0.01, 0.01, 0.07],
  );

  for (const [query, total] of [
    [`community=${tenant}`, 1],
    ["q=v-1", 1],
    [`dev_eui=${second}`, 1],
    [`dev_eui=${devEui(tenant, 1)}`, 0],
    ["kind=heat", 0],
  ])
    assert.is((await ask(context, "GET", `/virtual-meters?${query}`)).total, total, String(query));
  const told = await ask(context, "GET", `/audit?what=virtual-meter&target=${id}`);
  assert.equal(told.data.map(({ what }: Loose) => what).sort(), [
    "virtual-meter.change",
    "virtual-meter.create",
  ]);
  assert.is((await ask(context, "DELETE", `/virtual-meters/${id}`)).status, 204);
  assert.is((await ask(context, "GET", `/virtual-meters/${id}`)).status, 404);
});

test("a multiplier counts in what a meter and a virtual one tell", async (context) => {
  const { tenant, main, first } = context;
  const unit = await ask(context, "POST", "/units", { community: tenant, name: "Pump" });
  const assigned = await ask(context, "PUT", `/devices/${first}/assign`, {
    unit_id: unit.data.id,
    valid_from: "2026-10-03",
    multiplier: 2,
  });
  assert.is(assigned.status, 200, assigned.text);
  const ofOne = await ask(context, "GET", `/devices/${first}/consumption?${PERIOD}`);
  assert.equal(days(ofOne).slice(2), [0.06, 0.06], ofOne.text);
  const made = await ask(context, "POST", "/virtual-meters", {
    community: tenant,
    name: "Rest",
    kind: "cold_water",
    members: [{ dev_eui: main }, { dev_eui: first, sign: "minus" }],
  });
  const counted = await ask(
    context,
    "GET",
    `/virtual-meters/${made.data.id}/consumption?${PERIOD}`,
  );
  assert.equal(days(counted).slice(2), [0.04, 0.04], counted.text);
});

test("what cannot be put together is refused in words", async (context) => {
  const { tenant, main, first } = context;
  const make = (more: object) =>
    ask(context, "POST", "/virtual-meters", {
      community: tenant,
      name: "Wrong",
      kind: "cold_water",
      members: [{ dev_eui: main }],
      ...more,
    });
  for (const [more, status, detail] of [
    [{ members: [] }, 400, /members/],
    [{ kind: "temperature" }, 400, /of temperature nothing is counted/],
    [{ members: [{ dev_eui: main }, { dev_eui: main, sign: "minus" }] }, 400, /twice at a time/],
    [
      { members: [{ dev_eui: first, valid_from: "2026-10-02", valid_to: "2026-10-02" }] },
      400,
      /ends before it begins/,
    ],
    [{ members: [{ dev_eui: "ffffffffffffffff" }] }, 404, /no device ffffffffffffffff/],
    [{ community: "nowhere" }, 404, /no such community/],
  ] as const) {
    const refused = await make(more);
    assert.is(refused.status, status, refused.text);
    assert.match(refused.detail, detail);
  }
});

test.run();
