/** Names in ELV's and dnt's decoders, whose lists of kinds, units and numbers become one name a number. */
import type { MakerFields } from "../maker-field.ts";

type Lists = Readonly<Record<string, readonly (string | number)[]>>;

/** `{Energy_Data: {A: [a1, a2], …}}`: each number under what stands beside it in the other lists. */
function restate(data: unknown): unknown {
  const { Energy_Data: lists, ...said } = data as Record<string, unknown> & { Energy_Data?: Lists };
  if (lists === undefined) return said;
  for (const [i, value] of (lists["Value"] ?? []).entries())
    said[`${lists["Channel"]?.[i]} ${lists["Unit"]?.[i]}`] = value;
  for (const [i, counter] of (lists["Energy_Counter"] ?? []).entries()) {
    const unit = lists["Energy_Counter_Unit"]?.[i];
    said[unit === "m^3" ? "gas" : `${lists["Consumption_Type"]?.[i]} ${unit}`] = counter;
    const sign = lists["Signum_Of_Power"]?.[i] === "Negative" ? -1 : 1;
    said[`power ${lists["Energy_Power_Unit"]?.[i]}`] = Number(lists["Power"]?.[i]) * sign;
  }
  return said;
}

const absent = "Unknown";

export const elvEsiFields: MakerFields = {
  devices: { "elv/elv-lw-esi": "elv/elv-lw-esi", "dnt/dnt-lw-esi": "dnt/dnt-lw-esi" },
  restate,
  fields: {
    // ELV tells millivolts, dnt volts.
    Supply_Voltage: [
      { register: "battery_voltage", unit: "V", scale: -3 },
      { register: "battery_voltage", unit: "V" },
    ],
    Error_Msg: {
      register: "error_flags",
      unit: "none",
      words: { No_Error: 0, No_Sensor_Connected: 1, Sensor_Communication_Error: 2 },
    },
    "Consumption Wh": { register: "1-0:1.8.0", unit: "Wh" },
    "Consumption kWh": { register: "1-0:1.8.0", unit: "kWh" },
    "Delivery Wh": { register: "1-0:2.8.0", unit: "Wh" },
    "Delivery kWh": { register: "1-0:2.8.0", unit: "kWh" },
    gas: { register: "7-0:3.0.0", unit: "m3" },
    "power W": { register: "1-0:1.7.0", unit: "W" },
    "power kW": { register: "1-0:1.7.0", unit: "kW" },
    "Power W": { register: "1-0:1.7.0", unit: "W", absent },
    "Energy Counter Consumption HT Wh": { register: "1-0:1.8.1", unit: "Wh", absent },
    "Energy Counter Consumption NT Wh": { register: "1-0:1.8.2", unit: "Wh", absent },
    "Energy Counter Delivery Wh": { register: "1-0:2.8.0", unit: "Wh", absent },
    "Energy Counter Consumption HT m^3": { register: "7-0:3.0.0", unit: "m3", absent },
  },
  ignored: ["TX_Reason", "Frame_Type", "power m^3/h", "Power m^3/h"],
  settings: /^(Bootloader_Version|Firmware_Version|Hw_Revision|IR_.*)$/,
};
