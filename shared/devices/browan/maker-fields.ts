/** Names in Browan's own decoders. */
import type { MakerFields } from "../maker-field.ts";

const named = (...names: readonly string[]) =>
  Object.fromEntries(names.map((name) => [`browan/${name}`, `browan/${name}`]));

/** Models whose first bit is what they watch. */
export const browanFields: MakerFields = {
  devices: named("tbam100", "tbdw100", "tbms100", "tbwl100"),
  fields: {
    battery: { register: "battery_voltage", unit: "V" },
    temperature: { register: "temperature", unit: "C" },
    humidity: { register: "humidity", unit: "%" },
    lux: { register: "illuminance", unit: "lux" },
    co2threshold: { register: "alarm", unit: "none" },
    co2_ppm: { register: "co2", unit: "ppm" },
    eco2: { register: "co2", unit: "ppm" },
    voc: { register: "tvoc", unit: "ppb" },
    iaq: { register: "iaq", unit: "none" },
    // The board's temperature, where nothing else is measured.
    temperatureBoard: { register: "temperature", unit: "C" },
    status: [
      { register: "open", unit: "none" },
      { register: "motion", unit: "none" },
      { register: "leak", unit: "none" },
    ],
    count: [
      { register: "open_count", unit: "count" },
      { register: "motion_count", unit: "count" },
    ],
  },
  ignored: [
    "button",
    "co2calibration",
    "darker",
    "lighter",
    "statusChange",
    "keepAlive",
    "time",
    "iaqChanged",
    "tempHumidChanged",
    "temperatureChanged",
    "humidityChanged",
  ],
};

/** Models whose first bit says that something changed. */
export const browanAirFields: MakerFields = {
  ...browanFields,
  devices: named("cd10", "tbhh100", "tbhv110"),
  ignored: [...browanFields.ignored, "status", "temperatureBoard"],
};
