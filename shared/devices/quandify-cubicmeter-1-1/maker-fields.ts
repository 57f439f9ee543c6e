/** Names in Quandify's own decoder. */
import type { MakerFields } from "../maker-field.ts";

export const quandifyFields: MakerFields = {
  devices: {
    "quandify/cubicmeter-1-1-plastic": "quandify/cubicmeter-1-1",
    "quandify/cubicmeter-1-1-copper": "quandify/cubicmeter-1-1",
  },
  fields: {
    "decoded.ambientTemperature": { register: "ambient_temperature", unit: "C" },
    "decoded.batteryActive": { register: "battery_voltage", unit: "V", scale: -3 },
    "decoded.batteryRecovered": { register: "battery_voltage_rest", unit: "V", scale: -3 },
    "decoded.errorCode": { register: "error_flags", unit: "none" },
    "decoded.isSensing": { register: "sensing", unit: "none" },
    "decoded.leakState": { register: "leak", unit: "none" },
    "decoded.totalVolume": { register: "8-0:1.0.0", unit: "L" },
    "decoded.waterTemperatureMax": { register: "water_temperature_max", unit: "C" },
    "decoded.waterTemperatureMin": { register: "water_temperature_min", unit: "C" },
  },
  // The frame itself, and answers to settings.
  ignored: [
    "fPort",
    "length",
    "hexBytes",
    "type",
    "decoded.fPort",
    "decoded.status",
    "decoded.type",
    "decoded.data",
  ],
};
