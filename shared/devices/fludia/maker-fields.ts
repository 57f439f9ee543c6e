/** Names in Fludia's own decoders; increments and powers are differences of the indexes. */
import type { MakerField, MakerFields } from "../maker-field.ts";

const index: readonly MakerField[] = [
  { register: "pulses", unit: "count" },
  { register: "1-0:1.8.0", unit: "Wh" },
  { register: "1-0:2.8.0", unit: "Wh" },
  { register: "1-0:16.8.0", unit: "Wh" },
];

export const fludiaFields: MakerFields = {
  devices: {
    "fludia/fm432e-10-15mn": "fludia/fm432e",
    "fludia/fm432ir-1mn": "fludia/fm432ir",
    "fludia/fm432ir-10-15mn": "fludia/fm432ir",
  },
  fields: {
    "data.index": index,
    "data.index_solar": index,
    "data.index_solar.e_pos": { register: "1-0:1.8.0", unit: "Wh" },
    "data.index_solar.e_neg": { register: "1-0:2.8.0", unit: "Wh" },
    "data.low_battery": { register: "battery_low", unit: "none" },
  },
  ignored: ["data.increments", "data.powers", "data.message_type", "data.meter_type"],
  settings:
    /^data\.(time_step|step|firmware_version|number_of_starts|param_id|redundancy|nb_values|sensibility|sensor_sensitivity|type_of_measure|obis|scaler_e_\w+)$/,
  restate: (data) => ({ data }),
};
