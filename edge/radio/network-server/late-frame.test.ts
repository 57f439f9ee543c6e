import { test } from "uvu";
import * as assert from "uvu/assert";
import { networkSite } from "../testing/network-site.ts";

const reading = { fPort: 2, payload: new Uint8Array([1, 2, 3]) };

test("a frame that its antenna heard before the newest is late, not replayed: kept once, at its own time", async () => {
  const site = await networkSite();
  const device = await site.joined();
  const first = device.uplink(reading);
  const second = device.uplink({ ...reading, isConfirmed: true });
  const third = device.uplink(reading);
  const base = 2 ** 32 - 1_000_000;
  const tmst = (afterS: number) => ({ tmst: (base + afterS * 1_000_000) % 2 ** 32 });
  await site.clock.advance(60_000);
  const now = site.clock.now();
  await site.hear(third, tmst(20));
  await site.clock.advance(5000);
  assert.is((await site.hear(second, tmst(10))).length, 0);
  await site.server.stop();
  await site.restart();
  await site.hear(first, tmst(0));
  await site.hear(first, tmst(0));
  assert.equal(
    site.ear.kept.map(({ fCnt, time }) => [fCnt, time - now]),
    [
      [2, 0],
      [1, -10_000],
      [0, -20_000],
    ],
  );
  assert.equal(site.tally.counts, {});
  assert.is(site.server.sessionsOf(device.devEui)[0]?.fCntUp, 2);
});

test("nothing less than the antenna's word proves that a frame was late", async () => {
  const site = await networkSite();
  const device = await site.joined();
  const first = device.uplink(reading);
  const second = device.uplink(reading);
  await site.hear(second, { tmst: 50_000_000 });
  await site.clock.advance(10_000);
  await site.hear(first, { tmst: 60_000_000 });
  await site.hear(first, { tmst: 40_000_000, antenna: "a2" });
  await site.clock.advance(31 * 60_000);
  await site.hear(first, { tmst: 40_000_000 });
  assert.equal(site.tally.counts, { frame_replayed: 3 });
  assert.is(site.ear.kept.length, 1);
});

test("by GPS a frame is late from any antenna and after any time, a replay never", async () => {
  const site = await networkSite();
  const device = await site.joined();
  const first = device.uplink(reading);
  const second = device.uplink(reading);
  const third = device.uplink(reading);
  const now = site.clock.now();
  await site.hear(third, { gpsTime: now });
  await site.clock.advance(5 * 3_600_000);
  await site.hear(second, { gpsTime: now - 1000, antenna: "a2" });
  await site.hear(first, { gpsTime: now + 5 * 3_600_000, tmst: 0 });
  assert.equal(
    site.ear.kept.map(({ time, timeSource }) => [time - now, timeSource]),
    [
      [0, "radio"],
      [-1000, "radio"],
    ],
  );
  assert.equal(site.tally.counts, { frame_replayed: 1 });
});

test.run();
