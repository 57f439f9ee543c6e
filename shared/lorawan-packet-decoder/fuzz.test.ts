import { test } from "uvu";
import * as assert from "uvu/assert";
import { fuzz } from "./fuzz.ts";

const seed = Date.now() >>> 0;
console.log(`fuzz seed ${seed}`);

test("random and mutated bytes bring out nothing but LorawanError, quickly", () => {
  const result = fuzz(20_000, seed);
  assert.equal(result.finds, []);
  assert.is(result.count, 20_000);
  assert.ok(result.slowestMs < 5000, `slowest ${result.slowestMs} ms`);
});

test("the fuzzer reaches every kind of frame, every refusal of the parser, and right MICs", () => {
  const { outcomes, rightMics } = fuzz(20_000, 1);
  for (const outcome of [
    "dataUp",
    "dataDown",
    "joinRequest",
    "joinAccept",
    "rejoinRequest",
    "proprietary",
    "too_short",
    "too_long",
    "bad_length",
    "bad_major",
    "bad_rejoin_type",
    "bad_cf_list",
    "fopts_overflow",
    "fopts_with_port_0",
    "MAC commands: all read",
    "MAC commands: unknown_cid",
    "MAC commands: mac_length",
  ]) {
    assert.ok((outcomes.get(outcome) ?? 0) > 0, outcome);
  }
  assert.ok(rightMics > 100);
});

test.run();
