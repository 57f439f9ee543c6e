import { Hono } from "hono";
import type { Browser } from "playwright-core";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { tryOnSample } from "#cloud/areas/mappings/trial.ts";
import { MappingTrialAsked, NewMapping } from "#shared/api/mappings.ts";
import { findings } from "#shared/web/testing/accessibility.ts";
import { adminDouble } from "#shared/web/testing/admin-double.ts";
import { look, openBrowser, serveOnFreePort, type Served } from "#shared/web/testing/browser.ts";
import { adminState } from "#shared/web/testing/invented-devices.ts";
import { adminSite } from "./admin-site.ts";

/** A browser on a busy machine is slow. */
export const timeoutMs = 120_000;

const test = suite("mappings page");
let browser: Browser;
let served: Served;
const kept: unknown[] = [];
test.before(async () => {
  const app = new Hono()
    .get("/api/v1/mappings", (c) =>
      c.json({ status: "success", data: [], total: 0, limit: 100, offset: 0 }),
    )
    .post("/api/v1/mappings/trial", async (c) => {
      const { mapping, sample } = MappingTrialAsked.parse(await c.req.json());
      return c.json({ status: "success", data: tryOnSample(mapping, sample) });
    })
    .post("/api/v1/mappings", async (c) => {
      kept.push(NewMapping.parse(await c.req.json()));
      return c.json({ status: "success", data: {} }, 201);
    });
  app.route("/", adminDouble(adminState()).app);
  app.route("/", await adminSite());
  served = await serveOnFreePort(app);
  browser = await openBrowser();
});
test.after(async () => {
  await browser.close();
  await served.close();
});

test("a mapping is written beside a sample that says at once what is read, and kept", async () => {
  const { page, complaints, close } = await look(browser, "desk");
  try {
    await page.goto(`${served.url}/mappings`);
    await page.getByLabel("Its text (JSON)").fill('{"id":"pump","m3":"12.5"}');
    await page.getByLabel(/^Device:/).fill("/id");
    await page.getByRole("button", { name: "Add a value" }).click();
    const line = page.getByRole("group", { name: "Value" });
    await line.getByLabel("Choose one").selectOption("/m3");
    await line.getByText("12.5 m3").waitFor();
    await page.getByText("x-trial-pump").waitFor();
    await page.getByLabel(/^Short name/).fill("pump");
    await page.getByRole("button", { name: "Keep" }).click();
    await page.getByText(/^Kept\./).waitFor();
    assert.equal(await findings(page), []);
    assert.equal(complaints, []);
  } finally {
    await close();
  }
  assert.equal(kept, [
    {
      name: "pump",
      title: "pump",
      mapping: {
        topic: null,
        device: { pointer: "/id" },
        time: null,
        values: [{ pointer: "/m3", register: "8-0:1.0.0", scale: 0 }],
      },
      sample: { topic: null, body: '{"id":"pump","m3":"12.5"}' },
    },
  ]);
});

test.run();
