/**
 * Comtac LPN CM-4: temperature and humidity in a room. Highest byte first; what could not be measured
 * is 250. A history tells eight pairs and no moment of any, so that only the battery is kept of it.
 *
 * @see the uplink decoder that Comtac publishes
 */
import type { DecodedReading, Decoder } from "#shared/model/decoder.ts";
import type { Value } from "#shared/model/registers.ts";
import { ByteReader } from "../byte-reader.ts";
import { exact } from "../exact.ts";

const DATA = 3;
const CONFIG = 100;
const INFO = 101;
const VERSION = 1;
const EVENT = 3;
const HISTORY = 4;
const PAIRS = 8;
const INVALID_TEMPERATURE = 25_000;
const INVALID_HUMIDITY = 250;
const HEAD_BYTES = 4;
const CONFIG_BYTES = 10;
const INFO_BYTES = 2;

function pair(reader: ByteReader): Value[] {
  const temperature = reader.i16be();
  const humidity = reader.u8();
  return [
    ...(temperature === INVALID_TEMPERATURE ? [] : [exact("temperature", temperature, -2, "C")]),
    ...(humidity === INVALID_HUMIDITY ? [] : [exact("humidity", humidity, 0, "%")]),
  ];
}

/** Everything a frame says, where its time is unknown too. */
export function cm4Samples(payload: Uint8Array): DecodedReading[] {
  const port = { [CONFIG_BYTES + HEAD_BYTES]: CONFIG, [INFO_BYTES + HEAD_BYTES]: INFO };
  const { battery, now, past } = frame(payload, port[payload.length] ?? DATA);
  return past.length > 0
    ? past.map((values, i) => ({ values: i === 0 ? [battery, ...values] : values }))
    : [{ values: [battery, ...now] }];
}

function frame(payload: Uint8Array, port: number) {
  const reader = new ByteReader(payload);
  const version = reader.u8();
  if (version !== VERSION) reader.fail(`is of version ${version}`);
  reader.skip(2); // flags
  // Half percents.
  const battery = exact("battery", reader.u8() * 5, -1, "%");
  const now: Value[] = [];
  const past: Value[][] = [];
  if (port !== DATA) reader.skip(port === CONFIG ? CONFIG_BYTES : INFO_BYTES);
  else
    while (reader.left > 0) {
      const type = reader.u8();
      if (type === EVENT && now.length === 0) now.push(...pair(reader));
      else if (type === HISTORY && past.length === 0)
        past.push(...Array.from({ length: PAIRS }, () => pair(reader)));
      else reader.fail(`has an unknown part ${type}`);
    }
  reader.end();
  return { battery, now, past };
}

function decode(payload: Uint8Array, { fPort }: { fPort: number | null }): DecodedReading[] {
  const port = fPort ?? DATA;
  if (port !== DATA && port !== CONFIG && port !== INFO)
    return new ByteReader(payload).fail(`came on port ${port}`);
  const { battery, now } = frame(payload, port);
  return [{ values: [...now, battery] }];
}

export const comtacCm4: Decoder = {
  model: "comtac/lpn-cm4",
  version: 1,
  title: "Comtac LPN CM-4",
  kind: "temperature",
  registers: ["temperature", "humidity", "battery"],
  decode,
};
