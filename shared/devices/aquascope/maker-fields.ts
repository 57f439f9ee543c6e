/** Names in AquaScope's own decoders. */
import type { MakerFields } from "../maker-field.ts";

export const aquascopeFields: MakerFields = {
  devices: {
    "aquascope/bvs": "aquascope/bvs",
    "aquascope/flo": "aquascope/flo",
    "aquascope/wwd": "aquascope/wwd",
  },
  fields: {
    leak: { register: "leak", unit: "none", words: { Y: 1, N: 0 } },
    valve: { register: "valve", unit: "none", words: { On: 1, Off: 0 } },
    battery: { register: "battery", unit: "%" },
    temperature: { register: "temperature", unit: "C" },
  },
  ignored: ["remote"],
};
