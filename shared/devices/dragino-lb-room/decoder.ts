/**
 * Dragino AQS01-L (air), PB01-L (button with climate), LTC2-LB (two platinum probes), LDS12-LB (distance by light) and
 * CS01-LB (four current transformers). Port 2 now, port 3 what was stored.
 *
 * @see Dragino AQS01-L, PB01, LTC2-LB, LDS12-LB and CS01-LB user manuals, "Uplink payload"
 */
import type { Decoder } from "#shared/model/decoder.ts";
import type { RegisterId, Value } from "#shared/model/registers.ts";
import type { ByteReader } from "../byte-reader.ts";
import { byPort, clockTime, millivolts, records, status, type Message } from "../dragino-frame.ts";
import { exact } from "../exact.ts";

const fullVolts = (reader: ByteReader) => exact("battery_voltage", reader.u16be(), -3, "V");
const humidity = (reader: ByteReader) => exact("humidity", reader.u16be(), -1, "%");

/** Tenths, or hundredths where a newer sensor is in. */
const air = (n: number, isFine: boolean) => exact("temperature", n, isFine ? -2 : -1, "C");

const airNow: Message = (reader) => {
  const battery = fullVolts(reader);
  const degrees = reader.i16be();
  const rest = [
    humidity(reader),
    exact("pressure", reader.u16be(), -1, "hPa"),
    exact("co2", reader.u16be(), 0, "ppm"),
  ];
  const flags = reader.u8();
  reader.end();
  return [
    battery,
    air(degrees, (flags & 0x10) !== 0),
    ...rest,
    exact("alarm", flags & 0x0f, 0, "none"),
  ];
};
const airStored = records((reader) => {
  const co2 = exact("co2", reader.u16be(), 0, "ppm");
  const damp = humidity(reader);
  const degrees = reader.i16be();
  return [air(degrees, (reader.u8() & 1) !== 0), damp, co2];
});

const buttonNow: Message = (reader) => {
  const battery = fullVolts(reader);
  reader.skip(1);
  const alarm = exact("alarm", reader.u8() & 1, 0, "none");
  const values = [battery, alarm, exact("temperature", reader.i16be(), -1, "C"), humidity(reader)];
  reader.end();
  return values;
};

/** Beyond 200 °C nothing is connected. */
const MOST_TENTHS = 20_000;
function platinum(reader: ByteReader, register: RegisterId): Value[] {
  const n = reader.i16be();
  return Math.abs(n) > MOST_TENTHS ? [] : [exact(register, n, -1, "C")];
}
const platinumNow: Message = (reader, heardAt) => {
  const battery = fullVolts(reader);
  const flags = reader.u8();
  const values = [
    battery,
    exact("alarm", flags & 1, 0, "none"),
    // Too high and too low of the second probe, then of the first.
    exact("temperature_alarm", (flags >> 2) & 0x0f, 0, "none"),
    ...platinum(reader, "temperature_external"),
    ...platinum(reader, "temperature_2"),
  ];
  const time = clockTime(reader.u32be(), heardAt);
  reader.end();
  return [{ ...(time === undefined ? {} : { time }), values }];
};

const NOT_CONNECTED = 0x7fff;
const lidarNow: Message = (reader) => {
  const battery = millivolts(reader.u16be());
  const degrees = reader.i16be();
  const distance = exact("distance", reader.u16be(), 0, "mm");
  reader.skip(2); // strength of the echo
  const alarm = exact("alarm", reader.u8() & 1, 0, "none");
  const own = exact("temperature", reader.i8(), 0, "C");
  reader.skip(1);
  reader.end();
  const probe = degrees === NOT_CONNECTED ? [] : [exact("temperature_external", degrees, -1, "C")];
  return [battery, ...probe, distance, alarm, own];
};
const lidarStored = records((reader) => {
  reader.skip(2);
  reader.skip(2);
  return [exact("distance", reader.u16be(), 0, "mm")];
});

const CURRENTS = ["current", "current_2", "current_3", "current_4"] as const;
/** Four currents in steps of 10 mA; a transformer with a larger range is told by the port. */
const FINE_SIZE = 15;
const FINE_WITH_CHARGE = 32;
const ranges = [1, 3, 6] as const;

const currents =
  (port: number): Message =>
  (reader) => {
    const isFine = reader.left === FINE_SIZE || reader.left === FINE_WITH_CHARGE;
    const word = reader.u16be();
    const factor = (place: number) => ranges[(port >> (place < 2 ? 6 : 4)) & 3] ?? 1;
    const values = [
      exact("battery_voltage", word & 0x3fff, -3, "V"),
      exact("input", word >> 15, 0, "none"),
    ];
    for (const [place, register] of CURRENTS.entries()) {
      const n = (isFine ? reader.u24be() : reader.u16be()) * factor(place);
      values.push(exact(register, n, isFine ? -3 : -2, "A"));
    }
    values.push(exact("alarm", reader.u8(), 0, "none"));
    return values;
  };
/** The lower half of a port is the kind of message, the upper half the range. */
const currentPorts = Object.fromEntries(
  Array.from({ length: 16 }, (_, high) => [high * 16 + 2, currents(high * 16 + 2)]),
);

interface Room {
  readonly title: string;
  readonly kind: Decoder["kind"];
  readonly registers: readonly RegisterId[];
  readonly messages: Readonly<Record<number, Message>>;
}
const sensor = (name: string, { title, kind, registers, messages }: Room): Decoder => ({
  model: `dragino/${name}`,
  version: 1,
  title: `Dragino ${title}`,
  kind,
  registers: ["battery_voltage", "alarm", ...registers],
  decode: byPort(2, { 5: status, ...messages }),
});

export const draginoRoom: readonly Decoder[] = [
  sensor("aqs01-l", {
    title: "AQS01-L",
    kind: "temperature",
    registers: ["temperature", "humidity", "pressure", "co2"],
    messages: { 2: airNow, 3: airStored },
  }),
  sensor("pb01-l", {
    title: "PB01-L",
    kind: "temperature",
    registers: ["temperature", "humidity"],
    messages: { 2: buttonNow },
  }),
  sensor("ltc2-lb", {
    title: "LTC2-LB",
    kind: "temperature",
    registers: ["temperature_alarm", "temperature_external", "temperature_2"],
    messages: { 2: platinumNow },
  }),
  sensor("lds12-lb", {
    title: "LDS12-LB",
    kind: "leak",
    registers: ["temperature_external", "temperature", "distance"],
    messages: { 2: lidarNow, 3: lidarStored },
  }),
  sensor("cs01-lb", {
    title: "CS01-LB",
    kind: "electricity",
    registers: ["input", ...CURRENTS],
    messages: currentPorts,
  }),
];
