/**
 * Tektelic sensors: COMFORT and VIVID room sensors, BREEZE and the CO₂ room sensor, TUNDRA probes,
 * industrial transceivers, CLOVER and KIWI, and what asset trackers say of the place they are at.
 *
 * Port 10 measures, other ports answer settings or tell positions.
 *
 * @see Tektelic Technical Reference Manuals, "Uplink frame formats"
 */
import type { Decoder } from "#shared/model/decoder.ts";
import type { MeterKindId } from "#shared/model/meter-kinds.ts";
import type { RegisterId } from "#shared/model/registers.ts";
import { all, channels, nothing, number, type Channel, type ChannelTable } from "../channels.ts";
import { exact } from "../exact.ts";
import { halfPercents } from "../milesight-channels.ts";

const PORT = 10;
const degrees = number("i16be", "temperature", -1, "C");
const chipDegrees = nothing(2);
const hundredths = number("i16be", "battery_voltage", -2, "V");
const thousandths = number("u16be", "battery_voltage", -3, "V");
const percent = number("u8", "battery", 0, "%");
const flag = (register: RegisterId) => number("u8", register, 0, "none");
const counter = (register: RegisterId) => number("u16be", register, 0, "count");
const acceleration = all(
  number("i16be", "acceleration_x", -3, "g"),
  number("i16be", "acceleration_y", -3, "g"),
  number("i16be", "acceleration_z", -3, "g"),
);
const ACCELERATION = ["acceleration_x", "acceleration_y", "acceleration_z"] as const;
/** Hundredths of a volt above 2.5 V in seven bits; the eighth says that the battery ends. */
const batteryState: Channel = (reader, said) => {
  const hundredth = 250 + (reader.u8() & 0x7f);
  said.now.set("battery_voltage", exact("battery_voltage", hundredth, -2, "V"));
};
/** Statistics over a stretch of time that the device counts, for each of its channels. */
const statistics: ChannelTable = Object.fromEntries(
  Array.from({ length: 0x12 }, (_, channel) =>
    [0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17].map((type): [number, Channel] => [
      (channel << 8) | type,
      nothing(2),
    ]),
  ).flat(),
);

const room: ChannelTable = {
  ...statistics,
  0x00ff: hundredths,
  0x00ba: thousandths,
  0x0100: flag("open"),
  0x0200: flag("light"),
  0x0367: degrees,
  0x0468: halfPercents,
  0x0502: number("u16be", "impact", -3, "g"),
  0x0771: acceleration,
  0x0804: counter("open_count"),
  0x0900: flag("moisture"),
  0x0a00: flag("motion"),
  0x0b67: chipDegrees,
  0x0c00: flag("alarm"),
  0x0d04: counter("motion_count"),
  0x0e00: flag("input"),
  0x0f04: counter("pulses"),
  0x1002: number("u8", "light_level", 0, "none"),
  0x1102: number("i16be", "voltage_input", -3, "V"),
};
const roomRegisters: readonly RegisterId[] = [
  ...ACCELERATION,
  ...(["temperature", "humidity", "battery_voltage", "open", "open_count", "light"] as const),
  ...(["light_level", "impact", "moisture", "motion", "motion_count", "alarm"] as const),
  ...(["input", "pulses", "voltage_input"] as const),
];
const air: ChannelTable = {
  0x00ba: thousandths,
  0x00d3: percent,
  0x0367: degrees,
  0x0468: halfPercents,
  0x0a00: flag("motion"),
  0x0be4: number("u16be", "co2", 0, "ppm"),
  0x0c73: number("u16be", "pressure", -1, "hPa"),
  0x0d04: counter("motion_count"),
  0x0ee4: nothing(2), // before it was filtered
  0x11d3: nothing(1), // the display's battery
};
const industrial: ChannelTable = {
  0x00ff: hundredths,
  0x0101: flag("output"),
  0x0201: flag("output_2"),
  0x0367: degrees,
  0x0468: halfPercents,
  0x0500: flag("input"),
  0x0602: number("u16be", "current_input", -6, "A"),
  0x0702: number("u16be", "voltage_input", -3, "V"),
  0x0804: counter("pulses"),
  0x0967: chipDegrees,
};
const tundra: ChannelTable = {
  0x00ff: hundredths,
  0x0367: degrees,
  0x0468: halfPercents,
  0x0b67: chipDegrees,
  0x0e00: flag("open"),
  0x0f04: counter("open_count"),
  0x1102: number("i16be", "voltage_input", -3, "V"),
};
const soil: ChannelTable = {
  0x00ba: batteryState,
  0x0104: nothing(2),
  0x0202: nothing(2),
  0x0302: nothing(2),
  0x0402: nothing(2),
  0x0504: nothing(2),
  0x0604: nothing(2),
  0x0900: flag("alarm"),
  0x0965: number("u16be", "illuminance", 0, "lux"),
  0x0a00: flag("alarm_2"),
  0x0a71: acceleration,
  0x0b67: degrees,
  0x0b68: halfPercents,
  0x0c67: chipDegrees,
};
const asset: ChannelTable = {
  0x0000: flag("alarm"),
  0x0067: degrees,
  0x0071: acceleration,
  0x00ba: batteryState,
  0x0468: halfPercents,
};

function sensor(
  name: string,
  title: string,
  table: ChannelTable,
  registers: readonly RegisterId[],
  kind: MeterKindId = "temperature",
): Decoder {
  const decode = channels(table);
  return {
    model: `tektelic/${name}`,
    version: 1,
    title: `Tektelic ${title}`,
    kind,
    registers,
    decode: (payload, context) =>
      context.fPort === PORT || context.fPort === null ? decode(payload, context) : [],
  };
}

const climate = ["temperature", "humidity", "battery_voltage"] as const;

export const tektelicSensors: readonly Decoder[] = [
  sensor("smart-room-base", "COMFORT Smart Room Sensor", room, roomRegisters),
  sensor("smart-room-pir", "VIVID Smart Room Sensor", room, roomRegisters),
  sensor("comfort", "COMFORT", room, roomRegisters),
  sensor("vivid", "VIVID", room, roomRegisters),
  sensor("breeze", "BREEZE", air, [
    ...climate,
    ...(["battery", "motion", "motion_count", "co2", "pressure"] as const),
  ]),
  sensor("smart-room-co2", "Smart Room Sensor CO₂", air, [
    ...climate,
    ...(["battery", "motion", "motion_count", "co2", "pressure"] as const),
  ]),
  sensor("industrial-transceiver", "Industrial Transceiver", industrial, [
    ...climate,
    ...(["output", "output_2", "input", "pulses", "current_input", "voltage_input"] as const),
  ]),
  sensor("tundra", "TUNDRA", tundra, [
    ...climate,
    ...(["open", "open_count", "voltage_input"] as const),
  ]),
  sensor("clover", "CLOVER and KIWI", soil, [
    ...climate,
    ...ACCELERATION,
    ...(["illuminance", "alarm", "alarm_2"] as const),
  ]),
  sensor("asset", "asset trackers", asset, [...climate, ...ACCELERATION, "alarm"]),
];
