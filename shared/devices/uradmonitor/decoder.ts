/**
 * uRADMonitor A3: air, of 32 bytes, highest byte first. Volatile compounds are told as the resistance of a
 * sensor and are not kept. A temperature has its sign apart from its size.
 *
 * @see the uplink decoder that uRADMonitor publishes
 */
import type { DecodedReading, Decoder } from "#shared/model/decoder.ts";
import { ByteReader } from "../byte-reader.ts";
import { exact } from "../exact.ts";

/** The pressure in Pa less this. */
const PRESSURE_BASE = 65_535;

function decode(payload: Uint8Array): DecodedReading[] {
  const reader = new ByteReader(payload);
  reader.skip(10); // number, versions, seconds
  const hundredths = reader.u16be();
  const degrees = hundredths & 0x8000 ? -(hundredths & 0x7fff) : hundredths;
  const temperature = exact("temperature", degrees, -2, "C");
  const pressure = exact("pressure", reader.u16be() + PRESSURE_BASE, -2, "hPa");
  const humidity = exact("humidity", reader.u8() * 5, -1, "%");
  reader.skip(3); // a resistance
  const sound = exact("sound", reader.u8() * 5, -1, "dB");
  const co2 = exact("co2", reader.u16be(), 0, "ppm");
  reader.skip(2); // formaldehyde in ppb, which has no unit here
  const ozone = exact("ozone", reader.u16be(), -3, "ppm");
  const values = [
    temperature,
    humidity,
    pressure,
    co2,
    sound,
    ozone,
    exact("pm1", reader.u16be(), 0, "ug/m3"),
    exact("pm2_5", reader.u16be(), 0, "ug/m3"),
    exact("pm10", reader.u16be(), 0, "ug/m3"),
  ];
  reader.skip(1); // check
  reader.end();
  return [{ values }];
}

export const uradmonitorA3: Decoder = {
  model: "uradmonitor/model-a3",
  version: 1,
  title: "uRADMonitor A3",
  kind: "temperature",
  registers: [
    ...(["temperature", "humidity", "pressure", "co2", "sound", "ozone"] as const),
    ...(["pm1", "pm2_5", "pm10"] as const),
  ],
  decode,
};
