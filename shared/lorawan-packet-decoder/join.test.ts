import { test } from "uvu";
import * as assert from "uvu/assert";
import {
  JOIN_REQ_TYPE,
  LorawanError,
  aesCmac,
  buildCfList,
  buildJoinAccept,
  buildJoinRequest,
  buildRejoinRequest,
  decryptJoinAccept,
  deriveJoinServerKeys,
  deriveSessionKeys10,
  deriveSessionKeys11,
  fromHex,
  parse,
  parseCfList,
  toHex,
  verifyJoinAcceptMic,
  verifyJoinRequestMic,
  verifyRejoinRequestMic,
  type CfList,
  type JoinAcceptFields,
  type RejoinRequestFields,
} from "./index.ts";

const key = "b6b53f4a168a7a88bdf7ea135ce9cfca";
const otherKey = "00000000000000000000000000000000";
const joinEui = "70b3d57ed00000dc";
const devEui = "00afee7cf5ed6f1e";
const hasCode = (code: string) => (error: unknown) =>
  error instanceof LorawanError && error.code === code;

test("a join request comes out as a real device sent it", () => {
  const frame = buildJoinRequest({ joinEui, devEui: devEui.toUpperCase(), devNonce: 52_357, key });
  assert.is(toHex(frame), "00dc0000d07ed5b3701e6fedf57ceeaf0085cc587fe913");
  assert.ok(verifyJoinRequestMic(frame, key));
  assert.ok(verifyJoinRequestMic(parse(frame) as never, key));
  assert.not.ok(verifyJoinRequestMic(frame, otherKey));
});

const accept: JoinAcceptFields = {
  joinNonce: "e5063a",
  netId: "000013",
  devAddr: "26012e43",
  rx2DataRate: 3,
  rxDelay: 1,
  cfList: fromHex("184f84e85684b85e84886684586e8400"),
  key,
};

test("a 1.0 join accept comes out as a real network sent it", () => {
  const frame = buildJoinAccept(accept);
  assert.is(toHex(frame), "204dd85ae608b87fc4889970b7d2042c9e72959b0057aed6094b16003df12de145");
  assert.equal(buildJoinAccept({ ...accept, joinNonce: 0xe5063a }), frame);
  const plain = decryptJoinAccept(frame, key);
  assert.ok(verifyJoinAcceptMic(plain, { key }));
  assert.not.ok(verifyJoinAcceptMic(plain, { key: otherKey }));
  assert.not.ok(
    verifyJoinAcceptMic(decryptJoinAccept(frame, otherKey), {
      key,
      jsIntKey: key,
      joinEui,
      devNonce: 1,
    }),
  );
});

test("the MIC of a 1.1 join accept depends on what was asked", () => {
  const { jsIntKey, jsEncKey } = deriveJoinServerKeys(key, devEui);
  for (const joinReqType of Object.values(JOIN_REQ_TYPE)) {
    const hiding = joinReqType === JOIN_REQ_TYPE.join ? key : jsEncKey;
    const context = { jsIntKey, joinEui, devNonce: 0x1234, joinReqType };
    const frame = buildJoinAccept({
      ...accept,
      ...context,
      optNeg: true,
      rx1DrOffset: 5,
      key: hiding,
    });
    const plain = decryptJoinAccept(frame, hiding);
    assert.is(plain.dlSettings, 0xd3);
    assert.is(plain.optNeg, true);
    assert.is(plain.rx1DrOffset, 5);
    assert.ok(verifyJoinAcceptMic(plain, context));
    const under = fromHex(
      `${joinReqType.toString(16).padStart(2, "0")}dc0000d07ed5b3703412${toHex(plain.bytes.subarray(0, -4))}`,
    );
    assert.equal(plain.mic, aesCmac(jsIntKey, under).slice(0, 4));
    for (const changed of [
      { jsIntKey: key },
      { joinEui: devEui },
      { devNonce: 0x1235 },
      { joinReqType: joinReqType ^ 1 },
    ]) {
      assert.not.ok(verifyJoinAcceptMic(plain, { ...context, ...changed }));
    }
    assert.throws(() => verifyJoinAcceptMic(plain, { key }), hasCode("missing_key"));
  }
});

test("a join accept without channel list is 17 bytes", () => {
  const { cfList: _cfList, ...fields } = accept;
  const frame = buildJoinAccept(fields);
  assert.is(frame.length, 17);
  assert.is(decryptJoinAccept(frame, key).cfList, undefined);
});

test("both kinds of channel list are read as they were built", () => {
  const lists: [list: CfList, hex: string][] = [
    [
      { type: 0, frequenciesHz: [867_100_000, 867_300_000, 867_500_000, 867_700_000, 867_900_000] },
      "184f84e85684b85e84886684586e8400",
    ],
    [
      { type: 1, channelMasks: [0xff00, 0, 0, 0, 0x0002, 0, 0] },
      "00ff0000000000000200000000000001",
    ],
  ];
  for (const [list, hex] of lists) {
    assert.is(toHex(buildCfList(list)), hex);
    assert.equal(parseCfList(fromHex(hex)), list);
  }
  assert.is(
    toHex(buildCfList({ type: 0, frequenciesHz: [867_100_000] })),
    `184f84${"00".repeat(13)}`,
  );
});

test("a channel list that is none is refused", () => {
  assert.throws(() => parseCfList(new Uint8Array(15)), hasCode("bad_cf_list"));
  assert.throws(() => parseCfList(new Uint8Array(16).fill(2)), hasCode("bad_cf_list"));
  assert.throws(
    () => buildCfList({ type: 0, frequenciesHz: [1, 2, 3, 4, 5, 6] }),
    hasCode("bad_cf_list"),
  );
  assert.throws(
    () => buildCfList({ type: 0, frequenciesHz: [867_100_050] }),
    hasCode("out_of_range"),
  );
  assert.throws(() => buildCfList({ type: 2 } as never), hasCode("bad_cf_list"));
  assert.throws(
    () => buildJoinAccept({ ...accept, cfList: new Uint8Array(15) }),
    hasCode("bad_cf_list"),
  );
});

test("rejoin requests of each type are read as they were built", () => {
  const requests: RejoinRequestFields[] = [
    { rejoinType: 0, netId: "010203", devEui, rjCount: 258, key },
    { rejoinType: 1, joinEui, devEui, rjCount: 65_535, key },
    { rejoinType: 2, netId: "010203", devEui, rjCount: 0, key },
  ];
  for (const fields of requests) {
    const frame = buildRejoinRequest(fields);
    const phy = parse(frame);
    assert.ok(phy.type === "rejoinRequest");
    const { key: _key, ...said } = fields;
    for (const [name, value] of Object.entries(said))
      assert.is((phy as unknown as Record<string, unknown>)[name], value);
    assert.ok(verifyRejoinRequestMic(phy, key));
    assert.not.ok(verifyRejoinRequestMic(phy, otherKey));
  }
  assert.throws(
    () => buildRejoinRequest({ ...requests[0]!, rejoinType: 3 } as never),
    hasCode("bad_rejoin_type"),
  );
});

test("a 1.1 device has its application key from its AppKey and the others from its NwkKey", () => {
  const fields = { joinNonce: "ae3b1c", joinEui: "0000001223224242", devNonce: 0x7369 };
  const both = deriveSessionKeys11({ ...fields, nwkKey: key, appKey: otherKey });
  const network = deriveSessionKeys11({ ...fields, nwkKey: key, appKey: key });
  const application = deriveSessionKeys11({ ...fields, nwkKey: otherKey, appKey: otherKey });
  assert.equal(both, { ...network, appSKey: application.appSKey });
  assert.is(new Set(Object.values(both)).size, 4);
});

test("arguments that cannot be are refused", () => {
  const calls: [call: () => unknown, code: string][] = [
    [() => buildJoinRequest({ joinEui, devEui, devNonce: 65_536, key }), "out_of_range"],
    [() => buildJoinRequest({ joinEui: "00", devEui, devNonce: 0, key }), "bad_hex"],
    [() => buildJoinRequest({ joinEui, devEui, devNonce: 0, key: "00" }), "bad_key"],
    [() => buildJoinRequest(undefined as never), "bad_argument"],
    [() => buildJoinAccept({ ...accept, joinNonce: 0x1000000 }), "out_of_range"],
    [() => buildJoinAccept({ ...accept, netId: "0013" }), "bad_hex"],
    [() => buildJoinAccept({ ...accept, rxDelay: 16 }), "out_of_range"],
    [() => buildJoinAccept({ ...accept, rx1DrOffset: 8 }), "out_of_range"],
    [() => buildJoinAccept({ ...accept, optNeg: true }), "missing_key"],
    [
      () =>
        deriveSessionKeys10({ appKey: key, joinNonce: "e5063a", netId: "000013", devNonce: -1 }),
      "out_of_range",
    ],
    [() => deriveJoinServerKeys(key, "00"), "bad_hex"],
    [
      () => decryptJoinAccept(fromHex("00dc0000d07ed5b3701e6fedf57ceeaf0085cc587fe913"), key),
      "wrong_frame",
    ],
    [() => verifyJoinRequestMic(buildJoinAccept(accept), key), "wrong_frame"],
    [() => verifyJoinAcceptMic({ bytes: new Uint8Array(16) }, { key }), "bad_length"],
  ];
  for (const [call, code] of calls) assert.throws(call, hasCode(code));
});

test.run();
