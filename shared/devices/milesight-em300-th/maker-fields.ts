/** Names in Milesight's decoders of its indoor climate sensors. */
import type { MakerFields } from "../maker-field.ts";

export const milesightClimateFields: MakerFields = {
  devices: {
    "milesight/em300-th": "milesight/em300-th",
    "milesight-iot/am102": "milesight/am102",
    "milesight-iot/am102l": "milesight/am102l",
    "milesight-iot/am103": "milesight/am103",
  },
  fields: {
    temperature: { register: "temperature", unit: "C" },
    humidity: { register: "humidity", unit: "%" },
    battery: { register: "battery", unit: "%" },
    co2: { register: "co2", unit: "ppm" },
  },
  ignored: [],
};
