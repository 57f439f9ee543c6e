/**
 * Senzemo Senstick: SMC30 (climate and air pressure) and SPU20 (also carbon dioxide). Highest byte first. The
 * SPU20's volatile compounds have no unit in what the maker publishes, so that they are not kept.
 *
 * @see the uplink decoders that Senzemo publishes
 */
import type { DecodedReading, Decoder } from "#shared/model/decoder.ts";
import type { RegisterId, Value } from "#shared/model/registers.ts";
import { ByteReader } from "../byte-reader.ts";
import { exact } from "../exact.ts";

const SETTINGS_PORT = 3;
const PURE_BYTES = 15;
const PURE_SETTINGS_BYTES = 10;

const climate = (reader: ByteReader): Value[] => {
  reader.skip(1); // status
  return [
    exact("temperature", reader.i16be(), -2, "C"),
    exact("humidity", reader.u16be(), -2, "%"),
    exact("pressure", reader.u16be(), -1, "hPa"),
  ];
};

function smc30(payload: Uint8Array, { fPort }: { fPort: number | null }): DecodedReading[] {
  if (fPort === SETTINGS_PORT) return [];
  const reader = new ByteReader(payload);
  const values = climate(reader);
  // Hundredths of a volt above one.
  values.push(exact("battery_voltage", reader.u8() + 100, -2, "V"));
  reader.end();
  return [{ values }];
}

function spu20(payload: Uint8Array): DecodedReading[] {
  const reader = new ByteReader(payload);
  if (payload.length === PURE_SETTINGS_BYTES) return [];
  if (payload.length !== PURE_BYTES) reader.fail(`has ${payload.length} bytes`);
  const values = climate(reader);
  reader.skip(2); // volatile compounds
  values.push(exact("co2", reader.u16be(), 0, "ppm"));
  values.push(exact("battery_voltage", reader.u16be(), -3, "V"));
  reader.skip(2);
  reader.end();
  return [{ values }];
}

const registers: readonly RegisterId[] = ["temperature", "humidity", "pressure", "battery_voltage"];
const sensor = (name: string, more: readonly RegisterId[], decode: Decoder["decode"]): Decoder => ({
  model: `senzemo/${name}`,
  version: 1,
  title: `Senzemo ${name.toUpperCase()}`,
  kind: "temperature",
  registers: [...registers, ...more],
  decode,
});

export const senzemo: readonly Decoder[] = [
  sensor("smc30", [], smc30),
  sensor("spu20", ["co2"], spu20),
  sensor("spu20b", ["co2"], spu20),
];
