/**
 * Milesight AM100 and AM300 series: indoor climate, light, movement and the air's quality.
 *
 * TVOC comes in parts per billion, as an index, or in µg/m³, each under another channel; the
 * older AM307 sends it in ppb where the newer ones send the index, and is told by its model.
 *
 * @see Milesight AM100 Series and AM300 Series User Guides, "Sensor Data" and "Historical Data"
 */
import type { Decoder } from "#shared/model/decoder.ts";
import type { RegisterId } from "#shared/model/registers.ts";
import { all, earlier, number, type Channel, type ChannelTable } from "../channels.ts";
import { exact } from "../exact.ts";
import { halfPercents, state, tenths } from "../milesight-channels.ts";
import { milesight } from "../milesight-decoder.ts";

const co2 = number("u16le", "co2", 0, "ppm", [0xffff]);
const pressure = number("u16le", "pressure", -1, "hPa", [0xffff]);
const iaq = number("u16le", "iaq", -2, "none", [0xffff]);
const tvocDensity = number("u16le", "tvoc", 0, "ug/m3", [0xffff]);
const pm2 = number("u16le", "pm2_5", 0, "ug/m3", [0xffff]);
const pm10 = number("u16le", "pm10", 0, "ug/m3", [0xffff]);
const hcho = number("u16le", "hcho", -2, "mg/m3", [0xffff]);
const ozone = number("u16le", "ozone", -2, "ppm", [0xffff]);
const light = number("u8", "light_level", 0, "none", [0xff]);
/** History of the 300 series has humidity in two bytes. */
const wideHalfPercents: Channel = (reader, said) => {
  const n = reader.u16le();
  if (n !== 0xffff) said.now.set("humidity", exact("humidity", n * 5, -1, "%"));
};

const climate: ChannelTable = { 0x0367: tenths, 0x0468: halfPercents };
const lit: ChannelTable = {
  ...climate,
  0x056a: number("u16le", "activity", 0, "none"),
  0x0665: all(
    number("u16le", "illuminance", 0, "lux"),
    number("u16le", "light_visible_infrared", 0, "none"),
    number("u16le", "light_infrared", 0, "none"),
  ),
};
const air: ChannelTable = {
  0x077d: co2,
  0x087d: number("u16le", "tvoc", 0, "ppb", [0xffff]),
  0x0973: pressure,
};
/** The gas of the newest: formaldehyde or ozone, by the cartridge, told by the channel. */
const quality: ChannelTable = {
  ...climate,
  ...air,
  0x0500: state("motion"),
  0x056a: number("u16le", "activity", 0, "none"),
  0x06cb: light,
  0x087d: iaq,
  0x08e6: tvocDensity,
  0x0a7d: hcho,
  0x0b7d: pm2,
  0x0c7d: pm10,
  0x0d7d: ozone,
  0x0e01: state("buzzer"),
};

/** Two histories, which differ in how TVOC is counted. */
function histories(...more: readonly Channel[]): ChannelTable {
  const before = [tenths, wideHalfPercents, state("motion"), light, co2];
  return {
    0x20ce: earlier(...before, iaq, pressure, ...more),
    0x21ce: earlier(...before, tvocDensity, pressure, ...more),
  };
}

const two: readonly RegisterId[] = ["temperature", "humidity"];
const four: readonly RegisterId[] = [
  ...two,
  "activity",
  "illuminance",
  "light_visible_infrared",
  "light_infrared",
];
const seven: readonly RegisterId[] = [
  ...two,
  "motion",
  "activity",
  "light_level",
  "co2",
  "tvoc",
  "iaq",
  "pressure",
  "buzzer",
];
const nine: readonly RegisterId[] = [...seven, "pm2_5", "pm10"];

const small = { ...climate, 0x20ce: earlier(tenths, halfPercents) };
const middle = { ...lit, ...air, 0x20ce: earlier(tenths, halfPercents, co2) };
const am = (name: string, table: ChannelTable, registers: readonly RegisterId[]): Decoder =>
  milesight(name, table, registers);

export const ambience: readonly Decoder[] = [
  am("am102", small, two),
  am("am102l", small, two),
  am("am103", middle, [...four, "co2", "tvoc", "pressure"]),
  am("am103l", middle, [...four, "co2", "tvoc", "pressure"]),
  am("am104", lit, four),
  am("am107", { ...lit, ...air }, [...four, "co2", "tvoc", "pressure"]),
  am("am307", { ...quality, ...histories() }, [...nine, "hcho", "ozone"]),
  am("am307l", { ...quality, ...histories() }, [...nine, "hcho", "ozone"]),
  am("am308", { ...quality, ...histories(pm2, pm10) }, [...nine, "hcho", "ozone"]),
  am("am308l", { ...quality, ...histories(pm2, pm10) }, [...nine, "hcho", "ozone"]),
  am("am319", { ...quality, ...histories(pm2, pm10, hcho) }, [...nine, "hcho", "ozone"]),
  am("am319l", { ...quality, ...histories(pm2, pm10, hcho) }, [...nine, "hcho", "ozone"]),
  am("am319-o3", { ...quality, ...histories(pm2, pm10, ozone) }, [...nine, "hcho", "ozone"]),
];
