/** Names in SEZO's own decoders. */
import type { MakerFields } from "../maker-field.ts";
import { sezo } from "./decoder.ts";

export const sezoFields: MakerFields = {
  devices: Object.fromEntries(sezo.map(({ model }) => [model, model])),
  fields: {
    digital_input: { register: "input", unit: "none" },
    digital_output: { register: "output", unit: "none" },
    analog_input: { register: "analog", unit: "none" },
    counter_input: { register: "pulses", unit: "count" },
    luminosity: { register: "illuminance", unit: "lux" },
    presence: { register: "occupied", unit: "none" },
    temperature: { register: "temperature", unit: "C" },
    humidity: { register: "humidity", unit: "%" },
    barometer: { register: "pressure", unit: "hPa" },
    battery: { register: "battery_voltage", unit: "V" },
    loudness: { register: "sound", unit: "dB" },
    PM1: { register: "pm1", unit: "ug/m3" },
    PM2_5: { register: "pm2_5", unit: "ug/m3" },
    PM10: { register: "pm10", unit: "ug/m3" },
    IAQ: { register: "iaq", unit: "none" },
    EXT_temperature: { register: "temperature_external", unit: "C" },
  },
  ignored: ["analog_output", "accelerometer", "magnetometer", "gyrometer", "gps_location", "PM4"],
  settings: /^(UV|EXT_(humidity|barometer)|IAQ_accuracy)$/,
};
