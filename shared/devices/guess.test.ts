import { test } from "uvu";
import * as assert from "uvu/assert";
import { guess } from "./guess.ts";

const bytes = (hex: string) => Uint8Array.from(Buffer.from(hex, "hex"));

test("names a heat meter, a water meter and a climate sensor by their payloads", () => {
  const heat = guess(
    bytes("000c06526761020c14978999000b2d0000000b3b0000000a5a33060a5e41050c782911036602fd170000"),
    2,
  );
  assert.is(heat?.model, "elvaco/cmi4110");
  assert.ok(heat?.values.includes("6-0:2.0.0 9989.97 m3"));
  assert.is(
    guess(bytes("49fbdf010000de1400000000000046eddf0106fc8b0702e2e6535455"), 1)?.model,
    "quandify/cubicmeter-1-1",
  );
  assert.equal(guess(bytes("03672c00046817"), 85), {
    model: "milesight/em300-th",
    values: ["temperature 4.4 C", "humidity 11.5 %"],
  });
});

test("says nothing about noise, implausible values and empty payloads", () => {
  for (const hex of ["", "00", "ffffffffffff", "03677f7f", "0102030405060708090a0b0c0d0e0f"])
    assert.is(guess(bytes(hex), 2), undefined, hex);
});

test.run();
