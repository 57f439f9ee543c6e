/** Names in dnt's own decoders of the switch, the contact interface and the distance sensor. */
import type { MakerField, MakerFields } from "../maker-field.ts";

const faults = { NO_FAULT: 0, NO_CONSUMER: 1, TWO_CONSUMER: 2, RESERVED: 3 };
const fault: MakerField = { register: "error_flags", unit: "none", words: faults };
/** The maker rounds to two digits what is told in thousandths. */
const rounded: MakerField = {
  register: "1-0:11.7.0",
  unit: "A",
  shown: (n) => Number((n * 0.001).toFixed(2)),
};
const contact = (register: MakerField["register"]): MakerField => ({
  register,
  unit: "none",
  words: { LOW: 0, HIGH: 1, IDLE: 0, TRIGGERED: 1 },
  absent: "DISABLED",
});

export const dntFields: MakerFields = {
  devices: {
    "dnt/dnt-lw-bsm": "dnt/dnt-lw-bsm",
    "dnt/dnt-lw-wsci": "dnt/dnt-lw-wsci",
  },
  fields: {
    "switch_state.value": {
      register: "on",
      unit: "none",
      words: { SWITCH_DISABLED: 0, SWITCH_ENABLED: 1 },
    },
    "switch_fault.value": fault,
    "active_power.value": { register: "1-0:1.7.0", unit: "W" },
    "voltage.value": { register: "1-0:12.7.0", unit: "V" },
    "current.value": rounded,
    "frequency.value": { register: "1-0:14.7.0", unit: "Hz" },
    "battery_voltage.value": { register: "battery_voltage", unit: "V", scale: -3 },
    "sabotage_contact_state.value": contact("tamper"),
    "hall_sensor_state.value": contact("input_2"),
    "input_clamp_state.value": contact("input"),
  },
  ignored: ["error_code", "device_error"],
  settings:
    /(\.unit$|^(status_report|radio|device_time|switch_(rocker|on_duration|off_delay)|week|version|hw_|button_action|\w+_config|input_clamp_(sensor|filter)|selected))/,
};

export const dntDistanceFields: MakerFields = {
  devices: { "dnt/dnt-lw-dis": "dnt/dnt-lw-dis" },
  fields: {
    voltage: { register: "battery_voltage", unit: "V", scale: -3 },
    distance: { register: "distance", unit: "mm" },
    "ToF.distance": { register: "distance", unit: "mm" },
    temperature: { register: "temperature", unit: "C" },
    temperature_notification: { register: "temperature_alarm", unit: "none" },
    sabotage_notification: { register: "tamper", unit: "none", words: { 0: 0, 1: 1, 2: 1 } },
  },
  ignored: ["reason", "ToF.status", "device_orientation", "downlink_error"],
  settings:
    /^(device_info|application|measurement|TOF|temperature_notification_|sabotage_angle|manual|time_till|datarate|rejoin|config)/,
};
