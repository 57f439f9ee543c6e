/** Names in Nexelec's own decoders; the Carbon's reaches for a variable that is not there. */
import type { MakerField, MakerFields } from "../maker-field.ts";
import { nexelecAirSamples } from "./decoder.ts";

/** A value is an object; a word stands where there is none. */
const field = (name: string, meaning: MakerField): Record<string, MakerField> => ({
  [name]: {
    ...meaning,
    absents: ["Error", "Deconnected sensor", "Deconnected Sensor", "Desactivated sensor"],
  },
  [`${name}.value`]: meaning,
  [`${name}.value[]`]: meaning,
});
const volts: MakerField = { register: "battery_voltage", unit: "V", scale: -3 };
const settings =
  /(^type|[uU]nits?$|[sS]tatus$|Activation|Source|Threshold|[pP]eriod|[dD]ata|[rR]ecord|activation|Notification|Region|Date|delta|Version|Time|time|iziair(Src|Co2|Cov)|buttonPress|batteryLevel$)/;

export const nexelecAirFields: MakerFields = {
  devices: Object.fromEntries(
    ["feel", "rise", "move", "sign"].map((name) => [`nexelec/${name}`, `nexelec/${name}`]),
  ),
  fields: {
    ...field("temperature", { register: "temperature", unit: "C" }),
    ...field("humidity", { register: "humidity", unit: "%" }),
    ...field("co2", { register: "co2", unit: "ppm" }),
    ...field("covt", { register: "tvoc", unit: "ug/m3" }),
    ...field("luminosity", { register: "illuminance", unit: "lux" }),
    ...field("averageNoise", { register: "sound", unit: "dB" }),
    ...field("peakNoise", { register: "sound_max", unit: "dB" }),
    ...field("occupancyRate", { register: "presence", unit: "%" }),
    iziairGlobal: {
      register: "iaq",
      unit: "none",
      words: { Excellent: 0, Fair: 2, Bad: 4 },
      absents: ["Reserved", "Error"],
    },
    batteryVoltage: { ...volts, absents: ["Error", "External power supply"] },
    "batteryVoltage.value": volts,
  },
  ignored: [],
  settings,
  samples: nexelecAirSamples,
};

export const nexelecDetectorFields: MakerFields = {
  devices: Object.fromEntries(
    ["guard", "guard-plus", "origin", "origin-plus"].map((name) => [
      `nexelec/${name}`,
      `nexelec/${name}`,
    ]),
  ),
  fields: {
    ...field("temperature", { register: "temperature", unit: "C" }),
    ...field("humidity", { register: "humidity", unit: "%" }),
    smokeAlarm: {
      register: "smoke",
      unit: "none",
      words: {
        "Smoke Alarm non-activated": 0,
        "Local smoke Alarm activated": 1,
        "Remote smoke Alarm activated": 2,
      },
    },
    "batteryVoltage.value": volts,
    antiTearDetectionStatus: {
      register: "tamper",
      unit: "none",
      words: {
        "Magnetic base not detected": 1,
        "Magnetic base detected": 0,
        "Product removed from its based just now": 1,
        "Product installed on its base just now": 0,
      },
      absent: "Magnetic base never detected",
    },
    batteryLevel: {
      register: "battery_low",
      unit: "none",
      words: { High: 0, Medium: 0, Low: 1, Critical: 1 },
    },
    smokeSensorStatus: {
      register: "error_flags",
      unit: "none",
      bit: 1,
      words: { "Smoke sensor ok": 0, "Smoke sensor fault": 1 },
    },
  },
  ignored: [
    "temperature.value[]",
    "temperature.unit",
    "humidity.unit",
    "batteryVoltage.units",
    "temperatureMin",
    "temperatureMax",
    "temperatureAvg",
    "humidityMin",
    "humidityMax",
    "humidityAvg",
  ],
  settings:
    /^(typeOf|hw|sw|rmg|tempHum|smoke(SensorActivation|AlarmHush|LocalProductTest)|time|digital|datalog|transmission|reconf|config|magnet|daily|pending|nfc|lora|nb|number|interconnection|air|network|temperatureDatalog|dataLog)/,
};
