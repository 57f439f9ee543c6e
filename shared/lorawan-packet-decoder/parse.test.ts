import { test } from "uvu";
import * as assert from "uvu/assert";
import { fromHex, toHex } from "./hex.ts";
import { LorawanError, type LorawanErrorCode } from "./lorawan-error.ts";
import { parse } from "./parse.ts";

const refusals: [hex: string, code: LorawanErrorCode, why: string][] = [
  ["", "too_short", "nothing"],
  ["40", "too_short", "an MHDR alone"],
  ["40f17dbe49000200aabbcc", "too_short", "a data frame of 11 bytes"],
  ["41f17dbe49000300012a3518af", "bad_major", "Major 1"],
  ["e3008b658839", "bad_major", "Major 3, whatever the type"],
  ["40f17dbe490f0300012a3518af", "fopts_overflow", "15 bytes of FOpts announced, 1 there"],
  ["40f17dbe490203000102030405", "fopts_overflow", "FOpts that would reach into the MIC"],
  ["40f17dbe4901030002002a3518af", "fopts_with_port_0", "FOpts and port 0"],
  ["0039363463336913aa05693574323831330489c65b13", "too_short", "a join request of 22 bytes"],
  ["0039363463336913aa05693574323831330489c65b130400", "too_long", "a join request of 24 bytes"],
  [`20${"00".repeat(15)}`, "bad_length", "a join accept of 16 bytes"],
  [`20${"00".repeat(17)}`, "bad_length", "a join accept of 18 bytes"],
  [`20${"00".repeat(31)}`, "bad_length", "a join accept of 32 bytes"],
  [`20${"00".repeat(33)}`, "bad_length", "a join accept of 34 bytes"],
  ["c0", "too_short", "a rejoin request without type"],
  [`c000${"11".repeat(16)}`, "too_short", "a rejoin request of type 0 one byte short"],
  [`c002${"11".repeat(18)}`, "too_long", "a rejoin request of type 2 one byte long"],
  [`c001${"11".repeat(17)}`, "too_short", "a rejoin request of type 1 as long as type 0"],
  [`c003${"11".repeat(17)}`, "bad_rejoin_type", "a rejoin request of type 3"],
  ["e0aabbcc", "too_short", "a proprietary frame without room for a MIC"],
  [`40${"00".repeat(255)}`, "too_long", "more than LoRa carries"],
];

const hasCode = (code: string) => (error: unknown) =>
  error instanceof LorawanError && error.code === code;

test("what is malformed is refused with its code", () => {
  for (const [hex, code, why] of refusals)
    assert.throws(() => parse(fromHex(hex)), hasCode(code), why);
});

test("what is not bytes is refused", () => {
  for (const wrong of [
    "40f17dbe4900020001954378762b11ff0d",
    undefined,
    null,
    7,
    [0x40],
    {},
    new ArrayBuffer(17),
    new DataView(new ArrayBuffer(17)),
  ]) {
    assert.throws(() => parse(wrong as Uint8Array), hasCode("bad_argument"));
  }
});

test("the shortest frames of every kind are read", () => {
  assert.is(parse(fromHex(`40${"00".repeat(11)}`)).type, "dataUp");
  assert.is(parse(fromHex(`a0${"00".repeat(11)}`)).type, "dataDown");
  assert.is(parse(fromHex(`00${"00".repeat(22)}`)).type, "joinRequest");
  assert.is(parse(fromHex(`20${"00".repeat(16)}`)).type, "joinAccept");
  assert.is(parse(fromHex(`20${"00".repeat(32)}`)).type, "joinAccept");
  assert.is(parse(fromHex(`c000${"00".repeat(17)}`)).type, "rejoinRequest");
  assert.is(parse(fromHex(`c001${"00".repeat(22)}`)).type, "rejoinRequest");
  assert.is(parse(fromHex("e000000000")).type, "proprietary");
});

test("the bits of FCtrl mean other things upwards and downwards", () => {
  const up = parse(fromHex("40f17dbe49f00300012a3518af"));
  const down = parse(fromHex("60f17dbe49f00300012a3518af"));
  assert.equal(up.type === "dataUp" && up.fCtrl, {
    adr: true,
    adrAckReq: true,
    ack: true,
    classB: true,
    fOptsLength: 0,
  });
  assert.equal(down.type === "dataDown" && down.fCtrl, {
    adr: true,
    ack: true,
    fPending: true,
    fOptsLength: 0,
  });
});

test("a frame may end after FOpts, with no port and no payload", () => {
  const phy = parse(fromHex("40f17dbe490103000201020304"));
  assert.ok(phy.type === "dataUp");
  assert.is(phy.fPort, undefined);
  assert.is(toHex(phy.fOpts), "02");
  assert.is(phy.frmPayload.length, 0);
  assert.is(toHex(phy.mic), "01020304");
});

test("reserved bits of the MHDR are ignored", () => {
  assert.is(parse(fromHex("5cf17dbe4900020001954378762b11ff0d")).type, "dataUp");
});

test("neither side sees what the other does to its bytes", () => {
  const bytes = Buffer.from("40f17dbe4901020002011543787600112233", "hex");
  const before = Buffer.from(bytes);
  const phy = parse(bytes);
  assert.ok(phy.type === "dataUp");
  const kept = structuredClone(phy);
  assert.ok(bytes.equals(before));
  bytes.fill(0xff);
  assert.equal(phy, kept);
  phy.frmPayload.fill(0);
  phy.fOpts.fill(0);
  phy.mic.fill(0);
  assert.equal(phy.bytes, kept.bytes);
  assert.is(phy.bytes.constructor, Uint8Array);
  assert.is(phy.frmPayload.constructor, Uint8Array);
});

test.run();
