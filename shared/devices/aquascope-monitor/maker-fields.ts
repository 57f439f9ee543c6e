/** Names in Aqua-Scope's own decoders of the monitors. */
import type { MakerFields } from "../maker-field.ts";

export const aquascopeMonitorFields: MakerFields = {
  devices: { "aquascope/aqm": "aquascope/aqm", "aquascope/aqs": "aquascope/aqs" },
  fields: {
    // The maker shows tenths as they come.
    temperature: { register: "water_temperature", unit: "C", scale: -1 },
    pressure: { register: "pressure_pipe", unit: "kPa", scale: -1 },
    consumption: { register: "water_period", unit: "L" },
    batterylevel: { register: "battery", unit: "%" },
    valve: { register: "valve", unit: "none", words: { 0: 0, 255: 1 } },
    flow: { register: "flowing", unit: "none" },
    pc: {
      register: "leak",
      unit: "none",
      words: { ok: 0, alarm: 1 },
      absents: ["abort/flow", "abort/heat", "abort/valve", "pending"],
    },
    alarm_status: { register: "alarm", unit: "none" },
  },
  ignored: [
    "hw_version",
    "capabilities",
    "fw_version",
    "uptime",
    "loglevel",
    "log",
    "conumption_time",
    "conumption_liter",
    "diff",
    "elevation",
    "alarm_type",
    "alarm_value",
  ],
  settings: /^c_/,
};
