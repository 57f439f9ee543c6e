/** Names in Enginko's and in MCF88's decoders, which are one decoder that grew. */
import type { DecodedReading } from "#shared/model/decoder.ts";
import type { MakerField, MakerFields } from "../maker-field.ts";
import { enginko, enginkoSamples } from "./decoder.ts";

/** A byte of the inputs, as the digits of a binary number. */
const inputs = (shift: number): MakerField => ({
  register: "states",
  unit: "none",
  shown: (n) => Number(((n >>> shift) & 0xff).toString(2)),
});

const fields: Readonly<Record<string, MakerField>> = {
  temperature: { register: "temperature", unit: "C" },
  outsideTemperature: { register: "temperature", unit: "C" },
  humidity: { register: "humidity", unit: "%" },
  outsideHumidity: { register: "humidity", unit: "%" },
  pressure: { register: "pressure", unit: "hPa" },
  lux: { register: "illuminance", unit: "lux" },
  co2: { register: "co2", unit: "ppm" },
  pm1: { register: "pm1", unit: "ug/m3" },
  pm25: { register: "pm2_5", unit: "ug/m3" },
  pm10: { register: "pm10", unit: "ug/m3" },
  windSpeed: { register: "wind_speed", unit: "m/s" },
  windDirection: { register: "wind_direction", unit: "deg" },
  activeEnergy: { register: "1-0:1.8.0", unit: "Wh" },
  reactiveEnergy: { register: "1-0:3.8.0", unit: "varh" },
  apparentEnergy: { register: "1-0:9.8.0", unit: "VAh" },
  activePower: { register: "1-0:1.7.0", unit: "W" },
  reactivePower: { register: "1-0:3.7.0", unit: "var" },
  apparentPower: { register: "1-0:9.7.0", unit: "VA" },
  voltage: { register: "1-0:12.7.0", unit: "V", scale: -1 },
  current: { register: "1-0:11.7.0", unit: "A", scale: -3 },
  frequency: { register: "1-0:14.7.0", unit: "Hz" },
  activation: { register: "operating_time", unit: "s" },
  battery: { register: "battery", unit: "%" },
  inputStatus8_1: inputs(0),
  inputStatus9_16: inputs(8),
  inputStatus17_24: inputs(16),
  inputStatus25_32: inputs(24),
};
const voc: readonly MakerField[] = [
  { register: "tvoc", unit: "ppb" },
  { register: "iaq", unit: "none" },
];
const ignored = (
  "date rfu syncID syncVersion applicationType period tenMinutesAvgWindSpeed rainRate uv " +
  "solarRadiation dayRain dayET forecastIcons barTrend undefined frameId length data dataPayload error"
).split(" ");
const settings = /^(output(Status|)|inputTrigger)\d+_\d+$/;
const listed = <T>(names: Readonly<Record<string, T>>) =>
  Object.fromEntries(Object.entries(names).map(([name, field]) => [`[].${name}`, field]));

/** `temperature_1` is the temperature of the second measurement. */
function byMeasurement(data: unknown): unknown {
  const places: Record<string, unknown>[] = [];
  for (const [name, leaf] of Object.entries(data as Record<string, unknown>)) {
    const [, base = name, number] = /^([a-z0-9]+)_(\d|undefined)$/.exec(name) ?? [];
    // In old frames the number is missing, and the second of two stands.
    const place = number === undefined ? 0 : number === "undefined" ? 1 : Number(number);
    while (places.length <= place) places.push({});
    const at = places[place];
    if (at !== undefined) at[base] = leaf;
  }
  return places;
}

const names = enginko.map(({ model }) => model);

export const enginkoFields: MakerFields = {
  devices: Object.fromEntries(names.map((model) => [model, model])),
  fields: { ...listed(fields), "[].voc": voc },
  ignored: ignored.map((name) => `[].${name}`),
  settings: /\[\]\.(outputStatus|inputTrigger)\d+_\d+$/,
  samples: enginkoSamples,
  restate: byMeasurement,
};

/** Here the last measurement stands under the names of all. */
function lastOf(payload: Uint8Array): DecodedReading[] {
  const told = enginkoSamples(payload);
  const values = told.flatMap((reading) => [...reading.values]);
  const last = new Map(values.map((value) => [value.register, value]));
  return told.length === 0 ? [] : [{ values: [...last.values()] }];
}

export const mcf88Fields: MakerFields = {
  devices: Object.fromEntries(names.map((model) => [model.replace("enginko/", "mcf88/"), model])),
  fields: { ...fields, voc },
  ignored,
  settings,
  samples: lastOf,
};
