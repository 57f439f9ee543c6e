/**
 * `dragino-frame`: what Dragino's sensors have in common: the highest byte first, a port for each
 * kind of message, and refusal of every other port.
 */
import { Fault } from "#shared/model/fault.ts";
import type { DecodedReading } from "#shared/model/decoder.ts";
import type { Value } from "#shared/model/registers.ts";
import { ByteReader } from "./byte-reader.ts";
import { exact } from "./exact.ts";

/** Reads one kind of message; null when it measures nothing. */
export type Message = (reader: ByteReader, heardAt: number) => DecodedReading[] | Value[] | null;

const isReading = (item: DecodedReading | Value): item is DecodedReading => "values" in item;

/**
 * A decoder's `decode` that picks the message by its port. Without a known port the first one is
 * taken, the message of measurements.
 */
export function byPort(first: number, messages: Readonly<Record<number, Message>>) {
  return (
    payload: Uint8Array,
    { fPort, heardAt }: { fPort: number | null; heardAt: number },
  ): DecodedReading[] => {
    const read = messages[fPort ?? first];
    if (read === undefined)
      throw new Fault("invalid", `The device sends nothing on port ${fPort}.`, { fPort });
    const said = read(new ByteReader(payload), heardAt) ?? [];
    const readings = said.filter(isReading);
    const values = said.filter((item): item is Value => !isReading(item));
    return values.length > 0 ? [{ values }, ...readings] : readings;
  };
}

/** A message of settings. */
export const settings: Message = () => null;

/** Bits above 13 of a battery word say other things. */
export const millivolts = (word: number): Value => exact("battery_voltage", word & 0x3fff, -3, "V");

/** The device's status (model, firmware, band, battery), on port 5. */
export const status: Message = (reader) => {
  reader.skip(5);
  const values = [exact("battery_voltage", reader.u16be(), -3, "V")];
  reader.end();
  return values;
};

/** What a sensor shows that is not connected. */
const NOT_CONNECTED = 0x7fff;

/** Hundredths of a degree, or nothing without a sensor. */
export function probe(reader: ByteReader): Value[] {
  const n = reader.i16be();
  return n === NOT_CONNECTED ? [] : [exact("temperature_external", n, -2, "C")];
}

/** 1 January 2015: no clock of these devices was set before. */
const EARLIEST_SECONDS = 1_420_070_400;
const DAY_SECONDS = 86_400;

/**
 * The time of a device whose clock the network sets: epoch ms, or undefined when it is not set
 * or lies in the future.
 */
export function clockTime(seconds: number, heardAt: number): number | undefined {
  const isSet = seconds >= EARLIEST_SECONDS && seconds <= heardAt / 1000 + DAY_SECONDS;
  return isSet ? seconds * 1000 : undefined;
}

/** Seven bytes and the time. */
const RECORD = 11;

/**
 * What a device had stored: records of eleven bytes that end in their time, the values as `read` finds them in
 * the first seven. A record is of use only with its time.
 */
export function records(read: (reader: ByteReader) => Value[]): Message {
  return (reader, heardAt) => {
    if (reader.left % RECORD !== 0) reader.fail("holds no whole number of records");
    const readings: DecodedReading[] = [];
    while (reader.left > 0) {
      const begin = reader.position;
      const values = read(reader);
      reader.skip(begin + RECORD - 4 - reader.position);
      const time = clockTime(reader.u32be(), heardAt);
      if (time !== undefined && values.length > 0) readings.push({ time, values });
    }
    return readings;
  };
}
