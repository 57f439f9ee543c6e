/**
 * Data frames from their fields: enciphered, signed, ready for the air. LoRaWAN 1.1 section 4.
 *
 * Knows nothing of data rates: how many bytes a frame may have there is the caller's to know.
 */
import type { AesKey } from "./aes.ts";
import { MAX_FCNT, byteArray, objectValue, wholeNumber } from "./argument.ts";
import { computeDataMic, type DataMicOptions } from "./data-mic.ts";
import { writeId } from "./hex.ts";
import { LorawanError } from "./lorawan-error.ts";
import { MAX_PHY_LENGTH } from "./parse.ts";
import { cryptFOpts, cryptFrmPayload, payloadKey } from "./payload-cipher.ts";
import type { Direction } from "./phy.ts";

interface CommonFields {
  direction: Direction;
  /** Asks for an acknowledgement. Default false. */
  confirmed?: boolean | undefined;
  /** 8 hex digits. */
  devAddr: string;
  /** The whole 32-bit counter; on 1.1 downlinks the one `downlinkCounter` names. */
  fCnt: number;
  /** Default false, as are the other bits. */
  adr?: boolean | undefined;
  /** Uplinks only. */
  adrAckReq?: boolean | undefined;
  ack?: boolean | undefined;
  /** Uplinks only. */
  classB?: boolean | undefined;
  /** Downlinks only. */
  fPending?: boolean | undefined;
  /** 0..15 bytes in the clear: MAC commands, see `buildMacCommands`. Not together with port 0. */
  fOpts?: Uint8Array | undefined;
  /** 0..255. Needed with a payload. */
  fPort?: number | undefined;
  /** In the clear. A frame has at most 255 bytes in all. */
  payload?: Uint8Array | undefined;
}

/** A frame of a 1.0.x session. */
export interface DataFrameFields10 extends CommonFields {
  version: "1.0";
  /** `appSKey` is needed with a payload on a port above 0. */
  keys: { nwkSKey: AesKey; appSKey?: AesKey | undefined };
}

/** A frame of a 1.1 session. */
export interface DataFrameFields11 extends CommonFields {
  version: "1.1";
  /** `fNwkSIntKey` is needed on uplinks, `nwkSEncKey` with FOpts or port 0, `appSKey` on ports above 0. */
  keys: {
    sNwkSIntKey: AesKey;
    fNwkSIntKey?: AesKey | undefined;
    nwkSEncKey?: AesKey | undefined;
    appSKey?: AesKey | undefined;
  };
  /** With `ack`: the counter of the frame acknowledged. Default 0. */
  confFCnt?: number | undefined;
  /** Uplinks: data rate index. Default 0. */
  txDr?: number | undefined;
  /** Uplinks: channel index. Default 0. */
  txCh?: number | undefined;
}

/** What a data frame says, and the keys of its session. */
export type DataFrameFields = DataFrameFields10 | DataFrameFields11;

const nothing = new Uint8Array(0);

/**
 * A data frame, enciphered and signed.
 *
 * @throws {LorawanError} `too_long`, `fopts_overflow` (more than 15 bytes), `fopts_with_port_0`,
 *   `payload_without_port`, `missing_key`, and codes about the arguments
 */
export function buildDataFrame(fields: DataFrameFields): Uint8Array {
  const { direction, devAddr, fPort, keys } = objectValue(fields, "fields");
  const fOpts = byteArray(fields.fOpts ?? nothing, "fOpts");
  const payload = byteArray(fields.payload ?? nothing, "payload");
  if (direction !== "up" && direction !== "down") {
    throw new LorawanError("bad_argument", 'direction must be "up" or "down"');
  }
  if (fields.version !== "1.0" && fields.version !== "1.1") {
    throw new LorawanError("bad_argument", 'version must be "1.0" or "1.1"');
  }
  objectValue(keys, "keys");
  const fCnt = wholeNumber(fields.fCnt, 0, MAX_FCNT, "fCnt");
  if (fPort !== undefined) wholeNumber(fPort, 0, 255, "fPort");
  if (fPort === undefined && payload.length > 0) {
    throw new LorawanError("payload_without_port", "a payload needs an fPort");
  }
  if (fOpts.length > 15)
    throw new LorawanError("fopts_overflow", `${fOpts.length} bytes of FOpts; 15 fit`);
  if (fOpts.length > 0 && fPort === 0)
    throw new LorawanError("fopts_with_port_0", "FPort 0 together with FOpts");

  const payloadAt = 8 + fOpts.length + (fPort === undefined ? 0 : 1);
  const length = payloadAt + payload.length + 4;
  if (length > MAX_PHY_LENGTH)
    throw new LorawanError(
      "too_long",
      `a frame of ${length} bytes; LoRa carries ${MAX_PHY_LENGTH}`,
    );
  const bytes = new Uint8Array(length);
  const up = direction === "up";
  bytes[0] = (up ? (fields.confirmed === true ? 4 : 2) : fields.confirmed === true ? 5 : 3) << 5;
  writeId(bytes, 1, 4, devAddr, "devAddr");
  bytes[5] = controlByte(fields, up) | fOpts.length;
  bytes[6] = fCnt;
  bytes[7] = fCnt >>> 8;
  const place = { devAddr, direction, fCnt, fPort };
  if (fOpts.length > 0)
    bytes.set(fields.version === "1.1" ? hidden(fields.keys.nwkSEncKey, place, fOpts) : fOpts, 8);
  if (fPort !== undefined) bytes[8 + fOpts.length] = fPort;
  if (fPort !== undefined && payload.length > 0) {
    const own =
      fields.version === "1.0"
        ? { ...keys, nwkSEncKey: undefined }
        : { ...keys, nwkSKey: undefined };
    bytes.set(cryptFrmPayload(payloadKey(own, fPort), place, payload), payloadAt);
  }
  bytes.set(computeDataMic(bytes, fields satisfies DataMicOptions), length - 4);
  return bytes;
}

function hidden(
  key: AesKey | undefined,
  place: Parameters<typeof cryptFOpts>[1],
  fOpts: Uint8Array,
): Uint8Array {
  if (key === undefined)
    throw new LorawanError("missing_key", "nwkSEncKey is needed for FOpts in 1.1");
  return cryptFOpts(key, place, fOpts);
}

/** FCtrl without FOptsLen. @throws {LorawanError} `bad_argument` for a bit the direction has not */
function controlByte(fields: CommonFields, up: boolean): number {
  if (up ? fields.fPending === true : fields.adrAckReq === true || fields.classB === true) {
    throw new LorawanError(
      "bad_argument",
      up ? "fPending is for downlinks" : "adrAckReq and classB are for uplinks",
    );
  }
  return (
    (fields.adr === true ? 0x80 : 0) |
    (fields.adrAckReq === true ? 0x40 : 0) |
    (fields.ack === true ? 0x20 : 0) |
    (fields.fPending === true || fields.classB === true ? 0x10 : 0)
  );
}
