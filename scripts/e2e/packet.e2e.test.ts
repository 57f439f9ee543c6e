import { test } from "uvu";
import * as assert from "uvu/assert";
import { look, openBrowser } from "#shared/web/testing/browser.ts";
import { liveFrames, WATER_METER } from "./live-frames.ts";
import { wordsOf } from "./resident-words.ts";
import { openSmallStage } from "./small-stage.ts";

export const timeoutMs = 240_000;
const couchUrl = process.env.COUCHDB_URL;
const PASSWORD = "seven quiet rivers in spring";
const digits = (text: string | null | undefined) => Number((text ?? "").replaceAll(/\D/g, ""));

test("a reading that a frame just brought stands on the resident's page and on the operator's", async () => {
  const stage = await openSmallStage({ couchUrl });
  const browser = await openBrowser();
  try {
    const { unit, ref } = stage.stories.leak;
    const words = wordsOf(stage.building, ref);
    const home = stage.building.load.communities[0]!.units.findIndex(({ name }) => name === unit);
    const meter = stage.building.plan.devices.find(
      ({ household, model }) => household === home && model === WATER_METER,
    )!;
    const framesAfter = (ms: number) =>
      stage.soon("a frame of the water meter", async () => {
        const newest = (await liveFrames(stage.simulatorFolder, meter.devEui)).at(-1);
        return newest !== undefined && newest.sentMs > ms && newest;
      });

    const resident = await look(browser, "phone");
    await resident.page.goto(stage.gatewayUrl);
    await resident.page
      .getByLabel("Access code")
      .fill(stage.codes.find((code) => code.ref === ref)?.code ?? "");
    await resident.page.getByRole("button", { name: "Show my home" }).click();
    const card = resident.page.locator("article.meter-card", { hasText: words.kinds.cold_water });
    await card.waitFor();

    // The page is open; from now on it has to follow by itself.
    const openedMs = Date.now();
    await stage.soon("devices on air", () => (stage.progress()?.joined ?? 0) > 0);
    await framesAfter(openedMs);
    await stage.simulator.stop();
    const frame = await framesAfter(openedMs);
    const index = card.locator("dd").last();
    await stage.soon(
      `${frame.litres} L on the resident's page`,
      async () => digits(await index.textContent()) === frame.litres,
    );
    const freshness = await resident.page.getByRole("status").textContent();
    const time = new Date(frame.sentMs).toLocaleTimeString("en-GB", {
      hour: "2-digit",
      minute: "2-digit",
      timeZone: "Europe/Madrid",
    });
    const minuteLater = new Date(frame.sentMs + 60_000).toLocaleTimeString("en-GB", {
      hour: "2-digit",
      minute: "2-digit",
      timeZone: "Europe/Madrid",
    });
    assert.ok(
      [time, minuteLater].some((text) => freshness?.startsWith(words.fresh.dataOf(text))),
      `${freshness} names ${time}`,
    );
    assert.equal(resident.complaints, []);

    const operator = await look(browser, "desk");
    await operator.page.goto(stage.setupLink ?? "no link");
    const fields = {
      organization: "Riser demo",
      firstName: "Ada",
      lastName: "Lago",
      email: "ada@example.org",
      password: PASSWORD,
      repeat: PASSWORD,
    };
    for (const [name, value] of Object.entries(fields))
      await operator.page.locator(`input[name="${name}"]`).fill(value);
    await operator.page.getByRole("button", { name: "Set up" }).click();
    await operator.page.getByRole("link", { name: "Devices" }).first().waitFor();
    await operator.page.goto(`${stage.hubUrl}/devices/${meter.devEui}`);
    const number = operator.page.locator(".panel-number");
    await number.waitFor();
    await stage.soon(
      `${frame.litres} L on the operator's page`,
      async () => digits(await number.textContent()) === frame.litres,
    );
    const panel = operator.page.locator("aside.panel");
    assert.match((await panel.textContent()) ?? "", new RegExp(unit));
    assert.equal(operator.complaints, []);

    const answer = await operator.page.request.get(
      `${stage.hubUrl}/api/v1/devices/${meter.devEui}?include=telemetry`,
    );
    const { data } = (await answer.json()) as {
      data: { uplinks: { f_cnt: number; payload_hex: string; via: string }[] };
    };
    const [newest] = data.uplinks;
    assert.equal(
      [newest?.via, newest?.f_cnt, newest?.payload_hex],
      ["lorawan", frame.fCnt, frame.payloadHex],
      "the very same frame",
    );
  } finally {
    await browser.close();
    await stage.end();
  }
});

test.run();
