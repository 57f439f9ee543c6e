/** Names in Thermokon's own decoders. */
import type { MakerFields } from "../maker-field.ts";
import { thermokon } from "./decoder.ts";

export const thermokonFields: MakerFields = {
  devices: Object.fromEntries(thermokon.map(({ model }) => [model, model])),
  fields: {
    TEMP: { register: "temperature", unit: "C" },
    RHUM: { register: "humidity", unit: "%" },
    CO2: { register: "co2", unit: "ppm" },
    VOC: { register: "tvoc", unit: "ppb" },
    ATM_P: { register: "pressure", unit: "hPa" },
    DP: { register: "pressure_difference", unit: "Pa" },
    VISIBLE_LIGHT: { register: "illuminance", unit: "lux" },
    OCCU0_STATE: { register: "motion", unit: "none" },
    REED0_STATE: { register: "input", unit: "none" },
    CONDENSATION_STATE: { register: "moisture", unit: "none" },
    VBAT: { register: "battery_voltage", unit: "V", scale: -3 },
    VBAT_HI_RES: { register: "battery_voltage", unit: "V", scale: -3 },
    OCCU: { register: "occupied", unit: "none" },
    // On port 4 it is a temperature, among the parts the place of a knob.
    SETPOINT: [
      { register: "temperature_target", unit: "C" },
      { register: "analog", unit: "none" },
    ],
    FAN: { register: "fan", unit: "none" },
  },
  ignored: [
    "PARSER",
    "DUMMY",
    "FLOW",
    "OCCU0_CNT",
    "REED0_CNT",
    "CONDENSATION_RAW",
    "DEV_KEY",
    "CMD",
    "LEARN",
    "BAT_TYPE",
    "HEARTBEAT",
    "MEAS_INTERVAL",
    "CNT_MEAS",
    "BIN_LATENCY",
    "FORCED_UPLINK",
    "ECO",
  ],
  settings: /^(TLF|LED|EO|ENCODER|OCCU1|REED1|LIGHT|SHUTTER|SLAT)_?/,
};
