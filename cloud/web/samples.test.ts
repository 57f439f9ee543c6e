import { test } from "uvu";
import * as assert from "uvu/assert";
import { readSamples, writeSamples } from "./samples.ts";

test("reads a line each, however the bytes are set apart, and keeps what is expected", () => {
  const before = [{ fPort: 2, hex: "01ff", expected: { t: 1 } }];
  assert.equal(readSamples("2 01 FF\n\n10\t0a:0b:0c\n", before), [
    { fPort: 2, hex: "01ff", expected: { t: 1 } },
    { fPort: 10, hex: "0a0b0c" },
  ]);
  assert.equal(readSamples(writeSamples(before), before), before);
});

test("refuses what is no sample", () => {
  for (const text of ["01ff", "2 1", "2 xx", "0 01", "256 01", "2"])
    assert.is(readSamples(text, []), null, text);
});

test.run();
