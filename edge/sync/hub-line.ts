/**
 * `hub-line`: the gateway's connections to its hub: few, kept alive, counted in bytes, through a
 * proxy where the building has one.
 *
 * A `fetch` on Node's own HTTP client, because the built-in one knows no proxy, and its bytes on
 * the line cannot be counted. Never logs or repeats a header.
 */
import {
  Agent as HttpAgent,
  request as httpRequest,
  type ClientRequest,
  type IncomingMessage,
} from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import type { Duplex } from "node:stream";
import { Readable } from "node:stream";
import { connect as connectTls } from "node:tls";
import type { Fetch } from "#shared/couch/answer.ts";
import { foreignTrouble, troubled } from "./hub-trouble.ts";

export interface HubLine {
  readonly fetch: Fetch;
  /** Bytes on the line since the start, TLS and headers included. */
  bytes(): { readonly sent: number; readonly received: number };
  close(): void;
}

export interface HubLineOptions {
  /** `http://user:password@proxy:3128`; without it the hub is asked directly. */
  readonly proxyUrl?: string | undefined;
  /** How long a proxy may take to open its way, ms. */
  readonly proxyMs?: number;
}

const MOST_SOCKETS = 6;
/** Longer than the gateway is ever silent while it is well. */
const KEEP_MS = 90_000;
/** For a proxy to open its way, ms: less than any question waits, so that it is known who was silent. */
const PROXY_MS = 10_000;

interface Counted {
  readonly bytesRead: number;
  readonly bytesWritten: number;
  once(event: "close", listener: () => void): unknown;
}

export function hubLine({ proxyUrl, proxyMs = PROXY_MS }: HubLineOptions = {}): HubLine {
  const proxy = proxyUrl === undefined ? undefined : new URL(proxyUrl);
  const open = new Set<Counted>();
  const gone = { sent: 0, received: 0 };
  const count = (socket: Counted) => {
    if (open.has(socket)) return;
    open.add(socket);
    socket.once("close", () => {
      open.delete(socket);
      gone.sent += socket.bytesWritten;
      gone.received += socket.bytesRead;
    });
  };
  const keep = { keepAlive: true, maxSockets: MOST_SOCKETS, timeout: KEEP_MS } as const;
  const plain = new HttpAgent(keep);
  const secure = new HttpsAgent(keep);
  const opening = new Set<ClientRequest>();
  if (proxy) throughProxy(secure, proxy, { withinMs: proxyMs, opening });

  const fetch: Fetch = (address, init) =>
    new Promise<Response>((resolve, reject) => {
      const url = new URL(address);
      const isSecure = url.protocol === "https:";
      const signal = init.signal ?? undefined;
      signal?.throwIfAborted();
      const body = init.body as string | Uint8Array | undefined;
      const headers: Record<string, string> = { ...(init.headers as Record<string, string>) };
      headers["accept-encoding"] ??= "identity";
      if (body !== undefined && body !== null)
        headers["content-length"] = String(Buffer.byteLength(body));
      // A proxy is asked for a plain address as it stands, and for a way to a secure one.
      const isProxied = proxy !== undefined && !isSecure;
      if (isProxied) Object.assign(headers, proxyHeaders(proxy));
      const target = isProxied ? proxy : url;
      const asked = (isSecure ? httpsRequest : httpRequest)(
        {
          host: hostOf(target),
          port: target.port || (target.protocol === "https:" ? 443 : 80),
          method: init.method ?? "GET",
          path: isProxied ? url.href : `${url.pathname}${url.search}`,
          headers: { ...headers, host: url.host },
          agent: isSecure ? secure : plain,
          ...(signal && { signal }),
        },
        (answer) => {
          const status = answer.statusCode ?? 0;
          if (!isProxied || !isProxyNo(answer)) return resolve(responseOf(answer));
          answer.destroy();
          reject(troubled("unavailable", { code: "proxy_refuses", status }));
        },
      );
      // A request that has no connection yet would say so only when it gets one.
      const off = () => reject(signal?.reason as Error);
      signal?.addEventListener("abort", off, { once: true });
      asked.once("close", () => signal?.removeEventListener("abort", off));
      asked.on("socket", (socket) => count(socket));
      asked.on("error", (error) => reject(isProxied && isUnmet(error) ? proxyAway(error) : error));
      if (body === undefined || body === null) asked.end();
      else asked.end(body);
    });

  return {
    fetch,
    bytes() {
      let { sent, received } = gone;
      for (const socket of open) {
        sent += socket.bytesWritten;
        received += socket.bytesRead;
      }
      return { sent, received };
    },
    close() {
      plain.destroy();
      secure.destroy();
      for (const ask of opening) ask.destroy();
    },
  };
}

function responseOf(answer: IncomingMessage): Response {
  const status = answer.statusCode ?? 502;
  const headers = new Headers();
  for (const [name, value] of Object.entries(answer.headers))
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(", ") : value);
  const isEmpty = status === 204 || status === 304;
  if (isEmpty) answer.resume();
  return new Response(isEmpty ? null : (Readable.toWeb(answer) as unknown as ReadableStream), {
    status: status < 200 ? 502 : status,
    headers,
  });
}

/** As a socket wants it: an IPv6 address without its brackets. */
const hostOf = ({ hostname }: URL) => hostname.replace(/^\[(.*)\]$/, "$1");

function proxyHeaders({ username, password }: URL): Record<string, string> {
  if (username === "") return {};
  const pair = `${asMeant(username)}:${asMeant(password)}`;
  return { "proxy-authorization": `Basic ${Buffer.from(pair).toString("base64")}` };
}

/** A password with a `%` that nobody wrote as `%25` is taken as it stands. */
function asMeant(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const proxyAway = (cause: unknown) => troubled("unavailable", { code: "proxy_away" }, { cause });
/** No connection came about: its name is not known, or nobody listens. */
const isUnmet = (error: NodeJS.ErrnoException & { readonly errors?: NodeJS.ErrnoException[] }) => {
  // Of several addresses of one name.
  const { syscall } = error.errors?.[0] ?? error;
  return syscall === "connect" || syscall === "getaddrinfo";
};

type Made = (error: Error | null, socket?: Duplex) => void;
interface Wanted {
  readonly host?: string | null;
  readonly port?: string | number | null;
  /** Empty for an address: there is no name to ask for. */
  readonly servername?: string;
}
interface Opening {
  readonly withinMs: number;
  /** Those under way. */
  readonly opening: Set<ClientRequest>;
}

/** Makes an agent open its connections through `CONNECT` (RFC 9110, section 9.3.6). */
function throughProxy(agent: HttpsAgent, proxy: URL, { withinMs, opening }: Opening): void {
  const connect = ({ host, port, servername = "" }: Wanted, made: Made) => {
    const place = `${host?.includes(":") ? `[${host}]` : host}:${port ?? 443}`;
    const ask = httpRequest({
      host: hostOf(proxy),
      port: proxy.port || 80,
      method: "CONNECT",
      path: place,
      headers: { host: place, ...proxyHeaders(proxy) },
      agent: false,
    });
    opening.add(ask);
    // From the name's look-up to the last byte of the answer, however slowly it comes.
    const silent = () => ask.destroy(new Error("the proxy gave no answer"));
    const limit = setTimeout(silent, withinMs);
    ask.once("close", () => {
      clearTimeout(limit);
      opening.delete(ask);
    });
    ask.once("error", (error) => made(proxyAway(error)));
    ask.once("connect", (answer, socket) => {
      const status = answer.statusCode ?? 0;
      if (status >= 200 && status < 300) {
        made(null, connectTls({ host: host ?? "", servername, socket }));
        return;
      }
      socket.destroy();
      made(troubled("unavailable", { code: refusedBy(status), status }));
    });
    ask.end();
  };
  // The way an agent may be told to make its sockets itself; the types only know the one that returns it.
  (
    agent as unknown as { createConnection: (wanted: Wanted, made: Made) => void }
  ).createConnection = connect;
}

/** A hub forbids in JSON. */
const isProxyNo = ({ statusCode, headers }: IncomingMessage) =>
  statusCode === 403 && !/\bjson\b/i.test(headers["content-type"] ?? "");

/** With 5xx it was willing, and did not get there itself. */
const refusedBy = (status: number) => (status >= 500 ? foreignTrouble(status) : "proxy_refuses");
