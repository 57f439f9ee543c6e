/** Names in RAKwireless' decoder of Qingping's sensors. */
import type { MakerFields } from "../maker-field.ts";

export const qingpingFields: MakerFields = {
  devices: {
    "rakwireless/qingping-co2-t-h": "rakwireless/qingping-co2-t-h",
    "rakwireless/qingping-t-h": "rakwireless/qingping-t-h",
  },
  fields: {
    temperature: { register: "temperature", unit: "C" },
    humidity: { register: "humidity", unit: "%" },
    co2: { register: "co2", unit: "ppm" },
    battery: { register: "battery", unit: "%" },
  },
  ignored: ["device", "timestamp"],
};
