/**
 * `serve`: answers the requests for a page: its document on its known paths, its files by name.
 *
 * A path nobody declared is no page and stays a 404 for whoever mounts this. Must never touch
 * the disk: a bundle is all there is, so no path can lead out of it.
 */
import { Hono, type Context } from "hono";
import type { BundledFile, PageBundle } from "./bundle.ts";
import { securityHeaders } from "./security-headers.ts";

const FOR_EVER = "public, max-age=31536000, immutable";

/** Routes to mount at `/`. */
export function pageRoutes({ files, document, pages }: PageBundle): Hono {
  const headers = securityHeaders();
  const app = new Hono();
  for (const path of pages) app.get(path, headers, (c) => answer(c, document, "no-cache"));
  app.get("/assets/:name", headers, (c) => {
    const file = files.get(`/assets/${c.req.param("name")}`);
    return file === undefined ? c.notFound() : answer(c, file, FOR_EVER);
  });
  return app;
}

function answer(c: Context, file: BundledFile, cacheControl: string): Response {
  c.header("cache-control", cacheControl);
  c.header("etag", file.etag);
  c.header("vary", "accept-encoding");
  if (c.req.header("if-none-match") === file.etag) return c.body(null, 304);
  c.header("content-type", file.type);
  if (!/\bgzip\b/.test(c.req.header("accept-encoding") ?? "")) return c.body(file.body);
  c.header("content-encoding", "gzip");
  return c.body(file.gzipped);
}
