/** Names in Dragino's own decoders. */
import type { MakerField, MakerFields } from "../maker-field.ts";

const volts: MakerField = { register: "battery_voltage", unit: "V" };
const yes = { TRUE: 1, FALSE: 0 };
/** Fields of the radio and of settings. */
const frame = ["Bat_status", "Ext_sensor", "Ext", "Node_type", "MOD", "Work_mode", "No_connect"];
const settings = [
  "DISALARM",
  "KEEP_STATUS",
  "KEEP_TIME",
  "TDC",
  "TRIGGER_MODE",
  "Alarm_Timer",
  "Stop_Timer",
  "Firmware_Version",
  "Freq_Band",
  "Sensor_Model",
  "Sub_Band",
];

export const draginoFields: MakerFields = {
  devices: Object.fromEntries(
    [
      "lht65",
      "lht65n",
      "lht52",
      "lds01",
      "lds02",
      "lds03a",
      "cpl01",
      "lwl02",
      "laq4",
      "ldds75",
      "sw3l",
    ].map((name) => [`dragino/${name}`, `dragino/${name}`]),
  ),
  fields: {
    BatV: volts,
    Bat_V: volts,
    BAT_V: volts,
    Bat: volts,
    Bat_mV: { ...volts, scale: -3 },
    TempC_SHT: { register: "temperature", unit: "C" },
    Hum_SHT: { register: "humidity", unit: "%" },
    // What a missing sensor shows.
    TempC_DS: { register: "temperature_external", unit: "C", absent: 327.67 },
    TempC_DS18B20: { register: "temperature_external", unit: "C" },
    CO2_ppm: { register: "co2", unit: "ppm" },
    TVOC_ppb: { register: "tvoc", unit: "ppb" },
    Alarm_status: { register: "alarm", unit: "none", words: yes },
    ALARM: { register: "alarm", unit: "none", words: yes },
    Distance: { register: "distance", unit: "mm" },
    Interrupt_flag: { register: "alarm", unit: "none" },
    Sensor_flag: { register: "sensing", unit: "none" },
    DOOR_OPEN_STATUS: { register: "open", unit: "none" },
    DOOR_OPEN_TIMES: { register: "open_count", unit: "count" },
    LAST_DOOR_OPEN_DURATION: { register: "open_time", unit: "s", shown: (seconds) => seconds / 60 },
    WATER_LEAK_STATUS: { register: "leak", unit: "none" },
    WATER_LEAK_TIMES: { register: "leak_count", unit: "count" },
    LAST_WATER_LEAK_DURATION: {
      register: "leak_time",
      unit: "s",
      shown: (seconds) => seconds / 60,
    },
    Systimestamp: "time",
  },
  ignored: [...frame, ...settings],
};
