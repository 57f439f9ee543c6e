/** Names in IMBuildings' own decoder. */
import type { MakerFields } from "../maker-field.ts";

export const imbuildingsFields: MakerFields = {
  devices: {
    "imbuildings/imbuildings-comfort-sensor": "imbuildings/imbuildings-comfort-sensor",
    "imbuildings/imbuildings-people-counter": "imbuildings/imbuildings-people-counter",
  },
  fields: {
    battery_voltage: { register: "battery_voltage", unit: "V" },
    temperature: { register: "temperature", unit: "C" },
    humidity: { register: "humidity", unit: "%" },
    CO2: { register: "co2", unit: "ppm" },
    presence: { register: "occupied", unit: "none", words: { true: 1, false: 0 } },
    counter_a: { register: "people_in_period", unit: "count" },
    counter_b: { register: "people_out_period", unit: "count" },
    total_counter_a: { register: "people_in", unit: "count" },
    total_counter_b: { register: "people_out", unit: "count" },
    sensor_status: { register: "error_flags", unit: "none" },
  },
  ignored: ["payload_type", "payload_variant", "device_id", "device_status", "payload_counter"],
};
