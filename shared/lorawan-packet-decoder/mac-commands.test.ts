import { test } from "uvu";
import * as assert from "uvu/assert";
import { fromHex, toHex } from "./hex.ts";
import { LorawanError } from "./lorawan-error.ts";
import { buildMacCommands, parseMacCommands } from "./mac-commands.ts";
import { MAC_COMMANDS, type MacCommand } from "./mac-command-table.ts";

type Case = [direction: "up" | "down", hex: string, command: MacCommand];

/** Worked out by hand from the figures of the specification. */
const cases: Case[] = [
  ["up", "0101", { name: "ResetInd", minor: 1 }],
  ["down", "0101", { name: "ResetConf", minor: 1 }],
  ["up", "02", { name: "LinkCheckReq" }],
  ["down", "021403", { name: "LinkCheckAns", marginDb: 20, gatewayCount: 3 }],
  [
    "down",
    "0352070161",
    { name: "LinkADRReq", dataRate: 5, txPower: 2, chMask: 0x0107, chMaskCntl: 6, nbTrans: 1 },
  ],
  ["up", "0306", { name: "LinkADRAns", powerAck: true, dataRateAck: true, channelMaskAck: false }],
  ["down", "040a", { name: "DutyCycleReq", maxDutyCycle: 10 }],
  ["up", "04", { name: "DutyCycleAns" }],
  [
    "down",
    "0523d2ad84",
    { name: "RXParamSetupReq", rx1DrOffset: 2, rx2DataRate: 3, frequencyHz: 869_525_000 },
  ],
  [
    "up",
    "0505",
    { name: "RXParamSetupAns", rx1DrOffsetAck: true, rx2DataRateAck: false, channelAck: true },
  ],
  ["down", "06", { name: "DevStatusReq" }],
  ["up", "06fe3b", { name: "DevStatusAns", battery: 254, marginDb: -5 }],
  ["up", "06ff1f", { name: "DevStatusAns", battery: 255, marginDb: 31 }],
  [
    "down",
    "0703184f8450",
    { name: "NewChannelReq", chIndex: 3, frequencyHz: 867_100_000, minDr: 0, maxDr: 5 },
  ],
  ["up", "0702", { name: "NewChannelAns", dataRateRangeAck: true, frequencyAck: false }],
  ["down", "0805", { name: "RXTimingSetupReq", delayS: 5 }],
  ["up", "08", { name: "RXTimingSetupAns" }],
  [
    "down",
    "0925",
    { name: "TxParamSetupReq", downlinkDwell: true, uplinkDwell: false, maxEirpDbm: 16 },
  ],
  ["up", "09", { name: "TxParamSetupAns" }],
  ["down", "0a04184f84", { name: "DlChannelReq", chIndex: 4, frequencyHz: 867_100_000 }],
  ["up", "0a01", { name: "DlChannelAns", uplinkFrequencyExists: false, frequencyAck: true }],
  ["up", "0b01", { name: "RekeyInd", minor: 1 }],
  ["down", "0b01", { name: "RekeyConf", minor: 1 }],
  ["down", "0c65", { name: "ADRParamSetupReq", limitExp: 6, delayExp: 5 }],
  ["up", "0c", { name: "ADRParamSetupAns" }],
  ["up", "0d", { name: "DeviceTimeReq" }],
  ["down", "0d0000808080", { name: "DeviceTimeAns", gpsSeconds: 0x80800000, fraction256: 0x80 }],
  [
    "down",
    "0e251b",
    { name: "ForceRejoinReq", period: 3, maxRetries: 3, rejoinType: 2, dataRate: 5 },
  ],
  ["down", "0f5a", { name: "RejoinParamSetupReq", maxTimeN: 5, maxCountN: 10 }],
  ["up", "0f01", { name: "RejoinParamSetupAns", timeAck: true }],
  ["up", "1003", { name: "PingSlotInfoReq", periodicity: 3 }],
  ["down", "10", { name: "PingSlotInfoAns" }],
  ["down", "11d2ad8403", { name: "PingSlotChannelReq", frequencyHz: 869_525_000, dataRate: 3 }],
  ["up", "1103", { name: "PingSlotChannelAns", dataRateAck: true, frequencyAck: true }],
  ["up", "12", { name: "BeaconTimingReq" }],
  ["down", "12341202", { name: "BeaconTimingAns", delay: 0x1234, channel: 2 }],
  ["down", "13d2ad84", { name: "BeaconFreqReq", frequencyHz: 869_525_000 }],
  ["up", "1300", { name: "BeaconFreqAns", frequencyAck: false }],
  ["up", "2002", { name: "DeviceModeInd", deviceClass: 2 }],
  ["down", "2000", { name: "DeviceModeConf", deviceClass: 0 }],
];

const hasCode = (code: string) => (error: unknown) =>
  error instanceof LorawanError && error.code === code;

test("each command is read and built as the specification draws it", () => {
  for (const [direction, hex, command] of cases) {
    assert.equal(
      parseMacCommands(fromHex(hex), direction),
      { commands: [command], error: undefined, rest: new Uint8Array(0) },
      command.name,
    );
    assert.is(toHex(buildMacCommands([command], direction)), hex, command.name);
  }
});

test("no command of the table is left out here", () => {
  assert.equal(
    [...new Set(cases.map(([, , { name }]) => name))].toSorted(),
    Object.keys(MAC_COMMANDS).toSorted(),
  );
});

test("several commands follow each other", () => {
  for (const way of ["up", "down"] as const) {
    const own = cases.filter(([direction]) => direction === way);
    const bytes = buildMacCommands(
      own.map(([, , command]) => command),
      way,
    );
    assert.is(toHex(bytes), own.map(([, hex]) => hex).join(""));
    assert.equal(
      parseMacCommands(bytes, way).commands,
      own.map(([, , command]) => command),
    );
  }
});

test("an unknown command stops the reading, and what stood before it is kept", () => {
  const run = parseMacCommands(fromHex("0206fe"), "up");
  assert.equal(run.commands, [{ name: "LinkCheckReq" }]);
  assert.is(run.error?.code, "mac_length");
  assert.is(toHex(run.rest), "06fe");
  const other = parseMacCommands(fromHex("0206fe008002"), "up");
  assert.equal(other.commands, [
    { name: "LinkCheckReq" },
    { name: "DevStatusAns", battery: 254, marginDb: 0 },
  ]);
  assert.is(other.error?.code, "unknown_cid");
  assert.is(toHex(other.rest), "8002");
});

test("a command cut off anywhere is told apart from one that is whole", () => {
  for (const [direction, hex] of cases) {
    for (let length = 1; length < hex.length / 2; length++) {
      const run = parseMacCommands(fromHex(hex.slice(0, 2 * length)), direction);
      assert.is(run.error?.code, "mac_length", hex);
      assert.is(run.rest.length, length);
    }
  }
});

test("a 1.0 network does not know the commands of 1.1", () => {
  for (const [direction, hex, command] of cases) {
    const only11 = ["01", "0b", "0c", "0e", "0f", "20"].includes(hex.slice(0, 2));
    assert.is(
      parseMacCommands(fromHex(hex), direction, "1.0").error?.code,
      only11 ? "unknown_cid" : undefined,
      command.name,
    );
    if (only11)
      assert.throws(() => buildMacCommands([command], direction, "1.0"), hasCode("unknown_cid"));
  }
});

test("reserved bits are ignored", () => {
  assert.equal(parseMacCommands(fromHex("03ff"), "up").commands, [
    { name: "LinkADRAns", powerAck: true, dataRateAck: true, channelMaskAck: true },
  ]);
});

test("values out of range, missing or of another kind are refused when building", () => {
  const wrong: [command: unknown, direction: "up" | "down", code: string][] = [
    [
      { name: "LinkADRReq", dataRate: 16, txPower: 0, chMask: 0, chMaskCntl: 0, nbTrans: 0 },
      "down",
      "out_of_range",
    ],
    [{ name: "DevStatusAns", battery: 0, marginDb: 32 }, "up", "out_of_range"],
    [{ name: "DevStatusAns", battery: 0 }, "up", "out_of_range"],
    [{ name: "DlChannelReq", chIndex: 1, frequencyHz: 868_100_050 }, "down", "out_of_range"],
    [
      { name: "TxParamSetupReq", downlinkDwell: true, uplinkDwell: false, maxEirpDbm: 15 },
      "down",
      "out_of_range",
    ],
    [
      { name: "LinkADRAns", powerAck: 1, dataRateAck: true, channelMaskAck: true },
      "up",
      "bad_argument",
    ],
    [{ name: "LinkCheckReq" }, "down", "unknown_cid"],
    [{ name: "constructor" }, "up", "unknown_cid"],
    [null, "up", "bad_argument"],
  ];
  for (const [command, direction, code] of wrong) {
    assert.throws(() => buildMacCommands([command as MacCommand], direction), hasCode(code));
  }
});

test("an unknown direction or version is refused", () => {
  assert.throws(
    () => parseMacCommands(new Uint8Array(0), "sideways" as "up"),
    hasCode("bad_argument"),
  );
  assert.throws(
    () => parseMacCommands(new Uint8Array(0), "up", "2.0" as "1.1"),
    hasCode("bad_argument"),
  );
  assert.throws(
    () => parseMacCommands("02" as unknown as Uint8Array, "up"),
    hasCode("bad_argument"),
  );
});

test.run();
