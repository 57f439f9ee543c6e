/** `serve-withdrawn`: the one page of a gateway that was withdrawn, on the port its pages had. */
import type { Server } from "node:http";
import { serve } from "@hono/node-server";
import { withdrawnApp, type Mark } from "./withdrawn.ts";

export async function serveWithdrawn(
  mark: Mark,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<{ readonly port: number; stop(): Promise<void> }> {
  const app = withdrawnApp(mark);
  const server = await new Promise<Server>((resolve, reject) => {
    const made = serve({ fetch: app.fetch, hostname: host, port }, () => resolve(made)) as Server;
    made.once("error", reject);
  });
  const address = server.address();
  return {
    port: typeof address === "object" && address ? address.port : port,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
