/** Names in Milesight's decoders of its current transformers for three conductors. */
import type { MakerField, MakerFields } from "../maker-field.ts";

const bit = (place: number): MakerField => ({
  register: "alarm",
  unit: "none",
  bit: place,
  words: { yes: 1, no: 0 },
});

export const ct3xxFields: MakerFields = {
  devices: {
    "milesight-iot/ct303": "milesight/ct303",
    "milesight-iot/ct305": "milesight/ct305",
    "milesight-iot/ct310": "milesight/ct310",
  },
  fields: {
    current_chn1: { register: "current", unit: "A" },
    current_chn1_max: { register: "current_max", unit: "A" },
    current_chn1_min: { register: "current_min", unit: "A" },
    "current_chn1_alarm.current_threshold_alarm": bit(0),
    "current_chn1_alarm.current_threshold_alarm_release": bit(1),
    "current_chn1_alarm.current_over_range_alarm": bit(2),
    "current_chn1_alarm.current_over_range_alarm_release": bit(3),
  },
  ignored: [],
};
