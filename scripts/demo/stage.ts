/**
 * `stage`: hub, gateway and simulated building as three processes in one folder that share
 * nothing but sockets. The demo shows it, the end-to-end tests try it.
 *
 * What is made at the first start (building, keys, residents' codes, the broker's password) is kept in the folder, readable
 * by its owner only, and taken up again at the next.
 */
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Fault } from "#shared/model/fault.ts";
import type { Progress } from "#scripts/simulator/simulate-building.ts";
import { inventBuilding, type Building, type Stories } from "./building.ts";
import { freePort } from "./free-port.ts";
import { program, runCommand, type Program } from "./program.ts";

export interface StageOptions {
  readonly folder: string;
  /** Ports to try first; 0 for any. */
  readonly ports: {
    readonly hub: number;
    readonly gateway: number;
    readonly udp: number;
    readonly mqtt: number;
  };
  readonly homes: number;
  readonly historyDays: number;
  readonly liveEveryMs: number;
  /** Further settings of the programs. */
  readonly hubEnv?: Readonly<Record<string, string>>;
  readonly gatewayEnv?: Readonly<Record<string, string>>;
  readonly simulatorArgs?: readonly string[];
  readonly onProgress?: (progress: Progress) => void;
  readonly onUnexpectedEnd?: (fault: Fault) => void;
  /** Gives up starting; what runs already is stopped. */
  readonly signal?: AbortSignal;
}

export interface ResidentCode {
  readonly tenant_name: string;
  readonly unit: string;
  readonly resident: string;
  readonly ref: string;
  readonly code: string;
}

export interface Stage {
  readonly hub: Program;
  readonly gateway: Program;
  readonly simulator: Program;
  readonly hubUrl: string;
  readonly gatewayUrl: string;
  /** Ports that had to be others than wanted, in words. */
  readonly otherPorts: readonly string[];
  readonly building: Building;
  readonly stories: Stories;
  readonly codes: readonly ResidentCode[];
  readonly gatewayId: string;
  /** Where the simulator keeps its list of what was acknowledged. */
  readonly simulatorFolder: string;
  readonly hubFolder: string;
  readonly gatewayFolder: string;
  /** The one-time link for the first admin; undefined when there is one already. */
  readonly setupLink: string | undefined;
  /** Resolves when the program answers. @throws Fault "unavailable" after 60 s or when it ends */
  isUp(which: Program): Promise<void>;
  /** All of them, in the order in which nothing is cut off. Names those that had to be killed. */
  stop(): Promise<string[]>;
}

const UP_WITHIN_MS = 60_000;
const ASK_EACH_MS = 100;

/** Everything is up when it resolves, and the simulator has begun. */
export async function openStage(options: StageOptions): Promise<Stage> {
  const { folder } = options;
  const at = (...path: string[]) => join(folder, ...path);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const building = await kept(at("building.json"), () =>
    inventBuilding({
      ...options,
      seed: "riverside",
      nowMs: Date.now(),
      randomHex: (bytes) => randomBytes(bytes).toString("hex"),
    }),
  );
  await writeOwn(at("load.json"), building.load);
  await writeOwn(at("plan.json"), building.plan);

  const [hubPort, gatewayPort, udpPort, mqttPort] = [
    await freePort("tcp", options.ports.hub),
    await freePort("tcp", options.ports.gateway),
    await freePort("udp", options.ports.udp),
    await freePort("tcp", options.ports.mqtt),
  ];
  const otherPorts = [
    ["the hub", options.ports.hub, hubPort] as const,
    ["the gateway's pages", options.ports.gateway, gatewayPort] as const,
    ["antennas (UDP)", options.ports.udp, udpPort] as const,
    ["MQTT", options.ports.mqtt, mqttPort] as const,
  ].flatMap(([what, wanted, given]) =>
    wanted === 0 || wanted === given
      ? []
      : [`Port ${wanted} for ${what} is taken; it is ${given} now.`],
  );
  const hubUrl = `http://127.0.0.1:${hubPort}`;
  const gatewayUrl = `http://127.0.0.1:${gatewayPort}`;
  const hubEnv = {
    HUB_DATA: at("hub"),
    HUB_HOST: "127.0.0.1",
    HUB_PORT: String(hubPort),
    HUB_URL: hubUrl,
    ...options.hubEnv,
  };
  const gatewayEnv = {
    EDGE_DATA: at("gateway"),
    EDGE_HOST: "127.0.0.1",
    EDGE_PORT: String(gatewayPort),
    HUB_URL: hubUrl,
    UDP_HOST: "127.0.0.1",
    UDP_PORT: String(udpPort),
    MQTT_HOST: "127.0.0.1",
    MQTT_PORT: String(mqttPort),
    MQTT_USERS_FILE: at("mqtt-users"),
    MQTT_URL: "",
    ...options.gatewayEnv,
  };
  const log = (name: string) => at("logs", `${name}.log`);
  const command = { logFile: log("commands") };
  const ending = options.onUnexpectedEnd ? { onUnexpectedEnd: options.onUnexpectedEnd } : {};
  let setupLink: string | undefined;
  const hub = program({
    name: "the hub",
    file: "cloud/main.ts",
    args: ["serve"],
    env: hubEnv,
    logFile: log("hub"),
    // Told once and kept out of the log: who has the link can make the first sign-in.
    onLine: (line) => (setupLink = /https?:\/\/\S+\/setup\S*/.exec(line)?.[0] ?? setupLink),
    ...ending,
  });
  const gateway = program({
    name: "the gateway",
    file: "edge/main.ts",
    args: [],
    env: gatewayEnv,
    logFile: log("gateway"),
    ...ending,
  });

  const isUp = async (which: Program): Promise<void> => {
    const url = which === hub ? hubUrl : gatewayUrl;
    await until(which, options.signal, async () => (await health(url)) !== undefined);
  };

  const onHub = (...args: string[]) =>
    runCommand("cloud/main.ts", args, { env: hubEnv, ...command });
  const onGateway = (...args: string[]) =>
    runCommand("edge/main.ts", args, { env: gatewayEnv, ...command });

  hub.start();
  try {
    const password = kept(at("mqtt-password.json"), async () =>
      (await onGateway("mqtt-user", "simulator")).trim(),
    );
    const identity = kept(
      at("gateway.json"),
      async () => JSON.parse(await onGateway("identity")) as { gatewayId: string },
    );
    await Promise.all([isUp(hub), password, identity]);
    const codes = await kept(at("codes.json"), async () => {
      const told = JSON.parse(await onHub("load", at("load.json"), "--json")) as {
        codes: ResidentCode[];
      };
      await onHub(
        "enrol",
        at("gateway.json"),
        "--community",
        building.stories.tenantName,
        "--name",
        "Basement",
      );
      return told.codes;
    });
    gateway.start();
    // Before it knows the community, every meter would be a stranger to it.
    await until(gateway, options.signal, async () => {
      const { sites } = ((await health(gatewayUrl)) ?? {}) as { sites?: Record<string, unknown> };
      return sites?.[building.stories.tenantName] !== undefined;
    });
    const simulator = program({
      name: "the simulated building",
      file: "scripts/simulate.ts",
      args: [
        ["--plan", at("plan.json")],
        ["--state", at("simulator")],
        ["--udp", `127.0.0.1:${udpPort}`],
        ["--mqtt", `mqtt://simulator:${await password}@127.0.0.1:${mqttPort}`],
        options.simulatorArgs ?? [],
      ].flat(),
      env: {},
      logFile: log("simulator"),
      onLine: (line) => {
        const { progress } = JSON.parse(line) as { progress?: Progress };
        if (progress) options.onProgress?.(progress);
      },
      ...ending,
    });
    simulator.start();
    return {
      hub,
      gateway,
      simulator,
      hubUrl,
      gatewayUrl,
      otherPorts,
      building,
      stories: building.stories,
      codes,
      gatewayId: (await identity).gatewayId,
      simulatorFolder: at("simulator"),
      hubFolder: at("hub"),
      gatewayFolder: at("gateway"),
      get setupLink() {
        return setupLink;
      },
      isUp,
      stop: () => stopAll([simulator, gateway, hub]),
    };
  } catch (error) {
    await stopAll([gateway, hub]);
    throw error;
  }
}

async function stopAll(programs: readonly Program[]): Promise<string[]> {
  const killed: string[] = [];
  for (const one of programs) if (!(await one.stop())) killed.push(one.name);
  return killed;
}

/** What a program says of itself, or undefined when it does not answer. */
export async function health(url: string): Promise<Record<string, unknown> | undefined> {
  try {
    const answer = await fetch(`${url}/health`, { signal: AbortSignal.timeout(2_000) });
    return answer.ok ? ((await answer.json()) as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

async function until(
  which: Program,
  signal: AbortSignal | undefined,
  isSo: () => Promise<boolean>,
): Promise<void> {
  const endMs = Date.now() + UP_WITHIN_MS;
  while (!(await isSo())) {
    if (signal?.aborted) throw new Fault("unavailable", "stopped while starting");
    if (!which.isRunning || Date.now() > endMs)
      throw new Fault(
        "unavailable",
        `${which.name} did not come up. Its log ends with:\n${which.lastWords()}`,
      );
    await new Promise((resolve) => setTimeout(resolve, ASK_EACH_MS));
  }
}

/** The JSON in a file; made and written when there is none. */
async function kept<T>(file: string, make: () => T | Promise<T>): Promise<T> {
  if (existsSync(file)) return JSON.parse(await readFile(file, "utf8")) as T;
  const made = await make();
  await writeOwn(file, made);
  return made;
}

/** Whole or not at all, and for its owner only. */
async function writeOwn(file: string, value: unknown): Promise<void> {
  await writeFile(`${file}.new`, `${JSON.stringify(value, null, 1)}\n`, { mode: 0o600 });
  await rename(`${file}.new`, file);
}
