/**
 * Qingping's climate sensors with LoRaWAN (by RAKwireless): address, function, length, type; then the moment
 * and temperature and humidity in twelve bits each, highest first. A check ends the frame.
 *
 * @see the uplink decoder that RAKwireless publishes for Qingping
 */
import type { DecodedReading, Decoder } from "#shared/model/decoder.ts";
import type { RegisterId } from "#shared/model/registers.ts";
import { bits } from "../bits.ts";
import { ByteReader } from "../byte-reader.ts";
import { exact } from "../exact.ts";

const REPORT = 0x41;
const NOW = 1;
/** A clock that was never set counts from 1970; the sensors are of 2021. */
const CLOCK_SET_MS = Date.UTC(2021, 0, 1);

function read(payload: Uint8Array, hasCarbonDioxide: boolean): DecodedReading[] {
  const reader = new ByteReader(payload);
  reader.skip(1); // address
  const code = reader.u8();
  if (code !== REPORT) reader.fail(`has the function ${code}, not ${REPORT}`);
  reader.skip(1); // length
  const type = reader.u8();
  // Settings and what waited on the sensor are not described.
  if (type !== NOW) return [];
  const time = reader.u32be() * 1000;
  reader.skip(3);
  const values = [
    exact("temperature", bits(payload, 64, 12) - 500, -1, "C"),
    exact("humidity", bits(payload, 76, 12), -1, "%"),
  ];
  const third = reader.u16be();
  if (hasCarbonDioxide) values.push(exact("co2", third, 0, "ppm"));
  values.push(exact("battery", reader.u8(), 0, "%"));
  reader.skip(reader.left);
  return [time >= CLOCK_SET_MS ? { time, values } : { values }];
}

const sensor = (name: string, title: string, registers: readonly RegisterId[]): Decoder => ({
  model: `rakwireless/qingping-${name}`,
  version: 1,
  title: `Qingping ${title}`,
  kind: "temperature",
  registers: [...registers, "temperature", "humidity", "battery"],
  decode: (payload) => read(payload, registers.length > 0),
});

export const qingping: readonly Decoder[] = [
  sensor("co2-t-h", "CO₂ & Temp & RH Monitor", ["co2"]),
  sensor("t-h", "Temp & RH Monitor", []),
];
