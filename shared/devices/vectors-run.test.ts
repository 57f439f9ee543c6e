import { test } from "uvu";
import * as assert from "uvu/assert";
import { runCodecVectors } from "./vectors-run.ts";

const run = (data: unknown, hex = "03672c00046817") =>
  runCodecVectors({
    vendor: "milesight",
    device: "em300-th",
    vectors: [{ fPort: 85, hex, expected: { data } }],
  });

test("passes when every number of the maker is ours as well", () => {
  assert.equal(run({ temperature: 4.4, humidity: 11.5 }), {
    passed: 1,
    failed: [],
    unsupported: false,
  });
});

test("fails on a wrong number, a missing one, and one that nobody compares", () => {
  assert.match(run({ temperature: 4.4000001 }).failed[0]?.why ?? "", /temperature is 4.4/);
  assert.match(run({ battery: 90 }).failed[0]?.why ?? "", /battery is missing/);
  assert.match(run({ loudness: 1000 }).failed[0]?.why ?? "", /loudness is not compared/);
});

test("fails on a refusal that only one of both makes", () => {
  assert.match(run({ temperature: 4.4 }, "0367").failed[0]?.why ?? "", /ends where/);
  assert.match(run({ errors: ["unknown FPort"] }).failed[0]?.why ?? "", /the maker refuses it/);
  assert.is(run({ errors: ["too short"] }, "0367").passed, 1);
});

test("says so when a device is none of ours", () => {
  assert.ok(runCodecVectors({ vendor: "nobody", device: "nothing", vectors: [] }).unsupported);
  assert.ok(runCodecVectors(null).unsupported);
});

test.run();
