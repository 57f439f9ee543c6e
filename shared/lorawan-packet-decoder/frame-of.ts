/** Takes bytes or a parsed frame, and insists on the kind a function works on. */
import { LorawanError } from "./lorawan-error.ts";
import { MAX_PHY_LENGTH, parse } from "./parse.ts";
import type { DataDown, DataUp, Phy } from "./phy.ts";

/** A frame as bytes, or as `parse` gave it. */
export type Frame<P extends Phy = Phy> = Uint8Array | P;

/** @throws {LorawanError} what `parse` throws; `wrong_frame`, `bad_argument` */
export function frameOf<T extends Phy["type"]>(
  frame: Frame,
  ...types: readonly T[]
): Extract<Phy, { type: T }> {
  const phy = frame instanceof Uint8Array ? parse(frame) : frame;
  if (
    typeof phy !== "object" ||
    phy === null ||
    !(phy.bytes instanceof Uint8Array) ||
    phy.bytes.length > MAX_PHY_LENGTH
  ) {
    throw new LorawanError("bad_argument", "a frame must be a Uint8Array or come from parse()");
  }
  if (!(types as readonly string[]).includes(phy.type)) {
    throw new LorawanError("wrong_frame", `this works on ${types.join(", ")}, not on ${phy.type}`);
  }
  return phy as Extract<Phy, { type: T }>;
}

/** A data frame of either direction. */
export function dataFrameOf(frame: Frame): DataUp | DataDown {
  return frameOf(frame, "dataUp", "dataDown");
}
