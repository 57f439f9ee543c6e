/**
 * What a PHYPayload says, one shape per kind of frame, told apart by `type`.
 *
 * Every byte array in it is a copy of its own. MIC checks and ciphers work on `bytes`, the whole
 * frame, so changing another field does not change what they say.
 */

/** Message types of the MHDR: bits 7..5 of the first byte. LoRaWAN 1.1 section 4.2.1. */
export const MTYPE = {
  joinRequest: 0,
  joinAccept: 1,
  unconfirmedDataUp: 2,
  unconfirmedDataDown: 3,
  confirmedDataUp: 4,
  confirmedDataDown: 5,
  rejoinRequest: 6,
  proprietary: 7,
} as const;

/** `up`: device to network. `down`: network to device. */
export type Direction = "up" | "down";

/** `1.0` stands for all of 1.0.x; a 1.1 device on a 1.0.x network works as `1.0`. */
export type LorawanVersion = "1.0" | "1.1";

interface Frame {
  /** Bits 7..5 of the first byte, see {@link MTYPE}. */
  mType: number;
  /** The whole frame, a copy. */
  bytes: Uint8Array;
}

interface DataFrame extends Frame {
  /** Whether the sender wants an acknowledgement. */
  confirmed: boolean;
  /** 8 hex digits. */
  devAddr: string;
  /** The lower 16 bits of the frame counter, all that travels. See `nextFCnt`. */
  fCnt16: number;
  /** 0..15 bytes, as on air: enciphered in 1.1, see `decryptFOpts`. */
  fOpts: Uint8Array;
  /** 0..255; absent when the frame ends after FOpts. */
  fPort: number | undefined;
  /** Enciphered, see `decryptFrmPayload`. Empty when there is none. */
  frmPayload: Uint8Array;
  /** 4 bytes. */
  mic: Uint8Array;
}

/** A data frame from a device. LoRaWAN 1.1 section 4.3. */
export interface DataUp extends DataFrame {
  type: "dataUp";
  direction: "up";
  fCtrl: { adr: boolean; adrAckReq: boolean; ack: boolean; classB: boolean; fOptsLength: number };
}

/** A data frame to a device. LoRaWAN 1.1 section 4.3. */
export interface DataDown extends DataFrame {
  type: "dataDown";
  direction: "down";
  fCtrl: { adr: boolean; ack: boolean; fPending: boolean; fOptsLength: number };
}

/** LoRaWAN 1.1 section 6.2.2. */
export interface JoinRequest extends Frame {
  type: "joinRequest";
  direction: "up";
  /** 16 hex digits; called AppEUI in 1.0.x. */
  joinEui: string;
  /** 16 hex digits. */
  devEui: string;
  /** 0..65535. */
  devNonce: number;
  /** 4 bytes. */
  mic: Uint8Array;
}

/** A join accept as on air: all but the first byte is enciphered. See `decryptJoinAccept`. */
export interface JoinAccept extends Frame {
  type: "joinAccept";
  direction: "down";
  /** 16 or 32 bytes. */
  encrypted: Uint8Array;
}

interface Rejoin extends Frame {
  type: "rejoinRequest";
  direction: "up";
  /** 16 hex digits. */
  devEui: string;
  /** RJcount0 (types 0 and 2) or RJcount1 (type 1): 0..65535. */
  rjCount: number;
  /** 4 bytes. */
  mic: Uint8Array;
}

/** LoRaWAN 1.1 section 6.2.4. */
export type RejoinRequest =
  | (Rejoin & {
      rejoinType: 0 | 2;
      /** 6 hex digits. */
      netId: string;
    })
  | (Rejoin & {
      rejoinType: 1;
      /** 16 hex digits. */
      joinEui: string;
    });

/** A frame of someone's own making: only its first byte and its MIC's place are known. */
export interface Proprietary extends Frame {
  type: "proprietary";
  /** Everything between the first byte and the last four. */
  payload: Uint8Array;
  /** 4 bytes. */
  mic: Uint8Array;
}

/** Any frame. */
export type Phy = DataUp | DataDown | JoinRequest | JoinAccept | RejoinRequest | Proprietary;
