/** Names in RAKwireless' decoder of the same form: a type and its channel. */
import type { MakerFields } from "../maker-field.ts";

export const cayenneFields: MakerFields = {
  devices: { "rakwireless/rak_standard": "cayenne/lpp" },
  fields: {
    presence_48: { register: "occupied", unit: "none" },
    voltage_1: { register: "1-0:12.7.0", unit: "V" },
  },
  ignored: [],
};
