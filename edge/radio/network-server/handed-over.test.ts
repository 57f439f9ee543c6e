import { test } from "uvu";
import * as assert from "uvu/assert";
import { parse } from "lorawan-packet-decoder";
import type { DeviceId } from "#shared/model/ids.ts";
import type { Refusal } from "#shared/model/refusals.ts";
import type { SimulatedDevice } from "#shared/testing/radio/simulated-device.ts";
import { networkSite, type NetworkSite } from "../testing/network-site.ts";

const payload = new Uint8Array([1, 2, 3]);

/** A confirmed uplink and its acknowledgement; the downlink counter of the answer, 16 bits. */
async function acknowledged(site: NetworkSite, device: SimulatedDevice): Promise<number> {
  const orders = await site.hear(device.uplink({ fPort: 2, payload, isConfirmed: true }));
  assert.is(orders.length, 1, "it was answered");
  const phy = parse(orders[0]!.phy);
  device.receive(orders[0]!.phy);
  if (phy.type !== "dataDown") throw new Error(phy.type);
  return phy.fCnt16;
}
const texts = (site: NetworkSite) =>
  new Map(site.server.exports().map(({ deviceId, text }) => [deviceId, text()] as const));

/** Another machine with the same devices' keys. */
async function successorOf(site: NetworkSite, sessions: ReadonlyMap<DeviceId, unknown>) {
  const next = await networkSite();
  for (const [devEui, keys] of site.keys) next.keys.set(devEui, keys);
  return { next, taken: await next.server.takeOver(sessions) };
}

test("a device goes on with the machine that takes the old one's place, without a join, and takes its answers", async () => {
  const site = await networkSite();
  const device = await site.joined();
  await acknowledged(site, device);
  const sessions = texts(site);
  // Heard and answered after the export: nobody told the successor.
  let last = 0;
  for (let n = 0; n < 40; n++) last = await acknowledged(site, device);
  const { next, taken } = await successorOf(site, sessions);
  assert.is(taken, 1);
  const before = next.ear.kept.length;
  const fCnt = await acknowledged(next, device);
  assert.is(next.ear.kept.length, before + 1);
  assert.is.not(device.isAcknowledged(), false, "the device took the answer");
  assert.ok(fCnt > last, `${fCnt} after ${last}`);
  assert.is(next.ear.kept.at(-1)?.session, site.ear.kept.at(-1)?.session, "in the same session");
});

test("a session of one's own is never given up for one handed over, nor one of another root key taken", async () => {
  const site = await networkSite();
  const device = await site.joined();
  const old = texts(site);
  for (const { phy } of await site.hear(device.join())) device.receive(phy);
  await acknowledged(site, device);
  const [{ mark } = { mark: "" }] = site.server.exports();
  assert.is(await site.server.takeOver(old), 0);
  assert.is(site.server.exports()[0]?.mark, mark);
  const { next } = await successorOf(site, new Map());
  for (const [devEui, keys] of next.keys)
    next.keys.set(devEui, { ...keys, appKey: "00".repeat(16) });
  assert.is(await next.server.takeOver(old), 0);
  const [[deviceId] = ["" as DeviceId]] = old;
  assert.is(await next.server.takeOver(new Map([[deviceId, "{not json"]])), 0);
});

const changed = (text: string, change: object) =>
  JSON.stringify({ ...JSON.parse(text), ...change });
const bad: readonly [what: string, reason: Refusal, change: (text: string) => unknown][] = [
  ["that is cut off", "session_damaged", (text) => text.slice(0, text.length / 2)],
  ["of another device", "session_damaged", (text) => changed(text, { devEui: "0".repeat(16) })],
  ["without a field", "session_damaged", (text) => changed(text, { joinNonce: undefined })],
  ["that is a bare word", "session_damaged", () => "null"],
  ["of a newer shape", "session_newer", (text) => changed(text, { v: 2 })],
  ["that is no text", "session_newer", (text) => ({ v: 2, sealed: text })],
  [
    "of another root key",
    "session_other_key",
    (text) => changed(text, { rootKeyMark: "another one" }),
  ],
];
for (const [what, reason, change] of bad)
  test(`a session ${what} is counted once and told until its device joins; its neighbour's goes on`, async () => {
    const site = await networkSite();
    const [device, neighbour] = [await site.joined(1), await site.joined(2)];
    await acknowledged(site, device);
    await acknowledged(site, neighbour);
    const sessions = new Map<DeviceId, unknown>(texts(site));
    const [[broken, text] = ["" as DeviceId, ""]] = texts(site);
    sessions.set(broken, change(text));
    const { next, taken } = await successorOf(site, sessions);
    assert.is(taken, 1);
    await acknowledged(next, neighbour);
    assert.equal(next.tally.counts, { [reason]: 1 });
    assert.equal(next.server.leftBehind(), [{ deviceId: broken, why: reason }]);

    // The hub hands them over again with every site, also after a restart.
    await next.server.takeOver(sessions);
    await next.server.stop();
    await next.restart();
    assert.equal(next.server.leftBehind(), []);
    await next.server.takeOver(sessions);
    assert.equal(next.server.leftBehind(), [{ deviceId: broken, why: reason }]);
    assert.equal(next.tally.counts, { [reason]: 1 });

    // A later minute than that in which it joined before: so its join nonce is a higher one.
    await next.clock.advance(60_000);
    for (const { phy } of await next.hear(device.join())) device.receive(phy);
    await acknowledged(next, device);
    assert.equal(next.server.leftBehind(), []);
    await next.server.takeOver(sessions);
    assert.equal(next.server.leftBehind(), [], "it has a session of its own");
    assert.equal(next.tally.counts, { [reason]: 1 });
  });

test("what is exported changes when there is a new session or another block of counters, not with each uplink", async () => {
  const site = await networkSite();
  const device = await site.joined();
  await site.hear(device.uplink({ fPort: 2, payload }));
  const mark = () => site.server.exports()[0]?.mark;
  const first = mark();
  for (let n = 0; n < 5; n++) await site.hear(device.uplink({ fPort: 2, payload }));
  assert.is(mark(), first);
  for (let n = 0; n < 40; n++) await acknowledged(site, device);
  assert.is.not(mark(), first);
});

test("a machine on an older image of its disk jumps past what it may have used since", async () => {
  const site = await networkSite();
  const device = await site.joined();
  const before = await acknowledged(site, device);
  await site.server.jump();
  const after = await acknowledged(site, device);
  assert.ok(after >= before + 32, `${after} after ${before}`);
  await site.restart();
  assert.ok((await acknowledged(site, device)) > after);
});

test.run();
