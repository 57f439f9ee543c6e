import { test } from "uvu";
import * as assert from "uvu/assert";
import { simulatedDevice } from "#shared/testing/radio/simulated-device.ts";
import { networkSite, type NetworkSite } from "../testing/network-site.ts";
import { AdrControl, FRAMES_BEFORE_REQUEST, better } from "./adr.ts";

test("margin is spent on speed first, then on softness, and missing margin takes back softness", () => {
  // SF12 is demodulated down to -20 dB; 10 dB are kept for bad days.
  assert.equal(better({ snr: -10, sf: 12 }, 0, 7), { dataRate: 0, txPower: 0 });
  assert.equal(better({ snr: -4, sf: 12 }, 0, 7), { dataRate: 2, txPower: 0 });
  assert.equal(better({ snr: 8, sf: 12 }, 0, 7), { dataRate: 5, txPower: 1 });
  assert.equal(better({ snr: 12, sf: 7 }, 0, 7), { dataRate: 5, txPower: 3 });
  assert.equal(better({ snr: 30, sf: 7 }, 0, 4), { dataRate: 5, txPower: 4 });
  assert.equal(better({ snr: -6, sf: 7 }, 4, 7), { dataRate: 5, txPower: 2 });
  assert.equal(better({ snr: -20, sf: 7 }, 1, 7), { dataRate: 5, txPower: 0 });
});

async function adrSite(sf: number) {
  const site = await networkSite();
  const joined = await site.joined();
  const device = simulatedDevice({ ...joined.state(), usesAdr: true, sf });
  return { site, device };
}

/** Sends uplinks heard with that SNR; gives how many answers came. */
async function uplinks(
  site: NetworkSite,
  device: ReturnType<typeof simulatedDevice>,
  count: number,
  snr: number,
  isDeaf = false,
): Promise<number> {
  let answers = 0;
  for (let sent = 0; sent < count; sent++) {
    await site.clock.advance(60_000);
    const uplink = device.uplink({ fPort: 1, payload: new Uint8Array(4) });
    const radio = { antenna: "a1", snr, rssi: -90, sf: uplink.sf, frequencyHz: uplink.frequencyHz };
    for (const { phy } of await site.hear(uplink, { radio })) {
      answers += 1;
      if (!isDeaf) device.receive(phy);
    }
  }
  return answers;
}

test("a device that is heard well is told once to be faster and softer, and remembered so after a restart", async () => {
  const { site, device } = await adrSite(12);
  assert.is(await uplinks(site, device, FRAMES_BEFORE_REQUEST - 1, 5), 0);
  assert.is(await uplinks(site, device, 1, 5), 1);
  assert.equal([device.state().sf, device.state().txPower], [7, 0]);
  assert.is(await uplinks(site, device, FRAMES_BEFORE_REQUEST + 5, 8), 1);
  assert.equal([device.state().sf, device.state().txPower], [7, 1]);
  await site.server.stop();
  await site.restart();
  // Missing margin can only be taken back by a network that knows what it gave.
  assert.is(await uplinks(site, device, FRAMES_BEFORE_REQUEST + 5, -1), 1);
  assert.equal([device.state().sf, device.state().txPower], [7, 0]);
  assert.equal(site.tally.counts, {});
});

test("a device that does not ask for it is told nothing", async () => {
  const { site, device } = await adrSite(12);
  const plain = simulatedDevice({ ...device.state(), usesAdr: false });
  assert.is(await uplinks(site, plain, FRAMES_BEFORE_REQUEST + 5, 10), 0);
});

test("a request that is not heard is said three times, then the device is listened to anew", async () => {
  const { site, device } = await adrSite(10);
  assert.is(await uplinks(site, device, FRAMES_BEFORE_REQUEST - 1, 10, true), 0);
  assert.is(await uplinks(site, device, FRAMES_BEFORE_REQUEST, 10, true), 3);
  assert.is(device.state().sf, 10);
});

test("what a device refuses is not asked again: channels, then power; three refusals end it", () => {
  const control = new AdrControl("s");
  const arrive = () => {
    let request;
    for (let frame = 0; frame < FRAMES_BEFORE_REQUEST; frame++)
      request = control.heard({ snr: 12, sf: 7 }, 0);
    return request && { txPower: request.txPower, chMask: request.chMask };
  };
  const refusal = {
    name: "LinkADRAns",
    channelMaskAck: true,
    dataRateAck: true,
    powerAck: true,
  } as const;
  assert.equal(arrive(), { txPower: 3, chMask: 0xff });
  assert.is(control.answered({ ...refusal, channelMaskAck: false }), undefined);
  assert.equal(arrive(), { txPower: 3, chMask: 0x07 });
  assert.is(control.answered({ ...refusal, powerAck: false }), undefined);
  assert.equal(arrive(), { txPower: 2, chMask: 0x07 });
  assert.is(control.answered({ ...refusal, dataRateAck: false }), undefined);
  assert.is(arrive(), undefined);
  assert.is(control.answered(refusal), undefined);
});

test.run();
