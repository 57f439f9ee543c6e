/** Names in Adeunis' own decoders of its indoor sensors. */
import type { MakerField, MakerFields } from "../maker-field.ts";
import { allFrames, samplesOf } from "./decoder.ts";

const dust = (register: MakerField["register"]): MakerField => ({ register, unit: "ug/m3" });

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
  },
  ignored: [
    "bytes.type",
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
