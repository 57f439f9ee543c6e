/** Names in Arwin's own decoders. */
import type { MakerFields } from "../maker-field.ts";
import { arwin } from "./decoder.ts";

export const arwinFields: MakerFields = {
  devices: Object.fromEntries(arwin.map(({ model }) => [model, model])),
  fields: {
    aqi: { register: "iaq", unit: "none" },
    co2: { register: "co2", unit: "ppm" },
    temperature: { register: "temperature", unit: "C" },
    humidity: { register: "humidity", unit: "%" },
    battery: { register: "battery", unit: "%" },
    tvoc: { register: "tvoc", unit: "ppb" },
    "pm1.0": { register: "pm1", unit: "ug/m3" },
    "pm2.5": { register: "pm2_5", unit: "ug/m3" },
    pm10: { register: "pm10", unit: "ug/m3" },
    inputStatus: { register: "input", unit: "none", words: { open: 0, close: 1 } },
    eventCount: { register: "pulses", unit: "count" },
  },
  ignored: ["event", "gas1", "gas2", "waterLeakLevel", "firmwareVersion", "sensorStatus"],
  settings: /(Threshold|Interval|Uploads|LED|Type|Mode|Time|Enabled)$/,
};
