/** A mended decoder that says from when on it knows better: open months follow, history cannot. */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { devEui, loadExample, openStand, type Loose } from "#cloud/hub-stand.ts";
import { load } from "#cloud/hub/load/load.ts";
import { databaseName } from "#shared/model/database-names.ts";
import type { TenantName } from "#shared/model/ids.ts";

const test = suite("a decoder that reads again");
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const SEPTEMBER_MS = Date.UTC(2026, 8, 1);
/** September is beyond its raw time, October is not. */
const JANUARY_MS = Date.UTC(2027, 0, 10);

/** Litres in two bytes, times what a version takes them for. */
const draft = (factor: number, redecodeFrom?: string) => ({
  title: "Small maker",
  source: `function decodeUplink(input) {
    return { data: { litres: (input.bytes[0] * 256 + input.bytes[1]) * ${factor} } };
  }`,
  mapping: { fields: [{ path: "litres", register: "8-0:1.0.0", unit: "L" }] },
  ...(redecodeFrom === undefined ? {} : { redecode_from: redecodeFrom }),
});

test("a mended version reads open months again, also back and forth; of months that are history it says that it cannot", async () => {
  const stand = await openStand();
  const tenant = stand.tenant("river") as TenantName;
  stand.clock.set(SEPTEMBER_MS);
  const cookie = await stand.operator("olga@a.example");
  await load(stand.hub.hub, loadExample(tenant));
  let who: Loose = { cookie };
  const ask = async (method: string, path: string, body?: unknown): Promise<Loose> => {
    const answer = await stand.ask(method, `/api/v1${path}`, { ...who, body });
    assert.ok(answer.status < 300, `${path}: ${answer.text}`);
    return answer.json.data;
  };
  /** A rollup whose month went waits a moment. Time stands still otherwise: scripts are given little of it. */
  const passing = async () => {
    let isOver = false;
    const done = stand.hub.caughtUp().finally(() => (isOver = true));
    while (!isOver) await stand.clock.advance(100);
    await done;
  };
  await ask("POST", "/decoders", { slug: "small-maker", ...draft(2) });
  const meter = devEui(tenant, 71);
  await ask("POST", "/devices/register", {
    dev_eui: meter,
    device_name: "Small",
    device_type: "water_meter",
    community: tenant,
    expected_interval_s: 86_400,
  });
  const [home] = await ask("GET", `/units?community=${tenant}`);
  await ask("PUT", `/devices/${meter}/assign`, { unit_id: home.id, valid_from: "2026-08-31" });
  await ask("PUT", "/decoders/small-maker/devices", { dev_euis: [meter] });
  const scopes = ["ingest", "read", "admin"];
  const { key } = await ask("POST", "/keys", { name: "all of it", scopes });
  // A sign-in ends before the winter.
  who = { headers: { "x-api-key": key } };
  for (let day = 0; day <= 60; day++) {
    stand.clock.set(SEPTEMBER_MS + day * DAY);
    await stand.hub.hub.months.ensure([tenant]);
    const bytes = Buffer.alloc(2);
    bytes.writeUInt16BE(1_000 + 10 * day);
    const answer = await stand.ask("POST", "/api/v1/ingest", {
      headers: { "x-api-key": key },
      body: {
        dev_eui: meter,
        f_cnt: day,
        f_port: 1,
        timestamp: new Date(SEPTEMBER_MS + day * DAY).toISOString(),
        data_hex: bytes.toString("hex"),
      },
    });
    assert.is(answer.status, 200, answer.text);
    // Sealed in the month it is of.
    if (day % 29 === 0) await stand.hub.caughtUp();
  }
  await stand.hub.caughtUp();
  const used = async () =>
    (
      await ask("GET", `/devices/${meter}/consumption?from=2026-09-01&to=2026-10-31&step=month`)
    ).periods.map(({ consumption }: Loose) => Number(consumption));
  const first = await used();
  const change = async (factor: number, from: string) => {
    const { not_read_again } = await ask("PUT", "/decoders/small-maker", draft(factor, from));
    await stand.hub.caughtUp();
    return not_read_again.map(({ until }: Loose) => until);
  };
  assert.equal(await change(1, "2026-09-01T00:00:00Z"), [], "nothing is history yet");
  const halved = await used();
  for (const [i, n] of halved.entries())
    assert.ok(Math.abs(first[i] - 2 * n) < 0.002, `told twice over: ${first[i]}, then ${n}`);

  const tele = databaseName.tele(tenant, "202609");
  assert.ok((await stand.hub.hub.databases.names()).includes(tele));
  stand.clock.set(JANUARY_MS);
  for (const endMs = Date.now() + 20_000; (await stand.hub.hub.databases.names()).includes(tele);) {
    assert.ok(Date.now() < endMs, "September does not become history");
    await stand.clock.advance(HOUR);
    await passing();
  }
  assert.equal(await used(), halved);
  assert.equal(await change(3, "2026-10-01T00:00:00Z"), [], "October's bytes are here");
  assert.equal(await change(3, "2026-09-01T00:00:00Z"), ["2026-10-01T00:00:00.000Z"]);
  const [september, october] = await used();
  assert.is(september, halved[0], "what is history stays what it was");
  assert.ok(october > 2.5 * halved[1], `and October is read anew: ${october}`);
  const { not_read_again } = await ask("GET", "/decoders/small-maker");
  assert.is(not_read_again[0].community.name, "Riverside");
  await stand.close();
});

test.run();
