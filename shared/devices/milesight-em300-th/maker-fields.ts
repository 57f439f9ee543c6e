/** Names in Milesight's decoders of its indoor climate sensors. */
import type { MakerFields } from "../maker-field.ts";

export const milesightClimateFields: MakerFields = {
  devices: {
    "milesight/em300-th": "milesight/em300-th",
  },
  fields: {
    temperature: { register: "temperature", unit: "C" },
    humidity: { register: "humidity", unit: "%" },
    battery: { register: "battery", unit: "%" },
    co2: { register: "co2", unit: "ppm" },
  },
  ignored: [],
};
