import { test } from "uvu";
import * as assert from "uvu/assert";
import { isFault } from "#shared/model/fault.ts";
import {
  buildAck,
  buildPullData,
  buildPullResp,
  buildPushData,
  buildTxAck,
  parseDatagram,
} from "./semtech-udp.ts";

const antenna = "aa555a0000000101";
const good = {
  tmst: 3512348611,
  freq: 868.1,
  stat: 1,
  modu: "LORA",
  datr: "SF7BW125",
  codr: "4/5",
  rssi: -35,
  lsnr: 5.1,
  size: 4,
  data: "AQIDBA",
};
const push = (...rxpk: unknown[]) => {
  const datagram = parseDatagram(buildPushData(7, antenna, { rxpk }));
  if (datagram.type !== "PUSH_DATA") throw new Error(datagram.type);
  return datagram;
};

test("reads a packet with its radio words", () => {
  const [packet] = push({ ...good, time: "2026-03-31T16:21:17.528002Z" }).packets;
  assert.equal(packet, {
    phy: Uint8Array.of(1, 2, 3, 4),
    tmst: 3512348611,
    freqHz: 868100000,
    modulation: { modu: "LORA", sf: 7, bwHz: 125000 },
    rssi: -35,
    snr: 5.1,
    crc: "ok",
    time: Date.UTC(2026, 2, 31, 16, 21, 17, 528),
    timeSource: "server",
  });
});

test("keeps the neighbours of a bad packet, and says what was wrong with it", () => {
  const { packets, faults } = push(
    good,
    { ...good, data: "!!" },
    { ...good, freq: "x" },
    null,
    { ...good, datr: "SF13BW125" },
    { ...good, size: 5 },
    good,
  );
  assert.is(packets.length, 2);
  assert.equal(
    faults.map((fault) => fault.details["field"]),
    ["rxpk.data", "rxpk.freq", "rxpk.", "rxpk.datr", "rxpk.size"],
  );
});

test("flags a failed checksum, takes the best of several antennas and a GPS time", () => {
  assert.is(push({ ...good, stat: -1 }).packets[0]?.crc, "bad");
  assert.is(push({ ...good, stat: 0 }).packets[0]?.crc, "none");
  const { rssi: _rssi, lsnr: _lsnr, ...bare } = good;
  const [several] = push({
    ...bare,
    tmms: 1_126_259_462_000,
    rsig: [
      { ant: 0, rssic: -90, lsnr: 1 },
      { ant: 1, rssic: -70, lsnr: 4 },
    ],
  }).packets;
  assert.equal(
    [several?.rssi, several?.snr, several?.timeSource, several?.time],
    [-70, 4, "radio", Date.UTC(2015, 8, 14, 9, 50, 44)],
  );
  assert.equal(push({ ...good, modu: "FSK", datr: 50000 }).packets[0]?.modulation, {
    modu: "FSK",
    bitrate: 50000,
  });
});

test("builds and reads every datagram alike", () => {
  assert.equal(parseDatagram(buildAck("PULL_ACK", 0xa1b2)), { type: "PULL_ACK", token: 0xa1b2 });
  assert.is(Buffer.from(buildAck("PULL_ACK", 0xa1b2)).toString("hex"), "02a1b204");
  assert.equal(parseDatagram(buildPullData(5, antenna)), { type: "PULL_DATA", token: 5, antenna });
  assert.equal(parseDatagram(buildTxAck(5, antenna, "TOO_LATE")), {
    type: "TX_ACK",
    token: 5,
    antenna,
    error: "TOO_LATE",
  });
  assert.equal(parseDatagram(buildTxAck(5, antenna, null)), {
    type: "TX_ACK",
    token: 5,
    antenna,
    error: "NONE",
  });
  const down = parseDatagram(
    buildPullResp(9, {
      phy: Uint8Array.of(0x20, 1),
      tmst: 2 ** 32 + 5,
      freqHz: 868100000,
      sf: 9,
      bwHz: 125000,
      power: 14,
    }),
  );
  assert.equal(down, {
    type: "PULL_RESP",
    token: 9,
    txpk: {
      imme: false,
      tmst: 5,
      freq: 868.1,
      rfch: 0,
      powe: 14,
      modu: "LORA",
      datr: "SF9BW125",
      codr: "4/5",
      ipol: true,
      ncrc: true,
      size: 2,
      data: "IAE=",
    },
  });
});

test("understands forwarders that leave the address out of TX_ACK, or end their JSON with a zero", () => {
  const bare = Buffer.concat([
    Buffer.from("02000505", "hex"),
    Buffer.from('{"txpk_ack":{"error":"TX_FREQ"}}'),
  ]);
  assert.equal(parseDatagram(bare), { type: "TX_ACK", token: 5, antenna: null, error: "TX_FREQ" });
  assert.equal(parseDatagram(Buffer.from("02000505", "hex")), {
    type: "TX_ACK",
    token: 5,
    antenna: null,
    error: "NONE",
  });
  const ended = Buffer.concat([buildPushData(1, antenna, { stat: { rxnb: 2 } }), Buffer.from([0])]);
  const datagram = parseDatagram(ended);
  assert.ok(datagram.type === "PUSH_DATA" && datagram.stat?.["rxnb"] === 2);
});

test("refuses what is no datagram of this protocol", () => {
  const hexes = [
    "",
    "02",
    "020000",
    "03000000",
    "00000002aa555a0000000101",
    "020000ff",
    "02000002",
    "02000002aa",
    "0200000100",
    "02000000aa555a00000001017b",
    "02000000aa555a0000000101",
    "020000037b7d",
  ];
  for (const hex of hexes)
    assert.throws(
      () => parseDatagram(Buffer.from(hex, "hex")),
      (error: unknown) => isFault(error, "invalid"),
      hex,
    );
  assert.throws(
    () => parseDatagram(new Uint8Array(70_000)),
    (error: unknown) => isFault(error, "invalid"),
  );
});

test("answers ten thousand mutated datagrams with a reading or a Fault", () => {
  const base = buildPushData(7, antenna, { rxpk: [good, good], stat: { rxnb: 1 } });
  let state = 99;
  const next = () => (state = (state * 48271) % 0x7fffffff);
  for (let i = 0; i < 10_000; i++) {
    const bytes = base.slice(0, i % 3 === 0 ? next() % base.length : base.length);
    for (let flips = 1 + (next() % 4); flips > 0 && bytes.length > 0; flips--)
      bytes[next() % bytes.length] = next() & 0xff;
    try {
      parseDatagram(bytes);
    } catch (error) {
      if (!isFault(error)) throw error;
    }
  }
});

test.run();
