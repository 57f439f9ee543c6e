/**
 * `kept-uplink`: an uplink as it is kept: what was heard, and what a decoder made of it.
 *
 * The raw payload is always there, so that a mended decoder can read it again.
 */
import type { DecodedReading } from "./decoder.ts";
import type { Uplink } from "./uplink.ts";

export interface KeptUplink extends Uplink {
  /** See `series/identity.ts`. */
  readonly identity: string;
  /** Decoder and version that read it, `maker/model@version`; null when none was known. */
  readonly decoder: string | null;
  /** Why it could not be decoded; null when it was. */
  readonly undecoded: string | null;
  readonly readings: readonly DecodedReading[];
}
