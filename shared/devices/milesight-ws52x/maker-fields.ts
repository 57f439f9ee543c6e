/** Names in Milesight's decoders of its sockets. */
import type { MakerFields } from "../maker-field.ts";

export const milesightSocketFields: MakerFields = {
  devices: {
    "milesight-iot/ws52x": "milesight/ws52x",
    "milesight-iot/ws515": "milesight/ws515",
    "milesight-iot/ws558": "milesight/ws558",
  },
  fields: {
    voltage: { register: "1-0:12.7.0", unit: "V" },
    active_power: { register: "1-0:1.7.0", unit: "W" },
    power_factor: { register: "1-0:13.7.0", unit: "none", scale: -2 },
    power_consumption: { register: "1-0:1.8.0", unit: "Wh" },
    current: { register: "1-0:11.7.0", unit: "A", scale: -3 },
    socket_status: { register: "on", unit: "none", words: { on: 1, off: 0 } },
  },
  ignored: [],
};
