/**
 * Dragino LSN50v2, SN50v3-LB, S31-LB, D20-LB and their kin: one payload, in which the working mode says what the last
 * bytes measure. Port 2, the mode in the middle of the seventh byte. S31B-LB has a clock instead of
 * what the others can connect.
 *
 * Weight is not read: what it counts depends on the cell that is connected.
 *
 * @see Dragino LSN50v2, LSN50v2-S31 and S31-LB user manuals, "Working mode and uplink payload"
 */
import type { DecodedReading, Decoder } from "#shared/model/decoder.ts";
import type { RegisterId, Value } from "#shared/model/registers.ts";
import type { ByteReader } from "../byte-reader.ts";
import { byPort, clockTime, records, status, type Message } from "../dragino-frame.ts";
import { exact } from "../exact.ts";

const NOT_CONNECTED = 0x7fff;
const ALL_ONES = 0xffff;
const ALARM_LIMITS_MODE = 31;
const LOG_RECORD = 11;

function degrees(reader: ByteReader, register: RegisterId): Value[] {
  const n = reader.i16be();
  return n === NOT_CONNECTED ? [] : [exact(register, n, -1, "C")];
}
const volts = (reader: ByteReader, register: RegisterId) =>
  exact(register, reader.u16be(), -3, "V");

/** Temperature and humidity, or light, where the humidity is nothing. */
function digitalSensor(reader: ByteReader): Value[] {
  const first = reader.u16be();
  const humidity = reader.u16be();
  if (humidity === 0) return [exact("illuminance", first, 0, "lux")];
  const values: Value[] = [];
  if (first !== NOT_CONNECTED && first !== ALL_ONES)
    values.push(exact("temperature", (first << 16) >> 16, -1, "C"));
  if (humidity !== ALL_ONES) values.push(exact("humidity", humidity, -1, "%"));
  return values;
}
function distance(reader: ByteReader): Value[] {
  const millimetres = reader.u16be();
  reader.skip(2); // signal strength
  return millimetres === 0 ? [] : [exact("distance", millimetres, 0, "mm")];
}
const contact = (flags: number): Value[] => [
  exact("alarm", flags & 1, 0, "none"),
  exact("open", flags & 0x80 ? 0 : 1, 0, "none"),
];

/** What stands behind the flags, by mode; modes 2 and 8 are laid out otherwise. */
const byMode: Readonly<Record<number, (reader: ByteReader) => Value[]>> = {
  0: digitalSensor,
  1: distance,
  3: (reader) => [...degrees(reader, "temperature_2"), ...degrees(reader, "temperature_3")],
  4: (reader) => (reader.skip(4), []),
  5: (reader) => [exact("pulses", reader.u32be(), 0, "count")],
  6: (reader) => (reader.skip(2), []), // two contacts more
  7: (reader) => [volts(reader, "voltage_input_2"), volts(reader, "voltage_input_3")],
};
const COUNT_MODE = 5;
const INTERRUPTS_MODE = 6;
/** Modes that only the newer SN50v3 has. */
const newerModes: Readonly<Record<number, (reader: ByteReader) => Value[]>> = {
  9: (reader) => (reader.skip(4), []), // period and length of a pulse
  10: (reader) => {
    const n = reader.i16be();
    reader.skip(2);
    return n === NOT_CONNECTED ? [] : [exact("temperature", n, -2, "C")];
  },
};
const COUNT_AND_CLIMATE_MODE = 11;

const measurements: Message = (reader) => {
  const words = [reader.fork(), reader.fork(), reader.fork()];
  words[1]!.skip(2);
  words[2]!.skip(4);
  const [first, second, third] = words as [ByteReader, ByteReader, ByteReader];
  reader.skip(6);
  const flags = reader.u8();
  const mode = (flags & 0x7c) >> 2;
  const input = exact("input", (flags >> 1) & 1, 0, "none");
  if (mode === 2) {
    const values = [
      volts(first, "voltage_input"),
      volts(second, "voltage_input_2"),
      volts(third, "voltage_input_3"),
      input,
      ...contact(flags),
      ...digitalSensor(reader),
    ];
    return [...values, exact("battery_voltage", reader.u8(), -1, "V")];
  }
  const battery = volts(first, "battery_voltage");
  if (mode === COUNT_AND_CLIMATE_MODE) {
    const flagsAnd = [battery, input, ...contact(flags)];
    const count = exact("pulses", reader.u32be(), 0, "count");
    return [...flagsAnd, ...digitalSensor(second), count];
  }
  const probe = degrees(second, "temperature_external");
  // The rest are limits of the alarm.
  if (mode === ALARM_LIMITS_MODE) return [battery, ...probe];
  if (mode === 8)
    return [
      battery,
      ...probe,
      input,
      ...contact(flags),
      ...degrees(third, "temperature_2"),
      ...degrees(reader, "temperature_3"),
      exact("pulses", reader.u32be(), 0, "count"),
      exact("pulses_2", reader.u32be(), 0, "count"),
    ];
  const rest =
    byMode[mode] ?? newerModes[mode] ?? reader.fail(`has an unknown working mode ${mode}`);
  const isContact = mode !== INTERRUPTS_MODE;
  const values = [
    battery,
    ...probe,
    volts(third, "voltage_input"),
    input,
    ...(isContact ? contact(flags) : []),
    ...rest(reader),
  ];
  if (mode !== COUNT_MODE && reader.left > 1) reader.fail(`has ${reader.left} bytes too many`);
  return values;
};

const sensor = (name: string, more: Readonly<Record<number, Message>> = {}): Decoder => ({
  model: `dragino/${name}`,
  version: 1,
  title: `Dragino ${name.toUpperCase()}`,
  kind: "temperature",
  registers: [
    ...(["battery_voltage", "temperature", "humidity", "illuminance", "distance"] as const),
    ...(["temperature_external", "temperature_2", "temperature_3", "pulses", "pulses_2"] as const),
    ...(["voltage_input", "voltage_input_2", "voltage_input_3", "input", "alarm", "open"] as const),
  ],
  decode: byPort(2, { 2: measurements, 5: statusOrSettings, ...more }),
});

/** Three probes and flags, then the time. */
const storedProbes: Message = records((reader) => [
  ...degrees(reader, "temperature_external"),
  ...degrees(reader, "temperature_2"),
  ...degrees(reader, "temperature_3"),
]);

/** Seven bytes either way; only the newer ones begin with a model above the bands' numbers. */
function statusOrSettings(reader: ByteReader, heardAt: number) {
  return (reader.fork().u8() & 0xff) > 0x0f ? status(reader, heardAt) : null;
}

const withClock: Message = (reader, heardAt) => {
  const battery = volts(reader, "battery_voltage");
  const time = clockTime(reader.u32be(), heardAt);
  const flags = reader.u8();
  const mode = (flags & 0x7c) >> 2;
  if (mode === ALARM_LIMITS_MODE) return null;
  if (mode !== 0) reader.fail(`has an unknown working mode ${mode}`);
  const values = [battery, ...contact(flags), ...climate(reader)];
  reader.end();
  return [{ ...(time === undefined ? {} : { time }), values }];
};
const climate = (reader: ByteReader) => [
  ...degrees(reader, "temperature"),
  exact("humidity", reader.u16be(), -1, "%"),
];
const stored: Message = (reader, heardAt) => {
  if (reader.left % LOG_RECORD !== 0) reader.fail("holds no whole number of records");
  const readings: DecodedReading[] = [];
  while (reader.left > 0) {
    reader.skip(3);
    const values = climate(reader);
    const time = clockTime(reader.u32be(), heardAt);
    if (time !== undefined) readings.push({ time, values });
  }
  return readings;
};
const clocked = (name: string): Decoder => ({
  model: `dragino/${name}`,
  version: 1,
  title: `Dragino ${name.toUpperCase()}`,
  kind: "temperature",
  registers: ["battery_voltage", "temperature", "humidity", "alarm", "open"],
  decode: byPort(2, { 2: withClock, 3: stored, 5: () => null }),
});

export const draginoLsn50: readonly Decoder[] = [
  sensor("lsn50-v2"),
  sensor("lsn50v2-d20"),
  sensor("lsn50v2-s31"),
  sensor("s31-lb"),
  sensor("sn50v3-lb"),
  sensor("d20-lb", { 3: storedProbes }),
  sensor("d22-lb", { 3: storedProbes }),
  sensor("d23-lb", { 3: storedProbes }),
  clocked("s31b-lb"),
  clocked("s31b-lb2"),
];
