/** Names in Comtac's own decoder. */
import type { MakerFields } from "../maker-field.ts";
import { cm4Samples } from "./decoder.ts";

export const comtacFields: MakerFields = {
  devices: { "comtac/lpn-cm4": "comtac/lpn-cm4" },
  fields: {
    batLevel: { register: "battery", unit: "%" },
    "tempNOW[]": { register: "temperature", unit: "C", absent: "INVALID" },
    "humNOW[]": { register: "humidity", unit: "%", absent: "INVALID" },
  },
  ignored: [
    "measRate",
    "historyTrigger",
    "tempOffset",
    "tempMax",
    "tempMin",
    "humOffset",
    "humMax",
    "humMin",
    "appMainVers",
    "appMinorVers",
  ],
  samples: cm4Samples,
};
