/** Names in Kamstrup's own decoder: a flat list with times, brought into readings of one time each. */
import type { MakerField, MakerFields } from "../maker-field.ts";

interface Item {
  Type: string;
  Value: unknown;
  Timestamp: string | null;
}

function restate(data: unknown): unknown {
  const { values = [], latestVolume } = data as { values?: Item[]; latestVolume?: number };
  const readings: Record<string, unknown>[] = [];
  for (const { Type, Value, Timestamp } of values) {
    const last = readings.at(-1);
    const reading = last !== undefined && last["time"] === Timestamp ? last : { time: Timestamp };
    if (reading !== last) readings.push(reading);
    reading[Type] = Value;
  }
  for (const reading of readings) if (reading["time"] === null) delete reading["time"];
  return { readings, ...(latestVolume === undefined ? {} : { latestVolume }) };
}

/** In the order of the bits of the water meters' info code. */
const infos = [
  "Dry",
  "Reverse",
  "Leak",
  "Burst",
  "Tamper",
  "Low Battery",
  "Low Ambient Temperature",
  "High Ambient Temperature",
];
const infoFields = Object.fromEntries(
  infos.map((name, bit): [string, MakerField] => [
    `readings[].${name}`,
    { register: "error_flags", unit: "none", bit },
  ]),
);

export const kamstrupFields: MakerFields = {
  devices: { "kamstrup/flowiq2200-02k73a": "kamstrup/flowiq2200" },
  restate,
  fields: {
    ...infoFields,
    "readings[].time": "time",
    "readings[].Volume": { register: "8-0:1.0.0", unit: "m3" },
    "readings[].ALD last day": { register: "acoustic_noise", unit: "none" },
    "readings[].Min Volume flow": { register: "water_flow_min", unit: "m3/h" },
    "readings[].Max Volume flow": { register: "water_flow_max", unit: "m3/h" },
    "readings[].Min Flow temperature": { register: "water_temperature_min", unit: "C" },
    "readings[].Max Flow temperature": { register: "water_temperature_max", unit: "C" },
    latestVolume: { register: "8-0:1.0.0", unit: "m3" },
  },
  ignored: ["readings[].Module type/config number"],
};
