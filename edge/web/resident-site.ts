/**
 * `resident-site`: the residents' pages as the gateway serves them.
 *
 * Must never answer under `/api`: the pages are clients of the API and nothing else.
 */
import { fileURLToPath } from "node:url";
import type { Hono } from "hono";
import { bundlePage } from "#shared/web/bundle.ts";
import { residentPages } from "#shared/web/resident/pages.ts";
import { pageRoutes } from "#shared/web/serve.ts";

/** Bundles the pages and gives the routes to mount at `/`. Throws when the source does not build. */
export async function residentSite(): Promise<Hono> {
  const entry = fileURLToPath(new URL("./resident.tsx", import.meta.url));
  return pageRoutes(await bundlePage({ entry, title: "Riser", pages: residentPages }));
}
