/**
 * Dragino LHT52: temperature and humidity with an optional probe, and a clock that the network
 * sets. Port 2 now, port 3 what was stored.
 *
 * @see Dragino LHT52 user manual, "Payload"
 */
import type { DecodedReading, Decoder } from "#shared/model/decoder.ts";
import type { ByteReader } from "../byte-reader.ts";
import { byPort, clockTime, probe, settings, status, type Message } from "../dragino-frame.ts";
import { exact } from "../exact.ts";

const RECORD = 11;

function record(reader: ByteReader, heardAt: number): DecodedReading {
  const air = [
    exact("temperature", reader.i16be(), -2, "C"),
    exact("humidity", reader.u16be(), -1, "%"),
  ];
  const outside = probe(reader);
  reader.skip(1); // kind of probe
  const time = clockTime(reader.u32be(), heardAt);
  return { ...(time === undefined ? {} : { time }), values: [...air, ...outside] };
}

const now: Message = (reader, heardAt) => {
  const reading = record(reader, heardAt);
  reader.end();
  return [reading];
};
const stored: Message = (reader, heardAt) => {
  if (reader.left % RECORD !== 0) reader.fail("holds no whole number of records");
  const readings: DecodedReading[] = [];
  while (reader.left > 0) readings.push(record(reader, heardAt));
  return readings.filter(({ time }) => time !== undefined);
};

export const lht52: Decoder = {
  model: "dragino/lht52",
  version: 1,
  title: "Dragino LHT52",
  kind: "temperature",
  registers: ["temperature", "humidity", "temperature_external", "battery_voltage"],
  decode: byPort(2, { 2: now, 3: stored, 4: settings, 5: status }),
};
