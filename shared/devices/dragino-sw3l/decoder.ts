/**
 * Dragino SW3L and SW3L-LB: a flow sensor in a pipe that counts pulses. How many make a litre depends on its
 * size (450, 360 or 60), which the device's multiplier tells.
 *
 * In mode 1 it sends the pulses since the last message, which is no index and is not taken for one.
 *
 * @see Dragino SW3L user manual, "Water flow value"
 */
import type { DecodedReading, Decoder } from "#shared/model/decoder.ts";
import type { ByteReader } from "../byte-reader.ts";
import { byPort, clockTime, settings, status, type Message } from "../dragino-frame.ts";
import { exact } from "../exact.ts";

const RECORD = 11;
const SINCE_LAST = 1;
/** The bits above say how two inputs stand. */
const MODE = 0x3f;

const now: Message = (reader, heardAt) => {
  const flags = reader.u8();
  const pulses = reader.u32be();
  const mode = reader.u8() & MODE;
  reader.skip(1);
  const time = clockTime(reader.u32be(), heardAt);
  reader.end();
  const alarm = exact("alarm", (flags >> 1) & 1, 0, "none");
  const values = mode === SINCE_LAST ? [alarm] : [alarm, exact("pulses", pulses, 0, "count")];
  return [{ ...(time === undefined ? {} : { time }), values }];
};

function record(reader: ByteReader, heardAt: number): DecodedReading | null {
  reader.skip(1);
  const mode = reader.u8() & MODE;
  reader.skip(1);
  const pulses = reader.u32be();
  const time = clockTime(reader.u32be(), heardAt);
  return time === undefined || mode === SINCE_LAST
    ? null
    : { time, values: [exact("pulses", pulses, 0, "count")] };
}
const stored: Message = (reader, heardAt) => {
  if (reader.left % RECORD !== 0) reader.fail("holds no whole number of records");
  const readings: DecodedReading[] = [];
  while (reader.left > 0) {
    const reading = record(reader, heardAt);
    if (reading !== null) readings.push(reading);
  }
  return readings;
};

const flowSensor = (name: string): Decoder => ({
  model: `dragino/${name}`,
  version: 2,
  title: `Dragino ${name.toUpperCase()}`,
  kind: "cold_water",
  registers: ["pulses", "alarm", "battery_voltage"],
  decode: byPort(2, { 2: now, 3: stored, 4: settings, 5: status }),
});

export const draginoFlow: readonly Decoder[] = [flowSensor("sw3l"), flowSensor("sw3l-lb")];
