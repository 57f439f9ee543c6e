import { suite } from "uvu";
import * as assert from "uvu/assert";
import { buildDataFrame, parse } from "lorawan-packet-decoder";
import { simulatedDevice } from "#shared/testing/radio/simulated-device.ts";
import { tampered, wrongMic } from "#shared/testing/radio/misbehaviour.ts";
import { identity, networkSite } from "../testing/network-site.ts";
import { FCNT_DOWN_BLOCK } from "./answer.ts";

const join = suite("joining");
const bytes = (text: string) => new Uint8Array(Buffer.from(text));
const reading = { fPort: 2, payload: bytes("reading") };

join("a device with keys joins, with its answer five seconds after its request", async () => {
  const site = await networkSite();
  const born = identity(1);
  site.keys.set(born.devEui, { ...born, macVersion: "1.0" });
  const device = simulatedDevice(born);
  const request = device.join();
  const [order, ...others] = await site.hear(request, { tmst: 0xffff_ffff });
  assert.is(others.length, 0);
  assert.equal(
    { ...order, phy: null },
    {
      phy: null,
      tmst: 4_999_999,
      afterS: 5,
      frequencyHz: 868_100_000,
      sf: 7,
      bandwidthHz: 125_000,
      powerDbm: 14,
      window: 1,
      second: { dataRate: 0, frequencyHz: 869_525_000, sf: 12, bandwidthHz: 125_000 },
    },
  );
  assert.is(device.receive(order!.phy)?.kind, "joined");
  const { session } = device.state();
  assert.is(session?.rx1DelayS, 5);
  assert.equal(
    session?.channelsHz.slice(3),
    [867_100_000, 867_300_000, 867_500_000, 867_700_000, 867_900_000],
  );
});

join("the session is durable before the accept leaves", async () => {
  const site = await networkSite();
  const born = identity(1);
  site.keys.set(born.devEui, { ...born, macVersion: "1.0" });
  const bulk = site.local.bulk.bind(site.local);
  const steps: string[] = [];
  site.local.bulk = async (docs) => {
    const outcomes = await bulk(docs);
    steps.push("durable");
    return outcomes;
  };
  site.antenna = () => {
    steps.push("sent");
    return { outcome: "sent" };
  };
  await site.hear(simulatedDevice(born).join());
  assert.equal(steps, ["durable", "sent"]);
});

join(
  "when the session cannot be written nothing is sent, and the same request may come again",
  async () => {
    const site = await networkSite();
    const born = identity(1);
    site.keys.set(born.devEui, { ...born, macVersion: "1.0" });
    const bulk = site.local.bulk.bind(site.local);
    site.local.bulk = () => Promise.reject(new Error("no space left"));
    const device = simulatedDevice(born);
    const heard = site.heard(device.join());
    try {
      await site.server.heardFrame(heard);
      assert.unreachable("must reject");
    } catch (error) {
      assert.is((error as { code?: string }).code, "unavailable");
    }
    assert.is(site.orders.length, 0);
    site.local.bulk = bulk;
    await site.server.heardFrame(heard);
    await site.server.answered();
    assert.is(device.receive(site.orders[0]!.phy)?.kind, "joined");
  },
);

join("a join request that was used before is refused, also after a restart", async () => {
  const site = await networkSite();
  const born = identity(1);
  site.keys.set(born.devEui, { ...born, macVersion: "1.0" });
  const request = simulatedDevice(born).join();
  await site.hear(request);
  await site.clock.advance(60_000);
  assert.is((await site.hear(request)).length, 0);
  await site.restart();
  await site.clock.advance(60_000);
  assert.is((await site.hear(request)).length, 0);
  assert.equal(site.tally.counts, { join_replayed: 2 });
});

join("a request without keys, or with another JoinEUI, is shown as a glimpse", async () => {
  const site = await networkSite();
  const born = identity(7);
  await site.hear(simulatedDevice(born).join());
  site.keys.set(born.devEui, { ...born, joinEui: "0000000000000001", macVersion: "1.0" });
  await site.clock.advance(10_000);
  await site.hear(simulatedDevice(born).join());
  assert.equal(site.tally.counts, { join_unknown: 2 });
  assert.equal(
    site.ear.glimpses.map(({ deviceId, joinEui, via }) => ({ deviceId, joinEui, via })),
    Array.from({ length: 2 }, () => ({
      deviceId: born.devEui,
      joinEui: born.joinEui,
      via: "lorawan",
    })),
  );
});

join("a request signed with another key is counted and changes nothing", async () => {
  const site = await networkSite();
  const device = await site.joined();
  const stranger = simulatedDevice({ ...identity(1), appKey: "00".repeat(16), devNonce: 9 });
  assert.is((await site.hear(stranger.join())).length, 0);
  assert.equal(site.tally.counts, { mic_wrong: 1 });
  assert.is((await site.hear(device.uplink({ ...reading, isConfirmed: true }))).length, 1);
});

join(
  "a device that missed its accept goes on in the old session until it speaks in a new one",
  async () => {
    const site = await networkSite();
    const device = await site.joined();
    const before = device.state();
    await site.hear(device.uplink(reading));
    await site.hear(device.join());
    await site.hear(device.uplink(reading));
    const [accept] = await site.hear(device.join());
    device.receive(accept!.phy);
    await site.hear(device.uplink(reading));
    const sessions = site.ear.kept.map(({ session }) => session);
    assert.is(sessions.length, 3);
    assert.is(sessions[0], sessions[1]);
    assert.is.not(sessions[1], sessions[2]);
    assert.match(sessions[2]!, /^[0-9a-f]{8}-[0-9a-f]{6}$/);
    assert.equal(
      site.server.sessionsOf(device.devEui).map(({ session }) => session),
      [sessions[2]],
    );
    const stale = simulatedDevice(before);
    await site.hear(stale.uplink({ fPort: 2, payload: bytes("old") }));
    assert.equal(site.tally.counts, { session_unknown: 1 });
  },
);

join(
  "a session offered with a key that was taken away is withdrawn, the spoken one stays",
  async () => {
    const site = await networkSite();
    const device = await site.joined();
    await site.hear(device.uplink(reading));
    await site.hear(device.join());
    assert.equal(
      site.server.sessionsOf(device.devEui).map(({ isPending }) => isPending),
      [false, true],
    );
    site.keys.delete(device.devEui);
    await site.server.keysChanged();
    assert.equal(
      site.server.sessionsOf(device.devEui).map(({ isPending }) => isPending),
      [false],
    );
  },
);

join("nonces are forgotten with the root key they were used with", async () => {
  const site = await networkSite();
  await site.joined();
  const appKey = "11".repeat(16);
  site.keys.set(identity(1).devEui, { ...identity(1), appKey, macVersion: "1.0" });
  await site.clock.advance(60_000);
  const renewed = simulatedDevice({ ...identity(1), appKey });
  const [accept] = await site.hear(renewed.join());
  assert.is(renewed.receive(accept!.phy)?.kind, "joined");
});

const data = suite("data frames");

data("an uplink is deciphered and kept once, with where and when it was heard", async () => {
  const site = await networkSite();
  const device = await site.joined();
  const heard = site.heard(device.uplink(reading));
  await site.server.heardFrame(heard);
  await site.server.heardFrame(heard);
  const [uplink, ...others] = site.ear.kept;
  assert.is(others.length, 0);
  assert.is(site.ear.asked(), 1);
  const { devAddr } = device.state().session!;
  const { session, ...rest } = uplink!;
  assert.ok(session?.startsWith(`${devAddr}-`));
  assert.equal(rest, {
    deviceId: device.devEui,
    fCnt: 0,
    fPort: 2,
    payload: reading.payload,
    time: site.clock.now(),
    timeSource: "gateway",
    heardAt: site.clock.now(),
    radio: heard.radio,
    via: "lorawan",
  });
});

data(
  "the antenna's GPS time comes before this machine's clock, and a clock never set says so",
  async () => {
    const site = await networkSite({ isClockSynced: () => false });
    const device = await site.joined();
    await site.hear(device.uplink(reading), { gpsTime: 1_700_000_000_000 });
    await site.hear(device.uplink(reading));
    assert.equal(
      site.ear.kept.map(({ time, timeSource }) => [time, timeSource]),
      [
        [1_700_000_000_000, "radio"],
        [site.clock.now(), "unset"],
      ],
    );
  },
);

data("a confirmed uplink is acknowledged only when it is durable", async () => {
  const site = await networkSite();
  const device = await site.joined();
  let finish = (): void => undefined;
  site.ear.disk = () => new Promise((resolve) => (finish = resolve));
  const before = site.orders.length;
  let isSettled = false;
  const settled = site.server
    .heardFrame(site.heard(device.uplink({ ...reading, isConfirmed: true })))
    .then(() => (isSettled = true));
  await site.clock.advance(1000);
  assert.is(site.ear.asked(), 1);
  assert.not.ok(isSettled);
  assert.is(site.orders.length, before);
  finish();
  await settled;
  await site.server.answered();
  const order = site.orders[before]!;
  assert.equal(device.receive(order.phy), {
    kind: "data",
    isAck: true,
    fCnt: 0,
    commands: [],
    fPort: null,
    payload: new Uint8Array(0),
  });
  assert.ok(device.isAcknowledged());
});

data(
  "an uplink that cannot be kept rejects, is not acknowledged, and is new when it comes again",
  async () => {
    const site = await networkSite();
    const device = await site.joined();
    const uplink = device.uplink({ ...reading, isConfirmed: true });
    const before = site.orders.length;
    site.ear.disk = () => Promise.reject(new Error("disk full"));
    const heard = site.heard(uplink);
    await site.server.heardFrame(heard).then(
      () => assert.unreachable("must reject"),
      (error: Error) => assert.is(error.message, "disk full"),
    );
    await site.server.answered();
    assert.is(site.orders.length, before);
    site.ear.disk = () => Promise.resolve();
    await site.server.heardFrame(heard);
    await site.server.answered();
    assert.is(site.ear.kept.length, 1);
    assert.is(site.orders.length, before + 1);
  },
);

data("an unconfirmed uplink without a question is not answered", async () => {
  const site = await networkSite();
  const device = await site.joined();
  assert.is((await site.hear(device.uplink(reading))).length, 0);
});

data("two antennas hear one frame: kept once, answered once, the other copy counted", async () => {
  const site = await networkSite();
  const device = await site.joined();
  const uplink = device.uplink({ ...reading, isConfirmed: true });
  const before = site.orders.length;
  await Promise.all([
    site.server.heardFrame(site.heard(uplink, { antenna: "a1" })),
    site.server.heardFrame(site.heard(uplink, { antenna: "a2", tmst: 77 })),
  ]);
  await site.server.answered();
  assert.is(site.ear.kept.length, 1);
  assert.is(site.orders.length - before, 1);
  assert.is(site.elsewhere, 1);
  assert.equal(site.tally.counts, {});
});

data("two antennas hear one join request: one session, one accept, no replay counted", async () => {
  const site = await networkSite();
  const born = identity(1);
  site.keys.set(born.devEui, { ...born, macVersion: "1.0" });
  const request = simulatedDevice(born).join();
  await Promise.all([
    site.server.heardFrame(site.heard(request, { antenna: "a1" })),
    site.server.heardFrame(site.heard(request, { antenna: "a2", tmst: 77 })),
  ]);
  await site.server.answered();
  assert.is(site.orders.length, 1);
  assert.is(site.elsewhere, 1);
  assert.equal(site.tally.counts, {});
});

data("a device that sends again is acknowledged again, and kept once", async () => {
  const site = await networkSite();
  const device = await site.joined();
  await site.hear(device.uplink({ ...reading, isConfirmed: true }));
  await site.clock.advance(8000);
  const [order] = await site.hear(device.again());
  assert.is((device.receive(order!.phy) as { isAck?: boolean }).isAck, true);
  assert.is(site.ear.kept.length, 1);
  assert.equal(site.tally.counts, {});
});

data("a frame sent again without end is no longer answered", async () => {
  const site = await networkSite();
  const device = await site.joined();
  await site.hear(device.uplink({ ...reading, isConfirmed: true }));
  const before = site.orders.length;
  for (let time = 0; time < 20; time++) {
    await site.clock.advance(8000);
    await site.hear(device.again());
  }
  assert.is(site.orders.length - before, 15);
  assert.equal(site.tally.counts, { frame_replayed: 5 });
});

data("a retransmission is known as one after a restart", async () => {
  const site = await networkSite();
  const device = await site.joined();
  await site.hear(device.uplink({ ...reading, isConfirmed: true }));
  await site.server.stop();
  await site.restart();
  await site.clock.advance(8000);
  assert.is((await site.hear(device.again())).length, 1);
  assert.is(site.ear.kept.length, 1);
});

data("older frames, and other frames with a counter that was used, are replays", async () => {
  const site = await networkSite();
  const device = await site.joined();
  const twin = simulatedDevice(device.state());
  const first = device.uplink(reading);
  await site.hear(first);
  await site.hear(device.uplink(reading));
  await site.clock.advance(60_000);
  await site.hear(first);
  twin.uplink(reading);
  await site.hear(twin.uplink({ fPort: 2, payload: bytes("another reading") }));
  assert.equal(site.tally.counts, { frame_replayed: 2 });
  assert.is(site.ear.kept.length, 2);
});

data(
  "frames with a wrong integrity code, of unknown sessions and of other kinds are counted, each by its reason",
  async () => {
    const site = await networkSite();
    const device = await site.joined();
    const uplink = device.uplink(reading);
    await site.hear(wrongMic(uplink));
    await site.hear(tampered(uplink));
    const radio = { frequencyHz: uplink.frequencyHz, sf: 7, windows: [] };
    const foreign = buildDataFrame({
      version: "1.0",
      direction: "up",
      devAddr: "260b1234",
      fCnt: 1,
      keys: { nwkSKey: "00".repeat(16) },
    });
    await site.hear({ ...radio, phy: foreign });
    const down = buildDataFrame({
      version: "1.0",
      direction: "down",
      devAddr: "260b1234",
      fCnt: 1,
      keys: { nwkSKey: "00".repeat(16) },
    });
    await site.hear({ ...radio, phy: down });
    await site.hear({ ...radio, phy: new Uint8Array([0xe0, 1, 2, 3, 4, 5]) });
    await site.hear({ ...radio, phy: new Uint8Array([0x40]) });
    await site.hear({ ...radio, phy: new Uint8Array(0) });
    await site.hear(uplink);
    assert.equal(site.tally.counts, {
      mic_wrong: 2,
      session_unknown: 1,
      frame_unexpected: 1,
      frame_proprietary: 1,
      frame_malformed: 2,
    });
    assert.equal(
      site.ear.glimpses.map(({ deviceId }) => deviceId as string),
      ["x-devaddr-260b1234"],
    );
    assert.is(site.ear.kept.length, 1);
  },
);

data("the counter goes on past 16 bits, and past frames nobody heard", async () => {
  const site = await networkSite();
  const device = await site.joined();
  const at = (fCntUp: number) => {
    const state = device.state();
    return simulatedDevice({ ...state, session: { ...state.session!, fCntUp } }).uplink(reading);
  };
  for (const fCnt of [0xfffe, 0xffff, 0x1_0000, 0x1_0001, 0x2_0005, 0x5_0000, 0xffff_ffff]) {
    await site.clock.advance(60_000);
    await site.hear(at(fCnt));
  }
  assert.equal(
    site.ear.kept.map(({ fCnt }) => fCnt),
    [0xfffe, 0xffff, 0x1_0000, 0x1_0001, 0x2_0005, 0x5_0000],
  );
  assert.equal(site.tally.counts, { mic_wrong: 1 });
  await site.hear(at(0x1_0001));
  assert.equal(site.tally.counts, { mic_wrong: 2 });
  await site.hear(at(0x4_fff0));
  assert.equal(site.tally.counts, { mic_wrong: 2, frame_replayed: 1 });
});

data("devices that share an address are told apart by their keys", async () => {
  const site = await networkSite({ random: () => new Uint8Array([9, 9, 9, 9]) });
  const first = await site.joined(1);
  const second = await site.joined(2);
  assert.is(first.state().session!.devAddr, second.state().session!.devAddr);
  await site.hear(second.uplink({ fPort: 2, payload: bytes("second") }));
  await site.hear(first.uplink({ fPort: 2, payload: bytes("first") }));
  assert.equal(
    site.ear.kept.map(({ deviceId }) => deviceId as string),
    [second.devEui, first.devEui],
  );
});

data(
  "after a crash the session goes on, and the downlink counter begins past its block",
  async () => {
    const site = await networkSite();
    const device = await site.joined();
    const [first] = await site.hear(device.uplink({ ...reading, isConfirmed: true }));
    assert.is((device.receive(first!.phy) as { fCnt?: number }).fCnt, 0);
    await site.restart();
    const [second] = await site.hear(device.uplink({ ...reading, isConfirmed: true }));
    assert.is((device.receive(second!.phy) as { fCnt?: number }).fCnt, FCNT_DOWN_BLOCK);
    assert.ok(device.isAcknowledged());
    assert.is(site.ear.kept.length, 2);
  },
);

data("downlink counters are reserved in blocks: one write for 32 answers", async () => {
  const site = await networkSite();
  const device = await site.joined();
  const bulk = site.local.bulk.bind(site.local);
  let writes = 0;
  site.local.bulk = (docs) => {
    writes += 1;
    return bulk(docs);
  };
  for (let uplink = 0; uplink < FCNT_DOWN_BLOCK + 1; uplink++) {
    const [order] = await site.hear(device.uplink({ ...reading, isConfirmed: true }));
    assert.is((device.receive(order!.phy) as { fCnt?: number }).fCnt, uplink);
  }
  assert.is(writes, 2);
});

data(
  "uplink counters reach the disk within a second; a frame forgotten in a crash is a repeat for the inbox",
  async () => {
    const site = await networkSite();
    const device = await site.joined();
    await site.hear(device.uplink(reading));
    await site.clock.advance(1000);
    const late = device.uplink(reading);
    await site.hear(late);
    await site.server.answered();
    const stored = await site.local.get<{ _id: string; active: { fCntUp: number } }>(
      `session:${device.devEui}`,
    );
    assert.is(stored?.active.fCntUp, 0);
    await site.restart();
    await site.clock.advance(60_000);
    await site.hear(late);
    assert.is(site.ear.asked(), 3);
    assert.is(site.ear.kept.length, 2);
  },
);

data("a device is told the link's margin and the time when it asks", async () => {
  const site = await networkSite();
  const device = await site.joined();
  site.clock.set(Date.UTC(2026, 0, 1, 0, 0, 0, 500));
  const [order] = await site.hear(
    device.uplink({ ...reading, commands: [{ name: "LinkCheckReq" }, { name: "DeviceTimeReq" }] }),
  );
  const heard = device.receive(order!.phy);
  // 46 years since 1980-01-06 less 5 days, 12 leap days, 18 leap seconds.
  const gpsSeconds = (46 * 365 + 12 - 5) * 86_400 + 18;
  assert.equal((heard as { commands?: unknown }).commands, [
    { name: "LinkCheckAns", marginDb: 12, gatewayCount: 1 },
    { name: "DeviceTimeAns", gpsSeconds, fraction256: 128 },
  ]);
});

data("no device is told the time by a clock that was never set", async () => {
  const site = await networkSite({ isClockSynced: () => false });
  const device = await site.joined();
  assert.is(
    (await site.hear(device.uplink({ ...reading, commands: [{ name: "DeviceTimeReq" }] }))).length,
    0,
  );
});

data("a device that asks whether it is still heard gets an empty answer", async () => {
  const site = await networkSite();
  const device = await site.joined();
  const [order] = await site.hear(device.uplink({ ...reading, adrAckReq: true }));
  const frame = parse(order!.phy);
  assert.is(frame.type, "dataDown");
  if (frame.type !== "dataDown") return;
  assert.ok(frame.fCtrl.adr);
  assert.is(frame.fOpts.length, 0);
  assert.not.ok(frame.fCtrl.ack);
  assert.is(frame.fPort, undefined);
});

data(
  "a frame with commands alone is an empty uplink, so that its counter leaves no gap",
  async () => {
    const site = await networkSite();
    const device = await site.joined();
    const [order] = await site.hear(device.uplink({ fPort: 0, payload: new Uint8Array([0x02]) }));
    assert.equal((device.receive(order!.phy) as { commands?: unknown }).commands, [
      { name: "LinkCheckAns", marginDb: 12, gatewayCount: 1 },
    ]);
    assert.equal(
      [site.ear.kept[0]?.fPort, site.ear.kept[0]?.payload.length, site.ear.kept[0]?.fCnt],
      [null, 0, 0],
    );
  },
);

data(
  "when the antenna refuses the first window the second is used, with the same frame",
  async () => {
    const site = await networkSite();
    const device = await site.joined();
    site.antenna = ({ sf }) =>
      sf === 12 ? { outcome: "sent" } : { outcome: "refused", reason: "TOO_LATE" };
    const uplink = device.uplink({ ...reading, isConfirmed: true });
    const [first, second] = await site.hear(uplink, { tmst: 1000 });
    assert.is(first!.tmst, 5_001_000);
    assert.equal(
      { ...second, phy: null },
      {
        phy: null,
        tmst: 6_001_000,
        afterS: 6,
        frequencyHz: 869_525_000,
        sf: 12,
        bandwidthHz: 125_000,
        powerDbm: 14,
        window: 2,
      },
    );
    assert.equal(first!.phy, second!.phy);
  },
);

data(
  "an answer that was kept too late for the first window goes to the second, or nowhere",
  async () => {
    const site = await networkSite();
    const device = await site.joined();
    const late = async (ms: number) => {
      let finish = (): void => undefined;
      site.ear.disk = () => new Promise((resolve) => (finish = resolve));
      const before = site.orders.length;
      const settled = site.server.heardFrame(
        site.heard(device.uplink({ ...reading, isConfirmed: true }), { tmst: 0 }),
      );
      await site.clock.advance(ms);
      finish();
      await settled;
      await site.server.answered();
      return site.orders.slice(before).map(({ tmst }) => tmst);
    };
    assert.equal(await late(4800), [5_000_000]);
    assert.equal(await late(4900), [6_000_000]);
    assert.equal(await late(5900), []);
    assert.equal(site.tally.counts, { downlink_refused: 1 });
  },
);

data("a device whose keys went to another gateway is heard and not answered", async () => {
  const site = await networkSite();
  const device = await site.joined();
  site.keys.delete(device.devEui);
  assert.is((await site.hear(device.uplink({ ...reading, isConfirmed: true }))).length, 0);
  assert.is(site.ear.kept.length, 1);
});

data("no key stands in the log", async () => {
  const site = await networkSite();
  const device = await site.joined();
  await site.hear(device.uplink({ ...reading, isConfirmed: true }));
  const { appKey, session } = device.state();
  const text = JSON.stringify(site.log.lines);
  assert.ok(text.includes(device.devEui));
  for (const key of [appKey, session!.nwkSKey, session!.appSKey]) assert.not.ok(text.includes(key));
});

join.run();
data.run();
