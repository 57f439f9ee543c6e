/** Names in Elvaco's own decoders. */
import type { MakerFields } from "../maker-field.ts";

const digitsAsHex = (n: number) => Number.parseInt(String(n), 16);

export const elvacoFields: MakerFields = {
  devices: {
    "elvaco/cmi4110": "elvaco/cmi4110",
    "elvaco/cmi4111": "elvaco/cmi4111",
    "elvaco/cmi4140": "elvaco/cmi4140",
    "elvaco/cmi4160": "elvaco/cmi4160",
  },
  fields: {
    energy: { register: "6-0:1.0.0", unit: "kWh" },
    energy_tariff_1: { register: "6-0:1.0.1", unit: "kWh" },
    energy_tariff_2: { register: "6-0:1.0.2", unit: "kWh" },
    energy_tariff_3: { register: "6-0:1.0.3", unit: "kWh" },
    volume: { register: "6-0:2.0.0", unit: "m3" },
    power: { register: "6-0:8.0.0", unit: "kW" },
    flow: { register: "6-0:9.0.0", unit: "m3/h" },
    flow_temperature: { register: "6-0:10.0.0", unit: "C" },
    return_temperature: { register: "6-0:11.0.0", unit: "C" },
    serial: { register: "serial", unit: "none" },
    serial_from_message: { register: "serial", unit: "none" },
    // Shown as hexadecimal digits read as if they were decimal ones.
    error_flag: {
      register: "error_flags",
      unit: "none",
      shown: (n) => Number.parseInt(n.toString(16), 10),
    },
  },
  ignored: ["datetime_heat_meter"],
};

/** The one for CMi4130 reads the serial number's decimal digits as hexadecimal ones. */
export const elvacoHexSerialFields: MakerFields = {
  ...elvacoFields,
  devices: { "elvaco/cmi4130": "elvaco/cmi4130" },
  fields: {
    ...elvacoFields.fields,
    serial: { register: "serial", unit: "none", shown: digitsAsHex },
  },
};
