/**
 * The one error this package throws.
 *
 * The code is the contract; the message is for people and may change. A message never holds a key.
 */

/** Every way a frame or an argument is refused. */
export type LorawanErrorCode =
  /** A frame shorter than its kind can be. */
  | "too_short"
  /** A frame longer than its kind can be, or than LoRa can carry (255 bytes). */
  | "too_long"
  /** A join accept or rejoin request whose length fits none of its forms. */
  | "bad_length"
  /** The Major field of the MHDR is not 0 (LoRaWAN R1). */
  | "bad_major"
  /** FOptsLen says more bytes than the frame has. */
  | "fopts_overflow"
  /** FPort 0 together with FOpts: MAC commands in both places at once. */
  | "fopts_with_port_0"
  /** A rejoin request of a type other than 0, 1 or 2. */
  | "bad_rejoin_type"
  /** A frame of another kind than the function works on. */
  | "wrong_frame"
  /** The 32-bit counter given does not end in the 16 bits of the frame. */
  | "fcnt_mismatch"
  /** The 32-bit counter is used up; the session must end. */
  | "fcnt_exhausted"
  /** The key this frame needs was not given. */
  | "missing_key"
  /** A key that is neither 32 hex digits nor 16 bytes. */
  | "bad_key"
  /** Text that is not the asked number of hex digits. */
  | "bad_hex"
  /** A value of the wrong type. */
  | "bad_argument"
  /** A number outside the range of its field. */
  | "out_of_range"
  /** A payload without FPort. */
  | "payload_without_port"
  /** A channel list that is not 16 bytes, or of an unknown type. */
  | "bad_cf_list"
  /** A MAC command identifier that is not known in this direction and version: its length cannot be known. */
  | "unknown_cid"
  /** The bytes end inside a MAC command. */
  | "mac_length";

/** A frame or argument that is refused. Anything else thrown out of this package is a bug. */
export class LorawanError extends Error {
  readonly code: LorawanErrorCode;

  constructor(code: LorawanErrorCode, message: string) {
    super(message);
    this.name = "LorawanError";
    this.code = code;
  }
}
