/**
 * `problem`: the one shape in which HTTP says no (RFC 9457), and the one mapping from faults to it.
 *
 * Anything that is not a `Fault` becomes "internal" without a word of its own: a bug's message
 * may carry what nobody should read.
 */
import { Fault, type FaultCode } from "#shared/model/fault.ts";
import { toWire } from "./wire-names.ts";

/** HTTP status per fault; a new code does not compile until it is mapped. */
export const STATUS = {
  invalid: 400,
  unauthorized: 401,
  forbidden: 403,
  not_found: 404,
  wrong_method: 405,
  conflict: 409,
  too_large: 413,
  too_many: 429,
  unavailable: 503,
} as const satisfies Record<FaultCode, number>;

export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: FaultCode | "internal";
  readonly detail: string;
  readonly [extra: string]: unknown;
}

/** What each is called where no sentence says more. */
export const TITLE = {
  invalid: "The request is not right",
  unauthorized: "Please sign in",
  forbidden: "Not allowed",
  not_found: "There is no such thing here",
  wrong_method: "Not in this way",
  conflict: "It changed meanwhile, or is taken",
  too_large: "Too large",
  too_many: "Too many requests",
  unavailable: "Not available at the moment",
} as const satisfies Record<FaultCode, string>;

/** The problem document for anything thrown. */
export function toProblem(error: unknown): Problem {
  if (error instanceof Fault)
    return {
      ...toWire(error.details),
      type: "about:blank",
      title: TITLE[error.code],
      status: STATUS[error.code],
      code: error.code,
      detail: error.message,
    };
  return {
    type: "about:blank",
    title: "Something went wrong here",
    status: 500,
    code: "internal",
    detail: "The error is written in the log. Nothing was lost.",
  };
}
