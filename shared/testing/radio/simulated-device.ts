/**
 * `simulated-device`: a LoRaWAN 1.0.x class A device that joins over the air, in EU868.
 *
 * A state machine without clock, network or randomness: it says what it would transmit and when
 * it would listen, and is handed what it hears. Its state is plain JSON, so that a simulated
 * building goes on where it was. It checks what it hears as a real device does; it must never be
 * kinder to the network server than that.
 * @see LoRaWAN 1.0.4 sections 4 to 6
 */
import {
  LorawanError,
  buildDataFrame,
  buildJoinRequest,
  buildMacCommands,
  decryptFrmPayload,
  decryptJoinAccept,
  deriveSessionKeys10,
  nextFCnt,
  parse,
  parseCfList,
  parseMacCommands,
  toHex,
  verifyDataMic,
  verifyJoinAcceptMic,
  type DataDown,
  type JoinAccept,
  type MacCommand,
} from "lorawan-packet-decoder";

/** What the device is born with: EUIs of 16 and a key of 32 hex digits. */
export interface DeviceIdentity {
  readonly devEui: string;
  readonly joinEui: string;
  readonly appKey: string;
}

/** One frame on air. */
export interface Transmission {
  readonly phy: Uint8Array;
  readonly frequencyHz: number;
  /** 7–12, on 125 kHz. */
  readonly sf: number;
  /** When the device listens for an answer, counted from the end of the frame. */
  readonly windows: readonly ReceiveWindow[];
}

/** A device opens its receiver `afterMs` after its own frame ended. */
export interface ReceiveWindow {
  readonly afterMs: number;
  readonly frequencyHz: number;
  readonly sf: number;
}

/** What the device understood from a frame. */
export type Received =
  | { readonly kind: "joined"; readonly devAddr: string }
  | {
      readonly kind: "data";
      /** Whether it acknowledges the last confirmed uplink. */
      readonly isAck: boolean;
      readonly fCnt: number;
      readonly commands: readonly MacCommand[];
      readonly fPort: number | null;
      readonly payload: Uint8Array;
    };

/** Plain JSON. Holds keys: simulated ones. */
export interface DeviceState extends DeviceIdentity {
  /** Data is sent with it, 7–12. */
  sf: number;
  /** Whether the network may steer data rate and power. */
  usesAdr: boolean;
  /** Power index, 0 is full power. */
  txPower: number;
  /** Answers to the network, for the next uplink. */
  macAnswers: MacCommand[];
  /** The next one; counts up, as 1.0.4 asks. */
  devNonce: number;
  /** A join request that waits for its accept. */
  joining: { devNonce: number } | null;
  session: {
    devAddr: string;
    nwkSKey: string;
    appSKey: string;
    /** The next one. */
    fCntUp: number;
    /** The highest heard. */
    fCntDown: number | null;
    rx1DelayS: number;
    rx1DrOffset: number;
    rx2Dr: number;
    channelsHz: number[];
  } | null;
  /** The last join nonce accepted: an accept with a lower one is old. */
  joinNonce: number | null;
  /** The last uplink, to be sent again, and whether it waits to be acknowledged. */
  last: {
    phyHex: string;
    frequencyHz: number;
    isConfirmed: boolean;
    isAcknowledged: boolean;
  } | null;
  /** Transmissions so far: the channel goes round. */
  transmissions: number;
}

export interface UplinkFields {
  /** 1–223, or absent for a frame without payload. */
  readonly fPort?: number;
  readonly payload?: Uint8Array;
  readonly isConfirmed?: boolean;
  /** Questions to the network. */
  readonly commands?: readonly MacCommand[];
  /** Asks the network to show that it still hears. */
  readonly adrAckReq?: boolean;
}

export interface SimulatedDevice {
  readonly devEui: string;
  /** A copy, to be kept and given to `simulatedDevice` again. */
  state(): DeviceState;
  isJoined(): boolean;
  /** True when the last uplink was confirmed and its acknowledgement was heard. */
  isAcknowledged(): boolean;
  /** A join request with the next DevNonce. The session there is stays until the accept is heard. */
  join(): Transmission;
  /** The next uplink. @throws Error when it has not joined */
  uplink(fields: UplinkFields): Transmission;
  /** The last uplink once more, on another channel: what a device does that heard no acknowledgement. */
  again(): Transmission;
  /** Takes a frame; undefined when it is not for this device, damaged, or heard before. */
  receive(phy: Uint8Array): Received | undefined;
}

const DEFAULT_CHANNELS_HZ = [868_100_000, 868_300_000, 868_500_000];
const RX2_FREQUENCY_HZ = 869_525_000;
const JOIN_ACCEPT_DELAY_MS = 5000;
const SLOWEST_SF = 12;
const FASTEST_DATA_RATE = 5;
const SOFTEST_TX_POWER = 7;

/** A device: new from its identity, or as it was from its state. */
export function simulatedDevice(from: DeviceIdentity & Partial<DeviceState>): SimulatedDevice {
  const state: DeviceState = structuredClone({
    sf: 7,
    usesAdr: false,
    txPower: 0,
    macAnswers: [],
    devNonce: 0,
    joining: null,
    session: null,
    joinNonce: null,
    last: null,
    transmissions: 0,
    ...from,
  });

  function nextChannelHz(): number {
    const channelsHz = state.session?.channelsHz ?? DEFAULT_CHANNELS_HZ;
    return channelsHz[state.transmissions++ % channelsHz.length]!;
  }

  function dataTransmission(phy: Uint8Array, frequencyHz: number): Transmission {
    const { sf } = state;
    const { rx1DelayS = 1, rx1DrOffset = 0, rx2Dr = 0 } = state.session ?? {};
    return {
      phy,
      frequencyHz,
      sf,
      windows: windows(frequencyHz, sf, { rx1DelayMs: rx1DelayS * 1000, rx1DrOffset, rx2Dr }),
    };
  }

  function accept(frame: JoinAccept): Received | undefined {
    if (!state.joining) return undefined;
    const { appKey } = state;
    const plain = decryptJoinAccept(frame, appKey);
    if (!verifyJoinAcceptMic(plain, { key: appKey })) return undefined;
    const joinNonce = Number.parseInt(plain.joinNonce, 16);
    if (state.joinNonce !== null && joinNonce <= state.joinNonce) return undefined;
    const { devNonce } = state.joining;
    const added = plain.cfList === undefined ? undefined : parseCfList(plain.cfList);
    const extraHz =
      added?.type === 0 ? added.frequenciesHz.filter((frequencyHz) => frequencyHz > 0) : [];
    state.joinNonce = joinNonce;
    state.joining = null;
    state.last = null;
    state.session = {
      devAddr: plain.devAddr,
      ...deriveSessionKeys10({ appKey, joinNonce, netId: plain.netId, devNonce }),
      fCntUp: 0,
      fCntDown: null,
      rx1DelayS: plain.rxDelay === 0 ? 1 : plain.rxDelay,
      rx1DrOffset: plain.rx1DrOffset,
      rx2Dr: plain.rx2DataRate,
      channelsHz: [...DEFAULT_CHANNELS_HZ, ...extraHz],
    };
    return { kind: "joined", devAddr: plain.devAddr };
  }

  /** Takes all of a request, or nothing of it. */
  function adapt(
    request: Extract<MacCommand, { name: "LinkADRReq" }>,
    channels: number,
  ): MacCommand {
    const channelMaskAck =
      request.chMaskCntl === 0 && request.chMask !== 0 && request.chMask >> channels === 0;
    const dataRateAck = state.usesAdr && request.dataRate <= FASTEST_DATA_RATE;
    const powerAck = state.usesAdr && request.txPower <= SOFTEST_TX_POWER;
    if (channelMaskAck && dataRateAck && powerAck) {
      state.sf = SLOWEST_SF - request.dataRate;
      state.txPower = request.txPower;
    }
    return { name: "LinkADRAns", channelMaskAck, dataRateAck, powerAck };
  }

  function data(frame: DataDown): Received | undefined {
    const { session } = state;
    if (!session || frame.devAddr !== session.devAddr) return undefined;
    // A counter that was heard before is never taken again: reading on from the one after the last makes it a wrong MIC.
    const fCnt = nextFCnt(
      session.fCntDown === null ? undefined : session.fCntDown + 1,
      frame.fCnt16,
    );
    if (!verifyDataMic(frame, { version: "1.0", keys: session, fCnt })) return undefined;
    const payload = decryptFrmPayload(frame, { fCnt, keys: session });
    session.fCntDown = fCnt;
    const isAck = frame.fCtrl.ack && state.last?.isConfirmed === true;
    if (state.last && isAck) state.last.isAcknowledged = true;
    const { commands } = parseMacCommands(frame.fPort === 0 ? payload : frame.fOpts, "down", "1.0");
    for (const command of commands)
      if (command.name === "LinkADRReq")
        state.macAnswers.push(adapt(command, session.channelsHz.length));
    const fPort = frame.fPort === undefined || frame.fPort === 0 ? null : frame.fPort;
    return {
      kind: "data",
      isAck,
      fCnt,
      commands,
      fPort,
      payload: fPort === null ? new Uint8Array(0) : payload,
    };
  }

  return {
    devEui: state.devEui,
    state: () => structuredClone(state),
    isJoined: () => state.session !== null,
    isAcknowledged: () => state.last?.isAcknowledged ?? false,
    join() {
      const { devEui, joinEui, appKey, sf } = state;
      const devNonce = state.devNonce++ & 0xffff;
      state.joining = { devNonce };
      const frequencyHz = DEFAULT_CHANNELS_HZ[state.transmissions++ % DEFAULT_CHANNELS_HZ.length]!;
      const phy = buildJoinRequest({ devEui, joinEui, devNonce, key: appKey });
      return {
        phy,
        frequencyHz,
        sf,
        windows: windows(frequencyHz, sf, {
          rx1DelayMs: JOIN_ACCEPT_DELAY_MS,
          rx1DrOffset: 0,
          rx2Dr: 0,
        }),
      };
    },
    uplink({ fPort, payload, isConfirmed = false, commands = [], adrAckReq = false }) {
      const { session } = state;
      if (!session) throw new Error(`${state.devEui} has not joined`);
      const phy = buildDataFrame({
        version: "1.0",
        direction: "up",
        confirmed: isConfirmed,
        devAddr: session.devAddr,
        fCnt: session.fCntUp++,
        adr: state.usesAdr || adrAckReq,
        adrAckReq,
        fOpts: buildMacCommands([...state.macAnswers.splice(0), ...commands], "up", "1.0"),
        fPort,
        payload,
        keys: session,
      });
      const frequencyHz = nextChannelHz();
      state.last = { phyHex: toHex(phy), frequencyHz, isConfirmed, isAcknowledged: false };
      return dataTransmission(phy, frequencyHz);
    },
    again() {
      if (!state.last) throw new Error(`${state.devEui} has sent nothing in this session`);
      return dataTransmission(
        new Uint8Array(Buffer.from(state.last.phyHex, "hex")),
        nextChannelHz(),
      );
    },
    receive(phy) {
      try {
        const frame = parse(phy);
        if (frame.type === "joinAccept") return accept(frame);
        return frame.type === "dataDown" ? data(frame) : undefined;
      } catch (error) {
        if (error instanceof LorawanError) return undefined;
        throw error;
      }
    },
  };
}

/** EU868: data rates 0 to 5 are spreading factors 12 to 7; an offset makes RX1 slower. */
function windows(
  frequencyHz: number,
  sf: number,
  { rx1DelayMs, rx1DrOffset, rx2Dr }: { rx1DelayMs: number; rx1DrOffset: number; rx2Dr: number },
): readonly ReceiveWindow[] {
  return [
    { afterMs: rx1DelayMs, frequencyHz, sf: Math.min(SLOWEST_SF, sf + rx1DrOffset) },
    { afterMs: rx1DelayMs + 1000, frequencyHz: RX2_FREQUENCY_HZ, sf: SLOWEST_SF - rx2Dr },
  ];
}
