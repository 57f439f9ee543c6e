/**
 * `app`: everything the hub answers over HTTP: `/sync` for gateways, the API and the pages for people.
 */
import { isIP } from "node:net";
import { getConnInfo } from "@hono/node-server/conninfo";
import { Hono, type Context } from "hono";
import { hostName, ownHost } from "#shared/api/own-host.ts";
import { toProblem } from "#shared/api/problem.ts";
import { Fault, isFault } from "#shared/model/fault.ts";
import type { GatewayId } from "#shared/model/ids.ts";
import { securityHeaders } from "#shared/web/security-headers.ts";
import type { AreaParts } from "./api/area-parts.ts";
import { apiDocs } from "./api/docs-page.ts";
import { bounded, serveRoutes } from "./api/serve-routes.ts";
import { areas } from "./areas/list.ts";
import { findAsker } from "./auth/find-asker.ts";
import { gatewayClaim } from "./auth/gateway-claim.ts";
import { gatewayTokens } from "./auth/gateway-tokens.ts";
import { gatewayWatch } from "./auth/gateway-watch.ts";
import type { Metrics } from "./hub/metrics.ts";

export interface AppOptions extends Omit<AreaParts, "addressOf" | "onSignInFailed"> {
  /** The engine's door for gateways. */
  readonly sync: Hono;
  readonly pages: Hono;
  /** Host names under which people open the hub. */
  readonly names: readonly string[];
  readonly isHttps: boolean;
  readonly metrics: Metrics;
  readonly metricsToken: string | undefined;
  readonly onToken: (gatewayId: GatewayId) => void;
  /** A gateway said how it is. */
  readonly onReport: (gatewayId: GatewayId) => void;
  readonly onClaimed: () => void;
  readonly log: { error(about: object, message: string): void };
}

/** The longest that a machine has to say of itself. */
const MOST_TALK_BYTES = 256_000;
const PROBLEM = { "content-type": "application/problem+json" } as const;

export function hubApp(options: AppOptions): Hono {
  const { hub, sync, pages, names, isHttps, metrics, metricsToken, log } = options;
  const app = new Hono();
  app.onError((error, c) => {
    const problem = toProblem(error);
    if (!isFault(error) || error.code === "unavailable")
      log.error({ error, path: withoutSecret(c.req.path) }, "a request failed");
    // What was not read cannot be skipped: the line is given up, and the other side has to know.
    if (problem.status === 413) c.header("connection", "close");
    const { retry_after_ms: retryAfterMs } = problem as { retry_after_ms?: number };
    if (retryAfterMs !== undefined) c.header("retry-after", String(Math.ceil(retryAfterMs / 1000)));
    return c.json(problem, problem.status as 400, PROBLEM);
  });
  app.notFound((c) =>
    c.json(toProblem(new Fault("not_found", "There is nothing at this address.")), 404, PROBLEM),
  );

  // Machines: they bring no cookie, so a strange page gains nothing by leading a browser here.
  for (const base of ["", "/api/v1"]) {
    app.get(`${base}/ping`, (c) => c.text("pong"));
    app.get(`${base}/health`, async (c) => {
      await hub.registry.riser.fresh();
      return c.json({ status: "ok" });
    });
  }
  app.route("/sync", sync);
  const known = new Set([...names, "localhost"]);
  const isOwnAddress = (url: URL, env: unknown) => {
    const name = url.hostname.replace(/^\[(.*)\]$/, "$1");
    return known.has(name) || isLoopback(name) || name === localAddressOf(env);
  };
  for (const path of ["token", "claim", "watch", "months", "held"])
    app.use(`/api/v1/gateways/${path}`, bounded(MOST_TALK_BYTES));
  app.route(
    "/api/v1/gateways",
    gatewayTokens({
      hub,
      isOwnAddress,
      onIssued: (gatewayId) => {
        metrics.tokenIssued();
        options.onToken(gatewayId);
      },
      onRefused: metrics.tokenRefused,
    }),
  );
  app.route(
    "/api/v1/gateways",
    gatewayClaim({
      hub,
      isOwnAddress,
      addressOf: (c) => addressOf(c, isHttps),
      onClaimed: options.onClaimed,
    }),
  );
  app.route(
    "/api/v1/gateways",
    gatewayWatch({
      hub,
      stopping: options.stopping,
      onReport: ({ gatewayId }) => options.onReport(gatewayId),
    }),
  );
  app.get("/metrics", async (c, next) => {
    if (metricsToken !== undefined && c.req.header("authorization") === `Bearer ${metricsToken}`)
      return c.text(await metrics.text(), 200, { "content-type": metrics.contentType });
    return next();
  });

  // People.
  app.use(ownHost(names));
  app.get("/metrics", async (c) => {
    // A proxy on this machine asks for anybody.
    const isForwarded = ["forwarded", "x-forwarded-for", "via"].some((name) => c.req.header(name));
    const host = hostName(c.req.header("host") ?? "");
    const isHere = isLoopback(host) || host === "localhost";
    if (isForwarded || !isHere || !isLoopback(socketOf(c))) return c.notFound();
    return c.text(await metrics.text(), 200, { "content-type": metrics.contentType });
  });
  app.use("/api/*", securityHeaders());
  const parts: AreaParts = {
    ...options,
    addressOf: (c) => addressOf(c, isHttps),
    onSignInFailed: metrics.signInFailed,
  };
  const docs = apiDocs(areas);
  app.route("/", docs);
  app.route("/api/v1", docs);
  app.route(
    "/api/v1",
    serveRoutes({
      areas,
      parts,
      findAsker: findAsker(hub, options.cookies),
      onAuditFailed: (error) => log.error({ error }, "the audit could not be written"),
    }),
  );
  app.route("/", pages);
  return app;
}

/** A set-up link's token stands in its address. */
const withoutSecret = (path: string) => path.replace(/(\/setup\/).+/, "$1...");

/**
 * The address of the browser that asks. The hub speaks no TLS itself: under https a proxy stands
 * in front of it, and what that one says last is believed where it comes from a private address.
 * Otherwise all people would share one, and a stranger's guesses would keep them all waiting.
 */
function addressOf(c: Context, isBehindProxy: boolean): string {
  const socket = socketOf(c);
  const said = c.req.header("x-forwarded-for")?.split(",").at(-1)?.trim() ?? "";
  return isBehindProxy && isPrivate(socket) && isIP(said) !== 0 ? said : socket;
}

function isPrivate(address: string): boolean {
  const plain = address.replace(/^::ffff:/, "");
  return isLoopback(plain) || /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|f[cd])/.test(plain);
}

/** The address at the other end of the line; "unknown" when it did not come over a socket. */
function socketOf({ env }: Context): string {
  try {
    return getConnInfo({ env } as Context).remote.address ?? "unknown";
  } catch {
    return "unknown";
  }
}

/** The address of ours it came to. */
function localAddressOf(env: unknown): string | undefined {
  const { incoming } = env as { incoming?: { socket?: { localAddress?: string } } };
  return incoming?.socket?.localAddress?.replace(/^::ffff:/, "");
}

function isLoopback(address: string): boolean {
  return (
    isIP(address) !== 0 &&
    (address === "::1" || address.startsWith("127.") || address.startsWith("::ffff:127."))
  );
}
