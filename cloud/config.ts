/**
 * `config`: the hub's settings, each with what it is for. The one place that reads the hub's
 * environment; `.env.example` and the documentation are printed from `settings`.
 */
import { LEAST_ENTRY_MONTHS, LEAST_SIGN_IN_DAYS } from "./hub/organization-settings.ts";
import { Fault } from "#shared/model/fault.ts";

export interface Setting {
  readonly about: string;
  readonly default?: string;
}

export const settings = {
  HUB_DATA: {
    about: "Folder of the hub's secrets, control socket and, without COUCHDB_URL, its databases.",
    default: ".riser/hub",
  },
  HUB_JOURNAL: {
    about:
      "Folder of the deny journal (who was revoked, disabled, erased, deleted). Back it up on its own: it must never be restored together with the databases. Default: the folder journal in HUB_DATA.",
  },
  HUB_HOST: { about: "Address to listen on.", default: "127.0.0.1" },
  HUB_PORT: { about: "Port to listen on; 0 lets the system choose.", default: "8090" },
  HUB_URL: {
    about:
      "Address under which browsers and gateways reach the hub, such as https://hub.example.org. Default: http://, host and port as above.",
  },
  HUB_NAMES: {
    about: "Further host names, separated by commas, under which browsers and gateways reach it.",
  },
  COUCHDB_URL: {
    about:
      "A CouchDB 3 with an administrator's name and password, http://name:password@host:5984. Without it the hub keeps its databases itself.",
  },
  HUB_COMMIT_MS: {
    about: "How long webhooks wait for company before they are written down together, ms.",
    default: "20",
  },
  HUB_SEAL_MS: {
    about: "How long what webhooks brought waits for company before it is sealed and shown, ms.",
    default: "10000",
  },
  HUB_SMTP: {
    about:
      "Mail server for organizations that have set none: smtps://name:password@host:465, smtp:// with STARTTLS, smtp+plain:// in the clear.",
  },
  HUB_MAIL_FROM: { about: "Sender's address of mails that go through HUB_SMTP." },
  HUB_PRIVATE_TARGETS: {
    about:
      "yes: webhooks, mail servers and sign-in providers of organizations may have private addresses too, where hub and they share a network. Otherwise the hub sends nothing there.",
    default: "no",
  },
  HUB_RAW_DAYS: {
    about:
      "How long raw uplinks are kept, days after the end of their month. Then the month is frozen: hours and days stay.",
    default: "90",
  },
  HUB_HOURLY_MONTHS: { about: "How long indexes by hour are kept, months.", default: "13" },
  HUB_DAILY_MONTHS: {
    about: "How long indexes by day are kept, months; dropped by whole years.",
    default: "48",
  },
  HUB_AUDIT_MONTHS: {
    about: "How long the audit is kept, months, where an organization has not decided.",
    default: "36",
  },
  HUB_SIGN_IN_DAYS: {
    about:
      "How long the audit tells who came in, when and from where, days, where an organization has not decided.",
    default: "180",
  },
  HUB_LOG: {
    about: "What is logged: trace, debug, info, warn, error, fatal or silent.",
    default: "info",
  },
  METRICS_TOKEN: {
    about:
      "Bearer token with which /metrics answers from elsewhere. Without it only this machine may ask.",
  },
} as const satisfies Record<string, Setting>;

export const logLevels = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const;
export type LogLevel = (typeof logLevels)[number];

export interface Config {
  readonly dataFolder: string;
  /** Undefined: beside the rest. */
  readonly journalFolder: string | undefined;
  readonly host: string;
  readonly port: number;
  /** Without a slash at the end; undefined: made from what it listens on. */
  readonly url: string | undefined;
  readonly names: readonly string[];
  readonly couchdbUrl: string | undefined;
  readonly commitWindowMs: number;
  readonly sealMs: number;
  /** The hub's own mail server and the sender's address. */
  readonly smtp: { readonly address: string; readonly from: string } | undefined;
  readonly privateTargets: boolean;
  /** How long raw uplinks (days), hours and days (months) are kept. */
  readonly rawDays: number;
  readonly hourlyMonths: number;
  readonly dailyMonths: number;
  /** How long the audit is kept (months), and sign-ins in it (days). */
  readonly auditMonths: number;
  readonly signInDays: number;
  readonly logLevel: LogLevel;
  readonly metricsToken: string | undefined;
}

/** @throws Fault "invalid" that names the setting; a secret's value is never repeated */
export function readConfig(
  env: Readonly<Record<string, string | undefined>> = process.env,
): Config {
  const read = (name: keyof typeof settings): string | undefined => {
    const setting: Setting = settings[name];
    return env[name]?.trim() || setting.default;
  };
  const wrong = (name: keyof typeof settings, why: string) =>
    new Fault("invalid", `${name}: ${why}`, { setting: name });

  const ms = (name: "HUB_COMMIT_MS" | "HUB_SEAL_MS", most: number) => {
    const value = Number(read(name));
    if (!Number.isInteger(value) || value < 0 || value > most)
      throw wrong(name, `a whole number from 0 to ${most}`);
    return value;
  };
  const kept = (
    name:
      | "HUB_RAW_DAYS"
      | "HUB_HOURLY_MONTHS"
      | "HUB_DAILY_MONTHS"
      | "HUB_AUDIT_MONTHS"
      | "HUB_SIGN_IN_DAYS",
    least: number,
  ) => {
    const value = Number(read(name));
    if (!Number.isInteger(value) || value < least || value > 36_500)
      throw wrong(name, `a whole number from ${least} on`);
    return value;
  };
  const port = Number(read("HUB_PORT"));
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw wrong("HUB_PORT", "a port is a whole number from 0 to 65535");
  const logLevel = logLevels.find((level) => level === read("HUB_LOG"));
  if (!logLevel) throw wrong("HUB_LOG", `one of ${logLevels.join(", ")}`);
  const couchdbUrl = read("COUCHDB_URL");
  if (couchdbUrl !== undefined && !/^https?:$/.test(protocolOf(couchdbUrl)))
    throw wrong("COUCHDB_URL", "an address such as http://name:password@host:5984");
  const url = read("HUB_URL");
  if (url !== undefined && !/^https?:$/.test(protocolOf(url)))
    throw wrong("HUB_URL", "an address such as https://hub.example.org");
  if (url !== undefined && new URL(url).pathname !== "/")
    throw wrong("HUB_URL", "the hub does not work below a path: leave it out");
  const smtp = read("HUB_SMTP");
  const from = read("HUB_MAIL_FROM");
  if (smtp !== undefined && !/^(smtps|smtp|smtp\+plain):$/.test(protocolOf(smtp)))
    throw wrong("HUB_SMTP", "an address such as smtps://name:password@host:465");
  if (smtp !== undefined && (from === undefined || !from.includes("@")))
    throw wrong("HUB_MAIL_FROM", "the sender's address is needed with HUB_SMTP");
  const metricsToken = read("METRICS_TOKEN");
  if (metricsToken !== undefined && metricsToken.length < 16)
    throw wrong("METRICS_TOKEN", "at least 16 characters");
  const names = (read("HUB_NAMES") ?? "").split(",").map((name) => name.trim().toLowerCase());
  return {
    dataFolder: read("HUB_DATA") as string,
    journalFolder: read("HUB_JOURNAL"),
    host: read("HUB_HOST") as string,
    port,
    url: url === undefined ? undefined : new URL(url).origin,
    names: names.filter((name) => name !== ""),
    couchdbUrl,
    commitWindowMs: ms("HUB_COMMIT_MS", 100),
    sealMs: ms("HUB_SEAL_MS", 300_000),
    smtp: smtp === undefined || from === undefined ? undefined : { address: smtp, from },
    privateTargets: read("HUB_PRIVATE_TARGETS") === "yes",
    rawDays: kept("HUB_RAW_DAYS", 7),
    hourlyMonths: kept("HUB_HOURLY_MONTHS", 1),
    dailyMonths: kept("HUB_DAILY_MONTHS", 12),
    auditMonths: kept("HUB_AUDIT_MONTHS", LEAST_ENTRY_MONTHS),
    signInDays: kept("HUB_SIGN_IN_DAYS", LEAST_SIGN_IN_DAYS),
    logLevel,
    metricsToken,
  };
}

const protocolOf = (text: string) => (URL.canParse(text) ? new URL(text).protocol : "");
