import { randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Hono } from "hono";
import mqtt from "mqtt";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Me, Overview } from "#shared/api/resident.ts";
import { keyText } from "#shared/auth/key-text.ts";
import { tokenHash } from "#shared/auth/opaque-token.ts";
import { hashSecret } from "#shared/auth/secret-hash.ts";
import type { Doc } from "#shared/couch/database.ts";
import { openLevelDatabases } from "#shared/couch/leveldb.ts";
import { systemClock, type Clock } from "#shared/model/clock.ts";
import { databaseName } from "#shared/model/database-names.ts";
import type { KeyId } from "#shared/model/ids.ts";
import type { ProgramDoc } from "#shared/model/site.ts";
import type { SegmentDoc } from "#shared/model/segment.ts";
import { unpackSegment } from "#shared/series/segment.ts";
import { encodeWaterMeter } from "#shared/testing/meters/water-meter.ts";
import {
  FORMER,
  HOME_1A,
  HOME_1B,
  MOVED_AT,
  NEIGHBOUR,
  PRESENT,
  siteExample,
  TENANT,
  WATER_1A,
  WATER_1B,
} from "#shared/testing/site-example.ts";
import { readConfig } from "./config.ts";
import { startEdge, type Edge } from "./edge.ts";

const test = suite("edge");
const PASSWORD = "only for this broker";
/** 23 November 2026, 13:30 in Madrid. */
const NOW = Date.UTC(2026, 10, 23, 12, 30);
const HOUR = 3_600_000;
const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
/** The machine's clock, moved to the test's day. */
const moved = NOW - Date.now();
const clock: Clock = { ...systemClock, now: () => Date.now() + moved };

const KEY_ID = "k-00000000000000aa" as KeyId;
const SECRET = "s".repeat(43);
const program: ProgramDoc = {
  _id: `program:${KEY_ID}`,
  type: "program",
  v: 1,
  keyId: KEY_ID,
  secretHash: tokenHash(SECRET),
};

let folder: string;
let edge: Edge;
let publisher: mqtt.MqttClient;

const start = async () => {
  const env = {
    EDGE_DATA: join(folder, "edge"),
    EDGE_PORT: "0",
    UDP_PORT: "0",
    COMMIT_WINDOW_MS: "1",
    MQTT_PORT: "0",
    MQTT_USERS_FILE: join(folder, "users"),
  };
  const pages = async () => new Hono().get("/", (c) => c.text("pages"));
  edge = await startEdge(readConfig(env), {
    clock,
    random: randomBytes,
    log,
    pages,
    version: "test",
  });
  publisher = await mqtt.connectAsync(`mqtt://127.0.0.1:${edge.mqttPort}`, {
    username: "server",
    password: PASSWORD,
  });
};
const stop = async () => {
  await publisher.endAsync();
  await edge.stop();
};
const withDatabases = async <T>(
  work: (databases: Awaited<ReturnType<typeof openLevelDatabases>>) => Promise<T>,
) => {
  const databases = await openLevelDatabases({ folder: join(folder, "edge", "db") });
  const answer = await work(databases);
  await databases.close();
  return answer;
};

test.before(async () => {
  folder = await mkdtemp(join(tmpdir(), "riser-edge-"));
  await writeFile(join(folder, "users"), `server:${await hashSecret(PASSWORD)}\n`);
  await withDatabases(async (databases) => {
    const site = await databases.open(databaseName.site(TENANT, 1));
    await site.bulk([...(await siteExample()), program]);
  });
  await start();
});
test.after(async () => {
  await stop();
  await rm(folder, { recursive: true });
});

const litresAt = (time: number) => Math.floor((time - Date.UTC(2026, 9, 1)) / HOUR) * 10;
const publish = (devEui: string, fCnt: number, time: number, litres = litresAt(time)) => {
  const { fPort, payload } = encodeWaterMeter({
    runningSeconds: Math.floor(time / 1000) % 2 ** 31,
    litres,
    leak: 2,
    errorFlags: 0,
    isSensing: true,
    batteryMillivolts: 3600,
    waterTenths: { min: 150, max: 160 },
    ambientTenths: 200,
  });
  const body = {
    time: new Date(time).toISOString(),
    deviceInfo: { devEui },
    devAddr: "00189440",
    fCnt,
    fPort,
    data: Buffer.from(payload).toString("base64"),
    rxInfo: [{ gatewayId: "0016c001f153a14c", rssi: -97, snr: 6.5 }],
    txInfo: { frequency: 867_100_000, modulation: { lora: { spreadingFactor: 9 } } },
  };
  return publisher.publishAsync(`application/1/device/${devEui}/event/up`, JSON.stringify(body), {
    qos: 1,
  });
};

const ask = (
  path: string,
  init: {
    method?: string;
    headers?: Record<string, string>;
    body?: string;
    signal?: AbortSignal;
  } = {},
  cookie?: string,
) =>
  fetch(`${edge.url}${path}`, {
    ...init,
    headers: { ...init.headers, ...(cookie ? { cookie } : {}) },
  });
const post = (path: string, body: unknown, cookie?: string) =>
  ask(
    path,
    { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) },
    cookie,
  );
const signIn = async (code: string) => {
  const answer = await post("/api/v1/sign-in", { code });
  assert.is(answer.status, 200);
  return {
    me: ((await answer.json()) as { data: Me }).data,
    cookie: (answer.headers.get("set-cookie") ?? "").split(";")[0] as string,
  };
};
const overview = async (unitId: string, cookie: string) => {
  const answer = await ask(`/api/v1/me/homes/${unitId}/overview`, {}, cookie);
  return { status: answer.status, data: ((await answer.json()) as { data: Overview }).data };
};

test("a message that a network server publishes is on the resident's page at once, before any segment", async () => {
  for (let i = 0; i <= 60; i++) await publish(WATER_1A, i, NOW - (60 - i) * HOUR);
  const { me, cookie } = await signIn(PRESENT.code);
  assert.equal(
    [me.first_name, me.homes.map(({ unit_id: unitId }) => unitId)],
    [PRESENT.firstName, [HOME_1A]],
  );
  const { data } = await overview(HOME_1A, cookie);
  const water = data.meters.find(({ kind }) => kind === "cold_water");
  assert.equal(
    [water?.index?.n, water?.index?.scale, water?.index?.unit],
    [litresAt(NOW), -3, "m3"],
  );
  assert.is(data.today, "2026-11-23");
  // Local midnight lies between two readings, at half past.
  assert.is(water?.today?.total, litresAt(NOW) - (litresAt(NOW - 13 * HOUR) - 5));
  assert.ok(water?.today?.is_interpolated);
});

test("the same is shown after it was sealed, rolled up, and the gateway started again", async () => {
  const { cookie } = await signIn(PRESENT.code);
  const before = await overview(HOME_1A, cookie);
  await edge.settle();
  const after = await overview(HOME_1A, cookie);
  assert.equal(after.data.meters, before.data.meters);
  await stop();
  await start();
  const again = await overview(HOME_1A, cookie);
  assert.equal(
    again.data.meters.map(({ index }) => index),
    before.data.meters.map(({ index }) => index),
  );
});

test("what comes again is acknowledged and not kept twice, also after a start", async () => {
  for (let i = 0; i <= 60; i++) await publish(WATER_1A, i, NOW - (60 - i) * HOUR);
  await publish(WATER_1A, 61, NOW + 60_000);
  await edge.settle();
  await stop();
  const identities = await withDatabases(async (databases) => {
    const tele = await databases.open(databaseName.tele(TENANT, "202611"));
    const segments = await tele.list<SegmentDoc & Doc>({ from: "s:", to: "s:\uffff" });
    return segments.flatMap((segment) => unpackSegment(segment).map(({ identity }) => identity));
  });
  await start();
  assert.equal([identities.length, new Set(identities).size], [62, 62]);
});

test("one who moved out sees their own time and nothing after it, one who moved in nothing before", async () => {
  const movedMs = Date.parse(MOVED_AT);
  for (let i = 0; i < 48; i++) await publish(WATER_1A, 1000 + i, movedMs + (i - 24) * HOUR);
  const [former, present] = [await signIn(FORMER.code), await signIn(PRESENT.code)];
  assert.is(former.me.homes[0]?.to, "2026-11-10");
  const theirs = await overview(HOME_1A, former.cookie);
  const index = theirs.data.meters.find(({ kind }) => kind === "cold_water")?.index;
  assert.is(index?.n, litresAt(movedMs - HOUR));
  const meterId = theirs.data.meters.find(({ kind }) => kind === "cold_water")?.meter_id;
  const days = async (cookie: string) => {
    const answer = await ask(
      `/api/v1/me/homes/${HOME_1A}/meters/${meterId}/consumption?from=2026-11-09&to=2026-11-12&by=day`,
      {},
      cookie,
    );
    const { data } = (await answer.json()) as {
      data: { periods: { quality: string; n: number | null }[] };
    };
    return data.periods.map(({ quality, n }) => (quality === "outside" ? "outside" : n));
  };
  assert.equal(await days(former.cookie), [240, "outside", "outside"]);
  assert.equal((await days(present.cookie))[0], "outside");
});

test("a neighbour's home, a missing home and a foreign meter are alike not there", async () => {
  const { cookie } = await signIn(NEIGHBOUR.code);
  await publish(WATER_1B, 1, NOW);
  const own = await overview(HOME_1B, cookie);
  assert.is(own.status, 200);
  const period = "from=2026-11-01&to=2026-12-01&by=day";
  for (const path of [
    `/me/homes/${HOME_1A}/overview`,
    "/me/homes/u-9999999999999999/overview",
    `/me/homes/${HOME_1A}/meters/i-0000000000000001/consumption?${period}`,
    `/me/homes/${HOME_1B}/meters/i-0000000000000001/consumption?${period}`,
    `/me/homes/${HOME_1A}/live`,
  ])
    assert.is((await ask(`/api/v1${path}`, {}, cookie)).status, 404, path);
});

test("without a sign-in, with a garbled one and after signing out nothing is shown", async () => {
  const { cookie } = await signIn(NEIGHBOUR.code);
  const paths = [
    "/me",
    `/me/homes/${HOME_1B}/overview`,
    `/me/homes/${HOME_1B}/live`,
    `/me/homes/${HOME_1B}/meters/i-0000000000000002/consumption`,
  ];
  const statuses = async (value?: string) =>
    Promise.all(paths.map(async (path) => (await ask(`/api/v1${path}`, {}, value)).status));
  assert.equal(await statuses(), [401, 401, 401, 401]);
  assert.equal(await statuses("riser_signin=garbled"), [401, 401, 401, 401]);
  assert.is((await post("/api/v1/sign-out", {}, cookie)).status, 204);
  assert.equal(await statuses(cookie), [401, 401, 401, 401]);
});

test("a wrong code is refused, and guessing gets slow", async () => {
  const statuses: number[] = [];
  for (let i = 0; i < 7; i++)
    statuses.push((await post("/api/v1/sign-in", { code: "BBBB-0000-0000-0000" })).status);
  assert.equal(statuses, [401, 401, 401, 401, 401, 429, 429]);
  const slow = await post("/api/v1/sign-in", { code: PRESENT.code });
  assert.is(slow.status, 429);
  assert.ok(Number(slow.headers.get("retry-after")) >= 1);
});

test("the cookie cannot be read by a page and is not sent along by others", async () => {
  await stop();
  await start();
  const answer = await post("/api/v1/sign-in", { code: PRESENT.code });
  assert.match(answer.headers.get("set-cookie") ?? "", /HttpOnly/);
  assert.match(answer.headers.get("set-cookie") ?? "", /SameSite=Lax/);
});

test("a stranger's name that leads here, and a stranger's page, are refused", async () => {
  const { request } = await import("node:http");
  const status = (headers: Record<string, string>, method = "GET") =>
    new Promise<number>((resolve, reject) => {
      const asked = request(`${edge.url}/api/v1/sign-out`, { method, headers }, (answer) => {
        answer.resume();
        resolve(answer.statusCode ?? 0);
      });
      asked.on("error", reject).end();
    });
  assert.is(await status({ host: "evil.example" }, "POST"), 403);
  assert.is(await status({ origin: "http://evil.example" }, "POST"), 403);
  assert.is(await status({ host: "gateway.local" }, "POST"), 204);
});

test("a device nobody registered is kept as a stranger, told as a sighting, and kept for good once it is known", async () => {
  const stranger = "70b3d57ed00000ff";
  for (let i = 0; i < 3; i++) await publish(stranger, i, NOW - i * HOUR);
  assert.is(edge.metrics.refusedSoFar("device_unknown"), 3);
  await stop();
  await withDatabases(async (databases) => {
    const names = await databases.names();
    const own = await databases.open(names.find((name) => name.startsWith("g-")) as string);
    const [sighting] = await own.list({ from: "sighting:", to: "sighting:\uffff" });
    assert.equal(
      [sighting?.deviceId, (sighting?.guess as { model: string } | undefined)?.model],
      [stranger, "quandify/cubicmeter-1-1"],
    );
    const site = await databases.open(databaseName.site(TENANT, 1));
    const known = await site.get(`device:${WATER_1B}`);
    const { _rev, ...device } = known as Doc;
    await site.put({ ...device, _id: `device:${stranger}`, deviceId: stranger });
  });
  await start();
  const isTaken = async () => {
    const text = await edge.metrics.text();
    return (
      /riser_uplinks_total\{outcome="kept",via="strangers"\} 3/.test(text) &&
      /riser_strangers 0/.test(text)
    );
  };
  while (!(await isTaken())) await new Promise((resolve) => setImmediate(resolve));
});

test("an open page is told of a reading as it is kept", async () => {
  const { cookie } = await signIn(PRESENT.code);
  const ending = new AbortController();
  const answer = await ask(`/api/v1/me/homes/${HOME_1A}/live`, { signal: ending.signal }, cookie);
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  const until = async (pattern: RegExp) => {
    while (!pattern.test(text)) text += (await reader?.read())?.value ?? "";
  };
  await until(/event: freshness/);
  await publish(WATER_1A, 5000, clock.now());
  await until(/event: reading\ndata: \{"meterId":"i-0000000000000001"/);
  ending.abort();
});

test("health and metrics answer, and say nothing of devices or people", async () => {
  const health = (await (await ask("/health")).json()) as { status: string };
  assert.is(health.status, "ok");
  const text = await (await ask("/metrics")).text();
  assert.match(text, /riser_refused_total\{reason="device_unknown"\}/);
  assert.match(text, /^riser_hub_last_success_seconds Nan$/m);
  assert.match(text, /^riser_hub_waiting_bytes \d+$/m);
  assert.match(text, /^riser_sandbox\{what="calls"\} \d+$/m);
  assert.not.match(text, /70b3d57e|Ben|Cleo/);
});

test("a gateway whose port is taken leaves nothing running", async () => {
  const data = join(folder, "second");
  const env = { EDGE_DATA: data, UDP_PORT: "0", EDGE_PORT: String(edge.port) };
  const parts = { clock, random: randomBytes, log, pages: async () => new Hono(), version: "test" };
  const outcome = await startEdge(readConfig(env), parts).catch((error: unknown) => error);
  assert.match((outcome as Error).message, /EDGE_PORT/);
  // Its databases are closed: LevelDB's lock lets nobody else in before.
  const databases = await openLevelDatabases({ folder: join(data, "db") });
  await (await databases.open(databaseName.local)).info();
  await databases.close();
});

test("a program reads the building's meters on the gateway with a key made for it, and changes nothing", async () => {
  const ask = (path: string, key = keyText(KEY_ID, SECRET), method = "GET") =>
    fetch(`${edge.url}/api/v1${path}`, { method, headers: { "x-api-key": key } });
  const list = await ask("/devices?limit=10");
  assert.is(list.status, 200);
  const { data, total } = (await list.json()) as {
    data: { dev_eui: string; last_reading: { values: { register: string }[] } | null }[];
    total: number;
  };
  assert.ok(total >= 2);
  const meter = data.find((one) => one.dev_eui === WATER_1A);
  assert.ok(meter?.last_reading?.values.some(({ register }) => register === "8-0:1.0.0"));
  const one = await ask(`/devices/${WATER_1A.toUpperCase()}`);
  assert.is(((await one.json()) as { data: { dev_eui: string } }).data.dev_eui, WATER_1A);
  const readings = await ask(`/devices/${WATER_1A}/readings`);
  assert.ok(((await readings.json()) as { data: unknown[] }).data.length > 0);
  assert.is((await ask("/devices/ffffffffffffffff")).status, 404);
  assert.is((await ask("/devices?community=elsewhere")).status, 404);
  for (const wrong of [keyText(KEY_ID, "t".repeat(43)), "rsr_", "rubbish"])
    assert.is((await ask("/devices", wrong)).status, 401, wrong);
  assert.is((await fetch(`${edge.url}/api/v1/devices`)).status, 401);
  // What residents see is not opened by it.
  assert.is((await ask("/me")).status, 401);
  for (const method of ["POST", "PUT", "PATCH", "DELETE"])
    assert.is((await ask(`/devices/${WATER_1A}`, undefined, method)).status, 404, method);
});

test.run();
