/**
 * `admin-site`: the operator's pages as the hub serves them.
 *
 * Must never answer under `/api` or `/sync`.
 */
import { fileURLToPath } from "node:url";
import type { Hono } from "hono";
import { bundlePage } from "#shared/web/bundle.ts";
import { pageRoutes } from "#shared/web/serve.ts";
import { adminPages } from "./pages.ts";

/** Bundles the pages and gives the routes to mount at `/`. Throws when the source does not build. */
export async function adminSite(): Promise<Hono> {
  const entry = fileURLToPath(new URL("./admin.tsx", import.meta.url));
  return pageRoutes(await bundlePage({ entry, title: "Riser", pages: adminPages }));
}
