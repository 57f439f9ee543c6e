/**
 * The optional channel list of a join accept: frequencies (type 0) or channel masks (type 1).
 * LoRaWAN Regional Parameters, "JoinAccept CFList".
 */
import { byteArray, objectValue, wholeNumber } from "./argument.ts";
import { LorawanError } from "./lorawan-error.ts";

/** A channel list. */
export type CfList =
  | {
      type: 0;
      /** Up to five frequencies in Hz, steps of 100; 0 for a channel left out. */
      frequenciesHz: number[];
    }
  | {
      type: 1;
      /** Up to seven masks of 16 channels each, the lowest channel in bit 0. */
      channelMasks: number[];
    };

/** @throws {LorawanError} `bad_cf_list` when it is not 16 bytes, or its type is neither 0 nor 1 */
export function parseCfList(bytes: Uint8Array): CfList {
  if (byteArray(bytes, "cfList").length !== 16)
    throw new LorawanError("bad_cf_list", "a channel list has 16 bytes");
  const type = bytes[15];
  if (type === 0) {
    const frequenciesHz = [0, 3, 6, 9, 12].map(
      (at) => (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16)) * 100,
    );
    return { type, frequenciesHz };
  }
  if (type === 1) {
    const channelMasks = [0, 2, 4, 6, 8, 10, 12].map((at) => bytes[at]! | (bytes[at + 1]! << 8));
    return { type, channelMasks };
  }
  throw new LorawanError("bad_cf_list", `a channel list of type ${type}`);
}

/**
 * A channel list of 16 bytes; what is not given is 0.
 *
 * @throws {LorawanError} `bad_cf_list`, `out_of_range`
 */
export function buildCfList(list: CfList): Uint8Array {
  objectValue(list, "cfList");
  const bytes = new Uint8Array(16);
  if (list.type === 0 && Array.isArray(list.frequenciesHz) && list.frequenciesHz.length <= 5) {
    list.frequenciesHz.forEach((frequencyHz, index) => {
      const steps = wholeNumber(frequencyHz / 100, 0, 0xffffff, "frequencyHz / 100");
      bytes[3 * index] = steps;
      bytes[3 * index + 1] = steps >>> 8;
      bytes[3 * index + 2] = steps >>> 16;
    });
    return bytes;
  }
  if (list.type === 1 && Array.isArray(list.channelMasks) && list.channelMasks.length <= 7) {
    list.channelMasks.forEach((mask, index) => {
      wholeNumber(mask, 0, 0xffff, "a channel mask");
      bytes[2 * index] = mask;
      bytes[2 * index + 1] = mask >>> 8;
    });
    bytes[15] = 1;
    return bytes;
  }
  throw new LorawanError(
    "bad_cf_list",
    "type 0 with up to 5 frequencies, or type 1 with up to 7 masks",
  );
}
