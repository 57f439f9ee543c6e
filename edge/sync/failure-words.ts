/**
 * `failure-words`: what is wrong between a gateway and its hub, in words for whoever stands before
 * it. Must never carry an address with a password, a token or a header.
 */
import { isFault } from "#shared/model/fault.ts";

/** By Node's and OpenSSL's error codes. */
const WORDS: Readonly<Record<string, string>> = {
  ENOTFOUND: "the hub's name is not known here (DNS): check the router and the hub's address",
  EAI_AGAIN: "names cannot be looked up (DNS does not answer): check the router",
  ECONNREFUSED: "nobody listens at the hub's address: the hub may be restarting",
  ECONNRESET: "the connection to the hub was cut",
  EPIPE: "the connection to the hub was cut",
  ETIMEDOUT: "the hub does not answer",
  EHOSTUNREACH: "there is no way to the hub: check the cable and the router",
  ENETUNREACH: "there is no network: check the cable and the router",
  CERT_HAS_EXPIRED:
    "the hub's certificate has run out, or this machine's clock is wrong: check the date",
  CERT_NOT_YET_VALID: "the hub's certificate is not valid yet: this machine's clock is behind",
  DEPTH_ZERO_SELF_SIGNED_CERT:
    "the hub's certificate is signed by nobody known: somebody may stand between, or NODE_EXTRA_CA_CERTS is missing",
  SELF_SIGNED_CERT_IN_CHAIN:
    "the hub's certificate comes from an authority that is not known here: somebody may stand between, or NODE_EXTRA_CA_CERTS is missing",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    "the hub's certificate cannot be checked: its chain is not complete",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    "the hub's certificate comes from an authority that is not known here",
  ERR_TLS_CERT_ALTNAME_INVALID:
    "the certificate is for another name: what answers is not the hub, or its address is wrong",
  EPROTO: "the hub's address speaks no TLS: check http or https",
};

/** The reason behind an error, as far down as it goes. */
export function wordsFor(error: unknown): string {
  for (let one: unknown = error, depth = 0; one !== undefined && depth < 8; depth++) {
    const code = (one as { code?: unknown }).code;
    const known = typeof code === "string" ? WORDS[code] : undefined;
    if (known !== undefined) return known;
    if (typeof code === "string" && code.startsWith("ERR_SSL"))
      return "the hub's address speaks no TLS as it should: check http or https";
    // Of several addresses tried at once.
    const errors = (one as { errors?: unknown[] }).errors;
    one = errors?.[0] ?? (one as { cause?: unknown }).cause;
  }
  if (isFault(error, "unauthorized") && error.details.status === 401)
    return "the hub does not take this gateway's token any more: a new one is asked for";
  if (isFault(error)) return error.message;
  return `unexpected: ${error instanceof Error ? error.message : String(error)}`;
}
