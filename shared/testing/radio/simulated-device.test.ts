import { test } from "uvu";
import * as assert from "uvu/assert";
import {
  buildCfList,
  buildDataFrame,
  buildJoinAccept,
  parse,
  verifyDataMic,
  verifyJoinRequestMic,
} from "lorawan-packet-decoder";
import { tampered, wrongMic } from "./misbehaviour.ts";
import { simulatedDevice, type SimulatedDevice } from "./simulated-device.ts";

const born = {
  devEui: "0011223344556677",
  joinEui: "70b3d57ed0000000",
  appKey: "000102030405060708090a0b0c0d0e0f",
};
const accept = (joinNonce: number, fields: object = {}) =>
  buildJoinAccept({
    joinNonce,
    netId: "000000",
    devAddr: "01abcdef",
    rxDelay: 5,
    key: born.appKey,
    ...fields,
  });

function joined(): SimulatedDevice {
  const device = simulatedDevice(born);
  device.join();
  assert.is(device.receive(accept(1))?.kind, "joined");
  return device;
}

function down(
  device: SimulatedDevice,
  fCnt: number,
  fields: { ack?: boolean; fPort?: number; payload?: Uint8Array } = {},
): Uint8Array {
  const session = device.state().session!;
  return buildDataFrame({
    version: "1.0",
    direction: "down",
    devAddr: session.devAddr,
    fCnt,
    keys: session,
    ...fields,
  });
}

test("join requests are genuine, and count their nonce up across a stored state", () => {
  const device = simulatedDevice(born);
  const again = () => simulatedDevice(JSON.parse(JSON.stringify(device.state())));
  const first = parse(device.join().phy);
  const second = parse(again().join().phy);
  for (const frame of [first, second])
    assert.ok(frame.type === "joinRequest" && verifyJoinRequestMic(frame, born.appKey));
  assert.equal(
    [first, second].map((frame) => frame.type === "joinRequest" && frame.devNonce),
    [0, 1],
  );
});

test("an accept is taken once, when it was asked for, is genuine and newer than the last", () => {
  const device = simulatedDevice(born);
  assert.is(device.receive(accept(5)), undefined);
  device.join();
  assert.is(device.receive(accept(5, { key: "ff".repeat(16) })), undefined);
  assert.equal(device.receive(accept(5)), { kind: "joined", devAddr: "01abcdef" });
  assert.is(device.receive(accept(6)), undefined);
  device.join();
  assert.is(device.receive(accept(5)), undefined);
  assert.is(device.receive(accept(6))?.kind, "joined");
});

test("the accept's delay, offset, second window and channels are honoured", () => {
  const device = simulatedDevice({ ...born, sf: 9 });
  assert.equal(
    device.join().windows.map(({ afterMs, sf }) => [afterMs, sf]),
    [
      [5000, 9],
      [6000, 12],
    ],
  );
  const cfList = buildCfList({ type: 0, frequenciesHz: [867_100_000, 0, 867_500_000] });
  device.receive(accept(1, { rxDelay: 3, rx1DrOffset: 2, rx2DataRate: 3, cfList }));
  const sent = Array.from({ length: 5 }, () =>
    device.uplink({ fPort: 1, payload: new Uint8Array(1) }),
  );
  assert.equal(
    new Set(sent.map(({ frequencyHz }) => frequencyHz)),
    new Set([868_100_000, 868_300_000, 868_500_000, 867_100_000, 867_500_000]),
  );
  const { frequencyHz, windows } = sent[0]!;
  assert.equal(windows, [
    { afterMs: 3000, frequencyHz, sf: 11 },
    { afterMs: 4000, frequencyHz: 869_525_000, sf: 9 },
  ]);
});

test("uplinks are genuine and counted; the same one again is the same bytes", () => {
  const device = joined();
  device.uplink({ fPort: 1, payload: new Uint8Array([1]) });
  const { phy } = device.uplink({ fPort: 1, payload: new Uint8Array([2]), isConfirmed: true });
  assert.ok(verifyDataMic(phy, { version: "1.0", keys: device.state().session!, fCnt: 1 }));
  assert.equal(device.again().phy, phy);
  assert.not.ok(
    verifyDataMic(wrongMic(device.again()).phy, {
      version: "1.0",
      keys: device.state().session!,
      fCnt: 1,
    }),
  );
  assert.not.ok(
    verifyDataMic(tampered(device.again()).phy, {
      version: "1.0",
      keys: device.state().session!,
      fCnt: 1,
    }),
  );
  assert.is(simulatedDevice(device.state()).uplink({}).phy[6], 2);
});

test("an acknowledgement counts once it is genuine, and only for a confirmed uplink", () => {
  const device = joined();
  device.uplink({ fPort: 1, payload: new Uint8Array([1]) });
  assert.is((device.receive(down(device, 0, { ack: true })) as { isAck?: boolean }).isAck, false);
  device.uplink({ fPort: 1, payload: new Uint8Array([1]), isConfirmed: true });
  const ack = down(device, 1, { ack: true });
  assert.is(device.receive(wrongMic({ ...device.again(), phy: ack }).phy), undefined);
  assert.not.ok(device.isAcknowledged());
  device.receive(ack);
  assert.ok(device.isAcknowledged());
});

test("a downlink counter that was heard is never taken again, a jump ahead is", () => {
  const device = joined();
  const payload = new Uint8Array([9]);
  assert.equal(
    (device.receive(down(device, 40, { fPort: 3, payload })) as { payload?: Uint8Array }).payload,
    payload,
  );
  assert.is(device.receive(down(device, 40)), undefined);
  assert.is(device.receive(down(device, 39)), undefined);
  assert.is((device.receive(down(device, 0x1_0000)) as { fCnt?: number }).fCnt, 0x1_0000);
});

test("what is no frame, or not for this device, is not heard", () => {
  const device = joined();
  assert.is(device.receive(new Uint8Array([1, 2, 3])), undefined);
  assert.is(device.receive(new Uint8Array(0)), undefined);
  const session = { nwkSKey: "00".repeat(16) };
  assert.is(
    device.receive(
      buildDataFrame({
        version: "1.0",
        direction: "down",
        devAddr: "01000000",
        fCnt: 0,
        keys: session,
      }),
    ),
    undefined,
  );
});

test.run();
