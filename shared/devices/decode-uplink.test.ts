import { test } from "uvu";
import * as assert from "uvu/assert";
import type { DecodedReading, Decoder } from "#shared/model/decoder.ts";
import { Fault, isFault } from "#shared/model/fault.ts";
import type { Value } from "#shared/model/registers.ts";
import { keptUplink } from "#shared/testing/kept-uplinks.ts";
import { builtIn, decodeUplink } from "./decode-uplink.ts";

const NOW = Date.UTC(2026, 10, 23, 12);
const DAY = 86_400_000;

test("a gateway whose clock is wrong does not refuse meters whose clocks are right", async () => {
  const decoder = (time: number): Decoder => ({
    model: "maker/model",
    version: 1,
    title: "Maker's model",
    kind: "cold_water",
    registers: [],
    decode: () => [{ time, values: [] }],
  });
  const outcome = async (heardAt: number, time: number, said = heardAt) =>
    (
      await decodeUplink("maker/model", { ...keptUplink(said, 1), time: said, heardAt }, () =>
        builtIn(decoder(time)),
      )
    ).refusal;
  assert.is(await outcome(NOW, NOW - DAY), undefined);
  assert.is(await outcome(NOW, NOW + 2 * DAY), "value_refused");
  assert.is(await outcome(0, NOW), undefined, "not set since it was switched on");
  assert.is(await outcome(NOW - 60 * DAY, NOW, NOW), undefined, "behind the network server's");
  for (const time of [NaN, 1e15, 8.64e15, 9e15, 0])
    for (const heardAt of [0, NOW])
      assert.is(await outcome(heardAt, time), "value_refused", `${time}`);
});

const from = (readings: DecodedReading[]) =>
  decodeUplink("own/any", keptUplink(NOW, 1), () => ({
    name: "own/any@1",
    decode: async () => readings,
  }));
const water = (n: number, scale = -3): Value => ({ register: "8-0:1.0.0", n, scale, unit: "m3" });

test("numbers that cannot be, and floods of them, leave the uplink raw with a reason", async () => {
  for (const value of [
    water(NaN),
    water(Infinity),
    water(0.5),
    water(2 ** 60),
    water(1, 13),
    water(1, 0.5),
    water(1_000_000_001, 6),
  ]) {
    const { refusal, undecoded, readings } = await from([{ values: [value] }]);
    assert.is(refusal, "value_refused", JSON.stringify(value));
    assert.match(undecoded ?? "", /8-0:1\.0\.0 cannot be/);
    assert.equal(readings, []);
  }
  const flood = await from([{ values: Array.from({ length: 10_000 }, (_, n) => water(n)) }]);
  assert.is(flood.refusal, "value_refused");
  assert.match(flood.undecoded ?? "", /10000 values/);
  const history = Array.from({ length: 1001 }, (_, n) => ({ time: NOW - n, values: [water(n)] }));
  assert.match((await from(history)).undecoded ?? "", /1001 readings/);
  assert.is((await from(history.slice(1))).undecoded, null);
});

test("what a decoder throws stands in the uplink; that it could not be asked is thrown on", async () => {
  const thrown = (error: Error) =>
    decodeUplink("own/any", keptUplink(NOW, 1), () => ({
      name: "own/any@2",
      decode: () => {
        throw error;
      },
    }));
  assert.equal(await thrown(new Fault("invalid", "too short")), {
    decoder: "own/any@2",
    readings: [],
    undecoded: "too short",
    refusal: "payload_undecodable",
  });
  assert.match((await thrown(new TypeError("x is undefined"))).undecoded ?? "", /x is undefined/);
  for (const code of ["unavailable", "too_many"] as const)
    try {
      await thrown(new Fault(code, "later"));
      assert.unreachable();
    } catch (error) {
      assert.ok(isFault(error, code));
    }
});

test.run();
