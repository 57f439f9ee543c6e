/**
 * SenseCAP sensors of the first form (Air T/H, CO2, Light, Soil, S2101 to S2106): groups of seven
 * bytes, each a channel, a measurement's number and a value in thousandths, and a checksum at the end.
 *
 * @see Seeed SenseCAP LoRaWAN Sensor User Manual, "Decoding", and its list of measurement ids
 */
import type { Decoder } from "#shared/model/decoder.ts";
import type { RegisterId, Unit, Value } from "#shared/model/registers.ts";
import { ByteReader } from "../byte-reader.ts";
import { exact } from "../exact.ts";

const GROUP = 7;
const CHECKSUM = 2;
/** Numbers above this are measurements, of whatever; below, of the device itself. */
const FIRST_MEASUREMENT = 0x1000;
const BATTERY = 0x0007;

/** Register, unit and power of ten by measurement id. */
export const sensecapMeasurements: Readonly<
  Record<number, readonly [RegisterId, Unit, scale: number]>
> = {
  0x1001: ["temperature", "C", -3],
  0x1002: ["humidity", "%", -3],
  0x1003: ["illuminance", "lux", -3],
  0x1004: ["co2", "ppm", -3],
  0x1005: ["pressure", "hPa", -5], // sent in Pa
  0x1006: ["temperature_2", "C", -3], // of the soil
  0x1007: ["soil_moisture", "%", -3],
  0x1008: ["wind_direction", "deg", -3],
  0x1009: ["wind_speed", "m/s", -3],
  0x100a: ["ph", "pH", -3],
  0x100c: ["soil_conductivity", "uS/cm", 0], // sent in mS/cm
  0x1011: ["rain", "mm", -3],
};

/** CRC-16 of the bit-reversed CCITT polynomial; 0 over a message with its checksum. */
function checksum(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >> 1) ^ 0x8408 : crc >> 1;
  }
  return crc;
}

const sensor = (name: string, title: string): Decoder => ({
  model: `sensecap/${name}`,
  version: 1,
  title: `SenseCAP ${title}`,
  kind: "temperature",
  registers: [...Object.values(sensecapMeasurements).map(([register]) => register), "battery"],
  decode(payload) {
    const reader = new ByteReader(payload);
    const isWhole = payload.length > CHECKSUM && (payload.length - CHECKSUM) % GROUP === 0;
    if (!isWhole) reader.fail(`has ${payload.length} bytes, a group has ${GROUP}`);
    if (checksum(payload) !== 0) reader.fail("does not match its checksum");
    const values = new Map<RegisterId, Value>();
    while (reader.left > CHECKSUM) {
      reader.skip(1);
      const id = reader.u16le();
      const n = reader.i32le();
      const [register, unit, scale] = sensecapMeasurements[id] ?? [];
      if (register !== undefined && unit !== undefined && scale !== undefined) {
        if (!values.has(register)) values.set(register, exact(register, n, scale, unit));
      } else if (id === BATTERY) values.set("battery", exact("battery", n & 0xffff, 0, "%"));
      // The length is known, so that what is of no interest can be passed over.
      else if (id > 0x0120 && id <= FIRST_MEASUREMENT)
        reader.fail(`has an unknown message ${id.toString(16)}`);
    }
    return values.size > 0 ? [{ values: [...values.values()] }] : [];
  },
});

export const sensecapSensors: readonly Decoder[] = [
  sensor("air-th", "Air Temperature and Humidity"),
  sensor("co2", "CO2"),
  sensor("light", "Light Intensity"),
  sensor("soil-th", "Soil Moisture and Temperature"),
  sensor("s2101", "S2101"),
  sensor("s2102", "S2102"),
  sensor("s2103", "S2103"),
  sensor("s2104", "S2104"),
  sensor("s2105", "S2105"),
  sensor("s2106", "S2106"),
];
