/**
 * `app`: everything this gateway answers over HTTP: the residents' pages and API, health, metrics.
 */
import { isIP } from "node:net";
import { getConnInfo } from "@hono/node-server/conninfo";
import { Hono, type Context } from "hono";
import { ownHost } from "#shared/api/own-host.ts";
import { toProblem } from "#shared/api/problem.ts";
import { isFault } from "#shared/model/fault.ts";
import { securityHeaders } from "#shared/web/security-headers.ts";
import { programRoutes, type ProgramRoutesOptions } from "./access/program-routes.ts";
import { residentRoutes, type ResidentRoutesOptions } from "./access/routes.ts";
import type { Metrics } from "./health/metrics.ts";
import { setupRoutes, type SetupRoutesOptions } from "./setup/routes.ts";

export interface AppOptions extends Omit<ResidentRoutesOptions, "addressOf"> {
  readonly setup: Omit<SetupRoutesOptions, "addressOf">;
  readonly programs: ProgramRoutesOptions;
  /** The residents' pages. */
  readonly pages: Hono;
  readonly names: readonly string[];
  readonly metrics: Metrics;
  readonly metricsToken: string | undefined;
  readonly health: () => object;
  readonly log: { error(about: object, message: string): void };
}

/** Names a machine has on its own network; a rebinding stranger cannot own one. */
const isLocalName = (name: string) => name.endsWith(".local") || name.endsWith(".home.arpa");

export function edgeApp(options: AppOptions): Hono {
  const { pages, names, metrics, metricsToken, health, log } = options;
  const app = new Hono();
  app.onError((error, c) => {
    const problem = toProblem(error);
    if (!isFault(error)) log.error({ error, path: c.req.path }, "a request failed");
    const { retry_after_ms: retryAfterMs } = problem as { retry_after_ms?: number };
    if (retryAfterMs !== undefined) c.header("retry-after", String(Math.ceil(retryAfterMs / 1000)));
    return c.json(problem, problem.status as 400, { "content-type": "application/problem+json" });
  });
  app.notFound((c) =>
    c.json(
      {
        type: "about:blank",
        title: "There is no such thing here",
        status: 404,
        code: "not_found",
        detail: c.req.path,
      },
      404,
      {
        "content-type": "application/problem+json",
      },
    ),
  );
  app.use(securityHeaders());
  app.use(ownHost(names, isLocalName));
  app.get("/ping", (c) => c.text("pong"));
  app.get("/health", (c) => c.json(health()));
  app.get("/metrics", async (c) => {
    const isHere = isLoopback(addressOf(c.env));
    const isAllowed =
      metricsToken !== undefined && c.req.header("authorization") === `Bearer ${metricsToken}`;
    if (!isHere && !isAllowed) return c.notFound();
    return c.text(await metrics.text(), 200, { "content-type": metrics.contentType });
  });
  app.route("/api/v1/setup", setupRoutes({ ...options.setup, addressOf }));
  app.route("/api/v1", programRoutes(options.programs));
  app.route("/api/v1", residentRoutes({ ...options, addressOf }));
  app.route("/", pages);
  return app;
}

/** The address a request came from; "unknown" when it did not come over a socket. */
function addressOf(env: unknown): string {
  try {
    return getConnInfo({ env } as Context).remote.address ?? "unknown";
  } catch {
    return "unknown";
  }
}

function isLoopback(address: string): boolean {
  return (
    isIP(address) !== 0 &&
    (address === "::1" || address.startsWith("127.") || address.startsWith("::ffff:127."))
  );
}
