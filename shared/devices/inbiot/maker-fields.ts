/** Names in inBiot's own decoder. */
import type { MakerField, MakerFields } from "../maker-field.ts";

const models = ["mini", "mica", "plus", "well"].flatMap((name) => [
  `inbiot/${name}-lora`,
  `inbiot/${name}-lora-mdb`,
]);
const dust = (register: MakerField["register"]): MakerField => ({ register, unit: "ug/m3" });
/** A gas: the maker counts 10^`scale` ppm, and says when its sensor is not warm yet. */
const gas = (register: MakerField["register"], scale: number): MakerField => ({
  register,
  unit: "ppm",
  scale,
  absent: "Preheating",
});

export const inbiotFields: MakerFields = {
  devices: Object.fromEntries(models.map((model) => [model, model])),
  fields: {
    temperature: { register: "temperature", unit: "C" },
    humidity: { register: "humidity", unit: "%" },
    co2: { register: "co2", unit: "ppm" },
    tvoc: { register: "tvoc", unit: "ppb" },
    ch2o: { register: "hcho", unit: "mg/m3", scale: -3, absent: 0xffff },
    pm1_0: dust("pm1"),
    pm2_5: dust("pm2_5"),
    pm10: dust("pm10"),
    o3: gas("ozone", -3),
    no2: gas("nitrogen_dioxide", -3),
    co: gas("carbon_monoxide", 0),
    iaqIndex: { register: "iaq", unit: "none" },
    dB: { register: "sound", unit: "dB", absent: "Preheating" },
  },
  ignored: ["type", "pm4", "vIndex", "tIndex", "virusIndex"],
  settings: /^(moldIndex|counter)$/,
};
