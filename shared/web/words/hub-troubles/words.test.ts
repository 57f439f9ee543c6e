import { test } from "uvu";
import * as assert from "uvu/assert";
import { hubTroubleCodes } from "#shared/model/hub-troubles.ts";
import { de } from "./de.ts";
import { en } from "./en.ts";
import { es } from "./es.ts";
import { fr } from "./fr.ts";

/** What is typed or read elsewhere as it stands. */
const namesIn = (text: string) =>
  text.match(/\b(?:HUB_PROXY|NODE_EXTRA_CA_CERTS|407|https?|DNS|TLS)\b/g)?.sort() ?? [];

for (const [name, words] of Object.entries({ en, de, es, fr }))
  test(`${name} says of each trouble what it means and what to do`, () => {
    for (const code of hubTroubleCodes) {
      const sentences = words.troubles[code];
      for (const text of sentences) assert.match(text, /^[\p{Lu}].*[.:]$/u, code);
      if (words !== en)
        assert.not.ok(
          sentences.some((text) => en.troubles[code].includes(text)),
          `${code} is English`,
        );
      assert.equal(namesIn(sentences.join(" ")), namesIn(en.troubles[code].join(" ")), code);
    }
    const gaps = [
      words.answered("302"),
      words.again("302"),
      words.behind("302"),
      words.ahead("302"),
    ];
    assert.is(new Set(gaps).size, 4);
    for (const text of gaps) assert.match(text, "302");
  });

test.run();
