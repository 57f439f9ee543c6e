import { test } from "uvu";
import * as assert from "uvu/assert";
import { KEYS_PER_GENERATION, forgetKeys, keptKeys } from "./aes.ts";
import { aesCmac } from "./cmac.ts";
import { fromHex, toHex } from "./hex.ts";
import { LorawanError } from "./lorawan-error.ts";

const key = "2b7e151628aed2a6abf7158809cf4f3c";
const message = fromHex(
  "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e5130c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710",
);
/** RFC 4493 section 4. */
const tags: [length: number, tag: string][] = [
  [0, "bb1d6929e95937287fa37d129b756746"],
  [16, "070a16b46b4d4144f79bdd9dd04a287c"],
  [40, "dfa66747de9ae63030ca32611497c827"],
  [64, "51f0bebf7e3b9d92fc49741779363cfe"],
];

test("CMAC gives the tags of RFC 4493, again and again and in any order", () => {
  for (const round of [0, 1, 2]) {
    for (const [length, tag] of round === 1 ? tags.toReversed() : tags) {
      assert.is(toHex(aesCmac(key, message.subarray(0, length))), tag);
    }
  }
});

test("keys may be text in either case, bytes or a Buffer", () => {
  for (const same of [key.toUpperCase(), fromHex(key), Buffer.from(key, "hex")]) {
    assert.is(toHex(aesCmac(same, message)), tags[3]![1]);
  }
});

test("a key changed by its owner after use is a new key", () => {
  const bytes = fromHex(key);
  aesCmac(bytes, message);
  bytes[0]! ^= 1;
  assert.is.not(toHex(aesCmac(bytes, message)), tags[3]![1]);
});

test("what is no key is refused, without showing it", () => {
  for (const bad of [
    "",
    "secret",
    key.slice(1),
    `${key}0`,
    `${key.slice(1)}g`,
    new Uint8Array(15),
    new Uint8Array(32),
    7,
    null,
    {},
  ]) {
    assert.throws(
      () => aesCmac(bad as string, message),
      (error: unknown) =>
        error instanceof LorawanError &&
        error.code === "bad_key" &&
        !error.message.includes("secret"),
    );
  }
});

test("many keys are kept only up to a bound, and still give the right tags after being dropped", () => {
  forgetKeys();
  for (let device = 0; device < 3 * KEYS_PER_GENERATION; device++)
    aesCmac(device.toString(16).padStart(32, "0"), message);
  assert.ok(keptKeys() <= 2 * KEYS_PER_GENERATION);
  assert.ok(keptKeys() >= KEYS_PER_GENERATION);
  assert.is(toHex(aesCmac(key, message)), tags[3]![1]);
  forgetKeys();
  assert.is(keptKeys(), 0);
});

test("a key in steady use outlives the generations of others", () => {
  forgetKeys();
  for (let device = 0; device < 2.5 * KEYS_PER_GENERATION; device++) {
    aesCmac(device.toString(16).padStart(32, "0"), message);
    if (device % 1000 === 0) assert.is(toHex(aesCmac(key, message)), tags[3]![1]);
  }
  forgetKeys();
});

test.run();
