/**
 * `broker-users`: who may publish to the embedded broker: a file with a line `name:argon2id-hash`
 * each, made with `riser-edge mqtt-user`. Closed by default: no file, no broker.
 */
import { readFile } from "node:fs/promises";
import { isNobodysSecret, isSecret } from "#shared/auth/secret-hash.ts";
import { Fault } from "#shared/model/fault.ts";

export interface BrokerUsers {
  /** True when the password is that user's. Takes the same time for a name nobody has. */
  isRight(name: string, password: string): Promise<boolean>;
}

/** @throws Fault "invalid" when the file cannot be read or a line is not as it should be */
export async function brokerUsers(file: string): Promise<BrokerUsers> {
  const text = await readFile(file, "utf8").catch((error: unknown) => {
    throw new Fault("invalid", `MQTT_USERS_FILE cannot be read: ${file}`, {}, error);
  });
  const hashes = new Map<string, string>();
  for (const [i, line] of text.split("\n").entries()) {
    if (line.trim() === "" || line.startsWith("#")) continue;
    const [, name, hash] = /^([^:\s]{1,64}):(\$argon2id\$\S+)\s*$/.exec(line) ?? [];
    if (name === undefined || hash === undefined)
      throw new Fault("invalid", `MQTT_USERS_FILE, line ${i + 1}: expected name:argon2id-hash`);
    hashes.set(name, hash);
  }
  return {
    async isRight(name, password) {
      const hash = hashes.get(name);
      return hash === undefined ? isNobodysSecret(password) : isSecret(hash, password);
    },
  };
}
