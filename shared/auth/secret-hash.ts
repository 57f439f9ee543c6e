/**
 * `secret-hash`: argon2id for passwords and for the secrets of access codes.
 *
 * The one place that knows the cost. Must never log or return what it was given.
 */
import { hash, verify } from "@node-rs/argon2";
import { Fault } from "#shared/model/fault.ts";

/** 19 MiB, two passes, one lane: about 15 ms here. OWASP Password Storage Cheat Sheet, argon2id. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** Each takes 19 MiB: a crowd of guesses must not take a small gateway's memory. */
const AT_ONCE = 2;
const MOST_WAITING = 100;
const waiting: (() => void)[] = [];
let running = 0;

/** Runs `work` when there is room. @throws Fault "too_many" when too many wait already */
async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (waiting.length >= MOST_WAITING)
    throw new Fault("too_many", "Too many sign-ins at once. Please try again in a moment.", {
      retryAfterMs: 5_000,
    });
  if (running >= AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve));
  else running++;
  try {
    return await work();
  } finally {
    const next = waiting.shift();
    if (next) next();
    else running--;
  }
}

/** The hash of a secret, as PHC text (`$argon2id$…`), with a salt of its own. */
export function hashSecret(secret: string): Promise<string> {
  return inTurn(() => hash(secret, COST));
}

/** Whether `secret` is the one that was hashed. A damaged hash is never matched. */
export function isSecret(storedHash: string, secret: string): Promise<boolean> {
  return inTurn(() => verify(storedHash, secret).catch(() => false));
}

let nobody: Promise<string> | undefined;

/**
 * Always false, after as long as `isSecret` takes: asked when there is nobody to compare with, so
 * that the time of an answer does not say who exists.
 */
export async function isNobodysSecret(secret: string): Promise<false> {
  nobody ??= hashSecret("nobody");
  await isSecret(await nobody, secret);
  return false;
}
