import { createCipheriv } from "node:crypto";
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import {
  LorawanError,
  aesCmac,
  buildDataFrame,
  computeDataMic,
  cryptFOpts,
  decryptFOpts,
  decryptFrmPayload,
  downlinkCounter,
  fromHex,
  parse,
  toHex,
  verifyDataMic,
  type DataFrameFields,
  type DataFrameFields11,
} from "./index.ts";

const keys10 = {
  nwkSKey: "44024241ed4ce9a68c6a8bc055233fd3",
  appSKey: "ec925802ae430ca77fd3dd73cb2cc588",
};
const keys11 = {
  fNwkSIntKey: "00112233445566778899aabbccddeeff",
  sNwkSIntKey: "ffeeddccbbaa99887766554433221100",
  nwkSEncKey: "0f1e2d3c4b5a69788796a5b4c3d2e1f0",
  appSKey: "101112131415161718191a1b1c1d1e1f",
};
const hasCode = (code: string) => (error: unknown) =>
  error instanceof LorawanError && error.code === code;

const up11: DataFrameFields11 = {
  version: "1.1",
  direction: "up",
  devAddr: "26011bda",
  fCnt: 0x0001_0203,
  keys: keys11,
  txDr: 5,
  txCh: 2,
  fPort: 7,
  payload: fromHex("c0ffee"),
};

function data(bytes: Uint8Array) {
  const phy = parse(bytes);
  assert.ok(phy.type === "dataUp" || phy.type === "dataDown");
  return phy;
}

/** B0 or B1 written out, so that the check does not come from the code it checks. */
function micOver(key: string, head: string, direction: 0 | 1, frame: Uint8Array): string {
  const b = fromHex(
    `49${head}0${direction}${toHex(frame.subarray(1, 5))}0302010000${(frame.length - 4).toString(16).padStart(2, "0")}`,
  );
  return toHex(aesCmac(key, Uint8Array.from([...b, ...frame.subarray(0, -4)]))).slice(0, 8);
}

test("a 1.1 uplink has half its MIC from each key", () => {
  const frame = buildDataFrame(up11);
  const serving = micOver(keys11.sNwkSIntKey, "00000502", 0, frame);
  const forwarding = micOver(keys11.fNwkSIntKey, "00000000", 0, frame);
  assert.is(toHex(frame.subarray(-4)), serving.slice(0, 4) + forwarding.slice(0, 4));
  assert.ok(verifyDataMic(frame, up11));
});

test("each half of a 1.1 uplink MIC is looked at", () => {
  const frame = buildDataFrame(up11);
  for (const changed of [{ sNwkSIntKey: keys10.nwkSKey }, { fNwkSIntKey: keys10.nwkSKey }]) {
    assert.not.ok(verifyDataMic(frame, { ...up11, keys: { ...keys11, ...changed } }));
  }
  for (const changed of [{ txDr: 4 }, { txCh: 3 }, { fCnt: 0x0002_0203 }])
    assert.not.ok(verifyDataMic(frame, { ...up11, ...changed }));
});

test("ConfFCnt counts in 1.1 when the frame acknowledges, and then its lower 16 bits", () => {
  const ack = buildDataFrame({ ...up11, ack: true, confFCnt: 0x0005_0607 });
  assert.is(
    toHex(ack.subarray(-4)).slice(0, 4),
    micOver(keys11.sNwkSIntKey, "07060502", 0, ack).slice(0, 4),
  );
  assert.ok(verifyDataMic(ack, { ...up11, confFCnt: 0x0607 }));
  assert.not.ok(verifyDataMic(ack, up11));
  const plain = buildDataFrame({ ...up11, confFCnt: 99 });
  assert.ok(verifyDataMic(plain, up11));

  const {
    txDr: _dr,
    txCh: _ch,
    ...fields
  } = { ...up11, direction: "down" as const, ack: true, confFCnt: 0x1234 };
  const down = buildDataFrame(fields);
  assert.is(toHex(down.subarray(-4)), micOver(keys11.sNwkSIntKey, "34120000", 1, down));
  assert.ok(verifyDataMic(down, fields));
  assert.not.ok(verifyDataMic(down, { ...fields, confFCnt: 0x1235 }));
  const silent = buildDataFrame({ ...fields, ack: false });
  assert.is(toHex(silent.subarray(-4)), micOver(keys11.sNwkSIntKey, "00000000", 1, silent));
});

test("FOpts of 1.1 run with the counter of the frame's port", () => {
  const fOpts = fromHex("020701");
  const stream = (use: number, direction: number): Buffer => {
    const a = Buffer.from(`010000000${use}0${direction}da1b0126030201000001`, "hex");
    return createCipheriv("aes-128-ecb", Buffer.from(keys11.nwkSEncKey, "hex"), null)
      .setAutoPadding(false)
      .update(a);
  };
  const { payload: _payload, fPort: _fPort, ...bare } = up11;
  const cases: [fields: DataFrameFields11, use: 1 | 2, direction: 0 | 1][] = [
    [{ ...up11, fOpts }, 1, 0],
    [{ ...bare, fOpts }, 1, 0],
    [{ ...up11, direction: "down", fOpts }, 2, 1],
    [{ ...bare, direction: "down", fOpts }, 1, 1],
  ];
  for (const [fields, use, direction] of cases) {
    const phy = data(buildDataFrame(fields));
    const expected = fOpts.map((byte, index) => byte ^ stream(use, direction)[index]!);
    assert.equal(phy.fOpts, expected);
    assert.equal(decryptFOpts(phy, { nwkSEncKey: keys11.nwkSEncKey, fCnt: fields.fCnt }), fOpts);
    assert.equal(cryptFOpts(keys11.nwkSEncKey, fields, fOpts), expected);
    if (phy.type === "dataDown")
      assert.is(downlinkCounter(phy), use === 2 ? "aFCntDown" : "nFCntDown");
  }
});

test("port 0 is hidden with NwkSEncKey in 1.1 and NwkSKey in 1.0", () => {
  const one = data(buildDataFrame({ ...up11, fPort: 0 }));
  assert.is(toHex(decryptFrmPayload(one, { key: keys11.nwkSEncKey, fCnt: up11.fCnt })), "c0ffee");
  assert.is(toHex(decryptFrmPayload(one, { keys: keys11, fCnt: up11.fCnt })), "c0ffee");
  const fields: DataFrameFields = {
    version: "1.0",
    direction: "down",
    devAddr: "26011bda",
    fCnt: 9,
    fPort: 0,
    payload: fromHex("06"),
    keys: keys10,
  };
  const old = data(buildDataFrame(fields));
  assert.is(toHex(decryptFrmPayload(old, { key: keys10.nwkSKey, fCnt: 9 })), "06");
  const mixed = { ...fields, keys: { ...keys11, ...keys10 } };
  assert.equal(buildDataFrame(mixed), old.bytes, "a 1.0 frame has no use for NwkSEncKey");
});

test("what is built is read back alike, in both versions and directions, and neither argument changes", () => {
  const bytes = (max: number) => fc.uint8Array({ maxLength: max });
  const frames = fc.record({
    version: fc.constantFrom("1.0" as const, "1.1" as const),
    direction: fc.constantFrom("up" as const, "down" as const),
    confirmed: fc.boolean(),
    devAddr: fc.uint8Array({ minLength: 4, maxLength: 4 }).map(toHex),
    fCnt: fc.integer({ min: 0, max: 0xffff_ffff }),
    adr: fc.boolean(),
    ack: fc.boolean(),
    fOpts: bytes(15),
    fPort: fc.option(fc.integer({ min: 0, max: 255 }), { nil: undefined }),
    payload: bytes(227),
    confFCnt: fc.integer({ min: 0, max: 0xffff_ffff }),
    txDr: fc.integer({ min: 0, max: 15 }),
    txCh: fc.integer({ min: 0, max: 255 }),
  });
  fc.assert(
    fc.property(frames, (drawn) => {
      const fields = {
        ...drawn,
        keys: { ...keys10, ...keys11 },
        ...(drawn.fPort === undefined ? { payload: new Uint8Array(0) } : {}),
        ...(drawn.fPort === 0 ? { fOpts: new Uint8Array(0) } : {}),
      } as DataFrameFields;
      const before = structuredClone(fields);
      const frame = buildDataFrame(fields);
      assert.equal(fields, before);
      const sent = new Uint8Array(frame);
      const phy = data(frame);
      assert.is(phy.direction, fields.direction);
      assert.is(phy.confirmed, fields.confirmed);
      assert.is(phy.devAddr, fields.devAddr);
      assert.is(phy.fCnt16, fields.fCnt % 65_536);
      assert.is(phy.fPort, fields.fPort);
      assert.is(phy.fCtrl.adr, fields.adr);
      assert.is(phy.fCtrl.ack, fields.ack);
      assert.ok(verifyDataMic(phy, fields));
      assert.equal(computeDataMic(frame, fields), phy.mic);
      const { nwkSKey, appSKey } = fields.keys as typeof keys10;
      const payloadKeys = fields.version === "1.0" ? { nwkSKey, appSKey } : fields.keys;
      assert.equal(
        decryptFrmPayload(frame, { keys: payloadKeys, fCnt: fields.fCnt }),
        fields.payload,
      );
      assert.equal(
        fields.version === "1.1"
          ? decryptFOpts(frame, {
              ...fields.keys,
              nwkSEncKey: keys11.nwkSEncKey,
              fCnt: fields.fCnt,
            })
          : phy.fOpts,
        fields.fOpts,
      );
      assert.equal(frame, sent);
      assert.equal(fields, before);
      const bit = 1 << (fields.fCnt % 8);
      frame[fields.fCnt % frame.length]! ^= bit;
      assert.not.ok(readable(frame) && verifyDataMic(frame, fields), "a changed bit must be seen");
    }),
    { numRuns: 400 },
  );
});

/** Whether it is still a data frame after a bit was changed. */
function readable(frame: Uint8Array): boolean {
  try {
    return parse(frame).type.startsWith("data");
  } catch (error) {
    assert.instance(error, LorawanError);
    return false;
  }
}

test("frames that cannot be are not built", () => {
  const good: DataFrameFields = {
    version: "1.0",
    direction: "up",
    devAddr: "26011bda",
    fCnt: 1,
    keys: keys10,
  };
  const wrong: [change: Record<string, unknown>, code: string][] = [
    [{ payload: fromHex("00") }, "payload_without_port"],
    [{ fOpts: new Uint8Array(16) }, "fopts_overflow"],
    [{ fOpts: fromHex("02"), fPort: 0 }, "fopts_with_port_0"],
    [{ fPort: 1, payload: new Uint8Array(243) }, "too_long"],
    [{ fPort: 256 }, "out_of_range"],
    [{ fCnt: 2 ** 32 }, "out_of_range"],
    [{ fCnt: -1 }, "out_of_range"],
    [{ fCnt: 1.5 }, "out_of_range"],
    [{ fCnt: "1" }, "out_of_range"],
    [{ devAddr: "26011bd" }, "bad_hex"],
    [{ devAddr: "26011bdg" }, "bad_hex"],
    [{ devAddr: 7 }, "bad_hex"],
    [{ direction: "left" }, "bad_argument"],
    [{ version: "1.2" }, "bad_argument"],
    [{ fPending: true }, "bad_argument"],
    [{ direction: "down", classB: true }, "bad_argument"],
    [{ payload: "00", fPort: 1 }, "bad_argument"],
    [{ keys: undefined }, "bad_argument"],
    [{ keys: {} }, "missing_key"],
    [{ keys: { nwkSKey: keys10.nwkSKey }, fPort: 1, payload: fromHex("00") }, "missing_key"],
    [{ version: "1.1", keys: { sNwkSIntKey: keys11.sNwkSIntKey } }, "missing_key"],
    [
      { version: "1.1", keys: { ...keys11, nwkSEncKey: undefined }, fOpts: fromHex("02") },
      "missing_key",
    ],
    [{ version: "1.1", keys: keys11, txDr: 256 }, "out_of_range"],
  ];
  assert.is(data(buildDataFrame(good)).fCnt16, 1);
  for (const [change, code] of wrong) {
    assert.throws(
      () => buildDataFrame({ ...good, ...change }),
      hasCode(code),
      JSON.stringify(change),
    );
  }
});

test("a counter that cannot be the frame's is told, or is simply not right", () => {
  const frame = buildDataFrame(up11);
  assert.not.ok(verifyDataMic(frame, { ...up11, fCnt: 1 }));
  for (const call of [
    () => decryptFrmPayload(frame, { keys: keys11, fCnt: 1 }),
    () => decryptFOpts(frame, { nwkSEncKey: keys11.nwkSEncKey, fCnt: 1 }),
    () => computeDataMic(frame, { ...up11, fCnt: 1 }),
  ]) {
    assert.throws(call, hasCode("fcnt_mismatch"));
  }
});

test("a parsed frame that comes back over JSON or a Buffer is deciphered, and not changed", () => {
  const phy = data(buildDataFrame({ ...up11, fOpts: fromHex("02") }));
  const back = { ...phy, bytes: Buffer.from(phy.bytes), frmPayload: fromHex("00"), fPort: 0 };
  assert.ok(verifyDataMic(back, up11));
  assert.is(toHex(decryptFrmPayload(back, { keys: keys11, fCnt: up11.fCnt })), "c0ffee");
  assert.is(toHex(decryptFOpts(back, { nwkSEncKey: keys11.nwkSEncKey, fCnt: up11.fCnt })), "02");
  assert.ok(back.bytes.equals(phy.bytes));
});

test("a frame of another kind is refused", () => {
  const join = fromHex("0039363463336913aa05693574323831330489c65b1304");
  assert.throws(() => verifyDataMic(join, up11), hasCode("wrong_frame"));
  assert.throws(
    () => decryptFrmPayload(parse(join) as never, { keys: keys11, fCnt: 0 }),
    hasCode("wrong_frame"),
  );
  for (const nothing of [
    null,
    undefined,
    {},
    "40",
    { type: "dataUp", bytes: new Uint8Array(300) },
  ]) {
    assert.throws(() => verifyDataMic(nothing as never, up11), hasCode("bad_argument"));
  }
});

test.run();
