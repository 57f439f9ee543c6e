/** Names in Milesight's decoders of its current transformers for one conductor. */
import type { MakerField, MakerFields } from "../maker-field.ts";

const bit = (place: number): MakerField => ({
  register: "alarm",
  unit: "none",
  bit: place,
  words: { yes: 1, no: 0 },
});

export const ct10xFields: MakerFields = {
  devices: {
    "milesight-iot/ct101": "milesight/ct101",
    "milesight-iot/ct103": "milesight/ct103",
    "milesight-iot/ct105": "milesight/ct105",
  },
  fields: {
    total_current: { register: "charge", unit: "Ah" },
    current: { register: "current", unit: "A" },
    current_max: { register: "current_max", unit: "A" },
    current_min: { register: "current_min", unit: "A" },
    temperature: { register: "temperature", unit: "C" },
    "current_alarm.current_threshold_alarm": bit(0),
    "current_alarm.current_threshold_alarm_release": bit(1),
    "current_alarm.current_over_range_alarm": bit(2),
    "current_alarm.current_over_range_alarm_release": bit(3),
  },
  ignored: [],
};
