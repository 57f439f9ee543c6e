/** Names in Mutelcor's own decoder, which are for people. */
import type { MakerFields } from "../maker-field.ts";
import { mutelcor } from "./decoder.ts";

const measured = "[09] Measurements";

export const mutelcorFields: MakerFields = {
  devices: Object.fromEntries(mutelcor.map(({ model }) => [model, model])),
  fields: {
    "[03] Voltage Battery/Input [V]": { register: "battery_voltage", unit: "V" },
    [`${measured}.[01] Temperature [°C]`]: { register: "temperature", unit: "C" },
    [`${measured}.[02] Relative Humidity [%]`]: { register: "humidity", unit: "%" },
    [`${measured}.[03] Pressure [hPa]`]: { register: "pressure", unit: "hPa" },
    [`${measured}.[04] Light [lx]`]: { register: "illuminance", unit: "lux" },
    [`${measured}.[05] CO₂ [ppm]`]: { register: "co2", unit: "ppm" },
    [`${measured}.[06] Total Volatile Organic Compound [ppb]`]: { register: "tvoc", unit: "ppb" },
    [`${measured}.[07] Distance [mm]`]: { register: "distance", unit: "mm" },
    [`${measured}.[09] PM1.0 [µg/m³]`]: { register: "pm1", unit: "ug/m3" },
    [`${measured}.[10] PM2.5 [µg/m³]`]: { register: "pm2_5", unit: "ug/m3" },
    [`${measured}.[11] PM10 [µg/m³]`]: { register: "pm10", unit: "ug/m3" },
    [`${measured}.[08] Digital Inputs.1`]: {
      register: "input",
      unit: "none",
      words: { true: 1, false: 0 },
    },
    [`${measured}.[08] Digital Inputs.2`]: {
      register: "input_2",
      unit: "none",
      words: { true: 1, false: 0 },
    },
    "[22] Switch State": { register: "on", unit: "none", words: { Off: 0, On: 1 } },
  },
  ignored: [],
  // All else begins with a number of its own.
  settings: /^(\[(0[124-8]|1\d|2[013-9]|[3-9]\d)\] |hex|\[00\])|Digital Inputs/,
};
