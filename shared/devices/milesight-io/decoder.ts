/**
 * Milesight UC series: inputs that count a meter's pulses, analog inputs, valves.
 *
 * What hangs at an input only the installer knows: pulses are counted as pulses, analog inputs
 * carry the number that the device shows.
 *
 * @see Milesight UC Series User Guides, "Uplink Packet"
 */
import type { Decoder } from "#shared/model/decoder.ts";
import type { RegisterId } from "#shared/model/registers.ts";
import type { ByteReader } from "../byte-reader.ts";
import { all, earlier, nothing, number, type Channel, type ChannelTable } from "../channels.ts";
import { decimalOf, exact } from "../exact.ts";
import { halfPercents, state, tenths } from "../milesight-channels.ts";
import { milesight } from "../milesight-decoder.ts";

const PULSES = ["pulses", "pulses_2", "pulses_3", "pulses_4"] as const;
const INPUTS = ["input", "input_2", "input_3", "input_4"] as const;
const OUTPUTS = ["output", "output_2"] as const;
const VALVES = ["valve", "valve_2"] as const;
const ANALOG = [
  ["analog", "analog_min", "analog_max", "analog_mean"],
  ["analog_2", "analog_min_2", "analog_max_2", "analog_mean_2"],
] as const;

const pulses = (place: 0 | 1 | 2 | 3) => number("u32le", PULSES[place], 0, "count");
/** Half-precision floats: what the device scaled its analog input to. */
const half =
  (register: RegisterId): Channel =>
  (reader, said) => {
    const value = decimalOf(reader.f16le(), 4);
    if (value) said.now.set(register, exact(register, value.n, value.scale, "none"));
  };
const analog = (place: 0 | 1, scale: number) =>
  all(...ANALOG[place].map((register) => number("i16le", register, scale, "none")));
const halves = (place: 0 | 1, order: readonly [number, number, number, number]) =>
  all(...order.map((which) => half(ANALOG[place][which] as RegisterId)));
const NOW_LOW_HIGH_MEAN = [0, 1, 2, 3] as const;
const NOW_HIGH_LOW_MEAN = [0, 2, 1, 3] as const;

/** Modbus registers read by the device mean what its installer set; they are passed over. */
const MODBUS_SIZES = [1, 1, 2, 2, 4, 4, 4, 4] as const;
const modbusOne: Channel = (reader) => {
  reader.skip(1);
  reader.skip(MODBUS_SIZES[reader.u8() & 0x07] as number);
};
const modbusOneAlarmed: Channel = (reader, said) => {
  modbusOne(reader, said);
  reader.skip(1);
};

function ofBits(mask: number, count: number, read: (place: number) => void): void {
  for (let place = 0; place < count; place++) if ((mask >> place) & 1) read(place);
}
/** History of the UC300: a mask says which of its inputs follow. */
const controllerPast: Channel = (reader, said) => {
  const mask = reader.u16le();
  ofBits(mask, 16, (place) => controllerItem(place, reader, said));
};
function controllerItem(place: number, reader: ByteReader, said: Parameters<Channel>[1]): void {
  if (place < 4) {
    const isCounter = reader.u8() !== 0;
    const n = reader.u32le();
    const register = (isCounter ? PULSES : INPUTS)[place] as RegisterId;
    said.now.set(register, exact(register, n, 0, isCounter ? "count" : "none"));
  } else if (place < 6) state(OUTPUTS[place - 4] as RegisterId)(reader, said);
  else if (place < 8) half(place === 6 ? "temperature" : "temperature_2")(reader, said);
  else if (place < 10) half(ANALOG[place === 8 ? 0 : 1][0])(reader, said);
  else if (place < 12) reader.skip(2);
  else reader.fail("has history of an unknown input");
}

/** A byte says what the input is, four bytes what it counts. */
const gpioPast = (place: 0 | 1): Channel => {
  const [input, count, output] = [INPUTS[place], PULSES[place], OUTPUTS[place]];
  return (reader, said) => {
    const kind = reader.u8();
    const n = reader.u32le();
    const register = kind === 0 ? input : kind === 1 ? output : count;
    said.now.set(register, exact(register, n, 0, kind === 2 ? "count" : "none"));
  };
};

const VALVE_TIMEOUT = 0xff;
const valve =
  (place: 0 | 1): Channel =>
  (reader, said) => {
    const n = reader.u8();
    const register = VALVES[place];
    if (n !== VALVE_TIMEOUT) said.now.set(register, exact(register, n, 0, "none"));
  };
const valvePast: Channel = (reader, said) => {
  const bits = reader.u8();
  const place = (bits >> 4) & 1 ? 1 : 0;
  said.now.set(VALVES[place], exact(VALVES[place], bits & 1, 0, "none"));
  const count = reader.u32le();
  if ((bits >> 1) & 1) said.now.set(PULSES[place], exact(PULSES[place], count, 0, "count"));
  else said.now.set(INPUTS[place], exact(INPUTS[place], (bits >> 2) & 1, 0, "none"));
};
const pipe = number("u16le", "pressure_pipe", 0, "kPa", [0xffff]);

const valves: ChannelTable = {
  0x0301: valve(0),
  0x0501: valve(1),
  0x04c8: pulses(0),
  0x06c8: pulses(1),
  0x0701: state("input"),
  0x0801: state("input_2"),
  0x097b: pipe,
  0xb97b: nothing(1),
  0x0bf5: nothing(9),
  0x0eaf: nothing(3),
  0x0faf: nothing(3),
  0x20ce: earlier(valvePast),
  0x21ce: earlier(pipe),
};
const valveRegisters: readonly RegisterId[] = [
  ...VALVES,
  "pulses",
  "pulses_2",
  "input",
  "input_2",
  "pressure_pipe",
];

const loggers: ChannelTable = {
  0x0300: state("input"),
  0x0301: state("output"),
  0x03c8: pulses(0),
  0x0400: state("input_2"),
  0x0401: state("output_2"),
  0x04c8: pulses(1),
  0x0502: analog(0, -3),
  0x0602: analog(1, -3),
  0x05e2: halves(0, NOW_LOW_HIGH_MEAN),
  0x06e2: halves(1, NOW_LOW_HIGH_MEAN),
  0x85e2: all(halves(0, NOW_LOW_HIGH_MEAN), state("alarm")),
  0x86e2: all(halves(1, NOW_LOW_HIGH_MEAN), state("alarm_2")),
  0x08db: nothing(37), // a line of SDI-12
  0xff0e: modbusOne,
  0x800e: modbusOneAlarmed,
  0xff15: nothing(1), // Modbus could not be read
  0x20dc: earlier(gpioPast(0), gpioPast(1), half("analog"), half("analog_2")),
};
const loggerRegisters: readonly RegisterId[] = [
  ...INPUTS,
  ...OUTPUTS,
  ...PULSES,
  ...ANALOG.flat(),
  "alarm",
  "alarm_2",
];

const switches: ChannelTable = {
  0x0100: state("input"),
  0x0200: state("input_2"),
  0x01c8: pulses(0),
  0x02c8: pulses(1),
  0x0901: state("output"),
  0x0a01: state("output_2"),
  0x1102: analog(0, -2),
  0x1202: analog(1, -2),
};
/** Inputs of the UC11 series come with a type that says nothing. */
const anyTypeOf = (channel: number, read: Channel): ChannelTable =>
  Object.fromEntries(
    [0x00, 0x01, 0x02].map((type): [number, Channel] => [(channel << 8) | type, read]),
  );

const controller: ChannelTable = {
  0x0300: state("input"),
  0x0400: state("input_2"),
  0x0500: state("input_3"),
  0x0600: state("input_4"),
  0x03c8: pulses(0),
  0x04c8: pulses(1),
  0x05c8: pulses(2),
  0x06c8: pulses(3),
  0x0701: state("output"),
  0x0801: state("output_2"),
  0x0967: tenths,
  0x0a67: number("i16le", "temperature_2", -1, "C"),
  0x0b02: number("u32le", "analog", -2, "none"),
  0x0c02: number("u32le", "analog_2", -2, "none"),
  0x0d02: nothing(4),
  0x0e02: nothing(4),
  0x0be2: halves(0, NOW_HIGH_LOW_MEAN),
  0x0ce2: halves(1, NOW_HIGH_LOW_MEAN),
  0x0de2: nothing(8),
  0x0ee2: nothing(8),
  0x09e2: nothing(8),
  0x0ae2: nothing(8),
  0xff19: (reader) => {
    // A Modbus register: number, length, form, then as many bytes.
    reader.skip(1);
    const size = reader.u8();
    reader.skip(1 + size);
  },
  0xff15: nothing(1),
  0x20dc: earlier(controllerPast),
};

export const io: readonly Decoder[] = [
  ...["uc1114", "uc1122", "uc1152"].map((name) =>
    milesight(
      name,
      {
        ...anyTypeOf(0x01, state("input")),
        ...anyTypeOf(0x02, state("input_2")),
        ...switches,
      },
      loggerRegisters,
      "electricity",
    ),
  ),
  milesight(
    "uc11-n1",
    {
      ...anyTypeOf(0x03, state("input")),
      ...anyTypeOf(0x04, state("input_2")),
      0x04c8: pulses(0),
      0x0502: analog(0, -2),
      0x0602: analog(1, -2),
    },
    loggerRegisters,
    "electricity",
  ),
  milesight("uc11-t1", { 0x0167: tenths, 0x0268: halfPercents }, ["temperature", "humidity"]),
  milesight(
    "uc300",
    controller,
    [...loggerRegisters, "temperature", "temperature_2"],
    "electricity",
  ),
  ...["uc501", "uc502", "uc50x"].map((name) =>
    milesight(name, loggers, loggerRegisters, "electricity"),
  ),
  ...["uc511", "uc512", "uc51x"].map((name) =>
    milesight(name, valves, valveRegisters, "cold_water"),
  ),
];
