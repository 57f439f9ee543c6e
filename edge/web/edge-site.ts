/** `edge-site`: all pages of the gateway: the residents' and the installer's. */
import { Hono } from "hono";
import { residentSite } from "./resident-site.ts";
import { setupSite } from "./setup-site.ts";

export async function edgeSite(): Promise<Hono> {
  const [residents, setup] = await Promise.all([residentSite(), setupSite()]);
  // Each knows its own files and calls for the next where it does not.
  const app = new Hono();
  for (const site of [residents, setup])
    app.all("*", async (c, next) => {
      const answer = await site.fetch(c.req.raw, c.env);
      if (answer.status === 404) return next();
      return answer;
    });
  return app;
}
