/** Makerfabs' own decoders number what they say. */
import type { MakerField, MakerFields } from "../maker-field.ts";

const battery: MakerField = { register: "battery_voltage", unit: "V" };
const climate: Record<string, MakerField> = {
  field1: battery,
  field2: { register: "humidity", unit: "%" },
  field3: { register: "temperature", unit: "C" },
  Bat: battery,
  Humi: { register: "humidity", unit: "%" },
  Temp: { register: "temperature", unit: "C" },
};
/** Those whose names any maker could give have the maker's in front here. */
const ownNames: Readonly<Record<string, string>> = {
  co2: "makerfabs-co2",
  "air-temperature-and-humidity": "makerfabs-air-temperature-and-humidity",
};
const of = (
  names: readonly string[],
  fields: Record<string, MakerField>,
  ignored: readonly string[] = [],
): MakerFields => ({
  devices: Object.fromEntries(
    names.map((name) => [`makerfabs/${name}`, `makerfabs/${ownNames[name] ?? name}`]),
  ),
  fields,
  ignored,
});

export const makerfabsFields: readonly MakerFields[] = [
  of(
    ["positioning-water-leak", "none-position-rope-water-leak"],
    {
      field1: battery,
      field2: { register: "leak", unit: "none" },
      field3: { register: "leak_count", unit: "count" },
    },
    ["field4"],
  ),
  of(["co2"], { field1: battery, field2: { register: "co2", unit: "ppm" } }),
  of(["temperature-humidity-sht31", "air-temperature-and-humidity", "ath20"], climate),
];
