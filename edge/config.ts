/**
 * `config`: every setting of the gateway, in one list; the only place that looks at the environment.
 */
import { resolve } from "node:path";
import { Fault } from "#shared/model/fault.ts";

/** Environment names with what they mean; a default is what counts when it is not set. */
export const settings = {
  EDGE_DATA: { about: "Folder of everything this gateway keeps", default: ".riser/edge" },
  EDGE_HOST: {
    about: "Address the pages are served on; 0.0.0.0 for the building's network",
    default: "127.0.0.1",
  },
  EDGE_PORT: { about: "Port of the pages; 0 lets the system choose", default: "8080" },
  EDGE_NAMES: {
    about:
      "Further host names under which the pages are opened, separated by commas (an address always works)",
    default: "",
  },
  EDGE_LOG: {
    about: "How much is logged: fatal, error, warn, info, debug, silent",
    default: "info",
  },
  HUB_URL: {
    about:
      "Where the hub is; without it the hub of the claim counts, and before that the gateway works alone",
    default: "",
  },
  HUB_PROXY: {
    about: "A proxy on the way to the hub, as http://user:password@host:port",
    default: "",
  },
  UDP_HOST: {
    about: "Address on which antennas (Semtech UDP packet forwarders) are heard",
    default: "127.0.0.1",
  },
  UDP_PORT: {
    about: "Port for antennas; 0 lets the system choose, `off` hears none",
    default: "1700",
  },
  UDP_ALLOW: {
    about: "Addresses or CIDR ranges of antennas that are heard, separated by commas",
    default: "127.0.0.1/32,::1/128",
  },
  STATION_PORT: {
    about: "Port for antennas that speak LoRa Basics Station; without it there are none",
    default: "",
  },
  STATION_HOST: {
    about: "Address on which they are heard; a proxy in front of it speaks TLS",
    default: "127.0.0.1",
  },
  STATION_ALLOW: {
    about: "Addresses or CIDR ranges of stations that are answered, separated by commas",
    default: "127.0.0.1/32,::1/128",
  },
  STATION_TOKENS_FILE: {
    about:
      "Which station may connect with which token: lines of eui:argon2id-hash; without it the address is all there is",
    default: "",
  },
  MQTT_URL: {
    about: "Brokers to listen to, separated by spaces, as mqtt://user:password@host:port",
    default: "",
  },
  MQTT_TOPICS: {
    about:
      "What to subscribe to at those brokers, separated by commas; gateway/+/event/+ hears raw frames of antennas behind a ChirpStack Gateway Bridge",
    default: "application/+/device/+/event/+",
  },
  MQTT_BROKERS_FILE: {
    about:
      "Brokers each with settings of its own: a JSON list of name, url, topics, username, passwordFile, caFile, certFile, keyFile",
    default: "",
  },
  MQTT_PORT: { about: "Port of the embedded broker; without it there is none", default: "" },
  MQTT_HOST: { about: "Address of the embedded broker", default: "127.0.0.1" },
  MQTT_USERS_FILE: {
    about:
      "Who may use the embedded broker: lines of name:argon2id-hash, behind it publish= and subscribe= with topic filters",
    default: "",
  },
  COMMIT_WINDOW_MS: {
    about: "How long an uplink waits for company before it is fsynced, at most 100",
    default: "20",
  },
  SEAL_ONLINE_MS: {
    about: "How long uplinks wait for a full segment while the hub listens, at most 30000",
    default: "15000",
  },
  SEAL_OFFLINE_MS: { about: "The same while the hub is away, at most 300000", default: "300000" },
  SYNC_POLL_MS: {
    about: "How long a question for news stays open at the hub, at most",
    default: "50000",
  },
  DISK_BUDGET_MB: {
    about:
      "Space the databases may take, MB; beyond it months that the hub has are dropped, then nothing new is kept; 0 for as much as there is",
    default: "0",
  },
  DISK_RESERVE_MB: {
    about: "Nothing new is kept while the disk has less left than this, MB",
    default: "32",
  },
  METRICS_TOKEN: {
    about:
      "Bearer token for /metrics from elsewhere than this machine; without it only this machine reads them",
    default: "",
  },
} as const satisfies Record<string, { about: string; default: string }>;

export type SettingName = keyof typeof settings;

export interface EdgeConfig {
  readonly dataFolder: string;
  readonly host: string;
  readonly port: number;
  readonly names: readonly string[];
  readonly logLevel: string;
  readonly hubUrl: string | undefined;
  readonly hubProxy: string | undefined;
  readonly udp:
    | { readonly host: string; readonly port: number; readonly allow: readonly string[] }
    | undefined;
  readonly station:
    | {
        readonly host: string;
        readonly port: number;
        readonly allow: readonly string[];
        readonly tokensFile: string | undefined;
      }
    | undefined;
  readonly brokers: readonly string[];
  readonly brokersFile: string | undefined;
  readonly topics: readonly string[];
  readonly broker:
    | { readonly host: string; readonly port: number; readonly usersFile: string }
    | undefined;
  readonly commitWindowMs: number;
  readonly sealOnlineMs: number;
  readonly sealOfflineMs: number;
  readonly syncPollMs: number;
  /** Infinity for as much as there is. */
  readonly diskBudgetBytes: number;
  readonly diskReserveBytes: number;
  readonly metricsToken: string | undefined;
}

/**
 * Reads the settings.
 *
 * @throws Fault "invalid" that names the setting and what it wants
 */
export function readConfig(
  env: Readonly<Record<string, string | undefined>> = process.env,
): EdgeConfig {
  const text = (name: SettingName) => (env[name] ?? settings[name].default).trim();
  const number = (name: SettingName, { least, most }: { least: number; most: number }) => {
    const value = Number(text(name));
    if (text(name) === "" || !Number.isInteger(value) || value < least || value > most)
      throw new Fault(
        "invalid",
        `${name} must be a whole number from ${least} to ${most}, not "${text(name)}"`,
      );
    return value;
  };
  const list = (name: SettingName, separator: RegExp) =>
    text(name)
      .split(separator)
      .filter((part) => part !== "");
  const hub = text("HUB_URL");
  if (hub !== "" && !(URL.canParse(hub) && /^https?:$/.test(new URL(hub).protocol)))
    throw new Fault("invalid", "HUB_URL must be an address such as https://hub.example.org");
  const proxy = text("HUB_PROXY");
  if (proxy !== "" && !(URL.canParse(proxy) && new URL(proxy).protocol === "http:"))
    throw new Fault("invalid", "HUB_PROXY must be an address such as http://proxy.example:3128");
  const port = { least: 0, most: 65_535 };
  const hasBroker = text("MQTT_PORT") !== "";
  if (hasBroker && text("MQTT_USERS_FILE") === "")
    throw new Fault(
      "invalid",
      "MQTT_PORT opens the embedded broker; MQTT_USERS_FILE must say who may publish",
    );
  return {
    dataFolder: resolve(text("EDGE_DATA")),
    host: text("EDGE_HOST"),
    port: number("EDGE_PORT", port),
    names: list("EDGE_NAMES", /[\s,]+/),
    logLevel: text("EDGE_LOG"),
    hubUrl: hub === "" ? undefined : hub.replace(/\/+$/, ""),
    hubProxy: proxy === "" ? undefined : proxy,
    udp:
      text("UDP_PORT") === "off"
        ? undefined
        : {
            host: text("UDP_HOST"),
            port: number("UDP_PORT", port),
            allow: list("UDP_ALLOW", /[\s,]+/),
          },
    station:
      text("STATION_PORT") === ""
        ? undefined
        : {
            host: text("STATION_HOST"),
            port: number("STATION_PORT", port),
            allow: list("STATION_ALLOW", /[\s,]+/),
            tokensFile: text("STATION_TOKENS_FILE")
              ? resolve(text("STATION_TOKENS_FILE"))
              : undefined,
          },
    brokers: list("MQTT_URL", /\s+/),
    brokersFile: text("MQTT_BROKERS_FILE") ? resolve(text("MQTT_BROKERS_FILE")) : undefined,
    topics: list("MQTT_TOPICS", /[\s,]+/),
    broker: hasBroker
      ? {
          host: text("MQTT_HOST"),
          port: number("MQTT_PORT", port),
          usersFile: resolve(text("MQTT_USERS_FILE")),
        }
      : undefined,
    commitWindowMs: number("COMMIT_WINDOW_MS", { least: 0, most: 100 }),
    sealOnlineMs: number("SEAL_ONLINE_MS", { least: 100, most: 30_000 }),
    sealOfflineMs: number("SEAL_OFFLINE_MS", { least: 100, most: 300_000 }),
    syncPollMs: number("SYNC_POLL_MS", { least: 200, most: 3_600_000 }),
    diskBudgetBytes:
      number("DISK_BUDGET_MB", { least: 0, most: 1e9 }) * 1e6 || Number.POSITIVE_INFINITY,
    diskReserveBytes: number("DISK_RESERVE_MB", { least: 1, most: 1e6 }) * 1e6,
    metricsToken: text("METRICS_TOKEN") || undefined,
  };
}
