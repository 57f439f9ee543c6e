import { test } from "uvu";
import * as assert from "uvu/assert";
import { amountIn, indexSymbol, indexText, shownUnit } from "./quantities.ts";

const shown = (
  n: number,
  scale: number,
  unit: string,
  kind: "cold_water" | "gas" | "heat" | "electricity",
  water: "m3" | "L" | "gal",
) => {
  const found = shownUnit({ n, scale, unit }, kind, water);
  return `${amountIn(found, { n, scale }, "en-GB")} ${found.symbol}`;
};

test("water below one cubic metre is shown in litres, above in cubic metres", () => {
  assert.is(shown(84, -3, "m3", "cold_water", "m3"), "84 L");
  assert.is(shown(999, -3, "m3", "cold_water", "m3"), "999 L");
  assert.is(shown(2_914, -3, "m3", "cold_water", "m3"), "2.91 m³");
  assert.is(shown(8, -1, "m3", "cold_water", "m3"), "800 L");
});

test("a reader who likes litres or gallons gets them at any size", () => {
  assert.is(shown(2_914, -3, "m3", "cold_water", "L"), "2,914 L");
  assert.is(shown(1_000, -3, "m3", "cold_water", "gal"), "264 gal");
  assert.is(shown(1, -3, "m3", "cold_water", "gal"), "0.3 gal");
});

test("gas is a volume too, but no water", () => {
  assert.is(shown(450, -3, "m3", "gas", "L"), "0.45 m³");
});

test("never more digits than the meter gave", () => {
  assert.is(shown(3, 0, "kWh", "heat", "m3"), "3 kWh");
  assert.is(shown(31, -1, "kWh", "heat", "m3"), "3.1 kWh");
  assert.is(shown(2_820, 0, "Wh", "electricity", "m3"), "2.82 kWh");
  assert.is(shown(12, -3, "MWh", "heat", "m3"), "12 kWh");
});

test("an index is written in full, as it stands on the meter", () => {
  assert.is(indexText({ n: 998_997, scale: -2, unit: "m3" }, "en-GB"), "9,989.97");
  assert.is(indexText({ n: 812_347, scale: -3, unit: "m3" }, "de"), "812,347");
  const heat = { n: 977_012, scale: 1, unit: "Wh" };
  assert.is(`${indexText(heat, "en-GB")} ${indexSymbol(heat)}`, "9,770.12 kWh");
});

test.run();
