/**
 * Bytes from the air → a frame. Strict: what the specification does not allow is refused with a
 * code, never guessed at. Bits reserved for future use are ignored, as the specification asks.
 *
 * Knows no keys: a frame that parses is well formed, not genuine.
 */
import { byteArray } from "./argument.ts";
import { idText } from "./hex.ts";
import { LorawanError } from "./lorawan-error.ts";
import { MTYPE, type DataDown, type DataUp, type Phy } from "./phy.ts";

/** LoRa's length field has one byte. */
export const MAX_PHY_LENGTH = 255;
const MIC = 4;
/** MHDR, DevAddr, FCtrl, FCnt, MIC. */
const MIN_DATA_LENGTH = 12;
/** No bytes: without any there is nothing to change, so all frames may share it. */
const none = new Uint8Array(0);
const JOIN_REQUEST_LENGTH = 23;
const JOIN_ACCEPT_LENGTHS: readonly number[] = [17, 33];

/**
 * Reads a PHYPayload. The argument is copied first and never changed.
 *
 * @throws {LorawanError} `bad_argument`, `too_short`, `too_long`, `bad_major`, `bad_length`,
 *   `fopts_overflow`, `fopts_with_port_0`, `bad_rejoin_type`
 * @see LoRaWAN 1.0.4 and 1.1, section 4
 */
export function parse(input: Uint8Array): Phy {
  const length = byteArray(input, "a frame").length;
  if (length === 0) throw new LorawanError("too_short", "an empty frame");
  if (length > MAX_PHY_LENGTH)
    throw new LorawanError(
      "too_long",
      `a frame of ${length} bytes; LoRa carries ${MAX_PHY_LENGTH}`,
    );
  const bytes = new Uint8Array(input);
  const mhdr = bytes[0]!;
  if ((mhdr & 0x03) !== 0) throw new LorawanError("bad_major", `Major is ${mhdr & 0x03}, not 0`);
  const mType = mhdr >> 5;
  switch (mType) {
    case MTYPE.joinRequest:
      return joinRequest(bytes);
    case MTYPE.joinAccept:
      return joinAccept(bytes);
    case MTYPE.rejoinRequest:
      return rejoinRequest(bytes);
    case MTYPE.proprietary:
      return proprietary(bytes);
    default:
      return data(bytes, mType);
  }
}

function data(bytes: Uint8Array, mType: number): DataUp | DataDown {
  const length = bytes.length;
  if (length < MIN_DATA_LENGTH) {
    throw new LorawanError(
      "too_short",
      `a data frame of ${length} bytes; it takes ${MIN_DATA_LENGTH}`,
    );
  }
  const control = bytes[5]!;
  const fOptsLength = control & 0x0f;
  const portAt = 8 + fOptsLength;
  const micAt = length - MIC;
  if (portAt > micAt) {
    throw new LorawanError(
      "fopts_overflow",
      `FOptsLen is ${fOptsLength} with ${micAt - 8} bytes left`,
    );
  }
  const fPort = portAt < micAt ? bytes[portAt]! : undefined;
  if (fPort === 0 && fOptsLength > 0) {
    throw new LorawanError("fopts_with_port_0", "FPort 0 together with FOpts");
  }
  const confirmed = mType >= MTYPE.confirmedDataUp;
  const devAddr = idText(bytes, 1, 4);
  const fCnt16 = bytes[6]! | (bytes[7]! << 8);
  const fOpts = fOptsLength === 0 ? none : bytes.slice(8, portAt);
  const frmPayload = portAt + 1 < micAt ? bytes.slice(portAt + 1, micAt) : none;
  const mic = bytes.slice(micAt);
  const adr = (control & 0x80) !== 0;
  const ack = (control & 0x20) !== 0;
  const bit4 = (control & 0x10) !== 0;
  if ((mType & 1) === 0) {
    const fCtrl = { adr, adrAckReq: (control & 0x40) !== 0, ack, classB: bit4, fOptsLength };
    return {
      type: "dataUp",
      direction: "up",
      mType,
      confirmed,
      devAddr,
      fCtrl,
      fCnt16,
      fOpts,
      fPort,
      frmPayload,
      mic,
      bytes,
    };
  }
  const fCtrl = { adr, ack, fPending: bit4, fOptsLength };
  return {
    type: "dataDown",
    direction: "down",
    mType,
    confirmed,
    devAddr,
    fCtrl,
    fCnt16,
    fOpts,
    fPort,
    frmPayload,
    mic,
    bytes,
  };
}

function joinRequest(bytes: Uint8Array): Phy {
  exactly(bytes, JOIN_REQUEST_LENGTH, "a join request");
  return {
    type: "joinRequest",
    direction: "up",
    mType: MTYPE.joinRequest,
    joinEui: idText(bytes, 1, 8),
    devEui: idText(bytes, 9, 8),
    devNonce: bytes[17]! | (bytes[18]! << 8),
    mic: bytes.slice(-MIC),
    bytes,
  };
}

function joinAccept(bytes: Uint8Array): Phy {
  if (!JOIN_ACCEPT_LENGTHS.includes(bytes.length)) {
    throw new LorawanError("bad_length", `a join accept of ${bytes.length} bytes; it has 17 or 33`);
  }
  return {
    type: "joinAccept",
    direction: "down",
    mType: MTYPE.joinAccept,
    encrypted: bytes.slice(1),
    bytes,
  };
}

function rejoinRequest(bytes: Uint8Array): Phy {
  if (bytes.length < 2) throw new LorawanError("too_short", "a rejoin request without its type");
  const rejoinType = bytes[1]!;
  const common = { type: "rejoinRequest", direction: "up", mType: MTYPE.rejoinRequest } as const;
  if (rejoinType === 0 || rejoinType === 2) {
    exactly(bytes, 19, `a rejoin request of type ${rejoinType}`);
    return {
      ...common,
      rejoinType,
      netId: idText(bytes, 2, 3),
      devEui: idText(bytes, 5, 8),
      rjCount: bytes[13]! | (bytes[14]! << 8),
      mic: bytes.slice(-MIC),
      bytes,
    };
  }
  if (rejoinType === 1) {
    exactly(bytes, 24, "a rejoin request of type 1");
    return {
      ...common,
      rejoinType,
      joinEui: idText(bytes, 2, 8),
      devEui: idText(bytes, 10, 8),
      rjCount: bytes[18]! | (bytes[19]! << 8),
      mic: bytes.slice(-MIC),
      bytes,
    };
  }
  throw new LorawanError("bad_rejoin_type", `a rejoin request of type ${rejoinType}`);
}

function proprietary(bytes: Uint8Array): Phy {
  if (bytes.length < 1 + MIC)
    throw new LorawanError("too_short", "a proprietary frame without room for a MIC");
  return {
    type: "proprietary",
    mType: MTYPE.proprietary,
    payload: bytes.slice(1, -MIC),
    mic: bytes.slice(-MIC),
    bytes,
  };
}

function exactly(bytes: Uint8Array, length: number, what: string): void {
  if (bytes.length === length) return;
  throw new LorawanError(
    bytes.length < length ? "too_short" : "too_long",
    `${what} of ${bytes.length} bytes; it has ${length}`,
  );
}
