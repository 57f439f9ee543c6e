/** Names in Radionode's own decoders. */
import type { MakerFields } from "../maker-field.ts";

const settings = /^(head|ver|interval|splrate|bat|freqband|frequency|subband|model|tsmode|splfmt)$/;

export const radionodeFields: MakerFields = {
  devices: {
    "radionode/rn320bth": "radionode/rn320bth",
    "radionode/rn310": "radionode/rn310",
  },
  fields: {
    temperature: { register: "temperature", unit: "C" },
    humidity: { register: "humidity", unit: "%" },
    battery: { register: "battery", unit: "%" },
    volt: { register: "battery_voltage", unit: "V" },
  },
  ignored: ["timestamp", "data_size", "history"],
  settings,
};

/** Here the maker says millivolts, and a door as 99. */
export const radionodeProbeFields: MakerFields = {
  devices: { "radionode/rn320ex2": "radionode/rn320ex2" },
  fields: {
    temperature_01: { register: "temperature", unit: "C", absent: -9999.9 },
    temperature_02: { register: "temperature_2", unit: "C", absent: -9999.9 },
    door_01: { register: "open", unit: "none", words: { 0: 0, 99: 1 } },
    volt: { register: "battery_voltage", unit: "V", scale: -3 },
  },
  ignored: ["timestamp", "data_size"],
  settings,
};

/** The decoder that is published puts a fixed number for CO₂ and for the voltage. */
export const radionodeAirFields: MakerFields = {
  devices: { "radionode/rn320pmt": "radionode/rn320pmt" },
  fields: {
    pm25: { register: "pm2_5", unit: "ug/m3", absent: 65_535 },
    pm10: { register: "pm10", unit: "ug/m3", absent: 65_535 },
    lux: { register: "illuminance", unit: "lux", absent: 65_535 },
    co: { register: "carbon_monoxide", unit: "ppm", absent: 65_535 },
    temperature: { register: "temperature", unit: "C", scale: -2 },
    humidity: { register: "humidity", unit: "%", scale: -2 },
  },
  ignored: ["timestamp", "data_size", "hcho", "co2", "volt"],
  settings,
};
