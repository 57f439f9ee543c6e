/**
 * Milesight CT101, CT103, CT105: a current transformer clamped around one conductor; it counts
 * ampere hours.
 *
 * @see Milesight CT10x User Guide, "Sensor Data"
 */
import type { Decoder } from "#shared/model/decoder.ts";
import { all, channels, nothing, number, type ChannelTable } from "../channels.ts";
import { milesightBasics } from "../milesight-channels.ts";

const READ_FAILED = 0xffff;
const table: ChannelTable = {
  ...milesightBasics,
  0x0397: number("u32le", "charge", -2, "Ah"),
  0x0498: number("u16le", "current", -2, "A", [READ_FAILED]),
  // -1 and -3: read failed, over range
  0x0967: number("i16le", "temperature", -1, "C", [-1, -3]),
  // Alarm bits: 0 threshold, 1 threshold released, 2 over range, 3 over range released.
  0x8498: all(
    number("u16le", "current_max", -2, "A"),
    number("u16le", "current_min", -2, "A"),
    number("u16le", "current", -2, "A", [READ_FAILED]),
    number("u8", "alarm", 0, "none"),
  ),
  0x8967: all(
    number("i16le", "temperature", -1, "C", [-1, -3]),
    number("u8", "temperature_alarm", 0, "none"),
  ),
  // Of the second edition: energy, and that the current is too weak to feed the device.
  0x1063: number("u32le", "1-0:1.8.0", -2, "kWh"),
  0x1375: nothing(1),
};

const ct10x = (name: string): Decoder => ({
  model: `milesight/${name}`,
  version: 1,
  title: `Milesight ${name.toUpperCase()}`,
  kind: "electricity",
  registers: [
    "1-0:1.8.0",
    "charge",
    "current",
    "current_min",
    "current_max",
    "alarm",
    "temperature",
    "temperature_alarm",
  ],
  decode: channels(table),
});

export const ct101 = ct10x("ct101");
export const ct103 = ct10x("ct103");
export const ct105 = ct10x("ct105");
