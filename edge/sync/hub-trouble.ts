/**
 * `hub-trouble`: what an error between a gateway and its hub means: its code for pages, and a
 * sentence for logs. Must never carry an address with a password, a token or a header.
 */
import type { HubTrouble } from "#shared/api/gateway-talk.ts";
import { Fault, isFault, type FaultCode } from "#shared/model/fault.ts";
import { hubTroubles, type HubTroubleCode } from "#shared/model/hub-troubles.ts";

export interface Trouble extends HubTrouble {
  /** In English. */
  readonly sentence: string;
}

/** By Node's and OpenSSL's error codes. */
const BY_CODE: Readonly<Record<string, HubTroubleCode>> = {
  ENOTFOUND: "dns_unknown",
  EAI_AGAIN: "dns_silent",
  EAI_FAIL: "dns_silent",
  ECONNREFUSED: "not_listening",
  ECONNRESET: "cut_off",
  EPIPE: "cut_off",
  ETIMEDOUT: "no_answer",
  EHOSTUNREACH: "no_network",
  ENETUNREACH: "no_network",
  ENETDOWN: "no_network",
  CERT_HAS_EXPIRED: "certificate_expired",
  CERT_NOT_YET_VALID: "certificate_early",
  DEPTH_ZERO_SELF_SIGNED_CERT: "certificate_unknown",
  SELF_SIGNED_CERT_IN_CHAIN: "certificate_unknown",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "certificate_unknown",
  UNABLE_TO_GET_ISSUER_CERT: "certificate_unknown",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "certificate_unknown",
  CERT_SIGNATURE_FAILURE: "certificate_unknown",
  CERT_UNTRUSTED: "certificate_unknown",
  INVALID_CA: "certificate_unknown",
  INVALID_PURPOSE: "certificate_unknown",
  ERR_TLS_CERT_ALTNAME_INVALID: "certificate_other_name",
  EPROTO: "no_tls",
  ENOSPC: "disk_full",
  EDQUOT: "disk_full",
  EIO: "disk_failing",
  EROFS: "disk_failing",
};

/** By what the hub, or a database of it, answered. */
const BY_FAULT: Readonly<Record<FaultCode, HubTroubleCode>> = {
  invalid: "not_understood",
  unauthorized: "token_refused",
  forbidden: "community_refused",
  not_found: "community_missing",
  wrong_method: "not_understood",
  conflict: "unexpected",
  too_large: "too_large",
  too_many: "too_many",
  unavailable: "unexpected",
};

/** A Fault that says itself which trouble it is. */
export function troubled(
  fault: FaultCode,
  trouble: HubTrouble,
  more: { readonly details?: Record<string, unknown>; readonly cause?: unknown } = {},
): Fault {
  const said = trouble.status === undefined ? "" : ` (status ${trouble.status})`;
  const sentence = `${hubTroubles[trouble.code]}${said}`;
  return new Fault(fault, sentence, { ...more.details, trouble }, more.cause);
}

/** The trouble behind an error, as far down as it goes. */
export function troubleOf(error: unknown): Trouble {
  for (const one of reasons(error)) {
    const told = isFault(one) ? (one.details.trouble as HubTrouble | undefined) : undefined;
    if (told) return { ...told, sentence: (one as Fault).message };
    const code = codeOf(one);
    if (code) return { code, sentence: hubTroubles[code] };
    const own = storeTrouble(one);
    if (own) return { code: own, sentence: (one as Error).message };
  }
  if (isFault(error)) {
    const { code, status } = answered(error);
    const isOwnWord = code !== "token_refused";
    const sentence = isOwnWord ? `${error.message}${strangeCode(error)}` : hubTroubles[code];
    const waitMs = Number(error.details.retryAfterMs);
    return {
      code,
      sentence,
      ...(status !== undefined && { status }),
      ...(waitMs > 0 && { seconds: Math.ceil(waitMs / 1000) }),
    };
  }
  const what = error instanceof Error ? error.message : String(error);
  return { code: "unexpected", sentence: `unexpected: ${what}` };
}

/** An error, its cause, and so on. */
function* reasons(error: unknown): Generator<unknown> {
  for (let one: unknown = error, depth = 0; one && depth < 8; depth++) {
    yield one;
    // Of several addresses tried at once.
    const errors = (one as { errors?: unknown[] }).errors;
    one = errors?.[0] ?? (one as { cause?: unknown }).cause;
  }
}

/** What Node and OpenSSL say themselves. */
function codeOf(error: unknown): HubTroubleCode | undefined {
  const { code } = error as { code?: unknown };
  if (typeof code !== "string" || isFault(error)) return undefined;
  return BY_CODE[code] ?? (code.startsWith("ERR_SSL") ? "no_tls" : undefined);
}

/** The code behind an error that no list here knows, so that a log tells at least that. */
function strangeCode(error: unknown): string {
  for (const one of reasons(error)) {
    const { code } = one as { code?: unknown };
    if (!isFault(one) && typeof code === "string") return ` (${code})`;
  }
  return "";
}

/** What LevelDB says of this machine's disk: in words, it knows no codes. The hub's disk is the hub's. */
function storeTrouble(error: unknown): HubTroubleCode | undefined {
  if (!(error instanceof Error)) return undefined;
  if (isFault(error)) {
    const { status, isOfHub, reason } = error.details;
    if (status !== undefined || isOfHub === true) return undefined;
    if (reason === "store_full") return "disk_full";
  }
  if (/no space left|quota exceeded/i.test(error.message)) return "disk_full";
  return /IO error|Corruption:/.test(error.message) ? "disk_failing" : undefined;
}

/** What speaks in the hub's place, by its status: a proxy, what stands before a hub that is not there, or a network. */
export function foreignTrouble(status: number): HubTroubleCode {
  if (status === 407) return "proxy_refuses";
  return status >= 500 ? "hub_restarting" : "captive_portal";
}

function answered(fault: Fault): { code: HubTroubleCode; status?: number } {
  const { status, isForeign, isOfHub, timeoutMs } = fault.details;
  if (timeoutMs !== undefined) return { code: "no_answer" };
  // A question of its own that the hub does not know: it is an older one.
  if (isOfHub === true && fault.code === "not_found") return { code: "not_understood" };
  if (fault.code !== "unavailable" || typeof status !== "number")
    return { code: BY_FAULT[fault.code] };
  if (isForeign === true) return { code: foreignTrouble(status), status };
  return { code: status >= 500 ? "hub_failing" : "captive_portal", status };
}

/** A trouble as pages and the hub are told it. */
export function toldTrouble(trouble: Trouble | null): HubTrouble | null {
  if (trouble === null) return null;
  const { sentence: _, ...told } = trouble;
  return told;
}
