/**
 * `own-host`: refuses requests that a strange page makes a browser send.
 *
 * The Host header comes first: with DNS rebinding a stranger's name leads here and its page is of
 * the "same origin", so a list of names is the only thing that tells. Numeric addresses cannot be
 * rebound. Then, where something is changed, the Origin must be the host itself.
 */
import { isIP } from "node:net";
import type { MiddlewareHandler } from "hono";
import { Fault } from "#shared/model/fault.ts";

const SAFE = new Set(["GET", "HEAD", "OPTIONS"]);

/** The name in a Host header, lower case, without port, without a last dot. */
export function hostName(header: string): string {
  const name = header.startsWith("[")
    ? header.slice(1, header.indexOf("]"))
    : header.replace(/:[0-9]*$/, "");
  return name.toLowerCase().replace(/\.$/, "");
}

/**
 * @param names further names under which this process is opened; numeric addresses, `localhost`
 *   and whatever `isOwn` says are always right
 */
export function ownHost(
  names: readonly string[],
  isOwn: (name: string) => boolean = () => false,
): MiddlewareHandler {
  const known = new Set(["localhost", ...names.map((name) => name.toLowerCase())]);
  const isKnown = (name: string) => isIP(name) !== 0 || known.has(name) || isOwn(name);
  return async (c, next) => {
    const host = c.req.header("host") ?? "";
    if (!isKnown(hostName(host))) throw new Fault("forbidden", "this address is not one of ours");
    const origin = c.req.header("origin");
    if (!SAFE.has(c.req.method) && origin !== undefined && hostOf(origin) !== host.toLowerCase())
      throw new Fault("forbidden", "the request comes from a page of somebody else");
    await next();
  };
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host.toLowerCase() : undefined;
}
