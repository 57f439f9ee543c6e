/**
 * Radio Bridge (MultiTech) RBS301, RBS304, RBS305 and RBS306: one event a frame. The upper half of
 * the first byte is the protocol, the lower a counter; the second byte says what happened. Highest
 * byte first; some temperatures have their sign apart from their size.
 *
 * Bytes after an event's own are filler.
 *
 * @see Radio Bridge, Packet Decoder, and the sensors' user guides, "Uplink Messages"
 */
import type { DecodedReading, Decoder } from "#shared/model/decoder.ts";
import type { MeterKindId } from "#shared/model/meter-kinds.ts";
import type { RegisterId, Value } from "#shared/model/registers.ts";
import { ByteReader } from "../byte-reader.ts";
import { exact } from "../exact.ts";

type Event = (reader: ByteReader) => Value[];

const state = (register: RegisterId, n: number) => exact(register, n, 0, "none");
const nothing: Event = () => [];
/** A byte that is 0 in the one case and not in the other. */
const either =
  (register: RegisterId, atZero: 0 | 1): Event =>
  (reader) => [state(register, reader.u8() === 0 ? atZero : 1 - atZero)];
/** A byte of whole units with its sign in the highest bit, and tenths in the upper half of the next. */
function tenths(reader: ByteReader): number {
  const whole = reader.u8();
  const size = (whole & 0x7f) * 10 + (reader.u8() >> 4);
  return whole & 0x80 ? -size : size;
}
const temperature: Event = (reader) => {
  reader.skip(1); // why
  return [exact("temperature", tenths(reader), -1, "C")];
};

/** Whole volts in the upper half, tenths in the lower. */
function battery(byte: number): Value[] {
  const tenth = byte & 0xf;
  return tenth > 9 ? [] : [exact("battery_voltage", (byte >> 4) * 10 + tenth, -1, "V")];
}
const supervisory: Event = (reader) => {
  const flags = reader.u8();
  reader.skip(1); // the sensor's state, which the maker gives up
  return [
    state("error_flags", flags),
    state("tamper", (flags >> 3) & 1),
    state("battery_low", (flags >> 1) & 1),
    ...battery(reader.u8()),
  ];
};

const HORIZONTAL = 1;
const tilt: Event = (reader) => {
  const why = reader.u8();
  const angle = exact("angle_x", reader.u8(), 0, "deg");
  return why > HORIZONTAL ? [angle] : [state("tilted", why), angle];
};

const events: Readonly<Record<number, Event>> = {
  0x00: nothing, // started
  0x01: supervisory,
  0x02: either("tamper", 1),
  0x03: either("open", 0),
  0x06: nothing, // a button
  0x07: either("open", 0), // 0 is a contact that is closed
  0x08: either("leak", 1), // 0 is water
  0x09(reader) {
    reader.skip(1);
    return [exact("temperature", reader.i8(), 0, "C")];
  },
  0x0a: tilt,
  0x0d: (reader) => [
    ...temperature(reader),
    exact("humidity", reader.u8() * 10 + (reader.u8() >> 4), -1, "%"),
  ],
  0x0e: either("motion", 1),
  0x0f(reader) {
    reader.skip(1);
    const angle = exact("angle_x", reader.u8() * 10 + (reader.u8() >> 4), -1, "deg");
    const byte = reader.u8();
    const degrees = byte & 0x80 ? -(byte & 0x7f) : byte;
    return [angle, exact("temperature", degrees, 0, "C")];
  },
  0x10(reader) {
    reader.skip(1);
    return [exact("distance", reader.u16be(), 0, "mm")];
  },
  0x11(reader) {
    reader.skip(1);
    return [exact("current_input", reader.u16be(), -5, "A")];
  },
  0x13(reader) {
    reader.skip(1);
    // Sixteenths.
    const degrees = exact("temperature", reader.i16be() * 625, -4, "C");
    return [degrees, state("error_flags", reader.u8())];
  },
  0x14(reader) {
    reader.skip(1);
    return [exact("voltage_input", reader.u16be(), -2, "V")];
  },
  0x19: temperature,
  0xfa: nothing, // about the device
  0xfb: nothing, // how well it is heard
  0xff: nothing, // a downlink's end
};

/** The four channels of the vibration sensor: hundredths of an inch a second, quarters of a g. */
const vibration: Event = (reader) => {
  reader.skip(1);
  return [
    exact("velocity_x", reader.u8() * 254, -3, "mm/s"),
    exact("impact", reader.u8() * 25, -2, "g"),
    exact("temperature", reader.i8(), 0, "C"),
    exact("voltage_input", reader.u8(), -2, "V"),
  ];
};
const vibrations: Readonly<Record<number, Event>> = {
  ...events,
  ...Object.fromEntries([0x1c, 0x1d, 0x1e, 0x1f].map((id) => [id, vibration])),
};

const read =
  (known: Readonly<Record<number, Event>>) =>
  (payload: Uint8Array): DecodedReading[] => {
    const reader = new ByteReader(payload);
    reader.skip(1); // protocol, counter
    const id = reader.u8();
    const event = known[id];
    if (event === undefined) return reader.fail(`tells an unknown event ${id}`);
    const values = event(reader);
    return values.length === 0 ? [] : [{ values }];
  };

const registers: readonly RegisterId[] = [
  ...(["temperature", "humidity", "leak", "open", "motion", "tilted", "angle_x"] as const),
  ...(["distance", "current_input", "voltage_input", "velocity_x", "impact"] as const),
  ...(["tamper", "error_flags", "battery_low", "battery_voltage"] as const),
];
const sensor = (name: string, kind: MeterKindId, known = events): Decoder => ({
  model: `radio-bridge/${name}`,
  version: 1,
  title: `Radio Bridge ${name.toUpperCase()}`,
  kind,
  registers,
  decode: read(known),
});

const others = (
  "rbs101-con rbs301-abm rbs301-dws rbs301-temp-ext rbs301-temp-int rbs301-tilt rbs305-ath " +
  "rbs306-abm rbs306-ath-ext rbs306-con rbs306-mbhr rbs306-temp-ext rbs306-temp-tc " +
  "rbs306-tilt-hp rbs306-us10m rbs306-vm30"
).split(" ");

export const radioBridge: readonly Decoder[] = [
  sensor("rbs301-wat", "leak"),
  sensor("rbs301-wr1m", "leak"),
  sensor("rbs306-wr1m", "leak"),
  sensor("rbs306-vshb", "temperature", vibrations),
  ...others.map((name) => sensor(name, "temperature")),
];
