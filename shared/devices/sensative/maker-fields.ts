/** Names in Sensative's own decoder. */
import type { MakerField, MakerFields } from "../maker-field.ts";

const yes = (register: MakerField["register"]): MakerField => ({
  register,
  unit: "none",
  words: { true: 1, false: 0 },
});
const celsius: MakerField = { register: "temperature", unit: "C" };
const limit = (bit: number): MakerField => ({ ...yes("temperature_alarm"), bit });

export const sensativeFields: MakerFields = {
  devices: { "sensative/strips": "sensative/strips" },
  fields: {
    battery: { register: "battery", unit: "%" },
    temperature: celsius,
    "temperature.value": celsius,
    "averageTemperature.value": celsius,
    averageTemperature: celsius,
    "tempAlarm.highAlarm": limit(0),
    "tempAlarm.lowAlarm": limit(1),
    "avgTempAlarm.highAlarm": limit(0),
    "avgTempAlarm.lowAlarm": limit(1),
    "humidity.value": { register: "humidity", unit: "%" },
    "lux.value": { register: "illuminance", unit: "lux" },
    "lux2.value": { register: "illuminance", unit: "lux" },
    "door.value": { register: "open", unit: "none", words: { true: 0, false: 1 } },
    "doorAlarm.value": yes("alarm"),
    "doorCount.value": { register: "open_count", unit: "count" },
    "tamperReport.value": yes("tamper"),
    "tamperAlarm.value": yes("alarm_2"),
    "flood.value": { register: "moisture", unit: "none" },
    "floodAlarm.value": yes("leak"),
    "oilAlarm.value": { register: "alarm_3", unit: "none" },
    "userSwitch1Alarm.value": yes("input"),
    "presence.value": yes("occupied"),
    "closeProximityAlarm.value": yes("motion"),
    "disinfectAlarm.value": { register: "states", unit: "none" },
  },
  ignored: [
    "historySeqNr",
    "prevHistSeqNr",
    "emptyFrame",
    "foilAlarm",
    "disinfectAlarm.state",
    "IRproximity",
    "IRcloseproximity",
    "capacitanceFlood",
    "capacitancePad",
    "capacitanceEnd",
  ],
};
