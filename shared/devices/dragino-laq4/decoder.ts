/**
 * Dragino LAQ4: carbon dioxide, volatile compounds, temperature and humidity. Port 2.
 *
 * @see Dragino LAQ4 user manual, "Sensor data"
 */
import type { Decoder } from "#shared/model/decoder.ts";
import { byPort, millivolts, settings, status, type Message } from "../dragino-frame.ts";
import { exact } from "../exact.ts";

const MEASURING = 1;
/** The device tells its alarm limits. */
const LIMITS = 31;

const measurements: Message = (reader) => {
  const battery = millivolts(reader.u16be());
  const flags = reader.u8();
  const mode = (flags >> 2) & 0x1f;
  if (mode === LIMITS) return [battery];
  if (mode !== MEASURING) return reader.fail(`has an unknown mode ${mode}`);
  const values = [
    battery,
    exact("alarm", flags & 1, 0, "none"),
    exact("tvoc", reader.u16be(), 0, "ppb"),
    exact("co2", reader.u16be(), 0, "ppm"),
    exact("temperature", reader.i16be(), -1, "C"),
    exact("humidity", reader.u16be(), -1, "%"),
  ];
  reader.end();
  return values;
};

export const laq4: Decoder = {
  model: "dragino/laq4",
  version: 1,
  title: "Dragino LAQ4",
  kind: "temperature",
  registers: ["temperature", "humidity", "co2", "tvoc", "alarm", "battery_voltage"],
  decode: byPort(2, { 2: measurements, 4: settings, 5: status }),
};
