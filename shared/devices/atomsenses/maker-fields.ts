/** Names in AtomSenses' own decoders. */
import type { MakerFields } from "../maker-field.ts";

const named = (...names: readonly string[]) =>
  Object.fromEntries(names.map((name) => [`atomsenses/${name}`, `atomsenses/${name}`]));

export const atomsensesFields: MakerFields = {
  devices: named("as-201", "as-202", "as-204", "es-108"),
  fields: {
    battery: { register: "battery", unit: "%" },
    temperature: { register: "temperature", unit: "C" },
    humidity: { register: "humidity", unit: "%" },
    activity: { register: "activity", unit: "none" },
    illumination: { register: "illuminance", unit: "lux" },
    infrared_and_visible: { register: "light_visible_infrared", unit: "none" },
    infrared: { register: "light_infrared", unit: "none" },
    co2: { register: "co2", unit: "ppm" },
    tvoc: { register: "tvoc", unit: "ppb" },
    pressure: { register: "pressure", unit: "hPa" },
    co: { register: "carbon_monoxide", unit: "ppm" },
    no2: { register: "nitrogen_dioxide", unit: "ppm" },
    nh3: { register: "ammonia", unit: "ppm" },
    h2s: { register: "hydrogen_sulfide", unit: "ppm" },
    hcho: { register: "hcho", unit: "mg/m3" },
    "pm2.5": { register: "pm2_5", unit: "ug/m3" },
    pm10: { register: "pm10", unit: "ug/m3" },
    o3: { register: "ozone", unit: "ppm" },
  },
  ignored: [],
};

/** AS203's decoder leaves formaldehyde in hundredths. */
export const atomsensesGasFields: MakerFields = {
  ...atomsensesFields,
  devices: named("as-203"),
  fields: {
    ...atomsensesFields.fields,
    hcho: { register: "hcho", unit: "mg/m3", scale: -2 },
  },
};
