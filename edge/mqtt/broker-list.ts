/**
 * `broker-list`: the brokers this gateway listens to, each with its own topics, name and certificates.
 *
 * Secrets stand in files of their own, never in the list; a list that names a file that cannot be
 * read is refused whole: a broker left out in silence would be readings left out in silence.
 */
import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { z } from "zod";
import { isTopicFilter } from "#shared/formats/topic-filter.ts";
import { Fault } from "#shared/model/fault.ts";

const File = z.string().min(1).max(1_000);
const TopicFilter = z.string().refine(isTopicFilter, "no topic filter");

/** One entry of `MQTT_BROKERS_FILE`, a JSON list. Files are relative to it. */
const Entry = z
  .strictObject({
    /** Tells it from the others; part of the client id, so that a session goes on after a restart. */
    name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,30}$/),
    url: z.string().max(500),
    /** Those of MQTT_TOPICS unless given. */
    topics: z.array(TopicFilter).min(1).max(100).optional(),
    username: z.string().min(1).max(200).optional(),
    /** Its first line is the password. */
    passwordFile: File.optional(),
    /** PEM: whom to trust, instead of the system's authorities. */
    caFile: File.optional(),
    /** PEM: the certificate this gateway shows, and its key. */
    certFile: File.optional(),
    keyFile: File.optional(),
    /** Its first line opens the key. */
    keyPassphraseFile: File.optional(),
    /** Where a broker wants a certain one. */
    clientId: z.string().min(1).max(200).optional(),
  })
  .superRefine((entry, context) => {
    const refuse = (path: string, message: string) =>
      context.addIssue({ code: "custom", path: [path], message });
    const url = URL.canParse(entry.url) ? new URL(entry.url) : undefined;
    if (url === undefined || !/^(mqtts?|wss?):$/.test(url.protocol))
      return refuse("url", "must be mqtt://host:port, mqtts://…, ws://… or wss://…");
    if (url.username !== "" || url.password !== "")
      refuse("url", "name and password go to username and passwordFile");
    const isSealed = url.protocol === "mqtts:" || url.protocol === "wss:";
    if (!isSealed && (entry.caFile ?? entry.certFile ?? entry.keyFile) !== undefined)
      refuse("url", "certificates need mqtts:// or wss://");
    if ((entry.certFile === undefined) !== (entry.keyFile === undefined))
      refuse("certFile", "certFile and keyFile go together");
    if (entry.passwordFile !== undefined && entry.username === undefined)
      refuse("passwordFile", "a password needs a username");
  });

/** A broker, ready to be listened to. */
export interface BrokerPlace {
  readonly name: string;
  readonly url: string;
  readonly topics: readonly string[];
  readonly clientId: string;
  readonly username?: string;
  readonly password?: string;
  readonly ca?: Buffer;
  readonly cert?: Buffer;
  readonly key?: Buffer;
  readonly passphrase?: string;
}

export interface BrokerListOptions {
  /** Plain addresses, with their credentials inside. */
  readonly urls: readonly string[];
  readonly file: string | undefined;
  readonly topics: readonly string[];
  readonly gatewayId: string;
}

/** @throws Fault "invalid" that names the entry and what it wants */
export async function brokerList(options: BrokerListOptions): Promise<BrokerPlace[]> {
  const { urls, file, topics, gatewayId } = options;
  const plain = urls.map((url, i) => ({
    name: `mqtt-url-${i + 1}`,
    url,
    topics,
    clientId: `riser-${gatewayId}`,
  }));
  if (file === undefined) return plain;
  const entries = await read(file);
  const folder = dirname(file);
  const listed = entries.map(async (entry): Promise<BrokerPlace> => {
    const bytes = async (path: string | undefined) =>
      path === undefined
        ? undefined
        : readFile(resolve(folder, path)).catch((error: unknown) => {
            throw new Fault(
              "invalid",
              `MQTT_BROKERS_FILE, ${entry.name}: cannot read ${path}`,
              {},
              error,
            );
          });
    const line = async (path: string | undefined) =>
      (await bytes(path))?.toString("utf8").split(/\r?\n/, 1)[0];
    const files = {
      password: await line(entry.passwordFile),
      ca: await bytes(entry.caFile),
      cert: await bytes(entry.certFile),
      key: await bytes(entry.keyFile),
      passphrase: await line(entry.keyPassphraseFile),
      username: entry.username,
    };
    return {
      name: entry.name,
      url: entry.url,
      topics: entry.topics ?? topics,
      clientId: entry.clientId ?? `riser-${gatewayId}-${entry.name}`,
      ...Object.fromEntries(Object.entries(files).filter(([, value]) => value !== undefined)),
    };
  });
  return [...plain, ...(await Promise.all(listed))];
}

async function read(file: string): Promise<z.infer<typeof Entry>[]> {
  let json: unknown;
  try {
    json = JSON.parse(await readFile(file, "utf8"));
  } catch (error) {
    throw new Fault("invalid", `MQTT_BROKERS_FILE is no JSON that can be read: ${file}`, {}, error);
  }
  const list = z.array(Entry).max(50).safeParse(json);
  if (!list.success) {
    const issue = list.error.issues[0];
    throw new Fault(
      "invalid",
      `MQTT_BROKERS_FILE, ${issue?.path.join(".") || "the list"}: ${issue?.message ?? "is wrong"}`,
    );
  }
  const twice = list.data.find(
    ({ name }, i) => list.data.findIndex((other) => other.name === name) !== i,
  );
  if (twice !== undefined)
    throw new Fault("invalid", `MQTT_BROKERS_FILE: two brokers are called ${twice.name}`);
  return list.data;
}
