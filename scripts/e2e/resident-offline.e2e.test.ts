import { test } from "uvu";
import * as assert from "uvu/assert";
import { health } from "#scripts/demo/stage.ts";
import { ZONE } from "#scripts/demo/building.ts";
import { historyOf } from "#scripts/simulator/history.ts";
import { localDate, startOfDay } from "#shared/series/calendar.ts";
import { look, openBrowser } from "#shared/web/testing/browser.ts";
import { litresIn, liveFrames, WATER_METER } from "./live-frames.ts";
import { wordsOf } from "./resident-words.ts";
import { openSmallStage } from "./small-stage.ts";

export const timeoutMs = 240_000;
const couchUrl = process.env.COUCHDB_URL;
const ZONES = [{ fromMs: 0, zone: ZONE }];

test("with the hub stopped a resident signs in, sees today's litres, and is told how things stand", async () => {
  const stage = await openSmallStage({ couchUrl });
  const browser = await openBrowser();
  try {
    const { unit, ref } = stage.stories.leak;
    const words = wordsOf(stage.building, ref);
    const { plan, load } = stage.building;
    const home = load.communities[0]!.units.findIndex(({ name }) => name === unit);
    const meter = plan.devices.find(
      ({ household, model }) => household === home && model === WATER_METER,
    )!;
    await stage.soon(
      "a frame of the water meter",
      async () => (await liveFrames(stage.simulatorFolder, meter.devEui)).length > 0,
    );
    await stage.hub.stop();
    await stage.soon("the gateway notices, and something waits", async () => {
      const { hub, waiting } = ((await health(stage.gatewayUrl)) ?? {}) as {
        hub?: { isReached: boolean };
        waiting?: number;
      };
      return hub?.isReached === false && (waiting ?? 0) > 3;
    });
    const { page, complaints } = await look(browser, "phone");
    await page.goto(stage.gatewayUrl);
    await page
      .getByLabel("Access code")
      .fill(stage.codes.find((code) => code.ref === ref)?.code ?? "");
    await page.getByRole("button", { name: "Show my home" }).click();
    const card = page.locator("article.meter-card", { hasText: words.kinds.cold_water });
    await card.waitFor();
    await stage.simulator.stop();

    // Where the day began lies between the last reading before midnight and the first after it.
    const frames = await liveFrames(stage.simulatorFolder, meter.devEui);
    const last = frames.at(-1)!;
    const midnightMs = startOfDay(ZONES, localDate(ZONES, last.sentMs));
    const history = historyOf(plan);
    const readings = [
      ...Array.from({ length: history.places }, (_, place) => history.at(place)).flatMap((uplink) =>
        uplink?.device === meter ? [{ ms: uplink.timeMs, litres: litresIn(uplink.payload) }] : [],
      ),
      ...frames.map(({ sentMs, litres }) => ({ ms: sentMs, litres })),
    ];
    const before = readings.findLast(({ ms }) => ms <= midnightMs)!;
    const after = readings.find(({ ms }) => ms >= midnightMs)!;
    const shown = await stage.soon("today's litres", async () => {
      const text = (await card.locator(".total-number").first().textContent()) ?? "";
      const [, shown, unit] = /^([\d.,]+)\s*(L|m³)$/.exec(text.trim()) ?? [];
      // Litres are whole; of cubic metres three figures are shown, with a comma or a point.
      if (unit === "L") return Number(shown);
      return unit === "m³" && Number(shown?.replace(",", ".")) * 1000;
    });
    const [least, most] = [last.litres - after.litres, last.litres - before.litres];
    // From 1 m³ on the page rounds to a hundredth of it.
    assert.ok(
      shown >= least - 5 && shown <= most + 5,
      `${shown} L lies between ${least} and ${most}`,
    );
    assert.ok(most > 0, "water runs in this home");
    const pattern = [
      words.fresh.dataOf("<time>"),
      `${words.fresh.away("<time>")}; ${words.fresh.waiting("<number>", false)}`,
    ]
      .join(" · ")
      .replaceAll("<time>", String.raw`\d\d:\d\d`)
      .replaceAll("<number>", String.raw`\d+`);
    let freshness = "";
    await stage
      .soon("how things stand", async () => {
        freshness = (await page.getByRole("status").textContent()) ?? "";
        return new RegExp(`^${pattern}$`).test(freshness);
      })
      .catch(() => assert.match(freshness, new RegExp(`^${pattern}$`), freshness));
    assert.equal(complaints, []);
  } finally {
    await browser.close();
    await stage.end();
  }
});

test.run();
