import { Hono } from "hono";
import type { Browser, Page } from "playwright-core";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { bundlePage } from "#shared/web/bundle.ts";
import { findings } from "#shared/web/testing/accessibility.ts";
import { adminDouble, rightPassword, setupToken } from "#shared/web/testing/admin-double.ts";
import {
  look,
  openBrowser,
  serveOnFreePort,
  sizes,
  type Served,
  type Size,
} from "#shared/web/testing/browser.ts";
import { adminState } from "#shared/web/testing/invented-devices.ts";
import { adminSite } from "./admin-site.ts";

const state = adminState();
const { app: api, say } = adminDouble(state);
let browser: Browser;
let served: Served;

/** A browser on a busy machine is slow. */
export const timeoutMs = 120_000;

const test = suite("operator's pages");
test.before(async () => {
  const app = new Hono();
  app.route("/", api);
  app.route("/", await adminSite());
  served = await serveOnFreePort(app);
  browser = await openBrowser();
});
test.after(async () => {
  await browser.close();
  await served.close();
});
test.before.each(() => {
  Object.assign(state, adminState());
});

/** Opens a path, lets `see` look at it, and asserts that the page complained about nothing. */
async function at(path: string, see: (page: Page) => Promise<void>, size: Size = "desk") {
  const { page, complaints, close } = await look(browser, size);
  try {
    await page.goto(served.url + path);
    await see(page);
    assert.equal(complaints, []);
  } finally {
    await close();
  }
}

test("the bundle brings no schema library and names no other machine", async () => {
  const entry = new URL("./admin.tsx", import.meta.url).pathname;
  const { files, inputs, firstLoadBytes } = await bundlePage({ entry, title: "x", pages: ["/"] });
  assert.ok(firstLoadBytes < 32_000, `${firstLoadBytes} bytes of JavaScript`);
  assert.equal(
    inputs.filter((input) => /zod|shared\/api/.test(input)),
    [],
  );
  for (const { body } of files.values())
    assert.equal(
      new TextDecoder().decode(body).match(/https?:\/\/(?!www\.w3\.org\/)[\w.]+/g) ?? [],
      [],
    );
});

test("the set-up link makes the first administrator, once, and leaves the address clean", async () => {
  state.isSignedIn = state.isSetUp = false;
  await at(`/setup#token=${setupToken}`, async (page) => {
    await page.getByRole("heading", { name: "Set up this hub" }).waitFor();
    assert.is(page.url(), `${served.url}/setup`);
    await page.getByLabel("Organization").fill("Wasserwerk Nord");
    await page.getByLabel("First name").fill("Noa");
    await page.getByLabel("Last name").fill("Keller");
    await page.getByLabel("E-mail").fill("noa@example.org");
    await page.getByLabel("Password", { exact: true }).fill("short");
    await page.getByText("7 characters to go").waitFor();
    await page.getByLabel("Password", { exact: true }).fill(rightPassword);
    await page.getByLabel("Password again").fill("another");
    await page.getByRole("button", { name: "Set up" }).click();
    await page.getByText("The two passwords are not the same.").waitFor();
    await page.getByLabel("Password again").fill(rightPassword);
    await page.getByRole("button", { name: "Set up" }).click();
    await page.getByRole("heading", { name: "Overview" }).waitFor();
    await page.goto(`${served.url}/setup#token=${setupToken}`);
    await page.getByText("This link does not work any more").waitFor();
  });
});

test("a wrong password and too many tries are told in words; the right one opens", async () => {
  state.isSignedIn = false;
  await at("/gateways", async (page) => {
    await page.getByLabel("E-mail").fill("noa@example.org");
    await page.getByLabel("Password").fill("wrong");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByText("E-mail or password is wrong.").waitFor();
    state.failure = "too_many";
    await page.getByLabel("Password").fill("wrong");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByText("Please wait 2 minutes").waitFor();
    state.failure = undefined;
    await page.getByLabel("Password").fill(rightPassword);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("heading", { name: "Gateways" }).waitFor();
  });
});

test("40,000 devices: only the rows in sight are drawn, and the last one is a scroll away", async () => {
  state.devices = 40_000;
  await at("/devices", async (page) => {
    await page.getByText("40,000 devices").waitFor();
    await page.locator("tr[data-row='0'] a").waitFor();
    assert.ok((await page.locator("tr[data-row]").count()) < 60);
    await page.locator(".windowed").evaluate((box) => box.scrollTo(0, box.scrollHeight));
    await page.locator("tr[data-row='39999'] a").waitFor();
    assert.ok((await page.locator("tr[data-row]").count()) < 60);
  });
});

test("search filters while typing, from any page, and stands in the address", async () => {
  await at("/", async (page) => {
    await page.getByRole("heading", { name: "Overview" }).waitFor();
    await page.keyboard.press("/");
    await page.keyboard.type("24e12400000003E6");
    await page.getByText("one device").waitFor();
    assert.match(page.url(), /\/devices\?q=24e12400000003E6$/);
    await page.getByRole("button", { name: "Clear the search" }).click();
    await page.getByText("164 devices").waitFor();
  });
});

test("a filter without a match says so and leads back", async () => {
  await at("/devices?q=nothing-like-it", async (page) => {
    await page.getByText("Nothing fits").waitFor();
    await page.getByRole("button", { name: "Show all devices" }).click();
    await page.getByText("164 devices").waitFor();
  });
});

test("arrows walk the list, Enter opens the panel, Esc closes it where one was", async () => {
  await at("/devices?status=online", async (page) => {
    await page.locator("tr[data-row='0'] a").focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    await page.locator("tr[data-row='2'] a:focus").waitFor();
    await page.keyboard.press("Enter");
    const panel = page.getByRole("complementary", { name: "Active energy 1A" });
    await panel.getByText("9,129.21").first().waitFor();
    await page.keyboard.press("Escape");
    await panel.waitFor({ state: "detached" });
    await page.locator("tr[data-row='2'] a:focus").waitFor();
    assert.match(page.url(), /\/devices\?status=online$/);
  });
});

test("an uplink shows its bytes, what they were read as, and why they were not", async () => {
  await at("/devices/24e12400000003e6", async (page) => {
    await page.getByText("01 75 5c 03 67 34 01 04 68 65").first().waitFor();
    await page.getByText("FCnt 4711 · FPort 85").waitFor();
    await page.getByText("no channel 0xff0b in this decoder").waitFor();
  });
});

test("a new reading changes the row and the panel without a reload", async () => {
  await at("/devices/24e12400000003e6", async (page) => {
    await page.locator(".panel-number", { hasText: "9,129.21" }).waitFor();
    state.extra = 100;
    say("devices");
    await page.locator(".panel-number", { hasText: "9,130.21" }).waitFor();
    await page.locator("tr[data-row='2'] .col-reading", { hasText: "9,130.21" }).waitFor();
  });
});

test("an id is copied whole", async () => {
  await at("/devices/24e12400000003e6", async (page) => {
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await page.getByRole("button", { name: "Copy 24e12400000003e6" }).click();
    await page.getByRole("button", { name: "Copied" }).waitFor();
    assert.is(await page.evaluate(() => navigator.clipboard.readText()), "24e12400000003e6");
  });
});

test("every empty list says what to do next", async () => {
  Object.assign(state, { devices: 0, communities: 0, gateways: 0, strangers: 0 });
  for (const [path, words] of [
    ["/", "Nothing here yet"],
    ["/communities", "No communities yet"],
    ["/devices", "No devices yet"],
    ["/unregistered", "No strangers"],
    ["/gateways", "No gateway yet"],
  ] as const)
    await at(path, (page) => page.getByText(words).waitFor());
});

test("a decoder is tried on a sample, its mapping shown, and saved; a refusal says why", async () => {
  await at("/decoders", async (page) => {
    await page.getByText("The decoder answered without data.").waitFor();
    await page.getByRole("link", { name: "Acme W1" }).click();
    await page.getByRole("button", { name: "Try it" }).click();
    await page.getByText("42 L").waitFor();
    await page.getByText("battery low", { exact: true }).waitFor();
    await page.getByRole("button", { name: "Remove volume_l" }).click();
    await page.getByRole("button", { name: "Take the proposal" }).click();
    await page.getByRole("button", { name: "Remove volume_l" }).waitFor();
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByLabel("Samples").fill("nonsense");
    await page.getByText("One of these lines is no sample.").waitFor();
  });
});

test("a decoder's downlinks are tried, an earlier version is taken back, and one in use is not deleted", async () => {
  await at("/decoders/acme-w1", async (page) => {
    await page.getByLabel("Data (JSON)").fill("[1]");
    await page.getByRole("button", { name: "Encode" }).click();
    await page.getByText("This is no JSON object.").waitFor();
    await page.getByLabel("Data (JSON)").fill('{ "open": true }');
    await page.getByRole("button", { name: "Encode" }).click();
    await page.getByText("7 01").waitFor();
    await page.getByLabel("Port and bytes").fill("7 0");
    await page.getByRole("button", { name: "Decode", exact: true }).click();
    await page.getByText("This is no port with bytes.").waitFor();
    await page.getByLabel("Port and bytes").fill("7 01");
    await page.getByRole("button", { name: "Decode", exact: true }).click();
    await page.getByText('"open": true').waitFor();
    assert.ok(await page.getByRole("button", { name: "Delete this decoder" }).isDisabled());
    await page.getByText("12 devices are decoded by it.", { exact: false }).waitFor();
    assert.equal(await findings(page), []);
    await page.getByRole("button", { name: "Take version 1 into the editor" }).click();
    await page.getByText("Version 1 is in the editor.", { exact: false }).waitFor();
    assert.match(await page.getByLabel("Script").inputValue(), /first: 1/);
  });
});

test("a decoder that reads no device is deleted after its name was typed", async () => {
  await at("/decoders/acme-old", async (page) => {
    await page.getByRole("button", { name: "Delete this decoder" }).click();
    const dialog = page.getByRole("dialog", { name: "Delete Acme Old?" });
    const go = dialog.getByRole("button", { name: "Delete this decoder" });
    assert.ok(await go.isDisabled());
    await dialog.getByLabel("Type “Acme Old” to confirm").fill("Acme Old");
    await go.click();
    await page.getByRole("heading", { name: "Decoders" }).waitFor();
  });
});

test("a gateway's sync is shown, a claim code is made and called back, and withdrawing waits for the name", async () => {
  await at("/gateways", async (page) => {
    await page.getByText("A change is pending on one gateway.").waitFor();
    await page.getByRole("link", { name: "Show them" }).click();
    await page.getByRole("link", { name: "Show all" }).waitFor();
    await page.getByRole("link", { name: "Lindenhof attic" }).click();
    const panel = page.getByRole("complementary", { name: "Lindenhof attic" });
    await panel.getByText("Something else answers in the hub's place", { exact: false }).waitFor();
    await panel.getByText("The answer was HTTP 302.", { exact: false }).waitFor();
    await panel.getByText("Last without the hub").waitFor();
    await panel.getByText("The hub's name is not known (DNS).").waitFor();
    await panel.getByText("Complete until").waitFor();
    await panel.getByText("change pending").waitFor();
    await panel.getByRole("button", { name: "Withdraw…" }).click();
    const dialog = page.getByRole("dialog", { name: "Withdraw Lindenhof attic" });
    const go = dialog.getByRole("button", { name: "Withdraw…" });
    assert.ok(await go.isDisabled());
    await dialog.getByLabel("Type “Lindenhof attic”").fill("Lindenhof attic");
    await go.click();
    await dialog.waitFor({ state: "hidden" });
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "New gateway…" }).click();
    const claiming = page.getByRole("dialog", { name: "A new gateway" });
    await claiming.getByRole("button", { name: "Call back the code for Lindenhof roof" }).click();
    await claiming.getByText("Codes that are still open").waitFor({ state: "hidden" });
    await claiming.getByRole("button", { name: "Make the code" }).click();
    await claiming.getByText("Choose at least one community.").waitFor();
    await claiming.getByRole("checkbox").first().check();
    await claiming.getByRole("button", { name: "Make the code" }).click();
    await claiming.getByText("7KQ2M-XV94T").waitFor();
    await claiming.getByRole("img", { name: "The code as a QR picture" }).waitFor();
    assert.equal(await findings(page), []);
    await claiming.getByRole("button", { name: "Done" }).click();
    await claiming.waitFor({ state: "hidden" });
  });
});

test("rows of gateways are checked, corrected, made into labels and saved; nothing of it is asked for twice", async () => {
  await at("/gateways", async (page) => {
    await page.getByRole("link", { name: "Many codes at once" }).click();
    await page.getByRole("heading", { name: "Codes for many gateways" }).waitFor();
    const rows = page.getByLabel("Rows");
    await rows.fill("Cellar; Riverside\nRoof; Nowhere\nLindenhof attic; Lindenhof | Riverside");
    await page.getByRole("button", { name: "Check" }).click();
    await page.getByText("2 of 3 rows make a code.").waitFor();
    await page.getByText("There is no community “Nowhere”").waitFor();
    await page.getByText("a gateway is called so already", { exact: false }).waitFor();
    assert.equal(await findings(page), []);
    await rows.fill("Cellar; Riverside\nRoof; Casa Norte");
    assert.is(
      await page.getByText("rows make a code").count(),
      0,
      "what was checked is another text",
    );
    // The same as a file, which goes as it is.
    const text = await rows.inputValue();
    await page
      .getByLabel("Choose a file", { exact: false })
      .setInputFiles({ name: "rows.csv", mimeType: "text/csv", buffer: Buffer.from(text) });
    await page.getByRole("button", { name: "Check" }).click();
    await page.getByRole("button", { name: "Make 2 codes" }).click();
    await page.getByRole("heading", { name: "2 codes were made" }).waitFor();
    const label = page.locator(".claim-label", { hasText: "Roof" });
    await label.getByText("7KQ2M-XV95T").waitFor();
    assert.equal(await findings(page), []);
    const [saved] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Save as CSV" }).click(),
    ]);
    assert.is(saved.suggestedFilename(), "claim-codes.csv");
    await page.emulateMedia({ media: "print" });
    assert.ok(await label.isVisible());
    assert.not.ok(await page.getByRole("navigation").first().isVisible());
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(wide <= 0);
  });
});

test("meters whose radio sessions were not handed to a gateway are counted, named and led to", async () => {
  await at("/gateways/gw-00f1e2d3c4b5a698", async (page) => {
    await page.locator(".panel-facts").waitFor();
    assert.is(await page.getByText("must join anew").count(), 0);
  });
  state.leftBehind = [
    { device: "24e12400000003e6", why: "session_damaged" },
    { device: "24e12400000003e7", why: "session_foreign_key" },
  ];
  await at("/gateways/gw-00f1e2d3c4b5a698", async (page) => {
    // Two that the hub could not open, and two that the gateway could not go on with.
    await page
      .getByText("4 meters' radio sessions could not be handed over; they must join anew")
      .waitFor();
    await page.getByText("sealed for another hub").waitFor();
    const link = page.getByRole("link", { name: "24e12400000003e6" });
    assert.is(await link.getAttribute("href"), "/devices/24e12400000003e6");
    assert.equal(await findings(page), []);
  });
});

test("what an older gateway says is shown in its own words", async () => {
  state.trouble = null;
  await at("/gateways/gw-00f1e2d3c4b5a698", async (page) => {
    await page.getByText("what answers at the hub's address is not a hub (status 302)").waitFor();
    assert.is(await page.getByText("Nothing is lost").count(), 0);
  });
});

test("a failure is told, and asking again helps", async () => {
  await at("/devices", async (page) => {
    await page.getByText("164 devices").waitFor();
    state.failure = "unavailable";
    await page.getByRole("link", { name: "Gateways" }).click();
    await page.getByText("The hub does not answer.").waitFor();
    state.failure = undefined;
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByText("Riverside basement").waitFor();
  });
});

test("the keyboard's list opens with ? and closes with Esc", async () => {
  await at("/", async (page) => {
    await page.getByRole("heading", { name: "Overview" }).waitFor();
    await page.keyboard.press("?");
    const dialog = page.getByRole("dialog", { name: "Keyboard shortcuts" });
    await dialog.waitFor();
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
  });
});

test("a community is added in two steps, and a short name that is taken is told at its field", async () => {
  await at("/communities", async (page) => {
    await page.getByRole("button", { name: "New community" }).click();
    const dialog = page.getByRole("dialog", { name: "New community" });
    await dialog.getByRole("button", { name: "Next: Owner and groups" }).click();
    await dialog.getByText("Please fill in this field.").first().waitFor();
    await dialog.getByLabel("Name", { exact: true }).fill("Hillside");
    await dialog.getByLabel("Short name").fill("community-0");
    assert.equal(await findings(page), []);
    await dialog.getByRole("button", { name: "Next: Owner and groups" }).click();
    await dialog.getByLabel("Riverbank").check();
    await dialog.getByLabel("Owner").selectOption({ index: 1 });
    assert.equal(await findings(page), []);
    await dialog.getByRole("button", { name: "Add", exact: true }).click();
    await dialog.getByText("This short name is taken, or was once.").waitFor();
    await dialog.getByLabel("Short name").fill("hillside");
    await page.keyboard.press("Enter");
    await dialog.waitFor({ state: "detached" });
    await page.locator("tr[data-row='2'] a").waitFor();
  });
});

test("a short name is proposed out of the name until somebody writes one", async () => {
  await at("/communities", async (page) => {
    await page.getByRole("button", { name: "New community" }).click();
    const dialog = page.getByRole("dialog", { name: "New community" });
    const [name, short] = [
      dialog.getByLabel("Name", { exact: true }),
      dialog.getByLabel("Short name"),
    ];
    await name.fill("12 Résidence d’Été");
    assert.is(await short.inputValue(), "residence-d-ete");
    await short.fill("ete");
    await name.fill("Résidence d’Hiver");
    assert.is(await short.inputValue(), "ete");
    assert.not.equal(await dialog.getByLabel("Time zone").inputValue(), "", "the browser's");
  });
});

test("a file is looked at before anything is written, its rows told, imported, and taken back", async () => {
  await at("/communities", async (page) => {
    const row = page.locator("tr[data-row='0']");
    const name = (await row.locator("a").textContent()) ?? "";
    await row.getByRole("button", { name: `Upload to ${name}` }).click();
    const dialog = page.getByRole("dialog", { name: `Upload to ${name}` });
    const choose = (text: string) =>
      dialog.getByLabel("File (CSV or XLSX)").setInputFiles({
        name: "residents.csv",
        mimeType: "text/csv",
        buffer: Buffer.from(text),
      });
    await choose("a;b\n");
    await dialog.getByText("This file cannot be taken. There is no column email.").waitFor();
    await choose("email;unit\n");
    await dialog.getByText("New: 2. Changed: 0. Nothing to do: 0. Not possible: 1.").waitFor();
    await dialog.getByText("Line 4: email is no e-mail address").waitFor();
    assert.is(
      await dialog.getByRole("link", { name: "Download the template" }).getAttribute("href"),
      "/api/v1/uploads/residents/template?format=xlsx",
    );
    assert.equal(await findings(page), []);
    await page.setViewportSize(sizes.phone);
    await dialog.getByRole("button", { name: "Import (2)" }).click();
    await page.getByText(`Imported to ${name}: 2.`).waitFor();
    await page.getByRole("button", { name: "Undo" }).click();
    await page.getByText("The upload was taken back.").waitFor();
  });
});

test("a community goes only by its typed name, after what goes with it was told, and comes back by one click", async () => {
  await at("/communities", async (page) => {
    const name = (await page.locator("tr[data-row='0'] a").textContent()) ?? "";
    await page
      .getByRole("button", { name: `Delete ${name}` })
      .first()
      .click();
    const dialog = page.getByRole("dialog", { name: `Delete ${name}?` });
    await dialog.getByText("Homes: 40. Tenancies: 63.").waitFor();
    const button = dialog.getByRole("button", { name: "Delete community" });
    assert.is(await button.isDisabled(), true);
    assert.equal(await findings(page), []);
    await dialog.getByLabel(/to delete it/).fill(name);
    await button.click();
    await page.getByText(`${name} was deleted.`).waitFor();
    await page.getByRole("button", { name: "Undo" }).click();
    await page.getByText(`${name} is back.`).waitFor();
  });
});

type Look = [name: string, path: string, there: string, change?: Partial<typeof state>];
const looks: readonly Look[] = [
  ["the overview", "/", ".health-list"],
  ["communities", "/communities", "tr[data-row='1'] a"],
  ["devices", "/devices?q=1A", "tr[data-row='1'] a"],
  ["a device", "/devices/24e12400000003e6", ".uplink"],
  ["unregistered devices", "/unregistered", "tr[data-row='1'] time"],
  ["gateways", "/gateways", "tr[data-row='1'] a"],
  ["a gateway", "/gateways/gw-00f1e2d3c4b5a698", ".panel-facts"],
  ["conservation", "/conservation", ".conservation-differs"],
  ["decoders", "/decoders", ".decoders-bytes"],
  ["a decoder", "/decoders/acme-w1", ".decoders-table"],
  ["the sign-in", "/", "h1", { isSignedIn: false }],
  ["the set-up", `/setup#token=${setupToken}`, "h1", { isSignedIn: false, isSetUp: false }],
  ["an empty hub", "/", ".notice", { devices: 0, communities: 0 }],
];
for (const size of Object.keys(sizes) as Size[])
  // What differs on the phone are the frame, the tables and the panel: the first ten.
  for (const [name, path, there, change] of size === "desk" ? looks : looks.slice(0, 10))
    test(`axe finds nothing on ${name}, ${size}, light and dark; nothing is cut off`, async () => {
      Object.assign(state, change);
      await at(
        path,
        async (page) => {
          await page.locator(there).first().waitFor();
          assert.equal(await findings(page), []);
          await page.emulateMedia({ colorScheme: "dark" });
          assert.equal(await findings(page, "colours"), [], "in the dark");
          const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
          assert.ok(wide <= 0, `${wide} px too wide`);
        },
        size,
      );
    });

test.run();
