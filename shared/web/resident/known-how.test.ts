import { test } from "uvu";
import * as assert from "uvu/assert";
import { markIds } from "#shared/model/marks.ts";
import { de } from "../words/de.ts";
import { en } from "../words/en.ts";
import { es } from "../words/es.ts";
import { fr } from "../words/fr.ts";
import { knownHow } from "./known-how.ts";

const period = { from: "", to: "", label: "14:00", n: 3, quality: "interpolated" as const };

test("a number says how it is known, and what was out of the ordinary", () => {
  assert.is(knownHow({ ...period, marks: [] }, en), "computed between two readings");
  assert.is(
    knownHow({ ...period, marks: ["exchange", "late"] }, en),
    "computed between two readings; the meter was exchanged; changed by readings that came late",
  );
});

test("every mark has words in every language", () => {
  for (const { meter } of [en, de, es, fr])
    assert.equal(Object.keys(meter.marks).sort(), [...markIds].sort());
});

test.run();
