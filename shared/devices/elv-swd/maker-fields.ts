/** Names in ELV's own decoder of the water detector. */
import type { MakerFields } from "../maker-field.ts";

const words = { true: 1, false: 0 };

export const elvSwdFields: MakerFields = {
  devices: { "elv/elv-lw-swd": "elv/elv-lw-swd" },
  fields: {
    Water: { register: "leak", unit: "none", words },
    Moisture: { register: "moisture", unit: "none", words },
    Tilt_Angle: { register: "angle_x", unit: "deg" },
    Error_Msg: { register: "error_flags", unit: "none" },
    Supply_Voltage: { register: "battery_voltage", unit: "V" },
  },
  // Dry is said where it is neither moist nor wet.
  ignored: ["Frame_Type", "TX_Reason", "Dry", "Dryness", "Activation_count"],
  settings:
    /^(\w+_Version|Hw_Revision|Datarate|Send_Cycle|Device_Mode|Trigger_Angle|Acoustic_Alarm_\w+)$/,
};
