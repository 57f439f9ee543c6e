/**
 * `milesight-decoder`: a Milesight model from its table of channels. Any port will do: it can be set.
 */
import type { Decoder } from "#shared/model/decoder.ts";
import type { MeterKindId } from "#shared/model/meter-kinds.ts";
import { registerIds, type RegisterId } from "#shared/model/registers.ts";
import { channels, type ChannelTable } from "./channels.ts";
import { milesightBasics, milesightBattery } from "./milesight-channels.ts";

/** @param registers what it may report, the battery aside */
export function milesight(
  name: string,
  table: ChannelTable,
  registers: readonly RegisterId[],
  kind: MeterKindId = "temperature",
): Decoder {
  return {
    model: `milesight/${name}`,
    version: 1,
    title: `Milesight ${name.toUpperCase()}`,
    kind,
    registers: registerIds.filter((id) => id === "battery" || registers.includes(id)),
    decode: channels({ ...milesightBasics, ...milesightBattery, ...table }),
  };
}
