/**
 * `world`: a hub and its gateways in one process, with a line between each of them and the hub that
 * can be made bad, and a time that can be made to jump. What gateways were told by their meters is
 * written down, and compared with what is on the hub in the end.
 */
import { randomBytes } from "node:crypto";
import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Hono } from "hono";
import mqtt from "mqtt";
import { makeClaimCode } from "#cloud/hub/claim-code-command.ts";
import { load } from "#cloud/hub/load/load.ts";
import { readConfig as readHubConfig } from "#cloud/config.ts";
import { startHub, type RunningHub } from "#cloud/cloud.ts";
import { readConfig as readEdgeConfig } from "#edge/config.ts";
import { startEdge, type Edge } from "#edge/edge.ts";
import type { Statement } from "#shared/auth/hub-statement.ts";
import { hashSecret } from "#shared/auth/secret-hash.ts";
import type { Doc } from "#shared/couch/database.ts";
import { devEui } from "#cloud/hub-stand.ts";
import type { TenantName } from "#shared/model/ids.ts";
import type { SegmentDoc } from "#shared/model/segment.ts";
import { unpackSegment } from "#shared/series/segment.ts";
import { badLine, type BadLine } from "./bad-line.ts";
import { jumpingClock, type JumpingClock } from "./jumping-clock.ts";

export const PASSWORD = "only for this broker";

export interface Machine {
  readonly name: string;
  readonly folder: string;
  readonly line: BadLine;
  edge: Edge;
  /** What the hub said when it withdrew it. */
  withdrawn: Statement | undefined;
  /** One reading of a device, acknowledged when it resolves. */
  hear(device: number): Promise<void>;
  /** The same of another community's device. */
  hearOf(tenant: TenantName, device: number): Promise<void>;
  stop(): Promise<void>;
  start(): Promise<void>;
}

export interface World {
  readonly clock: JumpingClock;
  readonly tenant: TenantName;
  hub: RunningHub;
  readonly hubFolder: string;
  readonly logged: string[];
  machine(
    name: string,
    options?: { readonly folder?: string; readonly claim?: boolean; readonly replaces?: string },
  ): Promise<Machine>;
  /** Has a machine claimed, with a code that was made for it. */
  claim(machine: Machine, replaces?: string): Promise<void>;
  stopHub(): Promise<void>;
  startHub(): Promise<void>;
  /** Acknowledged by a gateway, as `{device}/{counter}`. */
  readonly heard: Set<string>;
  /** When and by whom each was heard, for a message. */
  readonly notes: ReadonlyMap<string, string>;
  /** What the hub has: how often each. */
  onHub(tenant?: TenantName): Promise<Map<string, number>>;
  /** In which segments these lie, for a message. */
  whereIs(keys: readonly string[]): Promise<Record<string, string[]>>;
  /** Resolves when `isSo`, in real time. */
  until(
    what: string | (() => string),
    isSo: () => boolean | Promise<boolean>,
    withinMs?: number,
  ): Promise<void>;
  /** Copies a folder, as a backup or a disk image does. */
  copy(from: string, to: string): Promise<void>;
  /** A folder of this world's. */
  place(name: string): string;
  close(): Promise<void>;
}

export async function openWorld(options: {
  readonly startMs: number;
  readonly devices: number;
  readonly chance: () => number;
  readonly couchdbUrl?: string | undefined;
  readonly sealOnlineMs?: number;
}): Promise<World> {
  const { devices, chance, couchdbUrl, sealOnlineMs = 200 } = options;
  const folder = await mkdtemp(join(tmpdir(), "riser-year-"));
  const clock = jumpingClock(options.startMs);
  const tenant = `year-${randomBytes(4).toString("hex")}` as TenantName;
  const logged: string[] = [];
  const log = (level: string) => (about: object, message: string) => {
    const { error, ...rest } = about as { error?: Error };
    logged.push(
      `${new Date(clock.now()).toISOString()} ${level} ${message} ${JSON.stringify(rest)} ${error?.stack ?? ""}`,
    );
  };
  const logs = { info: log("info"), warn: log("warn"), error: log("error") };
  const pages = async () => new Hono().get("/", (c) => c.text("pages"));
  const hubFolder = join(folder, "hub");
  const hubConfig = (port: number) =>
    readHubConfig({
      HUB_DATA: hubFolder,
      HUB_JOURNAL: join(folder, "journal"),
      HUB_PORT: String(port),
      COUCHDB_URL: couchdbUrl,
    });
  const hubWorld = { clock, random: randomBytes, log: logs, pages };
  const heard = new Set<string>();
  const notes = new Map<string, string>();
  const machines: Machine[] = [];
  const users = join(folder, "users");
  await writeFile(users, `server:${await hashSecret(PASSWORD)}\n`);

  const world: World = {
    clock,
    tenant,
    hubFolder,
    logged,
    heard,
    notes,
    hub: await startHub(hubConfig(0), hubWorld),
    place: (name) => join(folder, name),
    claim: (machine, replaces) => claimIt(machine, replaces),
    async stopHub() {
      await world.hub.stop();
    },
    async startHub() {
      world.hub = await startHub(hubConfig(world.hub.port), hubWorld);
    },
    async machine(name, { folder: own = join(folder, name), claim = true, replaces } = {}) {
      const number = machines.length + 1;
      const line = await badLine(() => world.hub.port, chance);
      let publisher: mqtt.MqttClient | undefined;
      const counters = new Map<string, number>();
      const machine: Machine = {
        name,
        folder: own,
        line,
        withdrawn: undefined,
        edge: undefined as unknown as Edge,
        async start() {
          await mkdir(own, { recursive: true });
          const config = readEdgeConfig({
            EDGE_DATA: own,
            EDGE_PORT: "0",
            UDP_PORT: "off",
            COMMIT_WINDOW_MS: "1",
            MQTT_PORT: "0",
            MQTT_USERS_FILE: users,
            SEAL_ONLINE_MS: String(sealOnlineMs),
            SEAL_OFFLINE_MS: "30000",
          });
          machine.edge = await startEdge(config, {
            clock,
            elapsedMs: clock.now,
            random: randomBytes,
            log: logs,
            pages,
            version: "test",
            onWithdrawn: (statement) => (machine.withdrawn = statement),
          });
          publisher = await mqtt.connectAsync(`mqtt://127.0.0.1:${machine.edge.mqttPort}`, {
            username: "server",
            password: PASSWORD,
          });
        },
        async stop() {
          await publisher?.endAsync();
          await machine.edge.stop();
        },
        hear: (device) => machine.hearOf(tenant, device),
        async hearOf(whose, device) {
          const eui = devEui(whose, device);
          const fCnt = (counters.get(eui) ?? 0) + 1;
          counters.set(eui, fCnt);
          const bytes = Buffer.from([0x03, 0x67, (fCnt >> 8) & 1, fCnt & 0xff]);
          const body = {
            time: new Date(clock.now()).toISOString(),
            deviceInfo: { devEui: eui },
            devAddr: `0018${number.toString(16).padStart(2, "0")}${device.toString(16).padStart(2, "0")}`,
            fCnt,
            fPort: 85,
            data: bytes.toString("base64"),
          };
          await publisher?.publishAsync(
            `application/1/device/${eui}/event/up`,
            JSON.stringify(body),
            { qos: 1 },
          );
          notes.set(`${eui}/${body.devAddr}/${fCnt}`, `${body.time} by ${name}`);
          heard.add(`${eui}/${body.devAddr}/${fCnt}`);
        },
      };
      await machine.start();
      machines.push(machine);
      if (claim) await claimIt(machine, replaces);
      return machine;
    },
    async onHub(whose = tenant) {
      const found = new Map<string, number>();
      for (const database of await world.hub.hub.months.tele(whose))
        for (let from = "s:"; ;) {
          const page = await database.list<SegmentDoc & Doc>({ from, to: "s:\uffff", limit: 200 });
          for (const segment of page)
            for (const { deviceId, session, fCnt } of unpackSegment(segment)) {
              const key = `${deviceId}/${(session ?? "").slice(0, 8)}/${fCnt}`;
              found.set(key, (found.get(key) ?? 0) + 1);
            }
          const last = page.at(-1);
          if (!last || page.length < 200) break;
          from = `${last._id}\u0000`;
        }
      return found;
    },
    async whereIs(keys) {
      const found: Record<string, string[]> = {};
      for (const database of await world.hub.hub.months.tele(tenant))
        for (const segment of await database.list<SegmentDoc & Doc>({ from: "s:", to: "s:\uffff" }))
          for (const { deviceId, session, fCnt, heardAt } of unpackSegment(segment)) {
            const key = `${deviceId}/${(session ?? "").slice(0, 8)}/${fCnt}`;
            if (keys.includes(key))
              (found[key] ??= []).push(
                `${database.name} ${segment._id} ${new Date(heardAt).toISOString()} ${session} ${JSON.stringify(segment.inbox)}`,
              );
          }
      return found;
    },
    async until(what, isSo, withinMs = 30_000) {
      for (const endMs = Date.now() + withinMs; !(await isSo());) {
        if (Date.now() > endMs)
          throw new Error(
            `in vain: ${typeof what === "string" ? what : what()}\n${logged.slice(-30).join("\n")}`,
          );
        await new Promise((resolve) => setTimeout(resolve, 30));
      }
    },
    copy: (from, to) => cp(from, to, { recursive: true }),
    async close() {
      for (const machine of machines) {
        await machine.stop().catch(() => {});
        await machine.line.stop();
      }
      const names = couchdbUrl === undefined ? [] : await world.hub.hub.databases.names();
      for (const name of names)
        if (name.startsWith(`t-${tenant}-`)) await world.hub.hub.databases.destroy(name);
      await world.hub.stop();
      await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    },
  };

  /** As an installer does it: on the setup page, with the device's code and the operator's. */
  async function claimIt({ edge, line }: Machine, replaces: string | undefined): Promise<void> {
    const { code } = await makeClaimCode(world.hub.hub, {
      communities: replaces === undefined ? [tenant] : [],
      replaces,
    });
    const post = (path: string, body: unknown, cookie = "") =>
      fetch(`${edge.url}/api/v1/setup/${path}`, {
        method: "POST",
        headers: { "content-type": "application/json", cookie },
        body: JSON.stringify(body),
      });
    const opened = await post("sign-in", { code: edge.setupCode.shown });
    const cookie = (opened.headers.get("set-cookie") ?? "").split(";")[0];
    const claimed = await post("claim", { hub: line.url, code }, cookie);
    if (claimed.status !== 200) throw new Error(await claimed.text());
  }

  await load(world.hub.hub, {
    organization: { name: "Acme" },
    communities: [
      {
        name: "Riverside",
        tenant_name: tenant,
        zone: "Europe/Madrid",
        language: "en",
        units: [{ name: "1A", tenancies: [] }],
        devices: Array.from({ length: devices }, (_, n) => ({
          dev_eui: devEui(tenant, n),
          name: `Room ${n}`,
          model: "milesight/em300-th",
          kind: "temperature",
          expected_interval_s: 3600,
          installations: [{ unit: "1A", from: "2025-01-01T00:00:00Z" }],
        })),
      },
    ],
  });
  return world;
}
