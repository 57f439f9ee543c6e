/**
 * NAS UM3023 (pulses and analogue inputs) and UM3033 (pulses and M-Bus). A byte says which interfaces report,
 * port 24 puts a status of the device before them, port 25 does not. Lowest byte first. What a pulse
 * stands for is set at the device and told with the count.
 *
 * Of two inputs set to the same medium the second goes to "counted"; 4 to 20 mA and volts are told apart.
 *
 * @see NAS, UM3023 and UM3033 v0.7.0, as ZENNER IoT reads them in element-parsers
 */
import type { DecodedReading, Decoder } from "#shared/model/decoder.ts";
import type { RegisterId, Unit, Value } from "#shared/model/registers.ts";
import { ByteReader } from "../byte-reader.ts";
import { decimalOf, exact } from "../exact.ts";
import { readRecords } from "../mbus/records.ts";
import { currentValues, heatMedium, waterMedium } from "../mbus/registers.ts";

const STATUS = 24;
const USAGE = 25;
/** Settings, M-Bus of a new meter, starts and errors. */
const ABOUT: readonly number[] = [49, 53, 99];
const FIRST_INPUT = 0x01;
const SECOND_INPUT = 0x02;
const FIRST_ANALOGUE = 0x04;
const SECOND_ANALOGUE = 0x08;
const SERIAL_INTERFACE = 0x10;
const MBUS = 0x20;
const AVERAGE = 0x80;
const INSTANT = 0x40;
const MILLIAMPERES = 0x01;
const FLOAT_DIGITS = 7;

type Counted = readonly [RegisterId, Unit];
const OFF = 0;
const PULSES = 1;
const media: Readonly<Record<number, Counted>> = {
  [PULSES]: ["pulses", "count"],
  2: ["8-0:1.0.0", "L"],
  3: ["1-0:1.8.0", "Wh"],
  4: ["7-0:3.0.0", "L"],
  5: ["6-0:1.0.0", "Wh"],
};

function input(reader: ByteReader, isSecond: boolean, said: ReadonlySet<RegisterId>): Value[] {
  const medium = reader.u8() >> 4;
  const n = reader.u32le();
  if (medium === OFF) return [];
  if (medium === PULSES) return [exact(isSecond ? "pulses_2" : "pulses", n, 0, "count")];
  const [register, unit] = media[medium] ?? reader.fail(`counts an unknown medium ${medium}`);
  return [said.has(register) ? exact("counted", n, 0, "none") : exact(register, n, 0, unit)];
}

function analogue(reader: ByteReader, isSecond: boolean): Value[] {
  const flags = reader.u8();
  const instant = flags & INSTANT ? reader.f32le() : undefined;
  if (flags & AVERAGE) reader.skip(4);
  const told = instant === undefined ? undefined : decimalOf(instant, FLOAT_DIGITS);
  if (told === undefined) return [];
  // A second current has no name of its own.
  if (flags & MILLIAMPERES)
    return isSecond ? [] : [exact("current_input", told.n, told.scale - 3, "A")];
  return [exact(isSecond ? "voltage_input_2" : "voltage_input", told.n, told.scale, "V")];
}

function mbus(reader: ByteReader): Value[] {
  const isHeard = (reader.u8() & 0xf) === 0;
  reader.skip(1); // the meter's own status
  if (!isHeard || reader.left === 0) {
    reader.skip(reader.left);
    return [];
  }
  const { records } = readRecords(reader);
  // Only heat meters count energy here.
  const isHeat = records.some(({ quantity }) => quantity.name === "energy");
  return currentValues(records, isHeat ? heatMedium : waterMedium);
}

function decode(payload: Uint8Array, { fPort }: { fPort: number | null }): DecodedReading[] {
  const port = fPort ?? STATUS;
  if (ABOUT.includes(port)) return [];
  const reader = new ByteReader(payload);
  if (port !== STATUS && port !== USAGE) reader.fail(`came on port ${port}`);
  const told = reader.u8();
  if (told & SERIAL_INTERFACE) reader.fail("reports an interface that is not described");
  const said = new Map<RegisterId, Value>();
  const put = (values: readonly Value[]) => {
    for (const value of values) if (!said.has(value.register)) said.set(value.register, value);
  };
  if (port === STATUS) {
    reader.skip(1); // a share of the battery
    put([exact("ambient_temperature", reader.i8(), 0, "C")]);
    reader.skip(1); // how well it was heard
  }
  if (told & FIRST_INPUT) put(input(reader, false, new Set()));
  if (told & SECOND_INPUT) put(input(reader, true, new Set(said.keys())));
  if (told & FIRST_ANALOGUE) put(analogue(reader, false));
  if (told & SECOND_ANALOGUE) put(analogue(reader, true));
  if (told & MBUS) put(mbus(reader));
  reader.end();
  return said.size === 0 ? [] : [{ values: [...said.values()] }];
}

const registers: readonly RegisterId[] = [
  ...(["pulses", "pulses_2", "8-0:1.0.0", "1-0:1.8.0", "7-0:3.0.0", "6-0:1.0.0"] as const),
  ...(["counted", "voltage_input", "voltage_input_2", "current_input"] as const),
  ...(["ambient_temperature"] as const),
];
/** Of the meter on its bus. */
const onBus: readonly RegisterId[] = [
  ...(["6-0:1.0.1", "6-0:1.0.2", "6-0:1.0.3", "6-0:2.0.0", "6-0:8.0.0", "6-0:9.0.0"] as const),
  ...(["6-0:10.0.0", "6-0:11.0.0", "6-0:12.0.0", "8-0:2.0.0", "8-0:9.0.0", "serial"] as const),
  ...(["water_temperature", "water_temperature_min", "water_temperature_max"] as const),
  ...(["water_flow_min", "water_flow_max", "error_flags", "battery_low"] as const),
];

const reader = (name: string, more: readonly RegisterId[]): Decoder => ({
  model: `nas/${name}`,
  version: 1,
  title: `NAS ${name.toUpperCase()}`,
  kind: "cold_water",
  registers: [...registers, ...more],
  decode,
});

export const nasPulse: readonly Decoder[] = [reader("um3023", onBus), reader("um3033", onBus)];
