/** Names in Elsys' own decoder, which is one for all. */
import type { RegisterId, Unit } from "#shared/model/registers.ts";
import type { MakerField, MakerFields } from "../maker-field.ts";
import { elsys } from "./decoder.ts";

const is = (register: RegisterId, unit: Unit, scale?: number): MakerField => ({
  register,
  unit,
  ...(scale === undefined ? {} : { scale }),
});
const axis = (register: RegisterId): MakerField => ({
  register,
  unit: "g",
  shown: (n) => Math.round((n * 63) / 1e6),
});

export const elsysFields: MakerFields = {
  devices: {
    ...Object.fromEntries(elsys.map(({ model }) => [model, model])),
    // The collection that has one name for all of them.
    "elsys/elsys": "elsys/ers",
  },
  fields: {
    temperature: is("temperature", "C"),
    humidity: is("humidity", "%"),
    x: axis("acceleration_x"),
    y: axis("acceleration_y"),
    z: axis("acceleration_z"),
    light: is("illuminance", "lux"),
    motion: is("activity", "none"),
    co2: is("co2", "ppm"),
    vdd: is("battery_voltage", "V", -3),
    analog1: is("voltage_input", "V", -3),
    analog2: is("voltage_input_2", "V", -3),
    analogUv: is("voltage_input_3", "V", -6),
    pulse1: is("pulses_period", "count"),
    pulse2: is("pulses_period_2", "count"),
    pulseAbs: is("pulses", "count"),
    pulseAbs2: is("pulses_2", "count"),
    externalTemperature: is("temperature_external", "C"),
    externalTemperature2: is("temperature_2", "C"),
    digital: is("input", "none"),
    digital2: is("input_2", "none"),
    distance: is("distance", "mm"),
    accMotion: is("shakes", "none"),
    irExternalTemperature: is("surface_temperature", "C"),
    occupancy: is("occupied", "none"),
    waterleak: { ...is("leak", "none"), text: (leaf) => (Number(leaf) > 0 ? 1 : 0) },
    pressure: is("pressure", "hPa"),
    soundPeak: is("sound_max", "dB"),
    soundAvg: is("sound", "dB"),
    tvoc: is("tvoc", "ppb"),
  },
  ignored: ["irInternalTemperature", "grideye", "lat", "long", "externalTemperature2[]"],
};
