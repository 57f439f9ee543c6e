/**
 * `doctor`: looks a hub over and says in words what is not as it should be, and what to do. It
 * changes nothing, and never tells a secret.
 */
import { stat, statfs } from "node:fs/promises";
import { createConnection } from "node:net";
import { resolve, sep } from "node:path";
import { databaseName } from "#shared/model/database-names.ts";
import { systemScope } from "#shared/model/scope.ts";
import type { Config } from "#cloud/config.ts";
import type { Hub } from "./hub.ts";

export interface Finding {
  readonly is: "ok" | "warn" | "bad";
  readonly what: string;
  readonly says: string;
  /** What to do; absent when all is well. */
  readonly todo?: string;
}

const scope = systemScope("doctor");
const GB = 1e9;
const LITTLE_BYTES = 2 * GB;
const TOO_LITTLE_BYTES = 0.3 * GB;
/** Before this program was written no clock can be right. */
const EARLIEST_MS = Date.UTC(2026, 0);
const AWAY_MS = 24 * 3_600_000;
const PATIENCE_MS = 5_000;

export type DoctorConfig = Pick<
  Config,
  "dataFolder" | "journalFolder" | "couchdbUrl" | "url" | "host" | "smtp"
>;

export async function doctor(hub: Hub, config: DoctorConfig): Promise<Finding[]> {
  const checks: (() => Promise<Finding[]>)[] = [
    () => clockOf(hub),
    () => folderOf(config),
    () => journalOf(hub, config),
    () => databasesOf(hub, config),
    () => addressOf(config),
    () => mailOf(hub, config),
    () => providersOf(hub),
    () => peopleOf(hub),
    () => gatewaysOf(hub),
  ];
  const found: Finding[] = [];
  for (const check of checks)
    try {
      found.push(...(await check()));
    } catch (error) {
      found.push({
        is: "bad",
        what: "check",
        says: `a check failed: ${error instanceof Error ? error.message : String(error)}`,
        todo: "look at the hub's log",
      });
    }
  return found;
}

async function clockOf({ clock }: Hub): Promise<Finding[]> {
  const now = new Date(clock.now()).toISOString();
  if (clock.now() < EARLIEST_MS)
    return [
      { is: "bad", what: "clock", says: `it is ${now} here`, todo: "set the clock; use NTP" },
    ];
  return [{ is: "ok", what: "clock", says: now }];
}

async function folderOf({ dataFolder }: DoctorConfig): Promise<Finding[]> {
  const found: Finding[] = [];
  const secrets = await stat(resolve(dataFolder, "secrets"));
  const isOpen = (secrets.mode & 0o077) !== 0;
  found.push(
    isOpen
      ? {
          is: "bad",
          what: "secrets",
          says: "others on this machine may read the hub's keys",
          todo: `chmod 700 ${resolve(dataFolder, "secrets")}`,
        }
      : { is: "ok", what: "secrets", says: "readable by their owner alone" },
  );
  const { bavail, bsize } = await statfs(dataFolder);
  const free = bavail * bsize;
  const says = `${(free / GB).toFixed(1)} GB free at ${resolve(dataFolder)}`;
  found.push(
    free < TOO_LITTLE_BYTES
      ? { is: "bad", what: "disk", says, todo: "make room: the hub stops writing soon" }
      : free < LITTLE_BYTES
        ? { is: "warn", what: "disk", says, todo: "make room" }
        : { is: "ok", what: "disk", says },
  );
  return found;
}

async function journalOf(
  hub: Hub,
  { dataFolder, journalFolder }: DoctorConfig,
): Promise<Finding[]> {
  await hub.journal.refresh();
  const place = resolve(journalFolder ?? resolve(dataFolder, "journal"));
  const isInside = place.startsWith(resolve(dataFolder) + sep);
  return [
    isInside
      ? {
          is: "warn",
          what: "deny journal",
          says: `it lies in HUB_DATA (${place}): one disk lost is both lost`,
          todo: "set HUB_JOURNAL to another disk, and back it up on its own",
        }
      : { is: "ok", what: "deny journal", says: `apart from the databases, at ${place}` },
  ];
}

async function databasesOf(hub: Hub, { couchdbUrl }: DoctorConfig): Promise<Finding[]> {
  const kind = couchdbUrl === undefined ? "the hub's own" : "CouchDB";
  const names = await hub.databases.names();
  const broken: string[] = [];
  for (const name of names)
    try {
      if (name === databaseName.roll) {
        await (await hub.databases.openShelf(name)).ids({ limit: 1 });
        continue;
      }
      const database = await hub.databases.openExisting(name);
      await database?.info();
      await database?.close();
    } catch {
      broken.push(name);
    }
  if (broken.length > 0)
    return [
      {
        is: "bad",
        what: "databases",
        says: `${broken.length} of ${names.length} cannot be opened: ${broken.slice(0, 5).join(", ")}`,
        todo: "restore the backup; gateways bring again what they still have",
      },
    ];
  return [{ is: "ok", what: "databases", says: `${names.length} of them open (${kind})` }];
}

async function addressOf({ url, host }: DoctorConfig): Promise<Finding[]> {
  if (url === undefined)
    return [
      {
        is: host === "127.0.0.1" || host === "::1" ? "warn" : "ok",
        what: "address",
        says: `people and gateways reach it at ${host} only`,
        todo: "set HUB_URL to the address others use, such as https://hub.example.org",
      },
    ];
  return [
    url.startsWith("https:")
      ? { is: "ok", what: "address", says: url }
      : {
          is: "warn",
          what: "address",
          says: `${url} is not encrypted`,
          todo: "put a proxy with a certificate before the hub",
        },
  ];
}

async function mailOf(hub: Hub, { smtp }: DoctorConfig): Promise<Finding[]> {
  const found: Finding[] = [];
  const reach = async (what: string, hostname: string, port: number) => {
    const why = await reaches(hostname, port);
    found.push(
      why === undefined
        ? { is: "ok", what, says: `${hostname}:${port} answers` }
        : {
            is: "bad",
            what,
            says: `${hostname}:${port}: ${why}`,
            todo: "look at the mail settings",
          },
    );
  };
  if (smtp) {
    const { hostname, port, protocol } = new URL(smtp.address);
    await reach("mail of the hub", hostname, Number(port) || (protocol === "smtps:" ? 465 : 587));
  }
  let isSet = smtp !== undefined;
  for (const { organizationId, name } of await hub.registry.organizations()) {
    const server = await hub.mailSettings.find(organizationId);
    if (!server) continue;
    isSet = true;
    await reach(`mail of ${name}`, server.host, server.port);
  }
  if (!isSet)
    found.push({
      is: "warn",
      what: "mail",
      says: "no mail server is set: invitations and new passwords go by link or letter only",
      todo: "set HUB_SMTP, or the organization's own on the page",
    });
  return found;
}

/** Undefined when something listens there; else why not. */
function reaches(host: string, port: number): Promise<string | undefined> {
  return new Promise((done) => {
    const socket = createConnection({ host, port, timeout: PATIENCE_MS });
    const end = (why: string | undefined) => {
      socket.destroy();
      done(why);
    };
    socket.once("connect", () => end(undefined));
    socket.once("timeout", () => end("no answer"));
    socket.once("error", (error: NodeJS.ErrnoException) => end(error.code ?? error.message));
  });
}

async function providersOf(hub: Hub): Promise<Finding[]> {
  const found: Finding[] = [];
  for (const { organizationId, name } of await hub.registry.organizations())
    for (const { issuer } of await hub.providers.list(organizationId)) {
      const address = `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`;
      const answer = await fetch(address, { signal: AbortSignal.timeout(PATIENCE_MS) }).catch(
        () => undefined,
      );
      await answer?.body?.cancel();
      found.push(
        answer?.ok === true
          ? { is: "ok", what: `sign-in of ${name}`, says: `${issuer} answers` }
          : {
              is: "bad",
              what: `sign-in of ${name}`,
              says: `${issuer} does not answer as a provider`,
              todo: "look at the ways in of the organization",
            },
      );
    }
  return found;
}

async function peopleOf(hub: Hub): Promise<Finding[]> {
  const people = await hub.people.list(scope);
  const operators = people.filter(
    ({ isDisabled, memberships }) =>
      !isDisabled && memberships.some(({ role }) => role === "operator"),
  );
  const communities = await hub.communities.list(scope);
  const devices = await hub.devices.list(scope);
  const says = `${communities.length} communities, ${devices.length} devices, ${people.length} people, ${operators.length} of them operators`;
  return [
    operators.length === 0
      ? {
          is: "warn",
          what: "people",
          says,
          todo: "npm run hub -- create-admin --email <address> --organization <name>",
        }
      : { is: "ok", what: "people", says },
  ];
}

async function gatewaysOf(hub: Hub): Promise<Finding[]> {
  const all = (await hub.gateways.list(scope)).filter(
    ({ gatewayId }) => !hub.gateways.isRevoked(gatewayId),
  );
  const away = all.filter((one) => {
    const seenMs = hub.gateways.lastSeen(one);
    return seenMs === null || hub.clock.now() - seenMs > AWAY_MS;
  });
  if (away.length === 0)
    return [{ is: "ok", what: "gateways", says: `${all.length}, all of them heard today` }];
  return [
    {
      is: "warn",
      what: "gateways",
      says: `${away.length} of ${all.length} were not heard for a day: ${away
        .slice(0, 5)
        .map(({ name, gatewayId }) => name || gatewayId)
        .join(", ")}`,
      todo: "they keep readings meanwhile; look at their line to the internet",
    },
  ];
}
