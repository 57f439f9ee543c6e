/**
 * Dragino LHT65 and LHT65N: temperature and humidity, with whatever is plugged in.
 *
 * The low four bits of byte 6 name the external sensor; bit 7 says that it is not connected,
 * bit 6 that the frame is an old one, asked for.
 *
 * @see Dragino LHT65N user manual, "Uplink payload"
 */
import type { Decoder } from "#shared/model/decoder.ts";
import type { Value } from "#shared/model/registers.ts";
import type { ByteReader } from "../byte-reader.ts";
import {
  byPort,
  clockTime,
  millivolts,
  probe,
  settings,
  status,
  type Message,
} from "../dragino-frame.ts";
import { exact } from "../exact.ts";

const SIZE = 11;
/** External sensors. */
const NONE = 0x0;
const PROBE = 0x1;
const INTERRUPT = 0x4;
const LIGHT = 0x5;
const ANALOGUE = 0x6;
const COUNT_16 = 0x7;
const COUNT_32 = 0x8;
const PROBE_TIME = 0x9;

function external(reader: ByteReader, kind: number): Value[] {
  if (kind === PROBE) return probe(reader);
  if (kind === LIGHT) return [exact("illuminance", reader.u16be(), 0, "lux")];
  if (kind === ANALOGUE) return [exact("1-0:12.7.0", reader.u16be(), -3, "V")];
  if (kind === COUNT_16) return [exact("pulses", reader.u16be(), 0, "count")];
  if (kind === COUNT_32) return [exact("pulses", reader.u32be(), 0, "count")];
  if (kind === INTERRUPT)
    return [
      exact("open", reader.u8() > 0 ? 1 : 0, 0, "none"),
      exact("alarm", reader.u8() > 0 ? 1 : 0, 0, "none"),
    ];
  return kind === NONE ? [] : reader.fail(`has an unknown external sensor ${kind}`);
}

const measurements: Message = (reader, heardAt) => {
  if (reader.left !== SIZE) reader.fail(`has ${reader.left} bytes, not ${SIZE}`);
  const first = reader.u16be();
  const temperature = reader.i16be();
  const humidity = reader.u16be() & 0x0fff;
  const mark = reader.u8();
  if (mark & 0x40) reader.fail("is an old frame, without its time");
  const air = [exact("temperature", temperature, -2, "C"), exact("humidity", humidity, -1, "%")];
  const kind = mark & 0x0f;
  if (kind !== PROBE_TIME) return [millivolts(first), ...air, ...external(reader, kind)];
  const signed = first > 0x7fff ? first - 0x10000 : first;
  const outside = signed === 0x7fff ? [] : [exact("temperature_external", signed, -2, "C")];
  const time = clockTime(reader.u32be(), heardAt);
  return [{ ...(time === undefined ? {} : { time }), values: [...air, ...outside] }];
};

const logger = (name: string, title: string): Decoder => ({
  model: `dragino/${name}`,
  version: 1,
  title,
  kind: "temperature",
  registers: [
    "temperature",
    "humidity",
    "temperature_external",
    "battery_voltage",
    "illuminance",
    "pulses",
    "open",
    "alarm",
    "1-0:12.7.0",
  ],
  decode: byPort(2, { 2: measurements, 4: settings, 5: status }),
});

export const lht65 = logger("lht65", "Dragino LHT65");
export const lht65n = logger("lht65n", "Dragino LHT65N");
