import { Hono } from "hono";
import type { Browser } from "playwright-core";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Loose } from "#cloud/hub-stand.ts";
import { areas } from "#cloud/areas/list.ts";
import { findings } from "#shared/web/testing/accessibility.ts";
import { look, openBrowser, serveOnFreePort, type Served } from "#shared/web/testing/browser.ts";
import { apiDocs } from "./docs-page.ts";
import { openApi } from "./open-api.ts";
import { parametersOf, type Given } from "./shared-parameters.ts";

/** A browser on a busy machine is slow. */
export const timeoutMs = 120_000;

const test = suite<{ browser: Browser; served: Served }>("API document");
test.before(async (context) => {
  context.served = await serveOnFreePort(new Hono().route("/", apiDocs(areas)));
  context.browser = await openBrowser();
});
test.after(async ({ browser, served }) => {
  await browser.close();
  await served.close();
});

test("the document names every route once, with what it takes and answers", () => {
  const { paths, components } = openApi(areas) as {
    paths: Record<
      string,
      Record<
        string,
        {
          operationId: string;
          responses: object;
          summary: string;
          parameters: readonly Given[];
        }
      >
    >;
    components: { parameters: Record<string, unknown> };
  };
  const operations = Object.values(paths).flatMap((methods) => Object.values(methods));
  assert.is(operations.length, areas.flatMap(({ routes }) => routes).length);
  assert.is(new Set(operations.map(({ operationId }) => operationId)).size, operations.length);
  for (const { operationId, responses, summary } of operations) {
    assert.ok(summary.endsWith("."), `${operationId}: ${summary}`);
    assert.ok(
      Object.keys(responses).some((status) => status.startsWith("2")),
      operationId,
    );
  }
  for (const [path, methods] of Object.entries(paths))
    for (const operation of Object.values(methods)) {
      assert.equal(
        parametersOf(operation, components)
          .filter((one) => one.in === "path")
          .map(({ name }) => name),
        [...path.matchAll(/\{(\w+)\}/g)].map((found) => found[1]),
        operation.operationId,
      );
    }
});

test("the document says who may call, what has to be there, and what is refused", () => {
  const { paths, components } = openApi(areas) as Loose;
  const create = paths["/customers"].post;
  assert.equal(create["x-scopes"], ["admin"]);
  assert.is(create.security, undefined, "as the document says for all");
  assert.is(create.requestBody.required, true);
  assert.ok(parametersOf(create, components).some(({ name }: Loose) => name === "Idempotency-Key"));
  assert.is(Object.keys(create.responses).join(" "), "201 400 401 403 404 409 413 429 default");
  assert.is(paths["/people/{person}/disable"].post.requestBody.required, false);

  const [keys, signIn] = [paths["/keys"].post, paths["/sign-in"].post];
  assert.equal([keys["x-scopes"], keys.security], [undefined, [{ cookie: [] }]]);
  assert.not.ok(
    parametersOf(keys, components).some(({ name }: Loose) => name === "Idempotency-Key"),
  );
  assert.equal([signIn["x-scopes"], signIn.security], [undefined, []]);

  const parameter = (path: string, wanted: string) =>
    parametersOf(paths[path].get, components).find(({ name }: Loose) => name === wanted);
  assert.equal(parameter("/units", "vacant")?.schema, { type: "boolean" });
  assert.match(String(parameter("/units", "community")?.description), "`tenant_name`");
});

for (const size of ["phone", "desk"] as const)
  test(`the page can be read by everybody: ${size}, light and dark`, async ({
    browser,
    served,
  }) => {
    const { page, complaints, close } = await look(browser, size);
    try {
      await page.goto(`${served.url}/docs`);
      await page.locator("summary", { hasText: "/devices/{dev_eui}" }).first().click();
      assert.equal(await findings(page), []);
      await page.emulateMedia({ colorScheme: "dark" });
      assert.equal(await findings(page, "colours"), []);
      const width = await page.evaluate<number>(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth",
      );
      assert.is(width, 0, "the page is wider than the screen");
      assert.equal(complaints, []);
    } finally {
      await close();
    }
  });

test.run();
