import { suite } from "uvu";
import * as assert from "uvu/assert";
import { devEui, loadExample, openStand, type Loose, type Stand } from "#cloud/hub-stand.ts";
import { load } from "#cloud/hub/load/load.ts";
import { readSheet } from "#shared/sheets/read-sheet.ts";

const couchdbUrl = process.env.COUCHDB_URL;
const DAY_MS = 86_400_000;
/** Midnight of the first of October in Madrid. */
const OCTOBER_MS = Date.parse("2026-09-30T22:00:00Z");

interface Context {
  stand: Stand;
  cookie: string;
  key: string;
  tenant: string;
  /** The home in which the meters are. */
  home: string;
  old: string;
  next: string;
}

for (const [label, url] of [
  ["embedded", undefined],
  ...(couchdbUrl ? [["CouchDB", couchdbUrl]] : []),
]) {
  const test = suite<Context>(`reports on ${label}`);

  const ask = async ({ stand, cookie }: Context, method: string, path: string, body?: unknown) => {
    const answer = await stand.ask(method, `/api/v1${path}`, {
      cookie,
      ...(body === undefined ? {} : { body }),
    });
    assert.ok(answer.status < 300, `${path}: ${answer.text}`);
    return answer.json;
  };
  /** Litres, so that the truth is whole numbers: 100 a day at first, 250 with the new meter. */
  const litres = (day: number, isNew: boolean) =>
    isNew ? 7 + 250 * (day - 10) : 5_000 + 100 * day;

  test.before(async (context) => {
    const stand = (context.stand = await openStand(url));
    context.cookie = await stand.operator("olga@a.example");
    const tenant = (context.tenant = stand.tenant("river"));
    await load(stand.hub.hub, loadExample(tenant));
    const [old, next] = [(context.old = devEui(tenant, 41)), (context.next = devEui(tenant, 42))];
    const [community] = (await ask(context, "GET", "/customers")).data;
    const { data: made } = await ask(context, "POST", "/units", {
      community: community.id,
      name: "=9Z",
    });
    context.home = made.id;
    const { data } = await ask(context, "POST", "/keys", {
      name: "sender",
      scopes: ["ingest", "read"],
    });
    context.key = data.key;
    for (const [id, more] of [
      [old, { valid_from: "2026-10-01", valid_to: "2026-10-11", start_index: "5.000" }],
      [next, { valid_from: "2026-10-11", start_index: "0.007" }],
    ] as const) {
      await ask(context, "POST", "/devices/register", {
        dev_eui: id,
        device_name: `Water ${id.slice(-2)}`,
        device_type: "water_meter",
        community: tenant,
        expected_interval_s: 86_400,
      });
      await ask(context, "PUT", `/devices/${id}/assign`, { unit_id: made.id, ...more });
    }
    for (let day = 0; day <= 20; day++)
      for (const [id, isNew] of [
        [old, false],
        [next, true],
      ] as const) {
        if (isNew ? day < 10 : day > 10) continue;
        const answer = await stand.ask("POST", "/api/v1/ingest/water-consumption", {
          headers: { "x-api-key": context.key },
          body: {
            dev_eui: id,
            timestamp: new Date(OCTOBER_MS + day * DAY_MS).toISOString(),
            cumulativeFlowM3: litres(day, isNew) / 1000,
          },
        });
        assert.is(answer.status, 200, answer.text);
      }
    await stand.hub.caughtUp();
  });
  test.after(async ({ stand }) => {
    await stand.close();
  });

  const OCTOBER = "from=2026-10-01&to=2026-10-21";

  test("a billing period has a line for each meter with its indexes, and goes on across an exchange", async (context) => {
    const { tenant, home, old, next } = context;
    const { data, total } = await ask(
      context,
      "GET",
      `/reports/billing?community=${tenant}&${OCTOBER}&unit=${home}`,
    );
    assert.is(total, 2);
    assert.equal(
      data.map((row: Loose) => [
        row.dev_eui,
        row.start.index,
        row.end.index,
        row.consumption,
        row.exchange,
        row.is_estimated,
        row.unit_of_measure,
      ]),
      [
        [old, "5.000", "6.000", "1.000", "taken_away", false, "m3"],
        [next, "0.007", "2.507", "2.500", "mounted", false, "m3"],
      ],
    );
    assert.equal(
      [data[0].start.at, data[1].end.at],
      ["2026-09-30T22:00:00.000Z", "2026-10-20T22:00:00.000Z"],
      "at the borders of the local calendar",
    );
    const second = await ask(
      context,
      "GET",
      `/reports/billing?community=${tenant}&${OCTOBER}&unit=${home}&limit=1&offset=1`,
    );
    assert.equal([second.total, second.data.length, second.data[0].dev_eui], [2, 1, next]);
    assert.is(second.data[0].exchange, "mounted", "also when the other line is on another page");
  });

  test("a home's days add up to its period, across the exchange", async (context) => {
    const { home, old, tenant } = context;
    const days = (await ask(context, "GET", `/units/${home}/consumption?${OCTOBER}`)).data;
    assert.equal([days.total, days.unit_of_measure, days.periods.length], ["3.500", "m3", 20]);
    const sum = days.periods.reduce(
      (n: number, one: Loose) => n + Math.round(Number(one.consumption) * 1000),
      0,
    );
    assert.is(sum, 3_500);
    assert.equal([days.periods[0].consumption, days.periods[19].consumption], ["0.100", "0.250"]);
    const meter = (await ask(context, "GET", `/devices/${old}/consumption?${OCTOBER}&step=whole`))
      .data;
    assert.is(Number(meter.total), 1);
    const { data } = await ask(context, "GET", `/reports/totals?community=${tenant}&${OCTOBER}`);
    const mine = data.find(({ id }: Loose) => id === home);
    assert.equal([mine.consumption, mine.meters, mine.missing], ["3.500", 2, 0]);
  });

  test("what is missing in a period is listed by its meter", async (context) => {
    const { tenant, home, next } = context;
    const { data } = await ask(
      context,
      "GET",
      `/reports/completeness?community=${tenant}&from=2026-10-01&to=2026-11-01&unit=${home}`,
    );
    assert.equal(
      data.missing.map((one: Loose) => [one.dev_eui, one.has_number]),
      [[next, true]],
    );
    assert.ok(data.heard < data.expected);
  });

  test("the file holds the same numbers, and a name that begins like a formula does no harm", async (context) => {
    const { stand, cookie, tenant, home } = context;
    for (const format of ["csv", "xlsx"]) {
      const path = `/reports/billing/file?community=${tenant}&${OCTOBER}&unit=${home}&format=${format}`;
      const answer = await fetch(`http://127.0.0.1:${stand.hub.port}/api/v1${path}`, {
        headers: { cookie, host: "localhost" },
      });
      assert.is(answer.status, 200);
      const sheet = await readSheet(new Uint8Array(await answer.arrayBuffer()));
      const at = (name: string) => sheet.header.indexOf(name);
      assert.equal(
        sheet.rows.map(({ cells }) => Number(cells[at("consumption")])),
        [1, 2.5],
        format,
      );
      if (format === "csv") assert.is(sheet.rows[0]?.cells[at("unit")], "'=9Z");
    }
    const audit = await stand.ask("GET", "/api/v1/audit?what=report.billing", { cookie });
    assert.ok(audit.text.includes("report.billing"));
  });

  test("dates that cannot be are refused at their field, and other people's homes are not found", async (context) => {
    const { stand, cookie, tenant } = context;
    for (const [path, status, says] of [
      [`/reports/billing?community=${tenant}&from=2026-10-01&to=2026-10-01`, 400, /to: has to be/],
      [`/reports/billing?community=${tenant}&from=2026-10-01&to=2036-10-01`, 400, /too far/],
      [`/reports/billing?from=2026-10-01&to=2026-10-02`, 400, /which community/],
      [`/reports/billing?community=nowhere&${OCTOBER}`, 404, /no such community/],
      [`/units/u-0000000000000000/consumption?${OCTOBER}`, 404, /no such/i],
      [
        `/devices/${devEui(tenant, 41)}/consumption?from=2026-01-01&to=2026-10-01&step=hour`,
        400,
        /too far/,
      ],
    ] as const) {
      const answer = await stand.ask("GET", `/api/v1${path}`, { cookie });
      assert.is(answer.status, status, path);
      assert.match(answer.text, says);
    }
  });

  test.run();
}
