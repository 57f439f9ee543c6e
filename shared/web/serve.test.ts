import { test } from "uvu";
import * as assert from "uvu/assert";
import type { BundledFile } from "./bundle.ts";
import { contentPolicy } from "./security-headers.ts";
import { pageRoutes } from "./serve.ts";

const file = (text: string, type: string): BundledFile => ({
  body: new TextEncoder().encode(text),
  gzipped: new TextEncoder().encode(`gz ${text}`),
  type,
  etag: `"${text}"`,
});
const app = pageRoutes({
  files: new Map([["/assets/x-1.js", file("js", "text/javascript")]]),
  document: file("html", "text/html"),
  pages: ["/", "/homes/:unitId"],
  inputs: [],
  firstLoadBytes: 0,
});

test("a page is guarded on every answer and never promises https", async () => {
  for (const path of ["/", "/assets/x-1.js"]) {
    const { headers } = await app.request(path);
    assert.is(headers.get("content-security-policy"), contentPolicy);
    assert.is(headers.get("x-content-type-options"), "nosniff");
    assert.is(headers.get("referrer-policy"), "no-referrer");
    assert.is(headers.get("strict-transport-security"), null);
  }
  assert.not.match(contentPolicy, /unsafe|https?:|\*/);
});

test("the document answers on its known paths and nowhere else", async () => {
  for (const path of ["/", "/homes/u-1"]) assert.is(await (await app.request(path)).text(), "html");
  for (const path of [
    "/homes",
    "/homes/a/b",
    "/api/v1/me",
    "/assets/../package.json",
    "/assets/y.js",
  ])
    assert.is((await app.request(path)).status, 404, path);
});

test("files are kept for ever, the document is asked for again", async () => {
  assert.match(
    (await app.request("/assets/x-1.js")).headers.get("cache-control") ?? "",
    "immutable",
  );
  const first = await app.request("/");
  assert.is(first.headers.get("cache-control"), "no-cache");
  const again = await app.request("/", {
    headers: { "if-none-match": first.headers.get("etag") ?? "" },
  });
  assert.is(again.status, 304);
});

test("a browser that reads gzip gets gzip", async () => {
  const answer = await app.request("/", { headers: { "accept-encoding": "br, gzip" } });
  assert.is(answer.headers.get("content-encoding"), "gzip");
  assert.is(await answer.text(), "gz html");
});

test.run();
