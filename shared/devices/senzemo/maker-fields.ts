/** Names in Senzemo's own decoders. */
import type { MakerFields } from "../maker-field.ts";

export const senzemoFields: MakerFields = {
  devices: {
    "senzemo/smc30": "senzemo/smc30",
    "senzemo/spu20": "senzemo/spu20",
    "senzemo/spu20b": "senzemo/spu20b",
  },
  fields: {
    Temperature: { register: "temperature", unit: "C" },
    Humidity: { register: "humidity", unit: "%" },
    AirPressure: { register: "pressure", unit: "hPa" },
    BatteryLevel: { register: "battery_voltage", unit: "V" },
    Voltage: { register: "battery_voltage", unit: "V", scale: -3 },
    CO2: { register: "co2", unit: "ppm" },
  },
  ignored: ["Status", "TVOC"],
  settings:
    /^(SendPeriod|MovementThreshold|PacketConfirm|DataRate|FamilyId|ProductId|HW|FW|Config|Led|HardwareVersion|FirmWareVersion)/,
};
