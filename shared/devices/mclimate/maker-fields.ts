/** Names in MClimate's own decoders. */
import type { MakerField, MakerFields } from "../maker-field.ts";

/** The maker rounds to hundredths. */
const hundredths = (scale: number) => (n: number) => Number((n / 10 ** -scale).toFixed(2));
const yesNo = { true: 1, false: 0 };
const flag = (register: MakerField["register"]): MakerField => ({
  register,
  unit: "none",
  words: yesNo,
});
const error = (bit: number): MakerField => ({ ...flag("error_flags"), bit });
const models = [
  "16aspm",
  "co2-display-lite",
  "co2-display",
  "co2-sensor",
  "fan-coil-thermostat",
  "flood-sensor",
  "ht-sensor",
  "open-close",
  "t-valve",
  "vicki",
  "wireless-thermostat",
].map((name) => `mclimate/${name}`);

export const mclimateFields: MakerFields = {
  devices: Object.fromEntries(models.map((model) => [model, model])),
  fields: {
    sensorTemperature: [
      { register: "temperature", unit: "C" },
      { register: "temperature", unit: "C", shown: hundredths(-8) },
    ],
    internalTemperature: { register: "temperature", unit: "C" },
    temperature: [
      { register: "temperature", unit: "C" },
      { register: "temperature_external", unit: "C" },
    ],
    extThermistorTemperature: { register: "temperature_external", unit: "C", absent: 0 },
    relativeHumidity: { register: "humidity", unit: "%", shown: hundredths(-6) },
    batteryVoltage: { register: "battery_voltage", unit: "V", shown: hundredths(-3) },
    battery: { register: "battery_voltage", unit: "V" },
    targetTemperature: { register: "temperature_target", unit: "C" },
    targetTemperatureFloat: { register: "temperature_target", unit: "C" },
    CO2: { register: "co2", unit: "ppm" },
    ppm: { register: "co2", unit: "ppm" },
    lux: { register: "illuminance", unit: "lux" },
    pir: flag("motion"),
    energy_kWh: { register: "1-0:1.8.0", unit: "kWh" },
    power_W: { register: "1-0:1.7.0", unit: "W" },
    acVoltage_V: { register: "1-0:12.7.0", unit: "V" },
    acCurrent_mA: { register: "1-0:11.7.0", unit: "A", scale: -3 },
    relayState: { register: "relay", unit: "none", words: { ON: 1, OFF: 0 } },
    operationalMode: { register: "heating_state", unit: "none" },
    actualFanSpeed: { register: "fan", unit: "none" },
    valveStatus: { register: "valve", unit: "none" },
    deviceStatus: { register: "on", unit: "none" },
    boxTamper: flag("tamper"),
    flood: flag("leak"),
    waterTemp: { register: "water_temperature", unit: "C" },
    ambientTemp: { register: "ambient_temperature", unit: "C" },
    valveState: flag("valve"),
    counter: { register: "open_count", unit: "count" },
    status: { register: "states", unit: "none" },
    valveOpenness: { register: "valve_position", unit: "%" },
    openWindow: flag("open"),
    brokenSensor: error(0),
    lowMotorConsumption: error(1),
    highMotorConsumption: error(2),
    calibrationFailed: error(3),
  },
  ignored: [
    "reason",
    "thermistorProperlyConnected",
    "powerSourceStatus",
    "displayedFanSpeed",
    "motorRange",
    "motorPosition",
    "childLock",
    "attachedBackplate",
    "perceiveAsOnline",
    "antiFreezeProtection",
    "floodDetectionWireState",
    "magnet",
    "alarmValidated",
    "manualOpenIndicator",
    "manualCloseIndicator",
    "closeTime",
    "openTime",
  ],
};
