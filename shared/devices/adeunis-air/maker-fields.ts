/** Names in Adeunis' own decoders of its indoor sensors. */
import type { MakerField, MakerFields } from "../maker-field.ts";
import { allFrames, samplesOf } from "./decoder.ts";

const dust = (register: MakerField["register"]): MakerField => ({ register, unit: "ug/m3" });

const ACTIVE = { active: 1, inactive: 0 };
/** One bit of what is over its limit. */
const limit = (bit: number): MakerField => ({
  register: "alarm",
  unit: "none",
  words: ACTIVE,
  bit,
});

export const adeunisAirFields: MakerFields = {
  devices: {
    "adeunis/comfort": "adeunis/comfort",
    "adeunis/comfort-co2": "adeunis/comfort-co2",
    "adeunis/breath": "adeunis/breath",
    "adeunis/deltap": "adeunis/deltap",
    "adeunis/motion": "adeunis/motion",
  },
  samples: (payload) => samplesOf(payload, allFrames),
  fields: {
    "bytes.timestamp": "time",
    "bytes.status.lowBattery": { register: "error_flags", unit: "none", bit: 1 },
    "bytes.temperature.values[]": { register: "temperature", unit: "C" },
    "bytes.humidity.values[]": { register: "humidity", unit: "%" },
    "bytes.co2.values[]": { register: "co2", unit: "ppm" },
    "bytes.tvoc.values[]": dust("tvoc"),
    "bytes.pm10.values[]": dust("pm10"),
    "bytes.pm25.values[]": dust("pm2_5"),
    "bytes.pm1.values[]": dust("pm1"),
    "bytes.deltaPressure.values[]": { register: "pressure_difference", unit: "Pa" },
    "bytes.presenceDetectedWhenSending": { register: "occupied", unit: "none" },
    "bytes.presence.values[]": { register: "presence", unit: "%" },
    "bytes.luminosity.values[]": { register: "brightness", unit: "%" },
    "bytes.voltage.values[]": { register: "voltage_input", unit: "V", scale: -3 },
    // Alarms: one value, and whether it is over its limit.
    "bytes.deltaPressure.value": { register: "pressure_difference", unit: "Pa" },
    "bytes.voltage.value": { register: "voltage_input", unit: "V", scale: -3 },
    "bytes.alarmStatus": { register: "alarm", unit: "none", words: ACTIVE },
    "bytes.alarmTemperature.temperature.value": { register: "temperature", unit: "C" },
    "bytes.alarmHumidity.humidity.value": { register: "humidity", unit: "%" },
    "bytes.alarmCo2.co2.value": { register: "co2", unit: "ppm" },
    "bytes.alarmTemperature.alarmStatus": limit(4),
    "bytes.alarmHumidity.alarmStatus": limit(0),
    "bytes.alarmCo2.alarmStatus": limit(5),
    "bytes.tvoc.value": dust("tvoc"),
    "bytes.pm10.value": dust("pm10"),
    "bytes.pm25.value": dust("pm2_5"),
    "bytes.pm1.value": dust("pm1"),
    "bytes.tvoc.alarmStatus": limit(0),
    "bytes.pm10.alarmStatus": limit(1),
    "bytes.pm25.alarmStatus": limit(2),
    "bytes.pm1.alarmStatus": limit(3),
    "bytes.alarmPresence.alarmStatus": { register: "alarm", unit: "none", words: ACTIVE },
    "bytes.alarmPresence.luminosity.value": { register: "brightness", unit: "%" },
    "bytes.alarmPresence.globalCounterValue": { register: "motion_count", unit: "count" },
    "bytes.alarmPresence.counterValue": { register: "activity", unit: "none" },
    "bytes.alarmLuminosity.alarmStatus": { register: "alarm", unit: "none", words: ACTIVE },
    "bytes.alarmLuminosity.luminosity.value": { register: "brightness", unit: "%" },
    "bytes.globalCounterValue": { register: "motion_count", unit: "count" },
  },
  ignored: [
    "bytes.type",
    "bytes.counterValues",
    ...[
      "alarmTemperature.temperature",
      "alarmHumidity.humidity",
      "alarmCo2.co2",
      "alarmPresence.luminosity",
      "alarmLuminosity.luminosity",
      "voltage",
    ].map((name) => `bytes.${name}.unit`),
    "bytes.decodingInfo",
    "bytes.status.frameCounter",
    "bytes.status.hardwareError",
    "bytes.status.configurationDone",
    "bytes.status.configurationInconsistency",
    "bytes.status.timestamp",
    "bytes.status.sensorError",
    ...[
      "temperature",
      "humidity",
      "co2",
      "tvoc",
      "pm10",
      "pm25",
      "pm1",
      "deltaPressure",
      "presence",
      "luminosity",
    ].map((name) => `bytes.${name}.unit`),
  ],
};
