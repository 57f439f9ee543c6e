/**
 * Bench `api`: how quickly the hub answers an operator with 200 communities, 40,000 devices and 20,000
 * people, on the embedded engine and, with `COUCHDB_URL`, on a real CouchDB.
 *
 * The hub runs as it does in a machine room: a process of its own, asked over loopback. Lists, filters
 * and searches are asked one after the other, as somebody at a page does, at rest and right after
 * something changed; each time is from the request to the last byte of the answer, so the server's own
 * is below it. A device is read with an API key over several connections, and the processor time the
 * hub's process took for it tells what one core does.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { Agent, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runCommand } from "#cloud/commands.ts";
import { readConfig } from "#cloud/config.ts";
import { load } from "#cloud/hub/load/load.ts";
import { openFolder } from "#cloud/open-hub.ts";
import type { Hub } from "#cloud/hub/hub.ts";
import { freePort } from "#scripts/demo/free-port.ts";
import { systemClock } from "#shared/model/clock.ts";
import {
  newId,
  type CommunityId,
  type MembershipId,
  type OrganizationId,
  type PersonId,
  type ResidentId,
  type TenancyId,
} from "#shared/model/ids.ts";
import { systemScope } from "#shared/model/scope.ts";
import type { UploadRow } from "#shared/api/uploads.ts";
import type { Report } from "./report.ts";

const COMMUNITIES = 200;
const DEVICES_EACH = 200;
const HOMES_EACH = 100;
const PER_FILE = 50;
const ROUNDS = 60;
const TARGET_MS = 50;
const TARGET_READS = 1_000;
const READ_MS = 8_000;
const UPLOADED = 10_000;
const TARGET_UPLOAD_S = 60;
const CONNECTIONS = 8;
const PASSWORD = "only for this bench 1";
const MAIN = fileURLToPath(new URL("../../cloud/main.ts", import.meta.url));
const scope = systemScope("bench");
const world = { clock: systemClock, random: randomBytes };

export async function bench(report: Report): Promise<void> {
  await measure("embedded", undefined, report);
  const couchdbUrl = process.env.COUCHDB_URL;
  if (couchdbUrl) await measure("CouchDB", couchdbUrl, report);
  else console.error("NOT TRIED: CouchDB (COUCHDB_URL is not set)");
}

async function measure(label: string, couchdbUrl: string | undefined, report: Report) {
  const run = randomBytes(3).toString("hex");
  const folder = await mkdtemp(join(tmpdir(), "riser-bench-api-"));
  const port = await freePort("tcp", 0);
  const environment = {
    HUB_DATA: join(folder, "hub"),
    HUB_PORT: String(port),
    HUB_LOG: "warn",
    // Also empty: the hub's own process would take over what this one was told.
    COUCHDB_URL: couchdbUrl ?? "",
  };
  let child: ChildProcess | undefined;
  try {
    const filled = await fill(environment, run, `Bench ${run}`);
    child = spawn(process.execPath, ["--import", import.meta.resolve("tsx"), MAIN], {
      env: { ...process.env, ...environment },
      stdio: ["ignore", 2, 2],
    });
    const hub = await visitor(port);
    let link = "";
    const words = ["setup-link", "--add", "--organization", `Bench ${run}`];
    await runCommand(readConfig(environment), world, words, (text) => (link = text));
    await hub.signIn(link.split("=")[1]?.trim() ?? "", `Bench ${run}`);
    await settled(child.pid as number);
    await lists(label, hub, filled, report);
    await reads(label, hub, filled, child.pid as number, report);
    await uploads(label, hub, run, report);
  } finally {
    if (child !== undefined && child.exitCode === null) {
      child.kill("SIGTERM");
      await once(child, "exit");
    }
    if (couchdbUrl !== undefined) await clearAway(environment, run);
    await rm(folder, { recursive: true, force: true });
  }
}

/** A CouchDB is there after this bench: hundreds of communities that nobody needs would slow down the next one. */
async function clearAway(environment: Record<string, string>, run: string): Promise<void> {
  const { engine, hub } = await openFolder(readConfig(environment), world);
  try {
    for (const name of await hub.databases.names())
      if (name.startsWith(`t-bench-${run}-`)) await hub.databases.destroy(name);
  } finally {
    await engine.close();
  }
}

interface Filled {
  readonly tenant: string;
  readonly devEui: (community: number, n: number) => string;
}

/** Loads the communities with their homes and devices from files, then the people, through the hub's stores. */
async function fill(
  environment: Record<string, string>,
  run: string,
  organization: string,
): Promise<Filled> {
  const devEui = (community: number, n: number) =>
    `70b3d5${run}${community.toString(16).padStart(2, "0")}${n.toString(16).padStart(2, "0")}`;
  const tenantOf = (community: number) => `bench-${run}-${community}`;
  const { engine, hub } = await openFolder(readConfig(environment), world);
  try {
    for (let from = 0; from < COMMUNITIES; from += PER_FILE) {
      const communities = Array.from({ length: PER_FILE }, (_, i) =>
        communityFile(from + i, tenantOf(from + i), devEui),
      );
      const file = { organization: { name: organization }, communities };
      await load(hub, file, { newOrganization: true });
      console.error(`${from + PER_FILE} communities are filled`);
    }
    const mine = (await hub.registry.organizations()).find(({ name }) => name === organization);
    if (mine === undefined) throw new Error("the organization is not there");
    await settle(hub, mine.organizationId, run);
    return { tenant: tenantOf(0), devEui };
  } finally {
    await engine.close();
  }
}

function communityFile(n: number, tenant: string, devEui: Filled["devEui"]) {
  const kinds = ["cold_water", "hot_water"] as const;
  return {
    name: `Community ${n} ${["Riverside", "Lindenhof", "Alameda", "Belvédère"][n % 4]}`,
    tenant_name: tenant,
    zone: "Europe/Madrid",
    language: "en",
    buildings: [{ name: "North" }, { name: "South" }],
    units: Array.from({ length: HOMES_EACH }, (_, i) => ({
      name: `${Math.floor(i / 4) + 1}${"ABCD"[i % 4]}`,
      building: i % 2 === 0 ? "North" : "South",
      tenancies: [],
    })),
    devices: Array.from({ length: DEVICES_EACH }, (_, i) => ({
      dev_eui: devEui(n, i),
      name: `Water ${i}`,
      model: "axioma/qalcosonic-w1",
      kind: kinds[i % 2],
      serial: `SN-${n}-${i}`,
      expected_interval_s: 3600,
      installations: [
        {
          unit: `${Math.floor((i >> 1) / 4) + 1}${"ABCD"[(i >> 1) % 4]}`,
          from: "2026-01-01T00:00:00+01:00",
        },
      ],
    })),
  };
}

const FIRST = ["Ana", "Ben", "Cleo", "Dario", "Elif", "Farid", "Greta", "Hugo", "Inés", "Jonas"];
const LAST = [
  "Alder",
  "Birch",
  "Cedar",
  "Dogwood",
  "Elm",
  "Fir",
  "Ginkgo",
  "Hazel",
  "Ivy",
  "Juniper",
];

/** A resident for each home, with a person, a phone number and a tenancy. */
async function settle(hub: Hub, organizationId: OrganizationId, run: string): Promise<void> {
  let n = 0;
  const createdAt = new Date(hub.clock.now()).toISOString();
  for (const { communityId } of await hub.communities.list(scope)) {
    const units = (await hub.units.units.list(scope, communityId)).filter(
      ({ tenancies }) => tenancies.length === 0,
    );
    const living = units.map((unit) => {
      const number = n++;
      return {
        unit,
        number,
        ...peopleOf(hub, { organizationId, communityId, createdAt, number, run }),
      };
    });
    await hub.people.addAll(
      scope,
      living.map(({ person }) => person),
    );
    await hub.residents.save(
      scope,
      organizationId,
      living.map(({ resident }) => resident),
    );
    await hub.units.units.save(
      scope,
      organizationId,
      living.map(({ unit, resident }) => ({
        ...unit,
        tenancies: [
          {
            tenancyId: newId<TenancyId>("t", hub.random),
            residentId: resident.residentId,
            from: "2026-01-01T00:00:00.000Z",
          },
        ],
      })),
    );
  }
}

function peopleOf(
  hub: Hub,
  of: {
    organizationId: OrganizationId;
    communityId: CommunityId;
    createdAt: string;
    number: number;
    run: string;
  },
) {
  const { organizationId, communityId, createdAt, number, run } = of;
  const personId = newId<PersonId>("p", hub.random);
  const residentId = newId<ResidentId>("r", hub.random);
  const person = {
    _id: `person:${personId}`,
    type: "person" as const,
    v: 1 as const,
    personId,
    email: `resident.${number}@${run}.example.org`,
    firstName: FIRST[number % 10] as string,
    lastName: `${LAST[Math.floor(number / 10) % 10]}-${number}`,
    phone: `+34 6${String(number).padStart(8, "0")}`,
    language: "es" as const,
    memberships: [
      {
        membershipId: newId<MembershipId>("m", hub.random),
        organizationId,
        role: "resident" as const,
        on: { kind: "community" as const, communityId },
        residentId,
        createdAt,
      },
    ],
    isDisabled: false,
    createdAt,
  };
  const resident = {
    _id: `resident:${residentId}`,
    type: "resident" as const,
    v: 1 as const,
    communityId,
    residentId,
    ref: `n${number}`,
    personId,
  };
  return { person, resident };
}

/** Everything an operator asks for from a page, with the most its answer may take. */
async function lists(label: string, hub: Visitor, filled: Filled, report: Report): Promise<void> {
  const asked: Record<string, (n: number) => string> = {
    communities: (n) => `/customers?limit=50&offset=${(n * 50) % COMMUNITIES}`,
    "communities found as one types": () => "/customers?q=linden",
    "units of a community": () => `/units?community=${filled.tenant}&limit=100`,
    "units of all": (n) => `/units?limit=100&offset=${n * 300}`,
    devices: (n) => `/devices?limit=100&offset=${n * 600}`,
    "devices of a community": () => `/devices?community=${filled.tenant}&limit=100`,
    "devices never heard": () => "/devices?status=never&limit=100",
    "a device found by its serial": (n) => `/devices?q=SN-${n}-${n}`,
    "a device found by its DevEUI": (n) => `/devices?q=${filled.devEui(n, n)}`,
    people: (n) => `/people?limit=100&offset=${n * 300}`,
    "people of a role": () => "/people?role=resident&limit=100",
    "a person found by name": (n) => `/people?q=greta elm-${n}`,
    "a person found by phone number": (n) => `/people?q=6000${String(n).padStart(5, "0")}`,
    "the overview": () => "/overview",
  };
  for (const [name, path] of Object.entries(asked)) {
    const times: number[] = [];
    for (let n = 0; n < ROUNDS; n++) times.push(await hub.timed(path(n)));
    p95(report, `${label}: ${name}`, times);
  }
  for (const name of ["communities", "devices", "people", "a person found by phone number"]) {
    const times: number[] = [];
    for (let n = 0; n < ROUNDS; n++) {
      await hub.change(`/devices/${filled.devEui(n % COMMUNITIES, 0)}`, { notes: `seen ${n}` });
      times.push(await hub.timed((asked[name] as (n: number) => string)(n)));
    }
    p95(report, `${label}: ${name}, just after a device changed`, times);
  }
}

function p95(report: Report, name: string, times: readonly number[]): void {
  const sorted = times.toSorted((a, b) => a - b);
  const value = Math.round((sorted[Math.ceil(sorted.length * 0.95) - 1] as number) * 10) / 10;
  report({
    bench: "api",
    case: `${name}, p95`,
    value,
    unit: "ms",
    target: TARGET_MS,
    met: value <= TARGET_MS,
  });
}

async function reads(
  label: string,
  hub: Visitor,
  filled: Filled,
  pid: number,
  report: Report,
): Promise<void> {
  const key = await hub.key();
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const endMs = performance.now() + READ_MS;
  const [cpuMs, startMs] = [processorMs(pid), performance.now()];
  let done = 0;
  const work = async (from: number) => {
    for (let n = from; performance.now() < endMs; n++) {
      await hub.withKey(key, `/devices/${filled.devEui(n % COMMUNITIES, n % DEVICES_EACH)}`, agent);
      done++;
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, (_, i) => work(i * 25)));
  agent.destroy();
  const seconds = (performance.now() - startMs) / 1000;
  const cpuSeconds = (processorMs(pid) - cpuMs) / 1000;
  const perCore = Math.round(done / cpuSeconds);
  report({
    bench: "api",
    case: `${label}: a device read with a key, over the wall clock`,
    value: Math.round(done / seconds),
    unit: "requests/s",
  });
  report({
    bench: "api",
    case: `${label}: a device read with a key, per second of the hub's processor time`,
    value: perCore,
    unit: "requests/s",
    target: TARGET_READS,
    met: perCore >= TARGET_READS,
  });
}

/** Resolves when the process has come to rest after its start: in two seconds hardly anything done. */
async function settled(pid: number): Promise<void> {
  for (let before = processorMs(pid); ;) {
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    const now = processorMs(pid);
    if (now - before < 100) return;
    before = now;
  }
}

/** User and system time of a process, ms (proc(5): fields 14 and 15, in ticks of 10 ms). */
function processorMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** A file of 10,000 devices beside the 40,000: into one community, with its homes, asked how far it is meanwhile. */
async function uploads(label: string, hub: Visitor, run: string, report: Report): Promise<void> {
  const community = `bench-${run}-0`;
  const rows = Array.from({ length: UPLOADED }, (_, i) =>
    [
      `70b3d6${run}${i.toString(16).padStart(4, "0")}`,
      `Uploaded ${i}`,
      "quandify/cubicmeter-1-1",
      community,
      "West",
      `W${Math.floor(i / 4)}`,
    ].join(";"),
  );
  const csv = `dev_eui;device_name;device_type;community;building;unit\n${rows.join("\n")}\n`;
  const startedMs = performance.now();
  let told = await hub.upload(`/uploads/devices?file_name=bench.csv`, csv);
  const steps = new Set([told.seen]);
  while (told.state === "running") {
    await new Promise((resolve) => setTimeout(resolve, 250));
    told = await hub.uploaded(told.id);
    steps.add(told.seen);
  }
  const seconds = (performance.now() - startedMs) / 1000;
  if (told.created !== UPLOADED) throw new Error(`the upload: ${JSON.stringify(told)}`);
  const row = (name: string, value: number, unit: string, target?: number) =>
    report({
      bench: "api",
      case: `${label}: ${name}`,
      value: Math.round(value * 10) / 10,
      unit,
      ...(target === undefined ? {} : { target, met: value <= target }),
    });
  row("a CSV of 10,000 devices", seconds, "s", TARGET_UPLOAD_S);
  row("steps of its progress that were shown", steps.size, "steps");
}

interface Visitor {
  signIn(token: string, organization: string): Promise<void>;
  /** How long the answer takes, ms. @throws when it is not 200 */
  timed(path: string): Promise<number>;
  change(path: string, body: unknown): Promise<void>;
  key(): Promise<string>;
  upload(path: string, csv: string): Promise<UploadRow>;
  uploaded(id: string): Promise<UploadRow>;
  withKey(key: string, path: string, agent: Agent): Promise<void>;
}

async function visitor(port: number): Promise<Visitor> {
  const own = new Agent({ keepAlive: true, maxSockets: 1 });
  let cookie = "";
  const ask = (
    method: string,
    path: string,
    {
      body,
      headers = {},
      agent = own,
      text,
    }: { body?: unknown; text?: string; headers?: Record<string, string>; agent?: Agent } = {},
  ) =>
    new Promise<{ status: number; text: string; cookies: readonly string[] }>((resolve, reject) => {
      const sent = request(
        {
          host: "127.0.0.1",
          port,
          method,
          path: encodeURI(`/api/v1${path}`),
          agent,
          headers: {
            ...(cookie === "" ? {} : { cookie }),
            ...(body === undefined ? {} : { "content-type": "application/json" }),
            ...headers,
          },
        },
        (answer) => {
          const parts: Buffer[] = [];
          answer.on("data", (part: Buffer) => parts.push(part));
          answer.on("end", () =>
            resolve({
              status: answer.statusCode ?? 0,
              text: Buffer.concat(parts).toString(),
              cookies: answer.headers["set-cookie"] ?? [],
            }),
          );
        },
      );
      sent.on("error", reject);
      sent.end(text ?? (body === undefined ? undefined : JSON.stringify(body)));
    });
  const well = async (...asked: Parameters<typeof ask>) => {
    const answer = await ask(...asked);
    if (answer.status >= 300)
      throw new Error(`${asked[0]} ${asked[1]}: ${answer.status} ${answer.text}`);
    return answer;
  };
  // The process needs its time to start.
  for (let tries = 0; ; tries++)
    try {
      await ask("GET", "/me");
      break;
    } catch (error) {
      if (tries > 600) throw error;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  const rowIn = ({ text }: { text: string }) => (JSON.parse(text) as { data: UploadRow }).data;
  return {
    async upload(path, text) {
      return rowIn(await well("POST", path, { text, headers: { "content-type": "text/csv" } }));
    },
    async uploaded(id) {
      return rowIn(await well("GET", `/uploads/${id}`));
    },
    async signIn(token, organization) {
      const { cookies } = await well("POST", "/setup", {
        body: {
          token,
          organization,
          email: `operator@${token
            .slice(0, 8)
            .toLowerCase()
            .replaceAll(/[^a-z0-9]/g, "x")}.example.org`,
          first_name: "Olga",
          last_name: "Operator",
          password: PASSWORD,
        },
      });
      cookie = (cookies[0] ?? "").split(";")[0] as string;
    },
    async timed(path) {
      const startMs = performance.now();
      await well("GET", path);
      return performance.now() - startMs;
    },
    async change(path, body) {
      await well("PATCH", path, { body });
    },
    async key() {
      const { text } = await well("POST", "/keys", { body: { name: "bench", scopes: ["read"] } });
      return (JSON.parse(text) as { data: { key: string } }).data.key;
    },
    async withKey(key, path, agent) {
      await well("GET", path, { headers: { cookie: "", "x-api-key": key }, agent });
    },
  };
}
