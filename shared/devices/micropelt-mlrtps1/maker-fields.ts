/** Names in Micropelt's own decoder. */
import type { MakerField, MakerFields } from "../maker-field.ts";

const bit = (place: number): MakerField => ({ register: "error_flags", unit: "none", bit: place });

export const micropeltFields: MakerFields = {
  devices: { "micropelt/mlrtps1": "micropelt/mlrtps1" },
  fields: {
    Ambient_Temperature: { register: "temperature", unit: "C" },
    PIR_Status: { register: "occupied", unit: "none" },
    Energy_Storage_Low: bit(4),
    Radio_Communication_Error: bit(3),
    Radio_Signal_Strength: bit(2),
    PIR_Sensor_Failure: bit(1),
    Ambient_Temperature_Failure: bit(0),
    Storage_Voltage: { register: "battery_voltage", unit: "V" },
    Set_Point_Temperature_Value: {
      register: "set_point",
      unit: "K",
      absent: "Freeze Protection 6°",
    },
  },
  ignored: [],
};
