/** Names in Talkpool's own decoders. */
import type { MakerFields } from "../maker-field.ts";

export const talkpoolFields: MakerFields = {
  devices: { "talkpool/oy1100": "talkpool/oy1100", "talkpool/oy1320": "talkpool/oy1320" },
  fields: {
    Temperature: { register: "temperature", unit: "C" },
    RelativeHumidity: { register: "humidity", unit: "%" },
    MeterReading: { register: "pulses", unit: "count" },
  },
  // A constant.
  ignored: ["Status"],
};
