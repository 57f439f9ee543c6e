/** Names in ST's own decoder. */
import type { MakerFields } from "../maker-field.ts";

const names = ["battery_voltage", "humidity", "light", "pressure", "temperature"];

export const nucleoFields: MakerFields = {
  devices: {
    "stmicroelectronics/nucleo-wl55jc1": "stmicroelectronics/nucleo-wl55jc",
    "stmicroelectronics/nucleo-wl55jc2": "stmicroelectronics/nucleo-wl55jc",
  },
  fields: {
    "battery_voltage.value": { register: "battery_voltage", unit: "V" },
    "humidity.value": { register: "humidity", unit: "%" },
    "light.value": { register: "on", unit: "none", words: { ON: 1, OFF: 0 } },
    "pressure.value": { register: "pressure", unit: "hPa" },
    "temperature.value": { register: "temperature", unit: "C" },
  },
  ignored: names.flatMap((name) => [`${name}.displayName`, `${name}.unit`]),
};
