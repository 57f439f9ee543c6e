import { test } from "uvu";
import * as assert from "uvu/assert";
import { en } from "../words/en.ts";
import { freshnessText } from "./freshness-text.ts";

const NOW = Date.parse("2026-11-23T09:45:00Z");
const fresh = {
  last_reading_at: "2026-11-23T09:42:00Z",
  is_hub_reached: true,
  hub_away_since: null,
  waiting: 0,
  is_keeping: true,
};
const view = { today: "2026-11-23", zone: "Europe/Zurich", language: "en", isConnected: true };
const said = (change: object, more: object = {}, nowMs = NOW) =>
  freshnessText(en.fresh, { ...view, ...more, freshness: { ...fresh, ...change } }, nowMs);

test("all is well: only the time", () => {
  assert.equal(said({}), { tone: "ok", text: "Data of 10:42" });
});

test("internet away: since when, that nothing is lost, and what waits", () => {
  assert.equal(
    said({ is_hub_reached: false, hub_away_since: "2026-11-23T08:10:00Z", waiting: 37 }),
    {
      tone: "warn",
      text: "Data of 10:42 · internet away since 09:10, nothing is lost; 37 readings wait",
    },
  );
  assert.is(said({ is_hub_reached: false }).text, "Data of 10:42 · internet away, nothing is lost");
});

test("while nothing can be kept nobody says that nothing is lost", () => {
  const { tone, text } = said({ is_keeping: false, is_hub_reached: false, waiting: 37 });
  assert.is(tone, "warn");
  assert.match(text, /^Data of 10:42 · there is no space left in the building/);
  assert.not.match(text, /nothing is lost/);
});

test("back again: what is still on its way", () => {
  assert.equal(said({ waiting: 1 }), {
    tone: "ok",
    text: "Data of 10:42 · one reading is on its way",
  });
});

test("a page without its server says so, and no more", () => {
  assert.equal(said({}, { isConnected: false }), {
    tone: "warn",
    text: "Data of 10:42 · this page has lost the connection and keeps trying",
  });
});

test("old data carries its date and another mark", () => {
  assert.equal(said({ last_reading_at: "2026-11-20T09:42:00Z" }), {
    tone: "warn",
    text: "Data of 20 Nov, 10:42",
  });
  assert.equal(said({ last_reading_at: null }), { tone: "warn", text: "No data yet" });
});

test.run();
