import { test } from "uvu";
import * as assert from "uvu/assert";
import { isFault } from "#shared/model/fault.ts";
import { chirpstackV4 } from "./chirpstack-v4.ts";

const deviceInfo = {
  tenantName: "Name of a tenant",
  deviceName: "Ms Miller's meter",
  devEui: "24E124136B502217",
};
const up = {
  deduplicationId: "3ac7e3c4-4401-4b8d-9386-a5c902f9202d",
  time: "2026-07-18T09:34:15.775023242+00:00",
  deviceInfo,
  devAddr: "00189440",
  dr: 1,
  fPort: 85,
  data: "A2fqAA==",
  rxInfo: [
    { gatewayId: "0016c001f153a14c", rssi: -110, snr: -3 },
    { gatewayId: "0016c001f153a14d", rssi: -36, snr: 10.5 },
  ],
  txInfo: {
    frequency: 867100000,
    modulation: { lora: { bandwidth: 125000, spreadingFactor: 11 } },
  },
};
const context = { heardAt: 1_000 };
const parse = (body: unknown, topic: string | null = null) =>
  chirpstackV4.parse({ topic, body }, context);

test("reads an uplink: absent counter is zero, the strongest antenna counts, no name is kept", () => {
  const { uplinks, joins, other } = parse(up);
  assert.equal(uplinks, [
    {
      deviceId: "24e124136b502217",
      session: "00189440",
      fCnt: 0,
      fPort: 85,
      payload: Uint8Array.of(0x03, 0x67, 0xea, 0x00),
      time: Date.UTC(2026, 6, 18, 9, 34, 15, 775),
      timeSource: "server",
      radio: { antenna: "0016c001f153a14d", rssi: -36, snr: 10.5, sf: 11, frequencyHz: 867100000 },
      via: "chirpstack-v4",
    },
  ]);
  assert.equal([joins, other], [[], null]);
  assert.not.match(JSON.stringify(uplinks), /Miller|tenant/);
});

test("reads an uplink without radio, port, data, address and time", () => {
  const [uplink] = parse({ deviceInfo, dr: 0 }).uplinks;
  assert.equal(uplink, {
    deviceId: "24e124136b502217",
    session: null,
    fCnt: 0,
    fPort: null,
    payload: new Uint8Array(),
    time: 1_000,
    timeSource: "gateway",
    radio: null,
    via: "chirpstack-v4",
  });
});

test("knows a radio's time from a server's", () => {
  assert.is(
    parse({ ...up, rxInfo: [{ rssi: -1, timeSinceGpsEpoch: "1342171e3s" }] }).uplinks[0]
      ?.timeSource,
    "radio",
  );
});

test("reads a join as a new session, and names the other events", () => {
  const join = { time: up.time, deviceInfo, devAddr: "00189440" };
  assert.equal(parse(join).joins, [
    {
      deviceId: "24e124136b502217",
      session: "00189440",
      time: Date.UTC(2026, 6, 18, 9, 34, 15, 775),
    },
  ]);
  const others = {
    ack: { queueItemId: "1", acknowledged: true },
    txack: { downlinkId: 1, queueItemId: "1" },
    status: { margin: 3 },
    log: { level: "ERROR", code: "UPLINK_MIC" },
    location: { location: { latitude: 1 } },
    integration: { integrationName: "x", eventType: "y" },
  };
  for (const [event, fields] of Object.entries(others)) {
    assert.is(parse({ deviceInfo, ...fields }).other, event);
    assert.is(parse({ deviceInfo }, `application/a/device/b/event/${event}`).other, event);
  }
});

test("refuses what has the shape and not the content, naming the field", () => {
  const bad: [unknown, string][] = [
    [{ ...up, data: "A2fq*AA==" }, "data"],
    [{ ...up, fCnt: -1 }, "fCnt"],
    [{ ...up, fCnt: 2 ** 32 }, "fCnt"],
    [{ ...up, fPort: 256 }, "fPort"],
    [{ ...up, time: "yesterday" }, "time"],
    [{ ...up, deviceInfo: { devEui: "24e1" } }, "deviceInfo.devEui"],
    [{ ...up, deviceInfo: { devEui: { a: 1 } } }, "deviceInfo.devEui"],
    [{ deviceInfo }, "body"],
  ];
  for (const [body, field] of bad)
    assert.throws(
      () => parse(body),
      (error: unknown) => isFault(error, "invalid") && error.details["field"] === field,
      field,
    );
});

test("does not recognise other shapes", () => {
  for (const body of [
    null,
    5,
    "x",
    [],
    {},
    { deviceInfo: 5 },
    { deviceInfo: [] },
    { devEUI: "24e124136b502217" },
    new Uint8Array(3),
  ])
    assert.not.ok(chirpstackV4.recognises({ topic: "application/1/device/2/event/up", body }));
  assert.ok(chirpstackV4.recognises({ topic: null, body: up }));
});

test.run();
