/**
 * Every MAC command of LoRaWAN 1.0.x and 1.1: who sends it, how long it is, what its bits say.
 *
 * Lengths leave out the identifier. Bits that no field names are reserved: written as 0, ignored
 * when read.
 *
 * @see LoRaWAN 1.0.4 section 5, LoRaWAN 1.1 section 5; class B: sections 14 and 15
 */
import { flag, frequency, int, oneOf, uint, type Field } from "./mac-command-field.ts";
import type { Direction, LorawanVersion } from "./phy.ts";

interface Layout {
  readonly cid: number;
  readonly direction: Direction;
  /** The first version that has it. */
  readonly since: LorawanVersion;
  /** Bytes after the identifier. */
  readonly size: number;
  readonly fields: Readonly<Record<string, Field<number> | Field<boolean>>>;
}

/** Steps of MaxEIRP, in dBm. LoRaWAN 1.1 section 5.8. */
const EIRP_DBM = [8, 10, 12, 13, 14, 16, 18, 20, 21, 24, 26, 27, 29, 30, 33, 36];

/** By name: `Req` asks, `Ans` answers; `Ind` and `Conf` are the 1.1 pairs that must be repeated until confirmed. */
export const MAC_COMMANDS = {
  /** An ABP device began anew; `minor` is its LoRaWAN 1.x version. */
  ResetInd: { cid: 0x01, direction: "up", since: "1.1", size: 1, fields: { minor: uint(0, 4) } },
  ResetConf: { cid: 0x01, direction: "down", since: "1.1", size: 1, fields: { minor: uint(0, 4) } },

  LinkCheckReq: { cid: 0x02, direction: "up", since: "1.0", size: 0, fields: {} },
  /** `marginDb` above the demodulation floor, 0..254; `gatewayCount` antennas that heard it. */
  LinkCheckAns: {
    cid: 0x02,
    direction: "down",
    since: "1.0",
    size: 2,
    fields: { marginDb: uint(0, 8, 254), gatewayCount: uint(8, 8) },
  },

  /** `chMask` has the lowest channel in bit 0; `nbTrans` 0 keeps what was. */
  LinkADRReq: {
    cid: 0x03,
    direction: "down",
    since: "1.0",
    size: 4,
    fields: {
      txPower: uint(0, 4),
      dataRate: uint(4, 4),
      chMask: uint(8, 16),
      nbTrans: uint(24, 4),
      chMaskCntl: uint(28, 3),
    },
  },
  LinkADRAns: {
    cid: 0x03,
    direction: "up",
    since: "1.0",
    size: 1,
    fields: { channelMaskAck: flag(0), dataRateAck: flag(1), powerAck: flag(2) },
  },

  /** At most 1 / 2^`maxDutyCycle` of the time on air. */
  DutyCycleReq: {
    cid: 0x04,
    direction: "down",
    since: "1.0",
    size: 1,
    fields: { maxDutyCycle: uint(0, 4) },
  },
  DutyCycleAns: { cid: 0x04, direction: "up", since: "1.0", size: 0, fields: {} },

  RXParamSetupReq: {
    cid: 0x05,
    direction: "down",
    since: "1.0",
    size: 4,
    fields: { rx2DataRate: uint(0, 4), rx1DrOffset: uint(4, 3), frequencyHz: frequency(8) },
  },
  RXParamSetupAns: {
    cid: 0x05,
    direction: "up",
    since: "1.0",
    size: 1,
    fields: { channelAck: flag(0), rx2DataRateAck: flag(1), rx1DrOffsetAck: flag(2) },
  },

  DevStatusReq: { cid: 0x06, direction: "down", since: "1.0", size: 0, fields: {} },
  /** `battery`: 0 external power, 1 empty .. 254 full, 255 unknown. `marginDb` of the last request: -32..31. */
  DevStatusAns: {
    cid: 0x06,
    direction: "up",
    since: "1.0",
    size: 2,
    fields: { battery: uint(0, 8), marginDb: int(8, 6) },
  },

  /** Frequency 0 takes the channel away. */
  NewChannelReq: {
    cid: 0x07,
    direction: "down",
    since: "1.0",
    size: 5,
    fields: {
      chIndex: uint(0, 8),
      frequencyHz: frequency(8),
      minDr: uint(32, 4),
      maxDr: uint(36, 4),
    },
  },
  NewChannelAns: {
    cid: 0x07,
    direction: "up",
    since: "1.0",
    size: 1,
    fields: { frequencyAck: flag(0), dataRateRangeAck: flag(1) },
  },

  /** Seconds between an uplink and RX1; 0 means 1. */
  RXTimingSetupReq: {
    cid: 0x08,
    direction: "down",
    since: "1.0",
    size: 1,
    fields: { delayS: uint(0, 4) },
  },
  RXTimingSetupAns: { cid: 0x08, direction: "up", since: "1.0", size: 0, fields: {} },

  /** Dwell flags: true limits transmissions to 400 ms. */
  TxParamSetupReq: {
    cid: 0x09,
    direction: "down",
    since: "1.0",
    size: 1,
    fields: { maxEirpDbm: oneOf(0, 4, EIRP_DBM), uplinkDwell: flag(4), downlinkDwell: flag(5) },
  },
  TxParamSetupAns: { cid: 0x09, direction: "up", since: "1.0", size: 0, fields: {} },

  DlChannelReq: {
    cid: 0x0a,
    direction: "down",
    since: "1.0",
    size: 4,
    fields: { chIndex: uint(0, 8), frequencyHz: frequency(8) },
  },
  DlChannelAns: {
    cid: 0x0a,
    direction: "up",
    since: "1.0",
    size: 1,
    fields: { frequencyAck: flag(0), uplinkFrequencyExists: flag(1) },
  },

  /** The device has new session keys; `minor` is its LoRaWAN 1.x version. */
  RekeyInd: { cid: 0x0b, direction: "up", since: "1.1", size: 1, fields: { minor: uint(0, 4) } },
  RekeyConf: { cid: 0x0b, direction: "down", since: "1.1", size: 1, fields: { minor: uint(0, 4) } },

  /** ADR_ACK_LIMIT is 2^`limitExp`, ADR_ACK_DELAY 2^`delayExp`. */
  ADRParamSetupReq: {
    cid: 0x0c,
    direction: "down",
    since: "1.1",
    size: 1,
    fields: { delayExp: uint(0, 4), limitExp: uint(4, 4) },
  },
  ADRParamSetupAns: { cid: 0x0c, direction: "up", since: "1.1", size: 0, fields: {} },

  DeviceTimeReq: { cid: 0x0d, direction: "up", since: "1.0", size: 0, fields: {} },
  /** Since 1980-01-06 00:00:00 UTC without leap seconds, at the end of the uplink; `fraction256` in 1/256 s. */
  DeviceTimeAns: {
    cid: 0x0d,
    direction: "down",
    since: "1.0",
    size: 5,
    fields: { gpsSeconds: uint(0, 32), fraction256: uint(32, 8) },
  },

  /** Retry each 32 s * 2^`period` and some; `rejoinType` 0 or 1 asks for type 0, 2 for type 2. */
  ForceRejoinReq: {
    cid: 0x0e,
    direction: "down",
    since: "1.1",
    size: 2,
    fields: {
      dataRate: uint(0, 4),
      rejoinType: uint(4, 3, 2),
      maxRetries: uint(8, 3),
      period: uint(11, 3),
    },
  },

  /** A type 0 rejoin request each 2^(`maxTimeN` + 10) s or 2^(`maxCountN` + 4) uplinks. */
  RejoinParamSetupReq: {
    cid: 0x0f,
    direction: "down",
    since: "1.1",
    size: 1,
    fields: { maxCountN: uint(0, 4), maxTimeN: uint(4, 4) },
  },
  RejoinParamSetupAns: {
    cid: 0x0f,
    direction: "up",
    since: "1.1",
    size: 1,
    fields: { timeAck: flag(0) },
  },

  /** A ping slot each 2^`periodicity` seconds. Class B. */
  PingSlotInfoReq: {
    cid: 0x10,
    direction: "up",
    since: "1.0",
    size: 1,
    fields: { periodicity: uint(0, 3) },
  },
  PingSlotInfoAns: { cid: 0x10, direction: "down", since: "1.0", size: 0, fields: {} },

  /** Frequency 0 goes back to the region's own. Class B. */
  PingSlotChannelReq: {
    cid: 0x11,
    direction: "down",
    since: "1.0",
    size: 4,
    fields: { frequencyHz: frequency(0), dataRate: uint(24, 4) },
  },
  PingSlotChannelAns: {
    cid: 0x11,
    direction: "up",
    since: "1.0",
    size: 1,
    fields: { frequencyAck: flag(0), dataRateAck: flag(1) },
  },

  /** Class B; given up in favour of DeviceTimeReq, still heard from older devices. */
  BeaconTimingReq: { cid: 0x12, direction: "up", since: "1.0", size: 0, fields: {} },
  /** The next beacon comes within (`delay` + 1) * 30 ms. */
  BeaconTimingAns: {
    cid: 0x12,
    direction: "down",
    since: "1.0",
    size: 3,
    fields: { delay: uint(0, 16), channel: uint(16, 8) },
  },

  /** Frequency 0 goes back to the region's own. Class B. */
  BeaconFreqReq: {
    cid: 0x13,
    direction: "down",
    since: "1.0",
    size: 3,
    fields: { frequencyHz: frequency(0) },
  },
  BeaconFreqAns: {
    cid: 0x13,
    direction: "up",
    since: "1.0",
    size: 1,
    fields: { frequencyAck: flag(0) },
  },

  /** `deviceClass`: 0 is class A, 2 is class C. */
  DeviceModeInd: {
    cid: 0x20,
    direction: "up",
    since: "1.1",
    size: 1,
    fields: { deviceClass: uint(0, 8, 2) },
  },
  DeviceModeConf: {
    cid: 0x20,
    direction: "down",
    since: "1.1",
    size: 1,
    fields: { deviceClass: uint(0, 8, 2) },
  },
} as const satisfies Record<string, Layout>;

/** The name of a MAC command. */
export type MacCommandName = keyof typeof MAC_COMMANDS;

type Values<F> = { [K in keyof F]: F[K] extends Field<infer T> ? T : never };

/** A MAC command with its values, told apart by `name`. */
export type MacCommand = {
  [N in MacCommandName]: { name: N } & Values<(typeof MAC_COMMANDS)[N]["fields"]>;
}[MacCommandName];
