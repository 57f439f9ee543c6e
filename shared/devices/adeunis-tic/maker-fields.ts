/** Names in Adeunis' own decoders of its TIC readers, which are the meter's. */
import type { MakerField, MakerFields } from "../maker-field.ts";

const named: Readonly<Record<string, MakerField>> = {
  BASE: { register: "1-0:1.8.0", unit: "Wh" },
  HCHC: { register: "1-0:1.8.1", unit: "Wh" },
  HCHP: { register: "1-0:1.8.2", unit: "Wh" },
  ISOUSC: { register: "current_subscribed", unit: "A" },
  IINST: { register: "1-0:11.7.0", unit: "A" },
  IINST1: { register: "1-0:31.7.0", unit: "A" },
  IINST2: { register: "1-0:51.7.0", unit: "A" },
  IINST3: { register: "1-0:71.7.0", unit: "A" },
  IMAX: { register: "current_max", unit: "A" },
  IMAX1: { register: "current_max", unit: "A" },
  IMAX2: { register: "current_max_2", unit: "A" },
  IMAX3: { register: "current_max_3", unit: "A" },
  PMAX: { register: "1-0:1.6.0", unit: "W" },
  PAPP: { register: "1-0:9.7.0", unit: "VA" },
  EA_s: { register: "1-0:1.9.0", unit: "Wh" },
  "ER+_s": { register: "1-0:3.9.0", unit: "varh" },
  "ER-_s": { register: "1-0:4.9.0", unit: "varh" },
  EAPP_s: { register: "1-0:9.9.0", unit: "VAh" },
  EAP_s: { register: "1-0:1.8.0", unit: "kWh" },
  "ER+P_s": { register: "1-0:3.8.0", unit: "kvarh" },
  "ER-P_s": { register: "1-0:4.8.0", unit: "kvarh" },
  "EaP-1_s": { register: "energy_previous", unit: "kWh" },
  "ER+P-1_s": { register: "reactive_previous", unit: "kvarh" },
  "ER-P-1_s": { register: "reactive_export_previous", unit: "kvarh" },
};

export const adeunisTicFields: MakerFields = {
  devices: {
    "adeunis/tic-cbe-linky-mono": "adeunis/tic-cbe-linky-mono",
    "adeunis/tic-cbe-linky-tri": "adeunis/tic-cbe-linky-tri",
    "adeunis/tic-pme-pmi": "adeunis/tic-pme-pmi",
  },
  fields: Object.fromEntries(
    Object.entries(named).map(([name, field]) => [`bytes.${name}.value`, field]),
  ),
  ignored: [
    "bytes.type",
    "bytes.status",
    "bytes.ADCO",
    "bytes.OPTARIF",
    "bytes.PTEC",
    "bytes.BASEstatus",
    "bytes.DATE",
    "bytes.PTCOUR1",
    ...Object.keys(named).map((name) => `bytes.${name}.unit`),
  ],
};
