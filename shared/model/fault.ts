/**
 * `fault`: every way this system says no.
 *
 * The code is the contract, the message is for people: it says what happened and what to do.
 * A message must never carry a key, a password, an access code or a person's data.
 */
export type FaultCode =
  | "invalid"
  | "unauthorized"
  | "forbidden"
  | "not_found"
  | "wrong_method"
  | "conflict"
  | "too_large"
  | "too_many"
  | "unavailable";

/** An expected failure. Anything else thrown is a bug: operators see it, users see "internal". */
export class Fault extends Error {
  readonly code: FaultCode;
  /** What a client may want to act on (a field's name, seconds to wait). Shown to the caller. */
  readonly details: Readonly<Record<string, unknown>>;

  constructor(
    code: FaultCode,
    message: string,
    details: Record<string, unknown> = {},
    cause?: unknown,
  ) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "Fault";
    this.code = code;
    this.details = details;
  }
}

/** True for an expected failure, of the given code where one is given. */
export function isFault(error: unknown, code?: FaultCode): error is Fault {
  return error instanceof Fault && (code === undefined || error.code === code);
}
