/**
 * `token-keys`: the keys that gateways' access tokens are signed with, and when each is used.
 *
 * A new key is published first and signs a while later, when every process and every node of a
 * CouchDB knows it; the one before is taken for as long as a token of it may live. So a rotation
 * leaves no moment in which a good token is refused. Files `{made at, epoch ms}.pem` in a folder
 * of their own.
 */
import { mkdir, readdir, readFile, unlink } from "node:fs/promises";
import { join } from "node:path";
import { TOKEN_LIFE_MS } from "#shared/auth/gateway-token.ts";
import { heldFile } from "./held-file.ts";
import { hubKey, newPem, type HubKey } from "./hub-key.ts";

/** Between a key's making and its first signature, ms. */
export const PUBLISHED_FIRST_MS = 180_000;
/** A key is taken this long after it signed for the last time, ms. */
const TAKEN_AFTER_MS = TOKEN_LIFE_MS + 60_000;
/** A key that signs for longer is replaced, ms. */
export const KEY_LIFE_MS = 90 * 86_400_000;

export interface DatedKey extends HubKey {
  readonly madeMs: number;
}

export interface TokenKeys {
  /** Signs at this moment. */
  signing(nowMs: number): HubKey;
  /** All that may be met in a token at this moment, or soon. */
  taken(nowMs: number): readonly HubKey[];
  /** Makes a new key. With `atOnce` the others are worth nothing any more: for one that leaked. */
  rotate(nowMs: number, options?: { readonly atOnce?: boolean }): Promise<HubKey>;
  /** Looks into the folder again, removes what is over and makes what is due. */
  tend(nowMs: number): Promise<void>;
}

/** Which key signs. Pure; `keys` are never none. */
export function signingOf<K extends { readonly madeMs: number }>(
  keys: readonly K[],
  nowMs: number,
): K {
  const sorted = keys.toSorted((a, b) => a.madeMs - b.madeMs);
  // A clock that was set back must not leave the hub without a key: then the oldest signs.
  return (sorted.findLast(({ madeMs }) => madeMs + PUBLISHED_FIRST_MS <= nowMs) ?? sorted[0]) as K;
}

/** Which keys are taken: those to come, the one that signs, and those it replaced a short while ago. Pure. */
export function takenOf<K extends { readonly madeMs: number }>(
  keys: readonly K[],
  nowMs: number,
): K[] {
  const sorted = keys.toSorted((a, b) => a.madeMs - b.madeMs);
  const signing = sorted.indexOf(signingOf(sorted, nowMs));
  return sorted.filter((_, at) => {
    const successor = sorted[at + 1];
    if (at >= signing || !successor) return true;
    return nowMs < successor.madeMs + PUBLISHED_FIRST_MS + TAKEN_AFTER_MS;
  });
}

const NAME = /^([0-9]{13})\.pem$/;

export async function openTokenKeys(folder: string, nowMs: number): Promise<TokenKeys> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  let keys: readonly DatedKey[] = [];
  const pathOf = (madeMs: number) => join(folder, `${String(madeMs).padStart(13, "0")}.pem`);

  const read = async () => {
    const names = (await readdir(folder)).flatMap((name) => NAME.exec(name)?.[1] ?? []);
    keys = await Promise.all(
      names.map(async (text): Promise<DatedKey> => {
        const madeMs = Number(text);
        const known = keys.find((one) => one.madeMs === madeMs);
        return known ?? { madeMs, ...(await hubKey(await readFile(pathOf(madeMs), "utf8"))) };
      }),
    );
  };
  const make = async (madeMs: number): Promise<HubKey> => {
    await heldFile(pathOf(madeMs), newPem);
    await read();
    return keys.find((one) => one.madeMs === madeMs) as HubKey;
  };
  const remove = async (gone: readonly DatedKey[]) => {
    for (const { madeMs } of gone) await unlink(pathOf(madeMs)).catch(() => {});
    await read();
  };
  await read();
  if (keys.length === 0) await make(nowMs);
  return {
    signing: (ms) => signingOf(keys, ms),
    taken: (ms) => takenOf(keys, ms),
    async rotate(ms, { atOnce = false } = {}) {
      const before = keys;
      const newest = Math.max(...before.map(({ madeMs }) => madeMs));
      const made = await make(Math.max(ms, newest + 1));
      if (atOnce) await remove(before);
      return made;
    },
    async tend(ms) {
      await read();
      const newest = Math.max(...keys.map(({ madeMs }) => madeMs));
      if (ms - newest > KEY_LIFE_MS) await make(ms);
      const taken = new Set(takenOf(keys, ms));
      const over = keys.filter((key) => !taken.has(key));
      if (over.length > 0) await remove(over);
    },
  };
}
