/**
 * `hub-stand`: a whole hub in this process with a clock that tests steer, with operators,
 * communities and gateways to try it with. Only tests use it.
 */
import { createHash, generateKeyPairSync, randomBytes, type KeyObject } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Hono } from "hono";
import { pino } from "pino";
import { gatewayIdOf } from "#shared/auth/gateway-id.ts";
import { signAssertion } from "#shared/auth/gateway-token.ts";
import { openHttpDatabases } from "#shared/couch/http.ts";
import { GatewayIdentity } from "#shared/model/gateway-identity.ts";
import type { GatewayId } from "#shared/model/ids.ts";
import { steerableClock, type SteerableClock } from "#shared/testing/steerable-clock.ts";
import { startHub, type RunningHub } from "./cloud.ts";
import { readConfig, type Config } from "./config.ts";
import { enrol } from "./hub/enrol.ts";
import { makeSetupLink } from "./hub/setup.ts";

export const PASSWORD = "violet harbour 19";

/** What tests look into without saying its shape first: a wrong guess is a failed test. */
// oxlint-disable-next-line typescript/no-explicit-any
export type Loose = any;

export interface TestGateway {
  readonly identity: GatewayIdentity;
  readonly id: GatewayId;
  readonly signing: KeyObject;
  readonly encryption: KeyObject;
}

export interface Stand {
  hub: RunningHub;
  readonly config: Config;
  readonly clock: SteerableClock;
  /** Everything that was logged. */
  readonly logged: string[];
  /** A `tenant_name` nobody else has, also where tests share a CouchDB. */
  tenant(name: string): string;
  /** A request to the hub; `cookie` is what a browser would bring. */
  ask(method: string, path: string, options?: Asked): Promise<Answer>;
  /** A new operator of an organization; the cookie they are signed in with. */
  operator(email: string, organization?: string): Promise<string>;
  gateway(): Promise<TestGateway>;
  enrolled(...tenants: string[]): Promise<TestGateway>;
  assertion(gateway: TestGateway, audience?: string): Promise<string>;
  /** An access token, asked for like a gateway does. */
  token(gateway: TestGateway): Promise<string>;
  /** Stops the hub and starts it again on the same folder, after `meanwhile`. */
  restart(meanwhile?: () => Promise<void>): Promise<void>;
  close(): Promise<void>;
}

export interface Asked {
  readonly body?: unknown;
  readonly cookie?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  /** The body as JSON; undefined when it is none. */
  readonly json: Loose;
  /** The sign-in's cookie when one was set. */
  readonly cookie: string | undefined;
}

/** @param couchdbUrl with a server administrator's name and password; undefined for the embedded engine */
export async function openStand(
  couchdbUrl?: string,
  settings: Readonly<Record<string, string>> = {},
  pages: () => Promise<Hono> = async () => new Hono().get("/", (c) => c.text("a page")),
): Promise<Stand> {
  const run = randomBytes(4).toString("hex");
  const folder = await mkdtemp(join(tmpdir(), "riser-hub-"));
  const config = readConfig({
    HUB_DATA: join(folder, "hub"),
    HUB_PORT: "0",
    HUB_NAMES: "hub.example.org",
    // The stand's clock stands still: nobody waits for company.
    HUB_COMMIT_MS: "0",
    COUCHDB_URL: couchdbUrl,
    ...settings,
  });
  if (couchdbUrl !== undefined) await cleanCouch(couchdbUrl);
  const clock = steerableClock(Date.now());
  const logged: string[] = [];
  const log = pino(
    { level: "debug", errorKey: "error" },
    { write: (line: string) => void logged.push(line) },
  );
  const world = { clock, random: randomBytes, log, pages };

  const stand: Stand = {
    hub: await startHub(config, world),
    config,
    clock,
    logged,
    tenant: (name) => `${name}-${run}`,
    ask: (method, path, options) => ask(stand.hub.port, method, path, options),
    async operator(email, organization) {
      const link = await makeSetupLink(stand.hub.hub, { add: true, organization });
      const answer = await stand.ask("POST", "/api/v1/setup", {
        body: {
          token: link.split("=")[1],
          organization: organization ?? "Acme",
          email,
          first_name: "Olga",
          last_name: "Operator",
          password: PASSWORD,
        },
      });
      if (answer.cookie === undefined) throw new Error(answer.text);
      return answer.cookie;
    },
    gateway: newGateway,
    async enrolled(...tenants) {
      const gateway = await newGateway();
      await enrol(stand.hub.hub, gateway.identity, { communities: tenants });
      return gateway;
    },
    assertion: (gateway, audience = stand.hub.url) =>
      signAssertion({ key: gateway.signing, gatewayId: gateway.id, audience, nowMs: clock.now() }),
    async token(gateway) {
      const body = { assertion: await stand.assertion(gateway) };
      const answer = await stand.ask("POST", "/api/v1/gateways/token", { body });
      if (answer.status !== 200) throw new Error(answer.text);
      return answer.json.data.access_token as string;
    },
    async restart(meanwhile) {
      await stand.hub.stop();
      await meanwhile?.();
      stand.hub = await startHub(config, world);
    },
    async close() {
      await stand.hub.stop();
      if (couchdbUrl !== undefined) await cleanCouch(couchdbUrl);
      await rm(folder, { recursive: true, force: true });
    },
  };
  return stand;
}

/** Destroys what a hub keeps on a CouchDB; other databases are left alone. */
async function cleanCouch(url: string): Promise<void> {
  const databases = openHttpDatabases({ url, timeoutMs: 30_000 });
  for (const name of await databases.names())
    if (
      /^(riser|roll|o-[0-9a-z]{16}|t-.*-[0-9a-f]{8}-(tele|events|site)-[0-9]+|g-gw-[0-9a-f]{16})$/.test(
        name,
      )
    )
      await databases.destroy(name);
  await databases.close();
}

async function newGateway(): Promise<TestGateway> {
  const signing = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const encryption = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const shown = signing.publicKey.export({ format: "jwk" });
  const identity = GatewayIdentity.parse({
    gatewayId: await gatewayIdOf(shown),
    signing: shown,
    encryption: encryption.publicKey.export({ format: "jwk" }),
  });
  return {
    identity,
    id: identity.gatewayId,
    signing: signing.privateKey,
    encryption: encryption.privateKey,
  };
}

/** Plain `node:http`, because `fetch` lets nobody choose a Host header. */
function ask(port: number, method: string, path: string, options: Asked = {}): Promise<Answer> {
  const { body, cookie, headers = {} } = options;
  const text =
    body === undefined ? undefined : typeof body === "string" ? body : JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        port,
        host: "127.0.0.1",
        method,
        path,
        headers: {
          ...(text === undefined
            ? {}
            : { "content-type": "application/json", "content-length": Buffer.byteLength(text) }),
          ...(cookie === undefined ? {} : { cookie }),
          ...headers,
        },
      },
      (incoming) => {
        const chunks: Buffer[] = [];
        const isStream = incoming.headers["content-type"]?.startsWith("text/event-stream") ?? false;
        const end = () => {
          const said = Buffer.concat(chunks).toString("utf8");
          const set = incoming.headers["set-cookie"]?.find((one) =>
            one.startsWith("riser_signin="),
          );
          resolve({
            status: incoming.statusCode ?? 0,
            headers: incoming.headers,
            text: said,
            json: jsonOf(said),
            cookie: set?.split(";")[0],
          });
        };
        incoming.on("error", reject);
        incoming.on("data", (chunk: Buffer) => {
          chunks.push(chunk);
          // An event stream does not end: its first words are the answer.
          if (!isStream) return;
          end();
          incoming.removeAllListeners("error");
          incoming.on("error", () => {});
          outgoing.destroy();
        });
        incoming.on("end", end);
      },
    );
    outgoing.on("error", reject);
    outgoing.end(text);
  });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A community of two homes as a file to load, with a couple, a move and a key. */
export function loadExample(tenant: string, more: Record<string, unknown> = {}) {
  const device = (n: number) => devEui(tenant, n);
  return {
    organization: { name: "Acme" },
    communities: [
      {
        name: "Riverside",
        tenant_name: tenant,
        zone: "Europe/Madrid",
        language: "es",
        buildings: [{ name: "North" }],
        residents: [
          {
            ref: "ana",
            first_name: "Ana",
            last_name: "Quintanilla",
            email: "ana.q@example.org",
            language: "es",
          },
          {
            ref: "ben",
            first_name: "Ben",
            last_name: "Fitzwilliam",
            email: "ben.f@example.org",
            language: "en",
          },
          { ref: "cleo", first_name: "Cleo", last_name: "Vandermeer", language: "de" },
        ],
        units: [
          {
            name: "1A",
            building: "North",
            tenancies: [
              {
                resident: "ana",
                from: "2025-01-01T00:00:00+01:00",
                to: "2026-03-01T00:00:00+01:00",
              },
              { resident: "ben", from: "2026-03-01T00:00:00+01:00" },
              { resident: "cleo", from: "2026-03-01T00:00:00+01:00" },
            ],
          },
          { name: "1B", tenancies: [] },
        ],
        devices: [
          {
            dev_eui: device(1).toUpperCase(),
            name: "Cold water 1A",
            model: "quandify/cubicmeter-1-1",
            kind: "cold_water",
            serial: "SN-0001",
            join_eui: "0000000000000001",
            app_key: APP_KEY,
            expected_interval_s: 3600,
            home_gateway: true,
            installations: [
              { unit: "1A", from: "2025-01-01T00:00:00+01:00", start_index: "12.340" },
            ],
          },
          {
            dev_eui: device(2),
            name: "Room 1B",
            model: "milesight/em300-th",
            kind: "temperature",
            expected_interval_s: 600,
            installations: [{ unit: "1B", from: "2025-01-01T00:00:00Z" }],
          },
        ],
        ...more,
      },
    ],
  };
}

export const APP_KEY = "a0b1c2d3e4f5a0b1c2d3e4f5a0b1c2d3";

/** A DevEUI of a community's own. */
export function devEui(tenant: string, n: number): string {
  const own = createHash("sha256").update(tenant).digest("hex").slice(0, 8);
  return `${own}${n.toString(16).padStart(8, "0")}`;
}
