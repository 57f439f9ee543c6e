import { randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Hono } from "hono";
import mqtt from "mqtt";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { startHub } from "#cloud/cloud.ts";
import { readConfig as readHubConfig } from "#cloud/config.ts";
import { devEui, loadExample, PASSWORD } from "#cloud/hub-stand.ts";
import { enrol } from "#cloud/hub/enrol.ts";
import { load } from "#cloud/hub/load/load.ts";
import { makeSetupLink } from "#cloud/hub/setup.ts";
import { readConfig } from "#edge/config.ts";
import { startEdge } from "#edge/edge.ts";
import { identityIn } from "#edge/sync/identity.ts";
import { hashSecret } from "#shared/auth/secret-hash.ts";
import { systemClock } from "#shared/model/clock.ts";

export const timeoutMs = 60_000;
const log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const pages = async () => new Hono();
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const HOUR = 3_600_000;

/** A meter of some small maker, as its maker describes it: litres in four bytes, volts × 10. */
const source = `function decodeUplink(input) {
  if (input.bytes.length !== 5) return { errors: ["not a frame of this meter"] };
  var b = input.bytes;
  return { data: {
    cumulativeFlow: ((b[0] << 24) | (b[1] << 16) | (b[2] << 8) | b[3]) >>> 0,
    battery: b[4] / 10
  } };
}`;
const hangs = `function decodeUplink() {
  Array.prototype.indexOf.call({ length: Math.pow(2, 53) - 1 }, 1);
  return { data: { cumulativeFlow: 1 } };
}`;
const frame = (litres: number) => {
  const bytes = Buffer.alloc(5);
  bytes.writeUInt32BE(litres);
  bytes[4] = 36;
  return bytes;
};

async function openTown() {
  const folder = await mkdtemp(join(tmpdir(), "riser-decoder-"));
  const tenant = `deco-${randomBytes(4).toString("hex")}`;
  const hub = await startHub(readHubConfig({ HUB_DATA: join(folder, "hub"), HUB_PORT: "0" }), {
    clock: systemClock,
    random: randomBytes,
    log,
    pages,
  });
  const file = loadExample(tenant);
  const [device] = file.communities[0]!.devices;
  Object.assign(device!, { model: "own/small-maker", home_gateway: undefined });
  await load(hub.hub, file);
  await writeFile(join(folder, "users"), `server:${await hashSecret("only here")}\n`);
  // Enrolled before its first start, as from a list: it is let in at once.
  const identity = await identityIn(join(folder, "edge"));
  await enrol(hub.hub, identity.public, { communities: [tenant] });
  const edge = await startEdge(
    readConfig({
      EDGE_DATA: join(folder, "edge"),
      EDGE_PORT: "0",
      MQTT_PORT: "0",
      MQTT_USERS_FILE: join(folder, "users"),
      HUB_URL: hub.url,
      COMMIT_WINDOW_MS: "5",
      SEAL_ONLINE_MS: "200",
      SYNC_POLL_MS: "200",
    }),
    { clock: systemClock, random: randomBytes, log, pages, version: "test" },
  );
  const link = await makeSetupLink(hub.hub, { add: true, organization: undefined });
  const setup = await fetch(`${hub.url}/api/v1/setup`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      token: link.split("=")[1],
      organization: "Acme",
      email: "olga@example.org",
      firstName: "Olga",
      lastName: "Operator",
      password: PASSWORD,
    }),
  });
  const cookie = setup.headers.getSetCookie()[0]!.split(";")[0]!;
  const sites = async () =>
    ((await (await fetch(`${edge.url}/health`)).json()) as { sites: object }).sites;
  while (!Object.hasOwn(await sites(), tenant)) await sleep(20);
  const publisher = await mqtt.connectAsync(`mqtt://127.0.0.1:${edge.mqttPort}`, {
    username: "server",
    password: "only here",
  });
  // oxlint-disable-next-line typescript/no-explicit-any
  const ask = async (method: string, path: string, body?: unknown): Promise<any> => {
    const answer = await fetch(`${hub.url}/api/v1${path}`, {
      method,
      headers: { cookie, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return text === "" ? undefined : JSON.parse(text);
  };
  return {
    hub,
    edge,
    ask,
    meter: devEui(tenant, 1),
    neighbour: devEui(tenant, 2),
    /** Resolves when the broker says "received": the uplink is durable then. */
    hear: (eui: string, fCnt: number, bytes: Uint8Array, time = Date.now(), fPort = 7) =>
      publisher.publishAsync(
        `application/1/device/${eui}/event/up`,
        JSON.stringify({
          time: new Date(time).toISOString(),
          deviceInfo: { devEui: eui },
          devAddr: "00189440",
          fCnt,
          fPort,
          data: Buffer.from(bytes).toString("base64"),
        }),
        { qos: 1 },
      ),
    async soon<T>(what: string, isSo: () => Promise<T | false | undefined>): Promise<T> {
      const endMs = Date.now() + 20_000;
      for (;;) {
        // Sealed at once, not when a segment is worth its bytes.
        await edge.settle();
        const found = await isSo();
        if (found !== false && found !== undefined) return found;
        if (Date.now() > endMs) throw new Error(`${what}: not in time`);
        await sleep(50);
      }
    },
    async end() {
      await publisher.endAsync();
      await edge.stop();
      await hub.stop();
      await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

test("a decoder pasted on the hub decodes the next frame in the building, and the undecoded ones before it", async () => {
  const town = await openTown();
  const { ask, meter, hear, soon } = town;
  try {
    const start = Date.now() - 3 * HOUR;
    await hear(meter, 1, frame(1000), start);
    await hear(meter, 2, frame(1010), start + HOUR);
    const waiting = await soon("the undecoded on the hub", async () => {
      const { data, total } = await ask("GET", "/undecoded");
      return total === 2 && data;
    });
    assert.equal(
      waiting.map((row: { hex: string; reason: string }) => [row.hex, row.reason]),
      [
        ["000003f224", "no decoder is known for own/small-maker"],
        ["000003e824", "no decoder is known for own/small-maker"],
      ],
      "newest first, with the bytes and the reason",
    );

    // A person pastes the maker's code, tries it with what was heard, and takes the mapping proposed.
    const samples = waiting
      .toReversed()
      .map(({ hex, fPort }: { hex: string; fPort: number }) => ({ hex, fPort }));
    const { data: trial } = await ask("POST", "/decoders/trial", { source, samples });
    assert.equal(trial.functions, ["decodeUplink"]);
    assert.equal(
      trial.proposal.fields.map(({ path, certainty }: { path: string; certainty: string }) => [
        path,
        certainty,
      ]),
      [
        ["cumulativeFlow", "known"],
        ["battery", "known"],
      ],
    );
    await ask("POST", "/decoders", {
      slug: "small-maker",
      title: "A small maker's meter",
      source,
      mapping: trial.proposal.mapping,
      examples: samples,
    });

    const mended = await soon("both old frames as readings on the hub", async () => {
      const { data } = await ask("GET", `/devices/${meter}?include=telemetry`);
      return data.readings.length === 2 && data;
    });
    assert.equal(
      mended.readings.map(({ at, values }: { at: string; values: { n: number }[] }) => [
        at,
        values[0]?.n,
      ]),
      [
        [new Date(start + HOUR).toISOString(), 1010],
        [new Date(start).toISOString(), 1000],
      ],
      "at the times they were sent",
    );
    assert.is((await ask("GET", "/undecoded")).total, 0, "they vanish from the list");

    // In the building: the next frame is decoded by the gateway itself, before any hub has seen it.
    const missed = async () =>
      /riser_refused_total\{reason="decoder_missing"\} (\d+)/.exec(
        await (await fetch(`${town.edge.url}/metrics`)).text(),
      )?.[1];
    let sent = 2;
    await soon("a frame that the gateway decodes", async () => {
      const before = await missed();
      await hear(meter, ++sent, frame(1020 + sent));
      return (await missed()) === before;
    });
    const newest = await soon("that frame on the hub", async () => {
      const [uplink] = (await ask("GET", `/devices/${meter}?include=telemetry`)).data.uplinks;
      return uplink.fCnt === sent && uplink;
    });
    assert.is(newest.undecoded, null, "as the gateway wrote it down");
    assert.is(newest.values[0]?.n, 1020 + sent);
    const index = await soon("its index", async () => {
      const { data } = await ask("GET", `/devices/${meter}?include=telemetry`);
      return data.lastReading?.values[0]?.n === 1020 + sent && data.lastReading.values[0];
    });
    assert.is(index.register, "8-0:1.0.0");
  } finally {
    await town.end();
  }
});

test("a decoder that hangs holds up no acknowledgement and no neighbour, and is mended by its next version", async () => {
  const town = await openTown();
  const { ask, meter, neighbour, hear, soon } = town;
  try {
    const mapping = {
      fields: [{ path: "cumulativeFlow", register: "8-0:1.0.0", unit: "m3", scale: -3 }],
    };
    const draft = { title: "A small maker's meter", mapping, examples: [] };
    await ask("POST", "/decoders", { ...draft, slug: "small-maker", source: hangs });
    await soon("the decoder at the gateway", async () => {
      await hear(neighbour, 1, Buffer.from("03672c00046817", "hex"));
      const text = await (await fetch(`${town.edge.url}/health`)).text();
      return text.includes('"isReached":true') || undefined;
    });
    const beganMs = Date.now();
    await hear(meter, 1, frame(500));
    await hear(neighbour, 2, Buffer.from("03672d00046817", "hex"));
    assert.ok(Date.now() - beganMs < 3_000, `both were acknowledged in ${Date.now() - beganMs} ms`);
    await soon("the neighbour's reading", async () => {
      const { data } = await ask("GET", `/devices/${neighbour}?include=telemetry`);
      return data.readings.length > 0;
    });
    await ask("PUT", "/decoders/small-maker", { ...draft, source });
    const read = await soon("the frame, read by the mended version", async () => {
      const { data } = await ask("GET", `/devices/${meter}?include=telemetry`);
      return data.readings.length === 1 && data.readings[0].values[0];
    });
    assert.is(read.n, 500);
    assert.is((await ask("GET", "/undecoded")).total, 0);
  } finally {
    await town.end();
  }
});

test.run();
