/** An installer with a phone in a cellar: the setup page in a browser, from the code to a meter that is heard. */
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { readConfig } from "#edge/config.ts";
import { startEdge } from "#edge/edge.ts";
import { edgeSite } from "#edge/web/edge-site.ts";
import { claimLabel } from "#shared/model/claim-label.ts";
import { systemClock } from "#shared/model/clock.ts";
import { findings } from "#shared/web/testing/accessibility.ts";
import { look, openBrowser } from "#shared/web/testing/browser.ts";
import { openTown } from "./small-town.ts";

export const timeoutMs = 120_000;
const EUI = "70b3d57ed00c0001";
const APP_KEY = "000102030405060708090a0b0c0d0e0f";

const test = suite<{ browser: Browser }>("setup page");
test.before(async (context) => {
  context.browser = await openBrowser();
});
test.after(async ({ browser }) => browser.close());

test("a meter is added from its label, mounted, heard, accepted by the hub and taken away again", async ({
  browser,
}) => {
  const town = await openTown({}, edgeSite);
  const { page, complaints, close } = await look(browser, "phone");
  try {
    await page.goto(`${town.edge.url}/setup`);
    await page.getByLabel("Setup code").fill(town.edge.setupCode.shown);
    await page.getByRole("button", { name: "Open" }).click();
    await page.getByRole("heading", { name: /Homes and meters/ }).waitFor();
    await page.getByText("None has been heard", { exact: false }).waitFor();
    assert.equal(await findings(page), []);

    await page.getByRole("button", { name: "Add a meter" }).click();
    await page.getByLabel("What the label says").fill("nothing of use");
    await page.keyboard.press("Enter");
    await page.getByText("No DevEUI was found", { exact: false }).waitFor();
    await page
      .getByLabel("What the label says")
      .fill(`LW:D0:70B3D57ED0000000:${EUI.toUpperCase()}:AABB1122:SX-100`);
    await page.keyboard.press("Enter");
    await page.getByText(EUI).first().waitFor();
    await page.getByLabel("Name").fill("Kitchen");
    await page.getByRole("button", { name: "Register and mount" }).click();
    await page.getByRole("alert").getByText("Choose a home").waitFor();
    await page.getByLabel("Home", { exact: true }).selectOption({ index: 1 });
    await page.getByLabel("Reading at the counter", { exact: false }).fill("12,345");
    assert.equal(await findings(page), []);
    await page.getByRole("button", { name: "Register and mount" }).click();
    await page.getByText("not heard yet").first().waitFor();
    await page.getByText("accepted").nth(1).waitFor();
    assert.not.ok((await page.content()).includes(APP_KEY));

    await town.hear(EUI, 1, new Uint8Array([1, 2, 3]));
    await page.getByText("heard just now").waitFor();

    const row = page.locator(".setup-meter", { hasText: "Kitchen" });
    await row.getByRole("button", { name: "Take away…" }).click();
    const dialog = page.getByRole("dialog", { name: /Take Kitchen away from/ });
    await dialog.getByLabel("Reading at the counter", { exact: false }).fill("much");
    await dialog.getByRole("button", { name: "Take it away" }).click();
    await dialog.locator(".text-field-trouble").getByText(/./).waitFor();
    await dialog.getByLabel("Reading at the counter", { exact: false }).fill("12.4");
    await dialog.getByRole("button", { name: "Take it away" }).click();
    await dialog.waitFor({ state: "hidden" });
    await page.getByText("In no home").waitFor();
    await page.getByText("accepted").nth(2).waitFor();
    assert.equal(
      complaints.filter((line) => !/40[0-9]/.test(line)),
      [],
    );
  } finally {
    await close();
    await town.end();
  }
});

test("a new gateway is claimed by scanning a label, whichever field is in use, and has its homes at once", async ({
  browser,
}) => {
  const town = await openTown();
  const folder = await mkdtemp(join(tmpdir(), "riser-claimed-"));
  const settings = { EDGE_DATA: folder, EDGE_PORT: "0", UDP_PORT: "off", SYNC_POLL_MS: "200" };
  const quiet = { info: () => {}, warn: () => {}, error: console.error };
  const edge = await startEdge(readConfig(settings), {
    clock: systemClock,
    random: randomBytes,
    log: quiet,
    pages: edgeSite,
    version: "test",
  });
  const { page, close } = await look(browser, "phone");
  try {
    const { data: made } = await town.ask("POST", "/gateways/claims", {
      communities: [town.tenant],
      label: "Cellar of the south wing",
    });
    await page.goto(`${edge.url}/setup`);
    await page.getByLabel("Setup code").fill(edge.setupCode.shown);
    await page.getByRole("button", { name: "Open" }).click();
    const [hub, code] = [page.locator("input[name=hub]"), page.locator("input[name=claim]")];
    await code.fill(claimLabel(town.hub.url, made.code));
    assert.equal([await hub.inputValue(), await code.inputValue()], [town.hub.url, made.code]);
    await hub.fill(claimLabel("https://other.example", "AAAAA-BBBBB"));
    assert.is(await code.inputValue(), "AAAAA-BBBBB");
    await hub.fill(claimLabel(town.hub.url, made.code));
    await code.press("Enter");
    await page.getByRole("heading", { name: /Homes and meters/ }).waitFor();
    await page.getByText("Cellar of the south wing").first().waitFor();
    assert.equal(await findings(page), []);
  } finally {
    await close();
    await edge.stop();
    await town.end();
    await rm(folder, { recursive: true, force: true });
  }
});

test.run();
