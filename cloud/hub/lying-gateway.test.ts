import { brotliCompressSync } from "node:zlib";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { monthOf } from "#shared/model/database-names.ts";
import type { DeviceId, Epoch } from "#shared/model/ids.ts";
import type { KeptUplink } from "#shared/model/kept-uplink.ts";
import { packSegment } from "#shared/series/segment.ts";
import { keptUplink } from "#shared/testing/kept-uplinks.ts";
import {
  devEui,
  loadExample,
  openStand,
  type Loose,
  type Stand,
  type TestGateway,
} from "#cloud/hub-stand.ts";
import { load } from "./load/load.ts";

const test = suite<{ stand: Stand; tenant: string; cookie: string }>("a gateway that lies");

const EPOCH = "00000001-0123456789abcdef" as Epoch;

function segment(gateway: TestGateway, seq: number, uplinks: readonly KeptUplink[]) {
  const place = { writer: gateway.id, epoch: EPOCH, seq, prev: null, before: 0 };
  return packSegment({ ...place, inbox: { from: 1, to: uplinks.length } } as never, uplinks);
}

async function push(stand: Stand, gateway: TestGateway, name: string, docs: readonly object[]) {
  const headers = { authorization: `Bearer ${await stand.token(gateway)}` };
  const revised = docs.map((doc) => ({ ...doc, _rev: `1-${"a".repeat(32)}` }));
  const body = { docs: revised, new_edits: false };
  const answer = await stand.ask("POST", `/sync/${name}/_bulk_docs`, { headers, body });
  assert.is(answer.status, 201, answer.text);
  return answer.json as Loose[];
}

const PAGES = ["customers", "devices", "unregistered", "gateways", "overview"];

async function pagesAnswer({
  stand,
  tenant,
  cookie,
}: {
  stand: Stand;
  tenant: string;
  cookie: string;
}) {
  const details = [1, 2].map((n) => `devices/${devEui(tenant, n)}`);
  for (const page of [...PAGES, ...details]) {
    const answer = await stand.ask("GET", `/api/v1/${page}`, { cookie });
    assert.is(answer.status, 200, `${page}: ${answer.text.slice(0, 300)}`);
    assert.ok(answer.text.length < 200_000, `${page} is ${answer.text.length} long`);
  }
}

test.before(async (context) => {
  context.stand = await openStand();
  context.tenant = context.stand.tenant("river");
  context.cookie = await context.stand.operator("olga@example.org");
  await load(context.stand.hub.hub, loadExample(context.tenant));
});
test.after(async ({ stand }) => {
  await stand.close();
});

test("absurd segments are passed over, and a sibling's reading is on the page", async (context) => {
  const { stand, tenant, cookie } = context;
  const [liar, honest] = [await stand.enrolled(tenant), await stand.enrolled(tenant)];
  const nowMs = stand.clock.now();
  const deviceId = devEui(tenant, 1) as DeviceId;
  const base = { deviceId: devEui(tenant, 2) as DeviceId };
  const lies: Partial<Record<keyof KeptUplink, unknown>>[] = [
    { deviceId: "x".repeat(600) },
    { deviceId: "x-\0" },
    { deviceId: "x-\ud800" },
    { deviceId: "_design/riser" },
    { deviceId: 7 },
    { time: -1e300 },
    { time: 8.64e15 + 1 },
    { time: 1e300, fCnt: null },
    { via: "v".repeat(1_000_000) },
    { via: { toString: 1 } },
    { session: "s".repeat(1_000_000) },
    { fCnt: 1.5 },
    { fCnt: "many" },
    { fPort: 70_000 },
    { radio: { rssi: -90, sf: "s".repeat(1_000_000) } },
    { radio: { antenna: ["a"], rssi: -90 } },
    { undecoded: { is: "not a text" } },
    { readings: [{ values: [{ register: { toString: 1 }, n: 1, scale: 0, unit: "m3" }] }] },
    { readings: [{ values: [{ register: "r".repeat(600_000), n: 1, scale: 0, unit: "m3" }] }] },
    { readings: [{ values: [{ register: "8-0:1.0.0", n: "1", scale: 0, unit: "m3" }] }] },
    { readings: [{ values: [{ register: "8-0:1.0.0", n: 1, scale: 1e9, unit: "m3" }] }] },
    { readings: [{ time: 1e300, values: [] }] },
  ];
  const docs: Loose[] = [];
  for (const lie of lies)
    try {
      const uplink = { ...keptUplink(nowMs - 60_000, 5, base), ...lie } as KeptUplink;
      docs.push(segment(liar, docs.length, [uplink]));
    } catch {
      // Not even a liar can pack it.
    }
  const sound = () => segment(liar, docs.length, [keptUplink(nowMs - 60_000, 5, base)]) as Loose;
  const places = [
    { epoch: "e".repeat(600) },
    { epoch: { toString: 1 } },
    { seq: "many" },
    { seq: 1e300 },
    { writer: undefined },
    { columns: 7 },
    { columns: brotliCompressSync("[]\n").toString("base64") },
    { count: "1" },
    { firstHeardMs: "x" },
  ];
  for (const place of places) docs.push({ ...sound(), ...place });
  docs.push({ ...sound(), _id: `s:${liar.id}:${EPOCH}:1` });
  assert.ok(docs.length > 24, "most of the lies can be told");
  const name = `t-${tenant}-tele-${monthOf(nowMs)}`;
  await push(stand, liar, name, docs);
  await push(stand, honest, name, [
    segment(honest, 0, [keptUplink(nowMs - 30_000, 77, { deviceId })]),
  ]);
  await stand.hub.caughtUp();

  const { data } = (
    await stand.ask("GET", `/api/v1/devices/${deviceId}?include=telemetry`, { cookie })
  ).json;
  assert.is(data.last_reading?.values[0].n, 77);
  assert.equal(
    data.uplinks.map((one: Loose) => one.writer),
    [honest.id],
  );
  await pagesAnswer(context);
  assert.not.ok(
    stand.logged.some((line) => line.includes("could not go on")),
    "the rollup never stumbled",
  );
  await stand.restart();
  await stand.hub.caughtUp();
  await pagesAnswer(context);
});

test("reports of huge or wrong fields do not reach the pages", async (context) => {
  const { stand, tenant } = context;
  const liar = await stand.enrolled(tenant);
  const sighting = (deviceId: unknown, more: object) => ({
    _id: `sighting:${String(deviceId)}:20261101`,
    type: "sighting",
    v: 1,
    gatewayId: liar.id,
    deviceId,
    day: "20261101",
    firstAt: "2026-11-01T01:00:00Z",
    lastAt: "2026-11-01T02:00:00Z",
    count: 1,
    via: "lorawan",
    ...more,
  });
  const health = {
    _id: "health:zz",
    type: "health",
    v: 1,
    gatewayId: liar.id,
    at: "2026-11-01T02:00:00Z",
    version: "1",
    upMs: 1,
    rssBytes: 1,
    uplinksKept: 1,
    waiting: 1,
    sites: {},
  };
  await push(stand, liar, `g-${liar.id}`, [
    sighting(devEui(tenant, 31), { via: "v".repeat(1_000_000) }),
    sighting(devEui(tenant, 32), {
      guess: { model: "m", values: Array.from({ length: 100_000 }, () => "1") },
    }),
    sighting(devEui(tenant, 33), { firstAt: "yesterday" }),
    sighting(devEui(tenant, 34), { count: 1e300 }),
    sighting({ toString: 1 }.constructor.name, { deviceId: ["x"] }),
    { ...health, version: "9".repeat(1_000_000) },
    { ...health, _id: "health:zzz", waiting: "many", sites: [] },
  ]);
  await pagesAnswer(context);
});

test.run();
