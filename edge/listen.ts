/** `listen`: serves an app at an address, or says which setting cannot be met. */
import type { Server } from "node:http";
import { serve } from "@hono/node-server";
import type { Hono } from "hono";
import { Fault } from "#shared/model/fault.ts";
import type { EdgeConfig } from "./config.ts";

/** @throws Fault "unavailable" when the port is taken */
export async function listen(
  app: Hono,
  { host, port }: Pick<EdgeConfig, "host" | "port">,
): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch: app.fetch, hostname: host, port }, () =>
      resolve(server),
    ) as Server;
    server.once("error", (error: NodeJS.ErrnoException) =>
      reject(
        new Fault(
          "unavailable",
          error.code === "EADDRINUSE" ? `port ${port} is taken (EDGE_PORT)` : error.message,
          {},
          error,
        ),
      ),
    );
  });
}
