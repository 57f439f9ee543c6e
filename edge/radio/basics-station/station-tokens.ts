/**
 * `station-tokens`: which station may connect with which token: a file with a line
 * `eui:argon2id-hash` each, made with `riser-edge station-token`. Without it the address is all there is.
 */
import { readFile } from "node:fs/promises";
import { isNobodysSecret, isSecret } from "#shared/auth/secret-hash.ts";
import { Fault } from "#shared/model/fault.ts";

/** True when the token is that station's. Takes the same time for a station nobody has. */
export type StationTokens = (eui: string, token: string) => Promise<boolean>;

/** @throws Fault "invalid" when the file cannot be read or a line is not as it should be */
export async function stationTokens(file: string): Promise<StationTokens> {
  const text = await readFile(file, "utf8").catch((error: unknown) => {
    throw new Fault("invalid", `STATION_TOKENS_FILE cannot be read: ${file}`, {}, error);
  });
  const hashes = new Map<string, string>();
  for (const [i, line] of text.split("\n").entries()) {
    if (line.trim() === "" || line.startsWith("#")) continue;
    const [, eui, hash] = /^([0-9a-f]{16}):(\$argon2id\$\S+)\s*$/i.exec(line) ?? [];
    if (eui === undefined || hash === undefined)
      throw new Fault("invalid", `STATION_TOKENS_FILE, line ${i + 1}: expected eui:argon2id-hash`);
    hashes.set(eui.toLowerCase(), hash);
  }
  return async (eui, token) => {
    const hash = hashes.get(eui);
    return hash === undefined ? isNobodysSecret(token) : isSecret(hash, token);
  };
}
