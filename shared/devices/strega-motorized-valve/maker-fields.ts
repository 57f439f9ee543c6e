/** Names in STREGA's own decoder. */
import type { MakerField, MakerFields } from "../maker-field.ts";

const bit = (place: number): MakerField => ({ register: "alarm", unit: "none", bit: place });

export const stregaFields: MakerFields = {
  devices: Object.fromEntries(
    ["motorized-valve", "smart-valve", "smart-switch", "smart-emitter"].map((name) => [
      `strega/${name}`,
      "strega/motorized-valve",
    ]),
  ),
  fields: {
    Actuator: { register: "open", unit: "none" },
    Tamper: { register: "tamper", unit: "none" },
    Leak: { register: "leak", unit: "none" },
    Cable: bit(2),
    DI0: bit(3),
    LSO: bit(4),
    DI1: bit(4),
    Fraud: bit(6),
    LSC: bit(6),
    // Percent between 2.0 and 3.6 V.
    Bat: {
      register: "battery_voltage",
      unit: "V",
      shown: (millivolts) => Math.round((millivolts - 2000) / 16),
    },
    Temp: { register: "temperature", unit: "C", absent: "null" },
    Hygro: { register: "humidity", unit: "%", absent: "null" },
    counterValue: { register: "pulses", unit: "count", absent: "null" },
    Ana: { register: "1-0:12.7.0", unit: "V", absent: "null" },
  },
  // Of the radio and of the power supply; `vt` says valve and tamper again.
  ignored: ["Class", "Power", "vt"],
};
