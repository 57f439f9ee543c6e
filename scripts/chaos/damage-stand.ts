/**
 * `damage-stand`: a gateway's folder with something in each of its databases (segments, an inbox with what
 * is sealed and what is not, strangers, events, a rollup), as it lies there when the power goes; made
 * once and copied for each damage.
 */
import { randomBytes } from "node:crypto";
import { cp, mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Hono } from "hono";
import mqtt from "mqtt";
import { readConfig } from "#edge/config.ts";
import { startEdge, type Edge } from "#edge/edge.ts";
import { hashSecret } from "#shared/auth/secret-hash.ts";
import { openLevelDatabases } from "#shared/couch/leveldb.ts";
import { systemClock } from "#shared/model/clock.ts";
import { databaseName } from "#shared/model/database-names.ts";
import { siteExample, TENANT, WATER_1A } from "#shared/testing/site-example.ts";
import { METERS, uplink, uplinkKey } from "./power-cut-traffic.ts";

const PASSWORD = "only for this broker";
const SEALED = 400;
const UNSEALED = 80;
/** Uplinks of a device that nobody has. */
export const STRANGERS = 30;

export interface Stand {
  /** Databases of the template that hold something, by name. */
  readonly names: readonly string[];
  /** Keys of all uplinks that were acknowledged and are of known devices. */
  readonly acknowledged: ReadonlySet<string>;
  /** Who may publish to its broker, as `server` with the password. */
  readonly usersFile: string;
  readonly password: string;
  /** A copy of the folder. */
  copy(to: string): Promise<string>;
  start(folder: string): Promise<Edge>;
  /** Sends uplinks of known devices and waits for their acknowledgement; resolves with their keys. */
  say(edge: Edge, count: number): Promise<string[]>;
}

/** @param settings of the gateway, beside what it needs */
export async function damageStand(
  root: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<Stand> {
  const usersFile = join(root, "users");
  await mkdir(root, { recursive: true });
  await writeFile(usersFile, `server:${await hashSecret(PASSWORD)}\n`);
  const acknowledged = new Set<string>();
  let said = 0;
  const start = (folder: string) => {
    const env = {
      EDGE_DATA: folder,
      EDGE_PORT: "0",
      UDP_PORT: "off",
      COMMIT_WINDOW_MS: "1",
      MQTT_PORT: "0",
      MQTT_USERS_FILE: usersFile,
      ...settings,
    };
    return startEdge(readConfig(env), {
      clock: systemClock,
      random: randomBytes,
      log: { info: () => undefined, warn: () => undefined, error: () => undefined },
      pages: async () => new Hono(),
      version: "damage",
    });
  };
  const publish = async (edge: Edge, messages: readonly { topic: string; body: string }[]) => {
    const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${edge.mqttPort}`, {
      username: "server",
      password: PASSWORD,
    });
    await Promise.all(
      messages.map(({ topic, body }) => client.publishAsync(topic, body, { qos: 1 })),
    );
    await client.endAsync();
  };
  const say = async (edge: Edge, count: number) => {
    const messages = Array.from({ length: count }, () => uplink(said++));
    await publish(edge, messages);
    return messages.map(({ key }) => key);
  };
  const stranger = (n: number) => ({
    topic: "application/1/device/70b3d57ed0ffffff/event/up",
    body: JSON.stringify({
      deviceInfo: { devEui: "70b3d57ed0ffffff" },
      devAddr: "00189441",
      fCnt: n,
      fPort: 1,
      data: Buffer.from([n]).toString("base64"),
    }),
  });
  /** Kept raw and told in the ledger, so that there is an event. */
  const undecodable = (n: number) => {
    const devEui = METERS[0] as string;
    const payload = Buffer.from([0xff, n]);
    acknowledged.add(uplinkKey(devEui, 60_000 + n, payload));
    return {
      topic: `application/1/device/${devEui}/event/up`,
      body: JSON.stringify({
        deviceInfo: { devEui },
        devAddr: "00189440",
        fCnt: 60_000 + n,
        fPort: 1,
        data: payload.toString("base64"),
      }),
    };
  };

  const folder = join(root, "template");
  await seedSite(join(folder, "db"));
  // Three lives, so that all have tables and a log.
  for (let life = 0; life < 3; life++) {
    const edge = await start(folder);
    for (const key of await say(edge, SEALED / 4)) acknowledged.add(key);
    await publish(
      edge,
      Array.from({ length: STRANGERS / 3 }, (_, i) => stranger((life * STRANGERS) / 3 + i)),
    );
    await publish(edge, [undecodable(life)]);
    await edge.events.append(TENANT, "ledger", `life:${life}`, {
      at: new Date().toISOString(),
      lines: [{ reason: "frame_crc", deviceId: null, count: 1, fromMs: null, toMs: null }],
    });
    await edge.settle();
    await edge.stop();
  }
  const edge = await start(folder);
  for (const key of await say(edge, SEALED / 4)) acknowledged.add(key);
  await edge.settle();
  for (const key of await say(edge, UNSEALED)) acknowledged.add(key);
  const quiet = join(root, "quiet");
  await cp(folder, quiet, { recursive: true });
  await edge.stop();
  await rm(folder, { recursive: true });
  const names = (await readdir(join(quiet, "db"))).filter((name) => !name.startsWith("."));
  return {
    names,
    acknowledged,
    usersFile,
    password: PASSWORD,
    start,
    say,
    async copy(to) {
      await rm(to, { recursive: true, force: true });
      await cp(quiet, to, { recursive: true });
      return to;
    },
  };
}

/** The homes of the example, and the meters of the traffic. */
async function seedSite(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (let life = 0; life < 2; life++) {
    const databases = await openLevelDatabases({ folder });
    const site = await databases.open(databaseName.site(TENANT, 1));
    const docs = await siteExample();
    const meter = docs.find(({ _id }) => _id === `device:${WATER_1A}`);
    if (life === 0)
      await site.bulk([
        ...docs,
        ...METERS.map((deviceId) => ({ ...meter, _id: `device:${deviceId}`, deviceId })),
      ]);
    await databases.close();
  }
}
