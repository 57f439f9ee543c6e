import { readFile } from "node:fs/promises";
import { Hono } from "hono";
import type { Browser, Page } from "playwright-core";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { bundlePage } from "#shared/web/bundle.ts";
import { findings } from "#shared/web/testing/accessibility.ts";
import {
  look,
  openBrowser,
  serveOnFreePort,
  sizes,
  type Served,
  type Size,
} from "#shared/web/testing/browser.ts";
import { residentDouble, residentState, rightCode } from "#shared/web/testing/resident-double.ts";
import { residentSite } from "./resident-site.ts";

const state = residentState();
const { app: api, say } = residentDouble(state);
const home = "/homes/u-home3b0000000000";
const water = `${home}/meters/i-0cold0water0000`;
let browser: Browser;
let served: Served;

/** A browser on a busy machine is slow. */
export const timeoutMs = 120_000;

const test = suite("resident pages");
test.before(async () => {
  const app = new Hono();
  app.route("/", api);
  app.route("/", await residentSite());
  served = await serveOnFreePort(app);
  browser = await openBrowser();
});
test.after(async () => {
  await browser.close();
  await served.close();
});
test.before.each(() => {
  Object.assign(state, residentState());
});

/** Opens a path, lets `see` look at it, and asserts that the page complained about nothing. */
async function at(path: string, see: (page: Page) => Promise<void>, size: Size = "phone") {
  const { page, complaints, close } = await look(browser, size);
  try {
    await page.goto(served.url + path);
    await see(page);
    assert.equal(complaints, []);
  } finally {
    await close();
  }
}

test("the first load is light, brings no schema library, and names no other machine", async () => {
  const entry = new URL("./resident.tsx", import.meta.url).pathname;
  const { files, document, inputs, firstLoadBytes } = await bundlePage({
    entry,
    title: "x",
    pages: ["/"],
  });
  assert.ok(firstLoadBytes < 25_000, `${firstLoadBytes} bytes of JavaScript`);
  assert.equal(
    inputs.filter((input) => /zod|shared\/api/.test(input)),
    [],
  );
  const text = (body: Uint8Array) => new TextDecoder().decode(body);
  for (const body of [document.body, ...[...files.values()].map((file) => file.body)])
    assert.equal(text(body).match(/https?:\/\/(?!www\.w3\.org\/)[\w.]+/g) ?? [], []);
  assert.not.match(text(document.body), /<style|<script(?![^>]*\bsrc=)|\sstyle=|\son\w+=/);
});

test("a code is read in any writing, and the home opens", async () => {
  state.isSignedIn = false;
  await at("/", async (page) => {
    const field = page.getByLabel("Access code");
    await field.pressSequentially("k7qf9m2xtr4b8hzc");
    assert.is(await field.inputValue(), "K7QF-9M2X-TR4B-8HZC");
    await page.getByRole("button", { name: "Show my home" }).click();
    await page.getByRole("heading", { name: "Home 3B" }).waitFor();
    await page.getByText("Data of 10:42").waitFor();
  });
});

test("a letter's QR fills the code in and leaves no trace of it in the address", async () => {
  state.isSignedIn = false;
  await at(`/#code=${rightCode}`, async (page) => {
    assert.is(await page.getByLabel("Access code").inputValue(), "K7QF-9M2X-TR4B-8HZC");
    assert.is(page.url(), `${served.url}/`);
  });
});

test("a wrong code, a short one and too many tries are each told in words", async () => {
  state.isSignedIn = false;
  await at("/", async (page) => {
    const field = page.getByLabel("Access code");
    const button = page.getByRole("button", { name: "Show my home" });
    await field.fill("K7QF-9M2");
    await button.click();
    await page.getByText("9 characters are still missing.").waitFor();
    await field.fill("K7QF-9M2X-TR4B-8HZD");
    await button.click();
    await page.getByText("This code is not right.").waitFor();
    state.failure = "too_many";
    await button.click();
    await page.getByText("Too many tries. Please wait 2 minutes").waitFor();
    assert.is(await button.getAttribute("aria-disabled"), "true");
  });
});

test("typing in the middle of a code keeps the caret there", async () => {
  state.isSignedIn = false;
  await at("/", async (page) => {
    const field = page.getByLabel("Access code");
    await field.pressSequentially("K7QFM2X");
    for (let i = 0; i < 3; i++) await field.press("ArrowLeft");
    await field.pressSequentially("99");
    assert.is(await field.inputValue(), "K7QF-99M2-X");
    assert.is(await field.evaluate((input: HTMLInputElement) => input.selectionStart), 7);
  });
});

test("a new reading changes the number in its place", async () => {
  await at(home, async (page) => {
    const number = page
      .locator(".meter-card", { hasText: "Cold water" })
      .locator(".total-number")
      .first();
    await number.getByText("60").waitFor();
    const before = await page.locator(".meter-cards").boundingBox();
    state.extra = 7;
    say("reading", { meter_id: "i-0cold0water0000", at: state.now });
    await number.getByText("67").waitFor();
    assert.equal(await page.locator(".meter-cards").boundingBox(), before);
  });
});

test("the last line follows the internet going away and coming back", async () => {
  await at(home, async (page) => {
    const line = page.getByRole("status");
    await line.getByText("Data of 10:42").waitFor();
    const away = {
      ...state.freshness,
      is_hub_reached: false,
      hub_away_since: "2026-11-23T08:10:00Z",
      waiting: 37,
    };
    say("freshness", away);
    await line.getByText("internet away since 09:10, nothing is lost; 37 readings wait").waitFor();
    say("freshness", { ...away, is_hub_reached: true, hub_away_since: null });
    await line.getByText("37 readings are on their way").waitFor();
  });
});

test("a bar says its number and times by key and by finger, and gaps say that they are", async () => {
  await at(`${water}?span=month`, async (page) => {
    const chart = page.getByRole("slider");
    await chart.focus();
    for (let i = 0; i < 12; i++) await chart.press("ArrowRight");
    await page.getByText("Thursday 12 November").waitFor();
    await page.locator(".readout-detail", { hasText: "computed between two readings" }).waitFor();
    await chart.press("ArrowRight");
    await chart.press("ArrowRight");
    await page.locator(".readout-detail", { hasText: "nothing was heard" }).waitFor();
    assert.is((await page.locator(".readout-number").textContent())?.trim(), "–");
    const box = await chart.boundingBox();
    assert.ok(box);
    await page.touchscreen.tap(box.x + 4, box.y + box.height / 2);
    await page.getByText("Sunday 1 November").waitFor();
  });
});

test("the arrows go through time and stop at the borders of one's own time", async () => {
  await at(`${water}?span=month`, async (page) => {
    await page.getByRole("heading", { name: "November 2026" }).waitFor();
    assert.ok(await page.getByRole("button", { name: "Later" }).isDisabled());
    for (let i = 0; i < 9; i++) await page.getByRole("button", { name: "Earlier" }).click();
    await page.getByRole("heading", { name: "February 2026" }).waitFor();
    assert.ok(await page.getByRole("button", { name: "Earlier" }).isDisabled());
    await page.reload();
    await page.getByRole("heading", { name: "February 2026" }).waitFor();
  });
});

test("the table and the file say what the picture shows", async () => {
  await at(`${water}?span=day`, async (page) => {
    await page.getByRole("button", { name: "Table" }).click();
    assert.is(await page.getByRole("region").locator("tbody tr").count(), 11);
    const [file] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Export" }).click(),
    ]);
    assert.is(file.suggestedFilename(), "home-3b-cold-water-monday-23-november.csv");
    const text = await readFile(await file.path(), "utf8");
    assert.match(text, "Home 3B;Cold water;Monday 23 November");
    assert.match(text, /10:00–11:00;2026-11-23T09:00:00Z;2026-11-23T10:00:00Z;[\d.]+;not over yet/);
    assert.match(text, /Total;;;0\.06;/);
  });
});

test("a change of language or unit of water holds after a reload", async () => {
  await at(home, async (page) => {
    await page.getByRole("button", { name: "Settings" }).click();
    await page.getByLabel("Language").selectOption("de");
    await page.getByText("gal", { exact: true }).click();
    await page.reload();
    await page.getByRole("heading", { name: "Kaltwasser" }).waitFor();
    await page.locator(".total-number", { hasText: "gal" }).first().waitFor();
    assert.is(await page.evaluate(() => document.documentElement.lang), "de");
  });
});

test("what is set at the building is told as waiting until it is answered, as refused, and as not saved", async () => {
  await at(home, async (page) => {
    await page.getByRole("button", { name: "Settings" }).click();
    const hours = page.getByLabel("Show my use by the hour", { exact: false });
    assert.not.ok(await hours.isChecked());
    // What shows by the hour is asked for again.
    const asked = page.waitForRequest((request) => request.url().endsWith("/overview"));
    await hours.check();
    await asked;
    const said = page.getByRole("status");
    await said.getByText("has not confirmed it yet", { exact: false }).waitFor();
    assert.ok(state.settings.hours.is_agreed);
    // The administration answers while the menu is open.
    state.settings.is_waiting = false;
    await said.getByText("Saved.").waitFor();
    state.settings = { ...state.settings, is_refused: true };
    state.settings.hours = { is_asked: true, is_agreed: false };
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Settings" }).click();
    await said.getByText("did not accept the last change", { exact: false }).waitFor();
    await page.waitForFunction(
      () => !document.querySelector<HTMLInputElement>(".settings-hours input")?.checked,
    );
    state.failure = "unavailable";
    await page.getByLabel("Language").selectOption("fr");
    await said.getByText("n’a pas pu être enregistré", { exact: false }).waitFor();
    state.failure = undefined;
    await page.getByLabel("Langue").selectOption("es");
    await said.getByText("Aquí ya vale.", { exact: false }).waitFor();
    assert.is(state.settings.language, "es");
  });
});

test("who moved out reads until when, and their last month", async () => {
  state.homes = ["former", "second"];
  await at("/", async (page) => {
    await page.getByText("You lived here until 15 March").waitFor();
    await page.getByText("March 2026").first().waitFor();
    await page.getByLabel("Home").selectOption({ label: "Home 7A" });
    await page.getByRole("heading", { name: "Home 7A" }).waitFor();
    assert.is(await page.getByText("You lived here").count(), 0);
  });
});

test("a home without meters, a silent meter and a failure each say what is so", async () => {
  state.meters = "none";
  await at(home, (page) => page.getByText("No meters here yet").waitFor());
  state.meters = "silent";
  await at(home, (page) => page.getByText("No reading yet").first().waitFor());
  state.meters = "all";
  state.failure = "unavailable";
  await at(home, async (page) => {
    await page.getByRole("alert").waitFor();
    state.failure = undefined;
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByRole("heading", { name: "Home 3B" }).waitFor();
  });
});

test("signing out leads to the code, and so does a sign-in that was ended", async () => {
  await at(home, async (page) => {
    await page.getByRole("button", { name: "Settings" }).click();
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByLabel("Access code").waitFor();
    state.isSignedIn = true;
    await page.goto(served.url + home);
    await page.getByRole("heading", { name: "Home 3B" }).waitFor();
    state.isSignedIn = false;
    say("reading", { meter_id: "i-0cold0water0000", at: state.now });
    await page.getByText("You were signed out.").waitFor();
  });
});

type Look = [name: string, path: string, change: Partial<typeof state>, press?: string];
const looks: readonly Look[] = [
  ["the sign-in", "/", { isSignedIn: false }],
  ["a home with its settings open", home, {}, "Settings"],
  ["a meter with its table", `${water}?span=month`, {}, "Table"],
  ["a temperature", `${home}/meters/i-0temperature000`, {}, "Table"],
  ["meters that never reported", home, { meters: "silent" }],
  ["a former home", "/", { homes: ["former", "second"] }],
  ["a failure", home, { failure: "unavailable" }],
];
for (const size of Object.keys(sizes) as Size[])
  // The desk shows the same in two columns: the first three are enough.
  for (const [name, path, change, press] of size === "phone" ? looks : looks.slice(0, 3))
    test(`axe finds nothing on ${name}, ${size}, light and dark; nothing is cut off`, async () => {
      Object.assign(state, change);
      await at(
        path,
        async (page) => {
          await page.locator("h1").first().waitFor();
          if (press !== undefined) await page.getByRole("button", { name: press }).click();
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
