import { createSocket } from "node:dgram";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { buildAck, buildPullData, buildPushData } from "#shared/formats/semtech-udp.ts";
import { cutOff, tampered, wrongMic } from "#shared/testing/radio/misbehaviour.ts";
import {
  simulatedAntenna,
  type AntennaOptions,
  type SimulatedAntenna,
} from "#shared/testing/radio/simulated-antenna.ts";
import { simulatedDevice, type SimulatedDevice } from "#shared/testing/radio/simulated-device.ts";
import { packetForwarder, type PacketForwarder } from "./packet-forwarder.ts";
import { identity, networkSite, type NetworkSite } from "./testing/network-site.ts";

const EUI = "aa555a0000000101";
const OTHER_EUI = "aa555a0000000102";
const payload = new Uint8Array([1, 2, 3]);
const reading = { fPort: 2, payload };

interface Air extends NetworkSite {
  readonly forwarder: PacketForwarder;
  antennas(...options: Partial<AntennaOptions>[]): Promise<SimulatedAntenna[]>;
  /** Joins over the air. */
  joinedBy(antenna: SimulatedAntenna, number?: number): Promise<SimulatedDevice>;
}

/** A site that hears real UDP on a port of the system's choice, torn down after the work. */
async function onAir(
  work: (air: Air) => Promise<void>,
  { allow = ["127.0.0.1"] }: { allow?: string[] } = {},
): Promise<void> {
  const site = await networkSite();
  const { clock, tally, log } = site;
  const forwarder = packetForwarder({
    port: 0,
    allow,
    tally,
    clock,
    networkServer: {
      heardFrame: (heard) => site.server.heardFrame(heard),
      answered: () => site.server.answered(),
    },
    log,
  });
  await forwarder.start();
  const opened: SimulatedAntenna[] = [];
  try {
    const air: Air = Object.assign(site, {
      forwarder,
      async antennas(...options: Partial<AntennaOptions>[]) {
        const added = options.map((own) =>
          simulatedAntenna({ eui: EUI, port: forwarder.port, clock, ...own }),
        );
        opened.push(...added);
        for (const antenna of added) {
          await antenna.start();
          await antenna.linked();
        }
        return added;
      },
      async joinedBy(antenna: SimulatedAntenna, number = 1) {
        const born = identity(number);
        site.keys.set(born.devEui, { ...born, macVersion: "1.0" });
        const device = simulatedDevice(born);
        const { acknowledged, answers } = antenna.carry({ transmission: device.join(), device });
        await acknowledged;
        await site.server.answered();
        await clock.advance(5000);
        assert.is((await answers[0])?.kind, "joined");
        return device;
      },
    });
    await work(air);
  } finally {
    for (const antenna of opened) await antenna.stop();
    await forwarder.stop();
    await site.server.stop();
  }
}

/** What a lone sender gets back until `until` is heard: everything that came. */
async function exchange(
  port: number,
  datagrams: readonly Uint8Array[],
  until: Uint8Array,
): Promise<string[]> {
  const socket = createSocket("udp4");
  const heard: string[] = [];
  try {
    await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
    await new Promise<void>((resolve) => {
      socket.on("message", (bytes) => {
        heard.push(bytes.toString("hex"));
        if (bytes.equals(until)) resolve();
      });
      for (const bytes of datagrams) socket.send(bytes, port, "127.0.0.1");
    });
  } finally {
    socket.close();
  }
  return heard;
}

const test = suite("packet forwarder");

test("a device joins over the air, sends, is kept once and acknowledged", () =>
  onAir(async (air) => {
    const [antenna] = (await air.antennas({ firstTmst: 2 ** 32 - 3_000_000 })) as [
      SimulatedAntenna,
    ];
    const device = await air.joinedBy(antenna);
    for (let uplink = 0; uplink < 3; uplink++) {
      const { acknowledged, answers } = antenna.carry({
        transmission: device.uplink({ ...reading, isConfirmed: true }),
        device,
        rssi: -101,
        snr: -3.5,
      });
      assert.ok(await acknowledged);
      assert.is(air.ear.kept.length, uplink + 1);
      await air.server.answered();
      assert.not.ok(device.isAcknowledged());
      await air.clock.advance(5000);
      assert.is((await answers[0])?.kind, "data");
      assert.ok(device.isAcknowledged());
    }
    const { payload: kept, radio } = air.ear.kept[0]!;
    assert.equal(kept, payload);
    assert.is(radio?.antenna, EUI);
    assert.equal([radio?.rssi, radio?.snr, radio?.sf], [-101, -3.5, 7]);
    assert.equal(air.tally.counts, {});
    assert.equal(antenna.counts, { sent: 4, refused: 0, resent: 0, heardByDevice: 4 });
  }));

test("an antenna is told 'received' only when the uplink is durable", () =>
  onAir(async (air) => {
    const [antenna] = (await air.antennas({})) as [SimulatedAntenna];
    const device = await air.joinedBy(antenna);
    let finish = (): void => undefined;
    const reached = new Promise<void>((resolve) => {
      air.ear.disk = () => {
        resolve();
        return new Promise((done) => (finish = done));
      };
    });
    let isAcknowledged = false;
    const acknowledged = antenna
      .carry({ transmission: device.uplink(reading) })
      .acknowledged.then(() => (isAcknowledged = true));
    await reached;
    // What is sent after it is answered before it, so the answer to it was not merely slow.
    await exchange(
      air.forwarder.port,
      [buildPullData(9, OTHER_EUI)],
      Buffer.from(buildAck("PULL_ACK", 9)),
    );
    assert.not.ok(isAcknowledged);
    finish();
    await acknowledged;
    assert.is(air.ear.kept.length, 1);
  }));

test("what cannot be kept is not acknowledged; the antenna sends it again, and it is kept once", () =>
  onAir(async (air) => {
    const [antenna] = (await air.antennas({ resendMs: 2000 })) as [SimulatedAntenna];
    const device = await air.joinedBy(antenna);
    let failures = 0;
    let failed = (): void => undefined;
    const hasFailed = new Promise<void>((resolve) => (failed = resolve));
    air.ear.disk = () => {
      failures += 1;
      setImmediate(failed);
      return failures === 1 ? Promise.reject(new Error("no space left")) : Promise.resolve();
    };
    const { acknowledged } = antenna.carry({ transmission: device.uplink(reading) });
    await hasFailed;
    assert.is(antenna.counts.resent, 0);
    await air.clock.advance(2000);
    assert.ok(await acknowledged);
    assert.is(antenna.counts.resent, 1);
    assert.is(failures, 2);
    assert.is(air.ear.kept.length, 1);
    assert.ok(air.log.lines.some(({ message }) => message.includes("not acknowledged")));
  }));

test("one bad packet in a datagram holds up the acknowledgement of none of its neighbours, a failing one of all", () =>
  onAir(async (air) => {
    const [antenna] = (await air.antennas({})) as [SimulatedAntenna];
    const device = await air.joinedBy(antenna);
    const good = device.uplink(reading);
    const { acknowledged } = antenna.carry(
      { transmission: wrongMic(good) },
      { transmission: cutOff(good, 5) },
      { transmission: tampered(good), isDamaged: true },
      { transmission: good },
    );
    assert.ok(await acknowledged);
    assert.is(air.ear.kept.length, 1);
    assert.equal(air.tally.counts, { mic_wrong: 1, frame_malformed: 1, frame_crc: 1 });
    assert.is(air.forwarder.antennas()[0]?.packets, 5);
  }));

test("what waited for a gateway that was away comes in any order, and keeps the time it was on air", () =>
  onAir(async (air) => {
    const [antenna] = (await air.antennas({ hasGps: true, resendMs: 2000 })) as [SimulatedAntenna];
    const device = await air.joinedBy(antenna);
    const sentAt: number[] = [];
    air.ear.disk = () => Promise.reject(new Error("away"));
    const first = antenna.carry({ transmission: device.uplink(reading) });
    sentAt.push(air.clock.now());
    while (air.ear.asked() < 1) await new Promise((resolve) => setImmediate(resolve));
    await air.clock.advance(1000);
    air.ear.disk = () => Promise.resolve();
    const second = antenna.carry({ transmission: device.uplink(reading) });
    sentAt.push(air.clock.now());
    assert.ok(await second.acknowledged);
    await air.clock.advance(1000);
    assert.ok(await first.acknowledged);
    assert.equal(
      air.ear.kept.map(({ fCnt, time, timeSource }) => [fCnt, time, timeSource]),
      [
        [1, sentAt[1], "radio"],
        [0, sentAt[0], "radio"],
      ],
    );
    assert.equal(air.tally.counts, {});
  }));

test("two antennas hear everything: kept once, answered by one, the other copies counted", () =>
  onAir(async (air) => {
    const [near, far] = (await air.antennas({}, { eui: OTHER_EUI, firstTmst: 123_456_789 })) as [
      SimulatedAntenna,
      SimulatedAntenna,
    ];
    const born = identity(1);
    air.keys.set(born.devEui, { ...born, macVersion: "1.0" });
    const device = simulatedDevice(born);
    const both = async (transmission: ReturnType<SimulatedDevice["join"]>) => {
      const carried = [near, far].map((antenna) => antenna.carry({ transmission, device }));
      for (const { acknowledged } of carried) assert.ok(await acknowledged);
      await air.server.answered();
      await air.clock.advance(10_000);
    };
    await both(device.join());
    assert.ok(device.isJoined());
    await both(device.uplink({ ...reading, isConfirmed: true }));
    assert.ok(device.isAcknowledged());
    assert.is(air.ear.kept.length, 1);
    assert.is(air.elsewhere, 2);
    assert.is(near.counts.sent + far.counts.sent, 2);
    assert.equal(air.tally.counts, {});
    assert.equal(
      new Set(air.forwarder.antennas().map(({ eui }) => eui)),
      new Set([EUI, OTHER_EUI]),
    );
  }));

test("a replayed join request and replayed frames are refused over the air as well", () =>
  onAir(async (air) => {
    const [antenna] = (await air.antennas({})) as [SimulatedAntenna];
    const born = identity(1);
    air.keys.set(born.devEui, { ...born, macVersion: "1.0" });
    const device = simulatedDevice(born);
    const request = device.join();
    const carriage = antenna.carry({ transmission: request, device });
    await carriage.acknowledged;
    await air.server.answered();
    await air.clock.advance(5000);
    const first = device.uplink(reading);
    for (const transmission of [first, device.uplink(reading)])
      await antenna.carry({ transmission }).acknowledged;
    await air.clock.advance(60_000);
    for (const transmission of [request, first])
      assert.ok(await antenna.carry({ transmission }).acknowledged);
    assert.equal(air.tally.counts, { join_replayed: 1, frame_replayed: 1 });
    assert.is(air.ear.kept.length, 2);
  }));

test("an antenna that refuses the first window is asked for the second", () =>
  onAir(async (air) => {
    const [antenna] = (await air.antennas({
      refuse: ({ sf }) => (sf === 7 ? "COLLISION_PACKET" : undefined),
    })) as [SimulatedAntenna];
    const born = identity(1);
    air.keys.set(born.devEui, { ...born, macVersion: "1.0" });
    const device = simulatedDevice(born);
    const { acknowledged, answers } = antenna.carry({ transmission: device.join(), device });
    await acknowledged;
    await air.server.answered();
    await air.clock.advance(5000);
    assert.not.ok(device.isJoined());
    await air.clock.advance(1000);
    assert.is((await answers[0])?.kind, "joined");
    assert.equal(air.tally.counts, { downlink_refused: 1 });
  }));

test("an antenna of version 1 is answered in its version, and joins devices though it never says what it sent", () =>
  onAir(async (air) => {
    const [antenna] = (await air.antennas({ protocolVersion: 1 })) as [SimulatedAntenna];
    const born = identity(1);
    air.keys.set(born.devEui, { ...born, macVersion: "1.0" });
    const device = simulatedDevice(born);
    const { acknowledged, answers } = antenna.carry({ transmission: device.join(), device });
    await acknowledged;
    // The order is on its way once PULL_DATA, which follows it, is answered.
    await exchange(
      air.forwarder.port,
      [buildPullData(1, OTHER_EUI)],
      Buffer.from(buildAck("PULL_ACK", 1)),
    );
    while (antenna.counts.sent === 0) await new Promise((resolve) => setImmediate(resolve));
    await air.clock.advance(5000);
    assert.is((await answers[0])?.kind, "joined");
    assert.is(air.forwarder.antennas().find(({ eui }) => eui === EUI)?.protocolVersion, 1);
    const version1 = buildPullData(0xbeef, EUI);
    version1[0] = 1;
    assert.equal(await exchange(air.forwarder.port, [version1], Buffer.from("01beef04", "hex")), [
      "01beef04",
    ]);
  }));

test("an order for an antenna that was never heard is refused", () =>
  onAir(async (air) => {
    const order = {
      phy: payload,
      tmst: 0,
      afterS: 5,
      frequencyHz: 868_100_000,
      sf: 7,
      bandwidthHz: 125_000,
      powerDbm: 14,
      window: 1 as const,
    };
    assert.equal(await air.forwarder.send(EUI, order), {
      outcome: "refused",
      reason: "NO_WAY_DOWN",
    });
    assert.equal(air.tally.counts, { downlink_refused: 1 });
  }));

test("an antenna that says nothing to an order is not waited for without end", () =>
  onAir(async (air) => {
    await exchange(
      air.forwarder.port,
      [buildPullData(1, EUI)],
      Buffer.from(buildAck("PULL_ACK", 1)),
    );
    const order = {
      phy: payload,
      tmst: 0,
      afterS: 5,
      frequencyHz: 868_100_000,
      sf: 7,
      bandwidthHz: 125_000,
      powerDbm: 14,
      window: 1 as const,
    };
    const outcome = air.forwarder.send(EUI, order);
    await air.clock.advance(2000);
    assert.equal(await outcome, { outcome: "silent" });
  }));

test("who is not on the allow list gets no answer, is counted and listed, and is heard once allowed", () =>
  onAir(
    async (air) => {
      const antenna = simulatedAntenna({
        eui: EUI,
        port: air.forwarder.port,
        clock: air.clock,
        pullMs: 1000,
      });
      await antenna.start();
      while (air.forwarder.knocking().length === 0)
        await new Promise((resolve) => setImmediate(resolve));
      assert.equal(air.forwarder.knocking(), [
        { address: "127.0.0.1", eui: EUI, lastHeardAt: air.clock.now(), datagrams: 1 },
      ]);
      assert.equal(air.forwarder.antennas(), []);
      assert.equal(air.tally.counts, { antenna_not_allowed: 1 });
      air.forwarder.setAllowed(["127.0.0.0/8"]);
      assert.equal(air.forwarder.knocking(), []);
      await air.clock.advance(1000);
      await antenna.linked();
      assert.is(air.forwarder.antennas()[0]?.eui, EUI);
      await antenna.stop();
    },
    { allow: ["10.0.0.0/8"] },
  ));

test("malformed datagrams are counted, get no answer, and disturb nobody", () =>
  onAir(async (air) => {
    const [antenna] = (await air.antennas({})) as [SimulatedAntenna];
    const device = await air.joinedBy(antenna);
    const push = buildPushData(7, OTHER_EUI, {
      rxpk: [{ tmst: 1, freq: 868.1, datr: "SF7BW125", modu: "LORA", data: "AQID", size: 3 }],
    });
    let seed = 1;
    const random = (below: number): number => {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
      return (seed >>> 8) % below;
    };
    const garbage = Array.from({ length: 300 }, (_, index) => {
      const bytes =
        index % 2 === 0 ? push.slice(0, random(push.length)) : new Uint8Array(random(60));
      for (let change = random(8); change >= 0; change--)
        if (bytes.length > 0) bytes[random(bytes.length)] = random(256);
      // Never a version that exists: each of them must be refused.
      if (bytes.length > 0) bytes[0] = 3 + random(250);
      return bytes;
    });
    const onlyServersSend = [buildAck("PUSH_ACK", 1), buildAck("PULL_ACK", 1)];
    const badPackets = buildPushData(8, OTHER_EUI, { rxpk: [null, { data: "!" }, 3] });
    const answers = await exchange(
      air.forwarder.port,
      [...garbage, ...onlyServersSend, badPackets, buildPullData(2, OTHER_EUI)],
      Buffer.from(buildAck("PULL_ACK", 2)),
    );
    assert.is(air.tally.counts.datagram_malformed, 300 + 2 + 3);
    // The bad packets were settled: refused with a count.
    assert.equal(
      new Set(answers),
      new Set([
        Buffer.from(buildAck("PUSH_ACK", 8)).toString("hex"),
        Buffer.from(buildAck("PULL_ACK", 2)).toString("hex"),
      ]),
    );
    assert.ok(await antenna.carry({ transmission: device.uplink(reading) }).acknowledged);
    assert.is(air.ear.kept.length, 1);
  }));

test("ten thousand mutated frames inside good datagrams harm nothing", () =>
  onAir(async (air) => {
    const device = await air.joined();
    const templates = [
      device.join(),
      device.uplink(reading),
      device.uplink({ ...reading, isConfirmed: true }),
    ];
    let seed = 7;
    const random = (below: number): number => {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
      return (seed >>> 8) % below;
    };
    const { length: asked } = air.ear.kept;
    for (let index = 0; index < 10_000; index++) {
      const template = templates[random(templates.length)]!;
      const phy = template.phy.slice(
        0,
        random(3) === 0 ? random(template.phy.length + 1) : undefined,
      );
      for (let change = random(4); change >= 0; change--)
        if (phy.length > 0) phy[random(phy.length)]! ^= 1 + random(255);
      await air.server.heardFrame(air.heard({ ...template, phy }));
    }
    await air.server.answered();
    const total = Object.values(air.tally.counts).reduce((sum, count) => sum + count, 0);
    assert.is(total + air.ear.kept.length - asked, 10_000);
    await air.hear(device.uplink(reading));
    assert.is(air.ear.kept.at(-1)?.fCnt, 2);
  }));

test("a stop waits for what is under way and acknowledges it", () =>
  onAir(async (air) => {
    const [antenna] = (await air.antennas({})) as [SimulatedAntenna];
    const device = await air.joinedBy(antenna);
    let finish = (): void => undefined;
    const reached = new Promise<void>((resolve) => {
      air.ear.disk = () => {
        resolve();
        return new Promise((done) => (finish = done));
      };
    });
    const { acknowledged } = antenna.carry({ transmission: device.uplink(reading) });
    await reached;
    const stopped = air.forwarder.stop();
    finish();
    await stopped;
    assert.ok(await acknowledged);
  }));

test("a port that is taken is a clear fault", () =>
  onAir(async (air) => {
    const second = packetForwarder({
      ...air,
      port: air.forwarder.port,
      allow: [],
      networkServer: air.server,
    });
    await second.start().then(
      () => assert.unreachable("must reject"),
      (error: Error & { code?: string }) => {
        assert.is(error.code, "unavailable");
        assert.match(error.message, String(air.forwarder.port));
      },
    );
  }));

test.run();
