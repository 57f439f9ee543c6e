/**
 * Milesight CT303, CT305 and CT310: up to three current transformers for larger conductors.
 *
 * @see Milesight CT3xx User Guide, "Sensor Data"
 */
import type { Decoder } from "#shared/model/decoder.ts";
import { all, channels, nothing, number, type Channel, type ChannelTable } from "../channels.ts";
import { milesightBasics } from "../milesight-channels.ts";

const READ_FAILED = 0xffff;
const registersOf = [
  { charge: "charge", current: "current", min: "current_min", max: "current_max", alarm: "alarm" },
  {
    charge: "charge_2",
    current: "current_2",
    min: "current_min_2",
    max: "current_max_2",
    alarm: "alarm_2",
  },
  {
    charge: "charge_3",
    current: "current_3",
    min: "current_min_3",
    max: "current_max_3",
    alarm: "alarm_3",
  },
] as const;

/** Three channels for each conductor: charge, current, current with limits and alarm bits. */
const conductors: Record<number, Channel> = {};
for (const [place, { charge, current, min, max, alarm }] of registersOf.entries()) {
  const first = 0x03 + 2 * place;
  conductors[(first << 8) | 0x97] = number("u32le", charge, -2, "Ah");
  conductors[((first + 1) << 8) | 0x99] = number("u16le", current, -1, "A", [READ_FAILED]);
  conductors[((first + 0x81) << 8) | 0x99] = all(
    number("u16le", max, -1, "A"),
    number("u16le", min, -1, "A"),
    number("u16le", current, -1, "A", [READ_FAILED]),
    number("u8", alarm, 0, "none"),
  );
}

const temperature = number("i16le", "temperature", -1, "C", [-1, -3]);
const table: ChannelTable = {
  ...milesightBasics,
  ...conductors,
  // Of the second edition: energy, and that the current is too weak to feed the device.
  0x1063: number("u32le", "1-0:1.8.0", -2, "kWh"),
  0x1163: number("u32le", "energy_2", -2, "kWh"),
  0x1263: number("u32le", "energy_3", -2, "kWh"),
  0x1375: nothing(1),
  0x0967: temperature,
  0x8967: all(temperature, number("u8", "temperature_alarm", 0, "none")),
};

const ct3xx = (name: string): Decoder => ({
  model: `milesight/${name}`,
  version: 1,
  title: `Milesight ${name.toUpperCase()}`,
  kind: "electricity",
  registers: [
    "1-0:1.8.0",
    "energy_2",
    "energy_3",
    ...registersOf.flatMap((names) => Object.values(names)),
    "temperature",
    "temperature_alarm",
  ],
  decode: channels(table),
});

export const ct303 = ct3xx("ct303");
export const ct305 = ct3xx("ct305");
export const ct310 = ct3xx("ct310");
