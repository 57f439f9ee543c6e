/** `setup-site`: the setup page as the gateway serves it. A client of the API and nothing else. */
import { fileURLToPath } from "node:url";
import type { Hono } from "hono";
import { bundlePage } from "#shared/web/bundle.ts";
import { pageRoutes } from "#shared/web/serve.ts";

/** Bundles the page and gives its routes. Throws when the source does not build. */
export async function setupSite(): Promise<Hono> {
  const entry = fileURLToPath(new URL("./setup.tsx", import.meta.url));
  return pageRoutes(await bundlePage({ entry, title: "Riser setup", pages: ["/setup"] }));
}
