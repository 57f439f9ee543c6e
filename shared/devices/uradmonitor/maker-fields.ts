/** Names in uRADMonitor's own decoder. */
import type { MakerFields } from "../maker-field.ts";

export const uradmonitorFields: MakerFields = {
  devices: { "uradmonitor/model-a3": "uradmonitor/model-a3" },
  fields: {
    temperature: { register: "temperature", unit: "C" },
    // Pascals.
    pressure: { register: "pressure", unit: "hPa", scale: -2 },
    humidity: { register: "humidity", unit: "%" },
    sound: { register: "sound", unit: "dB" },
    co2: { register: "co2", unit: "ppm" },
    o3: { register: "ozone", unit: "ppm", scale: -3 },
    pm1: { register: "pm1", unit: "ug/m3" },
    pm2_5: { register: "pm2_5", unit: "ug/m3" },
    pm10: { register: "pm10", unit: "ug/m3" },
  },
  ignored: ["model", "hardware_version", "firmware_version", "gas_resistance", "ch20", "iaq"],
};
