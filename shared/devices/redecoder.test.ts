import { test } from "uvu";
import * as assert from "uvu/assert";
import type { DeviceId, TenantName } from "#shared/model/ids.ts";
import type { KeptUplink } from "#shared/model/kept-uplink.ts";
import type { DecoderDoc } from "#shared/model/site.ts";
import { keptUplink, METER } from "#shared/testing/kept-uplinks.ts";
import { steerableClock } from "#shared/testing/steerable-clock.ts";
import { decodersOf } from "./own-decoders.ts";
import { redecoder } from "./redecoder.ts";
import { openSandbox } from "./sandbox/sandbox.ts";

const TENANT = "riverside" as TenantName;
const NOW = Date.UTC(2026, 10, 23, 12);
const doc = (version: number, factor: number, redecodeFrom?: string): DecoderDoc => ({
  _id: "decoder:meter",
  type: "decoder",
  v: 1,
  slug: "meter",
  title: "A meter",
  language: "ts013",
  version,
  source: `function decodeUplink(input) {
    if (input.bytes[0] === 255) return { errors: ["no frame of this meter"] };
    return { data: { volume: input.bytes[0] * ${factor} } };
  }`,
  mapping: { fields: [{ path: "volume", register: "8-0:1.0.0", unit: "m3" }] },
  examples: [],
  ...(redecodeFrom === undefined ? {} : { redecodeFrom }),
});
const byte = (n: number, wanted: Partial<KeptUplink> = {}) =>
  keptUplink(NOW, n, { payload: Uint8Array.of(n), decoder: "own/meter@1", ...wanted });
const undecoded = { readings: [], undecoded: "no frame of this meter" };

async function stand() {
  const sandbox = await openSandbox({ clock: steerableClock() });
  const own = new Map<string, DecoderDoc>();
  const models = new Map<DeviceId, string>([[METER, "own/meter"]]);
  const find = decodersOf(() => own, sandbox);
  return {
    ...redecoder(async (tenant) => (tenant === TENANT ? { models, find } : undefined)),
    force: (one: DecoderDoc) => own.set(one.slug, one),
    models,
    close: () => sandbox.close(),
  };
}

test("what nothing could be made of is read again by the next version, the rest stays as it was", async () => {
  const { again, force, close } = await stand();
  force(doc(2, 3));
  const good = byte(1);
  const [mended, same] = await again(TENANT, [byte(7, undecoded), good]);
  assert.equal(mended?.readings, [
    { values: [{ register: "8-0:1.0.0", n: 21, scale: 0, unit: "m3" }] },
  ]);
  assert.equal([mended?.decoder, mended?.undecoded], ["own/meter@2", null]);
  assert.equal([mended?.time, mended?.identity], [byte(7).time, byte(7).identity]);
  assert.is(same, good, "the same object");
  // One that this version refuses, too, is not asked for ever.
  const [refused] = await again(TENANT, [byte(255, undecoded)]);
  assert.match(refused?.undecoded ?? "", /no frame of this meter/);
  assert.is((await again(TENANT, [refused!]))[0], refused);
  await close();
});

test("a version that reads again from a time on takes all that was sent since, and nothing before", async () => {
  const { again, force, close } = await stand();
  force(doc(2, 3, new Date(NOW).toISOString()));
  const before = byte(1, { time: NOW - 1 });
  const [old, since] = await again(TENANT, [before, byte(1)]);
  assert.is(old, before);
  assert.is(since?.readings[0]?.values[0]?.n, 3);
  await close();
});

test("a device's edition changes with its decoder's version, its time and its model, and only then", async () => {
  const { editions, force, models, close } = await stand();
  const edition = async () => (await editions(TENANT))?.get(METER);
  const seen = [await edition()];
  force(doc(1, 1));
  seen.push(await edition());
  force(doc(2, 1));
  seen.push(await edition());
  force(doc(2, 1, new Date(NOW).toISOString()));
  seen.push(await edition());
  models.set(METER, "quandify/cubicmeter-1-1");
  seen.push(await edition());
  assert.is(new Set(seen).size, seen.length, String(seen));
  assert.is(await edition(), seen.at(-1));
  assert.is(await editions("elsewhere" as TenantName), undefined);
  await close();
});

test("an uplink of nobody we know, or without a payload, is handed back as it came", async () => {
  const { again, force, close } = await stand();
  force(doc(2, 3));
  const alien = byte(7, { ...undecoded, deviceId: "0000000000000001" as DeviceId });
  const empty = byte(7, { ...undecoded, payload: new Uint8Array() });
  assert.equal(await again(TENANT, [alien, empty]), [alien, empty]);
  assert.is((await again("elsewhere" as TenantName, [alien]))[0], alien);
  await close();
});

test.run();
