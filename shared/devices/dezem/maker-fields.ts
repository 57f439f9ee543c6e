/** Names in deZem's own decoder. */
import type { MakerFields } from "../maker-field.ts";

export const harvyFields: MakerFields = {
  devices: {
    "dezem/harvy-lr-36": "dezem/harvy-lr-36",
    "dezem/harvy-lr-360": "dezem/harvy-lr-360",
  },
  fields: {
    vsysCurrent_mV: { register: "voltage_input", unit: "V", scale: -3 },
    isecCurrent_mA: { register: "current_secondary", unit: "A", scale: -3 },
    isecMin_mA: { register: "current_min", unit: "A", scale: -3 },
    isecMax_mA: { register: "current_max", unit: "A", scale: -3 },
    temperature: { register: "temperature", unit: "C" },
    powerlost: { register: "alarm", unit: "none" },
  },
  ignored: [
    "version",
    "shuntValue_Ohm",
    "amplifierGain",
    "measurmentsCounter",
    "lastUploadSec_sec",
  ],
  settings: /^(vsysM(in|ax)_mV|vampRms_mV|isecAvg(Long|Short)_mA)$/,
};
