/** Names in Dragino's decoder of its input and output controller. */
import type { MakerField, MakerFields } from "../maker-field.ts";

const bit = (place: number, words: Readonly<Record<string, number>>): MakerField => ({
  register: "alarm",
  unit: "none",
  bit: place,
  words,
});
const level = { H: 1, L: 0 };
/** An output that is driven is low. */
const output = { H: 0, L: 1 };
const relay = { ON: 1, OFF: 0 };

export const draginoControllerFields: MakerFields = {
  devices: { "dragino/lt-22222-l": "dragino/lt-22222-l" },
  fields: {
    AVI1_V: { register: "voltage_input", unit: "V" },
    AVI2_V: { register: "voltage_input_2", unit: "V" },
    ACI1_mA: { register: "current", unit: "A", scale: -3 },
    ACI2_mA: { register: "current_2", unit: "A", scale: -3 },
    DO1_status: bit(0, output),
    DO2_status: bit(1, output),
    DI1_status: bit(3, level),
    DI2_status: bit(4, level),
    RO1_status: bit(7, relay),
    RO2_status: bit(6, relay),
  },
  ignored: ["Hardware_mode", "Work_mode"],
};
