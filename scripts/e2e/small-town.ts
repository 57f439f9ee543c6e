/**
 * `small-town`: a hub and one gateway in this process, with a real broker between the meters and it,
 * and an operator signed in. For end-to-end tests that need no other processes.
 */
import { randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Hono } from "hono";
import mqtt from "mqtt";
import { startHub } from "#cloud/cloud.ts";
import { readConfig as readHubConfig } from "#cloud/config.ts";
import { devEui, loadExample, PASSWORD } from "#cloud/hub-stand.ts";
import { enrol } from "#cloud/hub/enrol.ts";
import { load } from "#cloud/hub/load/load.ts";
import { makeSetupLink } from "#cloud/hub/setup.ts";
import { readConfig } from "#edge/config.ts";
import { startEdge } from "#edge/edge.ts";
import { badLine } from "#scripts/year/bad-line.ts";
import { identityIn } from "#edge/sync/identity.ts";
import type { Statement } from "#shared/auth/hub-statement.ts";
import { hashSecret } from "#shared/auth/secret-hash.ts";
import { systemClock } from "#shared/model/clock.ts";

const log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const pages = async () => new Hono();
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** @param changed what the first meter is, otherwise than in the example */
export async function openTown(
  changed: Record<string, unknown> = {},
  edgePages: () => Promise<Hono> = pages,
) {
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
  Object.assign(device!, { home_gateway: undefined, ...changed });
  const { codes } = await load(hub.hub, file);
  await writeFile(join(folder, "users"), `server:${await hashSecret("only here")}\n`);
  // Enrolled before its first start, as from a list: it is let in at once.
  const identity = await identityIn(join(folder, "edge"));
  await enrol(hub.hub, identity.public, { communities: [tenant] });
  const line = await badLine(() => hub.port, Math.random);
  let tellWithdrawn: (statement: Statement) => void = () => {};
  const withdrawn = new Promise<Statement>((resolve) => (tellWithdrawn = resolve));
  const edge = await startEdge(
    readConfig({
      EDGE_DATA: join(folder, "edge"),
      EDGE_PORT: "0",
      UDP_PORT: "0",
      MQTT_PORT: "0",
      MQTT_USERS_FILE: join(folder, "users"),
      HUB_URL: line.url,
      COMMIT_WINDOW_MS: "5",
      SEAL_ONLINE_MS: "200",
      SYNC_POLL_MS: "200",
    }),
    {
      clock: systemClock,
      random: randomBytes,
      log,
      pages: edgePages,
      version: "test",
      onWithdrawn: tellWithdrawn,
    },
  );
  const link = await makeSetupLink(hub.hub, { add: true, organization: undefined });
  const setup = await fetch(`${hub.url}/api/v1/setup`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      token: link.split("=")[1],
      organization: "Acme",
      email: "olga@example.org",
      first_name: "Olga",
      last_name: "Operator",
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
    folder,
    hub,
    edge,
    /** The hub's word that the gateway is let in no more, when it has come. */
    withdrawn,
    /** Between the gateway and the hub. */
    line,
    /** Residents' access codes. */
    codes,
    ask,
    tenant,
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
      await line.stop();
      await hub.stop();
      await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}
