/**
 * `broker-users`: who may use the embedded broker, and which topics each of them has.
 *
 * A file with a line `name:argon2id-hash` each, made with `riser-edge mqtt-user`. After it may
 * stand `publish=` and `subscribe=` with topic filters separated by commas; `%u` in them is the
 * user's name. Without `publish=` all topics may be published to, without `subscribe=` none may be
 * listened to. Closed by default: no file, no broker.
 */
import { readFile } from "node:fs/promises";
import { isNobodysSecret, isSecret } from "#shared/auth/secret-hash.ts";
import { covers, isTopicFilter } from "#shared/formats/topic-filter.ts";
import { Fault } from "#shared/model/fault.ts";

export interface BrokerUsers {
  /** True when the password is that user's. Takes the same time for a name nobody has. */
  isRight(name: string, password: string): Promise<boolean>;
  mayPublish(name: string, topic: string): boolean;
  /** True when all that `filter` covers is theirs. */
  maySubscribe(name: string, filter: string): boolean;
}

interface User {
  readonly hash: string;
  readonly publish: readonly string[];
  readonly subscribe: readonly string[];
}

/** One line after its name. @throws Error that says what is wrong */
function userIn(name: string, hash: string, rest: readonly string[]): User {
  const topics = new Map<string, readonly string[]>();
  for (const part of rest) {
    const [, key = "", list = ""] = /^(publish|subscribe)=(.*)$/.exec(part) ?? [];
    if (key === "") throw new Error(`"${part}" is neither publish=… nor subscribe=…`);
    const filters = list
      .split(",")
      .filter((filter) => filter !== "")
      .map((filter) => filter.replaceAll("%u", name));
    const wrong = filters.find((filter) => !isTopicFilter(filter));
    if (wrong !== undefined) throw new Error(`"${wrong}" is no topic filter`);
    topics.set(key, filters);
  }
  return {
    hash,
    publish: topics.get("publish") ?? ["#"],
    subscribe: topics.get("subscribe") ?? [],
  };
}

/** @throws Fault "invalid" when the file cannot be read or a line is not as it should be */
export async function brokerUsers(file: string): Promise<BrokerUsers> {
  const text = await readFile(file, "utf8").catch((error: unknown) => {
    throw new Fault("invalid", `MQTT_USERS_FILE cannot be read: ${file}`, {}, error);
  });
  const users = new Map<string, User>();
  for (const [i, line] of text.split("\n").entries()) {
    if (line.trim() === "" || line.startsWith("#")) continue;
    const [, name, hash, rest = ""] =
      /^([^:\s+#/]{1,64}):(\$argon2id\$\S+)(?:\s+(.*\S))?\s*$/.exec(line) ?? [];
    try {
      if (name === undefined || hash === undefined) throw new Error("expected name:argon2id-hash");
      users.set(name, userIn(name, hash, rest.split(/\s+/).filter(Boolean)));
    } catch (error) {
      throw new Fault("invalid", `MQTT_USERS_FILE, line ${i + 1}: ${(error as Error).message}`);
    }
  }
  return {
    async isRight(name, password) {
      const user = users.get(name);
      return user === undefined ? isNobodysSecret(password) : isSecret(user.hash, password);
    },
    mayPublish: (name, topic) =>
      users.get(name)?.publish.some((filter) => covers(filter, topic)) ?? false,
    maySubscribe: (name, filter) =>
      isTopicFilter(filter) &&
      (users.get(name)?.subscribe.some((own) => covers(own, filter)) ?? false),
  };
}
