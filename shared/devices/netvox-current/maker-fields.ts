/** Names in Netvox' own decoders. */
import type { MakerField, MakerFields } from "../maker-field.ts";

const bit = (place: number): MakerField => ({ register: "alarm", unit: "none", bit: place });

export const netvoxFields: MakerFields = {
  devices: {
    "netvox/r311fc": "netvox/r311fc",
    "netvox/r718n1": "netvox/r718n1",
    "netvox/r718n3": "netvox/r718n3",
    "netvox/r718n360": "netvox/r718n360",
    "netvox/r718nl1": "netvox/r718nl1",
    "netvox/r718nl3": "netvox/r718nl3",
  },
  fields: {
    Volt: { register: "battery_voltage", unit: "V" },
    WorkDurationTime: { register: "operating_time", unit: "s" },
    Current: { register: "current_secondary", unit: "A", scale: -3 },
    Current1: { register: "current_secondary", unit: "A", scale: -3 },
    Current2: { register: "current_secondary_2", unit: "A", scale: -3 },
    Current3: { register: "current_secondary_3", unit: "A", scale: -3 },
    Channel_A: { register: "current_secondary", unit: "A", scale: -3 },
    Channel_B: { register: "current_secondary_2", unit: "A", scale: -3 },
    Channel_C: { register: "current_secondary_3", unit: "A", scale: -3 },
    Multiplier: { register: "current_multiplier", unit: "none" },
    Multiplier1: { register: "current_multiplier", unit: "none" },
    Multiplier2: { register: "current_multiplier_2", unit: "none" },
    Multiplier3: { register: "current_multiplier_3", unit: "none" },
    Illuminance: { register: "illuminance", unit: "lux" },
    LowCurrent1Alarm: bit(0),
    HighCurrent1Alarm: bit(1),
    LowCurrent2Alarm: bit(2),
    HighCurren2Alarm: bit(3),
    LowCurrent3Alarm: bit(4),
    HighCurrent3Alarm: bit(5),
  },
  // Versions and answers to settings.
  ignored: [
    "Device",
    "SWver",
    "HWver",
    "Datecode",
    "Cmd",
    "Status",
    "MinTime",
    "MaxTime",
    "BatteryChange",
    "CurrentChange",
    "RawDataChange",
    "IlluminanceChange",
  ],
};
