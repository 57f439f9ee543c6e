/**
 * `outbound`: requests to addresses that somebody else chose: webhooks, an organization's mail server, its
 * sign-in providers. They must not become a way into the network the hub stands in.
 *
 * A name is looked up once, every address it leads to is looked at, and the connection goes to just
 * that one: a name that changes its mind in between gains nothing. Redirects are not followed.
 */
import { lookup } from "node:dns/promises";
import { request as plainRequest } from "node:http";
import { request as secureRequest } from "node:https";
import { isIP } from "node:net";
import { Fault } from "#shared/model/fault.ts";
import { isPublicAddress } from "./public-address.ts";

export interface Sent {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
  readonly timeoutMs: number;
  /** What comes beyond is not read. */
  readonly mostBytes: number;
}

export interface Came {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

export interface Outbound {
  /** One numeric address of a host. @throws Fault "unavailable" when it leads nowhere, "invalid" when it may not be */
  addressOf(host: string): Promise<string>;
  /** @throws Fault "invalid" for an address that may not be, "unavailable" when nothing came back */
  send(url: URL, sent: Sent): Promise<Came>;
  /** The same, as libraries want it. What is longer than a megabyte is refused. */
  fetch(url: string, options: FetchOptions): Promise<Response>;
}

export interface FetchOptions {
  readonly method?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?:
    | string
    | URLSearchParams
    | Uint8Array
    | ReadableStream
    | ArrayBuffer
    | null
    | undefined;
}

const FETCH_MS = 10_000;
const FETCH_BYTES = 1_000_000;

/** @param mayBePrivate private addresses too: for a hub that shares a network with what it sends to */
export function outbound({ mayBePrivate }: { readonly mayBePrivate: boolean }): Outbound {
  const addressOf = async (host: string): Promise<string> => {
    const name = host.replace(/^\[(.*)\]$/, "$1");
    const found =
      isIP(name) === 0
        ? await lookup(name, { all: true }).catch((error: NodeJS.ErrnoException) => {
            throw new Fault("unavailable", `${name} is not known: ${error.code ?? error.message}`);
          })
        : [{ address: name }];
    const [first] = found;
    if (!first) throw new Fault("unavailable", `${name} leads nowhere.`);
    if (!mayBePrivate && !found.every(({ address }) => isPublicAddress(address)))
      throw new Fault(
        "invalid",
        "The address lies in a private network: the hub sends nothing there.",
      );
    return first.address;
  };
  const send: Outbound["send"] = async (url, { method, headers, body, timeoutMs, mostBytes }) => {
    const address = await addressOf(url.hostname);
    const ask = url.protocol === "https:" ? secureRequest : plainRequest;
    return new Promise((resolve, reject) => {
      const failed = (error: Error) =>
        reject(new Fault("unavailable", `It could not be reached: ${error.message}`, {}, error));
      const length =
        body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) };
      const outgoing = ask(
        url,
        {
          method,
          headers: { ...headers, ...length },
          lookup: (_name, options, done) => {
            const family = isIP(address);
            if (options.all) done(null, [{ address, family }]);
            else done(null, address, family);
          },
          signal: AbortSignal.timeout(timeoutMs),
          agent: false,
        },
        (incoming) => {
          const parts: Buffer[] = [];
          let bytes = 0;
          const end = () =>
            resolve({
              status: incoming.statusCode ?? 0,
              headers: incoming.headers,
              body: Buffer.concat(parts).subarray(0, mostBytes),
            });
          incoming.on("data", (part: Buffer) => {
            parts.push(part);
            bytes += part.length;
            if (bytes < mostBytes) return;
            end();
            incoming.destroy();
          });
          incoming.on("end", end);
          incoming.on("error", failed);
        },
      );
      outgoing.on("error", failed);
      outgoing.end(body);
    });
  };
  return {
    addressOf,
    send,
    async fetch(url, { method = "GET", headers = {}, body }) {
      const came = await send(new URL(url), {
        method,
        headers,
        body: textOf(body),
        timeoutMs: FETCH_MS,
        mostBytes: FETCH_BYTES,
      });
      if (came.body.length >= FETCH_BYTES) throw new Fault("invalid", "The answer is too long.");
      const said = new Headers();
      for (const [name, value] of Object.entries(came.headers))
        for (const one of [value ?? []].flat()) said.append(name, one);
      const hasBody = came.status !== 204 && came.status !== 304;
      return new Response(hasBody ? new Uint8Array(came.body) : null, {
        status: came.status,
        headers: said,
      });
    },
  };
}

/** A form or a text: nothing else is sent by those who ask. @throws Fault "invalid" */
function textOf(body: FetchOptions["body"]): string | undefined {
  if (body === undefined || body === null) return undefined;
  if (typeof body === "string") return body;
  if (body instanceof URLSearchParams) return body.toString();
  throw new Fault("invalid", "Only texts and forms are sent.");
}
