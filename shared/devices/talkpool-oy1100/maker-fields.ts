/** Names in Talkpool's own decoders. */
import type { MakerFields } from "../maker-field.ts";

const models = ["oy1100", "oy1110", "oy1200", "oy1210", "oy1320", "oy1700"];

export const talkpoolFields: MakerFields = {
  devices: Object.fromEntries(models.map((name) => [`talkpool/${name}`, `talkpool/${name}`])),
  fields: {
    Temperature: { register: "temperature", unit: "C" },
    RelativeHumidity: { register: "humidity", unit: "%" },
    Humidity: { register: "humidity", unit: "%" },
    CO2: { register: "co2", unit: "ppm" },
    CO2Filtered: { register: "co2", unit: "ppm" },
    PM1_0: { register: "pm1", unit: "ug/m3" },
    PM2_5: { register: "pm2_5", unit: "ug/m3" },
    PM_10: { register: "pm10", unit: "ug/m3" },
    MeterReading: { register: "pulses", unit: "count" },
  },
  // A constant, and what was measured before it was filtered.
  ignored: ["Status", "CO2Raw"],
};
