/** Names in Tektelic's own decoders. */
import type { MakerFields } from "../maker-field.ts";

export const tektelicFields: MakerFields = {
  devices: {
    "tektelic/t000662x-aura": "tektelic/aura",
    "tektelic/t000589x-ac-outlet-gen1": "tektelic/ac-outlet-gen1",
    "tektelic/t000489x-smart-room-base": "tektelic/smart-room-base",
  },
  fields: {
    rms_voltage: { register: "1-0:12.7.0", unit: "V" },
    ambient_temperature: { register: "temperature", unit: "C" },
    relative_humidity: { register: "humidity", unit: "%" },
  },
  // The frame itself.
  ignored: ["port", "raw"],
};
