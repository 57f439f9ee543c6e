import { test } from "uvu";
import * as assert from "uvu/assert";
import { leftBehindReasons } from "#shared/model/left-behind.ts";
import { de } from "./de.ts";
import { en } from "./en.ts";
import { es } from "./es.ts";
import { fr } from "./fr.ts";

for (const [name, words] of Object.entries({ en, de, es, fr }))
  test(`${name} says of sessions left behind how many, what to do, and why`, () => {
    assert.match(words.title("37", false), "37");
    assert.is.not(words.title("1", true), words.title("1", false));
    assert.match(words.text, /^[\p{Lu}].*\.$/u);
    const reasons = leftBehindReasons.map((why) => words.reasons[why]);
    assert.is(new Set(reasons).size, leftBehindReasons.length);
    if (words !== en)
      for (const why of leftBehindReasons)
        assert.is.not(words.reasons[why], en.reasons[why], `${why} is English`);
  });

test.run();
