import { test } from "uvu";
import * as assert from "uvu/assert";
import { de } from "./de.ts";
import { en } from "./en.ts";
import { es } from "./es.ts";
import { fr } from "./fr.ts";

type Tree = { readonly [key: string]: unknown };

/** Every word by its path, sentences with a gap as filled with marks. */
function leaves(tree: Tree, path = ""): [string, string][] {
  return Object.entries(tree).flatMap(([key, value]) => {
    const here = `${path}.${key}`;
    if (typeof value === "function")
      return [[here, (value as (...gaps: unknown[]) => string)(2, "‹b›")]];
    return typeof value === "string" ? [[here, value]] : leaves(value as Tree, here);
  });
}

for (const [name, words] of Object.entries({ es, de, fr })) {
  test(`${name} says everything that en says`, () => {
    assert.equal(
      leaves(words).map(([path]) => path),
      leaves(en).map(([path]) => path),
    );
    for (const [path, text] of leaves(words)) assert.ok(text.trim() !== "", path);
  });
}

test("no resident reads a word of the trade", () => {
  const trade = /uplink|deveui|sync|gateway|payload|rssi|lorawan|hub\b/i;
  for (const words of [en, es, de, fr])
    for (const [path, text] of leaves(words)) assert.not.match(text, trade, path);
});

test("a sentence keeps the gaps it is given", () => {
  for (const words of [en, es, de, fr]) {
    assert.match(words.fresh.dataOf("10:42"), "10:42");
    assert.match(words.fresh.away("09:10"), "09:10");
    assert.match(words.fresh.waiting("37", false), "37");
    assert.match(words.home.livedHere("15 March"), "15 March");
    assert.match(words.meter.less("12 %", "1–12 Oct"), /12 %.*1–12 Oct/);
  }
});

test.run();
