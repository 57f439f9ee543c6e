/**
 * `setup-sign-ins`: who opened the setup page with the device's code. In memory: a restart asks for
 * the code again. Wrong codes are slowed down by address.
 */
import type { Attempts } from "#shared/auth/attempts.ts";
import { isToken, newToken, tokenHash } from "#shared/auth/opaque-token.ts";
import type { Clock } from "#shared/model/clock.ts";
import { Fault } from "#shared/model/fault.ts";
import type { SetupCode } from "./setup-code.ts";

export interface SetupSignIns {
  /** @throws Fault "unauthorized" | "too_many" */
  signIn(code: string, address: string): string;
  isIn(token: string | undefined): boolean;
  signOut(token: string | undefined): void;
}

/** A working day. */
export const SETUP_SIGN_IN_MS = 8 * 3_600_000;
const MOST = 50;

export function setupSignIns(options: {
  readonly code: SetupCode;
  readonly clock: Clock;
  readonly attempts: Attempts;
  readonly random: (size: number) => Uint8Array;
  readonly onHappened?: (result: "in" | "refused" | "slowed") => void;
}): SetupSignIns {
  const { code, clock, attempts, random, onHappened = () => undefined } = options;
  const open = new Map<string, number>();
  return {
    signIn(typed, address) {
      try {
        attempts.check(address);
      } catch (error) {
        onHappened("slowed");
        throw error;
      }
      if (!code.isRight(typed)) {
        onHappened("refused");
        attempts.failed(address);
        throw new Fault("unauthorized", "That is not this device's setup code.");
      }
      attempts.succeeded(address);
      onHappened("in");
      const token = newToken(random);
      open.set(tokenHash(token), clock.now() + SETUP_SIGN_IN_MS);
      if (open.size > MOST) open.delete(open.keys().next().value as string);
      return token;
    },
    isIn(token) {
      if (token === undefined || !isToken(token)) return false;
      const untilMs = open.get(tokenHash(token));
      if (untilMs === undefined) return false;
      if (clock.now() < untilMs) return true;
      open.delete(tokenHash(token));
      return false;
    },
    signOut(token) {
      if (token !== undefined) open.delete(tokenHash(token));
    },
  };
}
