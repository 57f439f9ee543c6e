/**
 * Milesight's newer devices, whose channels are announced by one byte: GS601 (vaping and air in washrooms), WT303 and
 * WT304 (fan coil thermostats), WT401 (room thermostat).
 *
 * What follows an answer to a setting differs from model to model and is refused as a whole.
 *
 * @see Milesight GS601, WT303, WT304 and WT401 User Guides, "Sensor Data"
 */
import type { Decoder } from "#shared/model/decoder.ts";
import type { RegisterId, Unit } from "#shared/model/registers.ts";
import type { ByteReader } from "../byte-reader.ts";
import { ByteReader as Reader } from "../byte-reader.ts";
import { nothing, number, type Channel, type Said } from "../channels.ts";
import { exact } from "../exact.ts";

type Commands = Readonly<Record<number, Channel>>;

const state = (register: RegisterId) => number("u8", register, 0, "none");
const fine = (register: RegisterId) => number("i16le", register, -2, "C");
const humidity = number("u16le", "humidity", -1, "%");

/** From this kind on, an alarm brings the value with it; odd kinds raise it, even ones end it. */
const FIRST_WITH_VALUE = 0x10;
/** Kinds below say that nothing could be measured, and why. */
function alarmOf(alarm: RegisterId, value: Channel): Channel {
  return (reader, said) => {
    const kind = reader.u8();
    said.now.set(alarm, exact(alarm, kind >= FIRST_WITH_VALUE ? kind & 1 : kind, 0, "none"));
    if (kind >= FIRST_WITH_VALUE) value(reader, said);
  };
}
/** An alarm whose value is read on, and which is not told from others of the device. */
const airAlarm = (form: "u8" | "u16le", register: RegisterId, unit: Unit): Channel =>
  alarmOf("alarm", number(form, register, 0, unit));
/** Somebody interferes with a measurement: no value follows. */
const INTERFERED = 0x20;
const vapingAlarm: Channel = (reader, said) => {
  const kind = reader.peek() ?? 0;
  if (kind < INTERFERED) return airAlarm("u8", "vaping", "none")(reader, said);
  reader.skip(1);
  return said.now.set("tamper", exact("tamper", kind & 1, 0, "none"));
};

const common: Commands = {
  0xc8: nothing(1), // switched on
  0xc9: nothing(1),
  0xcf: nothing(2), // LoRaWAN class
  0xd9: nothing(2),
  0xda: nothing(8), // versions
  0xdb: nothing(8), // serial number
  0xdf: nothing(2), // version of the protocol
  0xee: nothing(0), // settings asked for
};

const washroom: Commands = {
  ...common,
  0x00: number("u8", "battery", 0, "%"),
  0x01: number("u8", "vaping", 0, "none"),
  0x02: vapingAlarm,
  0x03: number("u16le", "pm1", 0, "ug/m3"),
  0x04: airAlarm("u16le", "pm1", "ug/m3"),
  0x05: number("u16le", "pm2_5", 0, "ug/m3"),
  0x06: airAlarm("u16le", "pm2_5", "ug/m3"),
  0x07: number("u16le", "pm10", 0, "ug/m3"),
  0x08: airAlarm("u16le", "pm10", "ug/m3"),
  0x09: number("i16le", "temperature", -1, "C"),
  0x0a: alarmOf("temperature_alarm", number("i16le", "temperature", -1, "C")),
  0x0b: humidity,
  0x0c: alarmOf("humidity_alarm", nothing(0)),
  0x0d: number("u16le", "tvoc", 0, "ug/m3"),
  0x0e: airAlarm("u16le", "tvoc", "ug/m3"),
  0x0f: state("tamper"),
  0x10: (reader, said) => {
    said.now.set("tamper", exact("tamper", reader.u8() & 1, 0, "none"));
  },
  0x11: state("buzzer"),
  0x12: state("occupied"),
  // What the gas sensor saw before it was made an index; how long the other one has worked.
  ...Object.fromEntries(Array.from({ length: 11 }, (_, place) => [0x20 + place, nothing(8)])),
  0x2b: nothing(4),
};

/** The lower half says what is done just now, the upper half what was asked for. */
const halves =
  (register: RegisterId): Channel =>
  (reader, said) => {
    said.now.set(register, exact(register, reader.u8() & 0x0f, 0, "none"));
  };
const relays: Channel = (reader, said) => {
  said.now.set("relay", exact("relay", reader.u32le() & 0x1f, 0, "none"));
};
const fanCoil: Commands = {
  ...common,
  0x01: fine("temperature"),
  0x02: humidity,
  0x03: fine("temperature_target"),
  0x04: nothing(1), // which sensor it was
  0x05: halves("heating_state"),
  0x06: number("u8", "valve_position", 0, "%"),
  0x07: halves("fan"),
  0x08: nothing(1),
  0x09: alarmOf("temperature_alarm", fine("temperature")),
  0x0a: alarmOf("humidity_alarm", nothing(0)),
  0x0b: nothing(1),
  0x10: relays,
};
const thermostat: Commands = {
  ...common,
  0x00: number("u8", "battery", 0, "%"),
  0x01: fine("temperature"),
  0x02: humidity,
  0x03: nothing(1), // heating or cooling, as asked for
  0x04: state("fan"),
  0x05: nothing(1),
  0x06: fine("temperature_target"),
  0x07: fine("temperature_target_2"),
  0x08: state("occupied"),
  0x09: nothing(1),
  0x0a: nothing(1),
  0x0b: state("temperature_alarm"),
  0x0c: state("humidity_alarm"),
  0x0d: nothing(1), // a key
  0x0f: nothing(1),
};

function read(commands: Commands, reader: ByteReader, said: Said): void {
  while (reader.left > 0) {
    const id = reader.u8();
    const command = Object.hasOwn(commands, id) ? commands[id] : undefined;
    if (command === undefined) reader.fail(`has an unknown channel ${id.toString(16)}`);
    else command(reader, said);
  }
}

const device = (name: string, commands: Commands, registers: readonly RegisterId[]): Decoder => ({
  model: `milesight/${name}`,
  version: 1,
  title: `Milesight ${name.toUpperCase()}`,
  kind: "temperature",
  registers,
  decode(payload) {
    const reader = new Reader(payload);
    if (payload.length === 0) reader.fail("is empty");
    const said: Said = { now: new Map(), history: [] };
    read(commands, reader, said);
    return said.now.size > 0 ? [{ values: [...said.now.values()] }] : [];
  },
});

const climate = ["temperature", "humidity", "temperature_alarm", "humidity_alarm"] as const;
const coil = ["temperature_target", "heating_state", "valve_position", "fan", "relay"] as const;

export const milesightCommands: readonly Decoder[] = [
  device("gs601", washroom, [
    ...climate,
    ...(["battery", "vaping", "pm1", "pm2_5", "pm10", "tvoc"] as const),
    ...(["alarm", "tamper", "buzzer", "occupied"] as const),
  ]),
  device("wt303", fanCoil, [...climate, ...coil]),
  device("wt304", fanCoil, [...climate, ...coil]),
  device("wt401", thermostat, [
    ...climate,
    ...(["battery", "temperature_target", "temperature_target_2", "fan", "occupied"] as const),
  ]),
];
