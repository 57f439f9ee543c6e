/**
 * `list`: every model this system decodes by itself.
 *
 * All of them keep one rule: a payload is understood to its end or it is a Fault "invalid".
 * What cannot be named cannot be measured in length either, so whatever follows it would be a
 * guess; the raw bytes are kept, and a better decoder reads them again. The exceptions are those
 * a maker describes: bytes announced as of no interest to us, and filler.
 */
import type { Decoder } from "#shared/model/decoder.ts";
import { cmi4110, cmi4111, cmi4130, cmi4140 } from "./elvaco-cmi4110/decoder.ts";
import { ct101, ct103, ct105 } from "./milesight-ct101/decoder.ts";
import { em300Th } from "./milesight-em300-th/decoder.ts";
import { ws515, ws52x } from "./milesight-ws52x/decoder.ts";
import { cubicMeter11 } from "./quandify-cubicmeter-1-1/decoder.ts";

export const decoders: readonly Decoder[] = [
  cmi4110,
  cmi4111,
  cmi4130,
  cmi4140,
  cubicMeter11,
  em300Th,
  ct101,
  ct103,
  ct105,
  ws515,
  ws52x,
];

const byModel = new Map(decoders.map((decoder) => [decoder.model, decoder]));

/** The decoder of `maker/model`, or undefined when there is none. */
export function findDecoder(model: string): Decoder | undefined {
  return byModel.get(model);
}
