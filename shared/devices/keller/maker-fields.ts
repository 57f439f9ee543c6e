/** Names in KELLER's own decoder; floats to as many digits as they have. */
import type { MakerFields } from "../maker-field.ts";
import { keller } from "./decoder.ts";

const shorten = (data: unknown): unknown =>
  Object.fromEntries(
    Object.entries(data as Record<string, unknown>).map(([name, value]) => [
      name,
      typeof value === "number" ? Number(value.toPrecision(7)) : value,
    ]),
  );

export const kellerFields: MakerFields = {
  devices: Object.fromEntries(keller.map(({ model }) => [model, model])),
  fields: {
    "Pd (P1-P2)": { register: "pressure_difference", unit: "Pa", scale: 5 },
    "Pd (P1-PBaro)": { register: "pressure_difference", unit: "Pa", scale: 5 },
    P1: { register: "pressure_pipe", unit: "kPa", scale: 2 },
    TOB1: { register: "water_temperature", unit: "C" },
    PBaro: { register: "pressure", unit: "hPa", scale: 3 },
    TBaro: { register: "ambient_temperature", unit: "C" },
    "Volt Inp. 1": { register: "voltage_input", unit: "V" },
    "Volt Inp. 2": { register: "voltage_input_2", unit: "V" },
    "Counter input": { register: "pulses", unit: "count" },
    battery_voltage: { register: "battery_voltage", unit: "V" },
    battery_capacity_percentage: { register: "battery", unit: "%" },
    humidity_percentage: { register: "humidity", unit: "%" },
  },
  ignored: ["func", "port", "payload", "ct", "channel", "channelCount", "P2", "T", "TOB2"],
  settings:
    /^(class_group|sw_version|serial|device_local|P[12] \(|TOB[12] \(|Conductivity|T \(|SDI12|mH20|E$|F$|G$)/,
  restate: shorten,
};
