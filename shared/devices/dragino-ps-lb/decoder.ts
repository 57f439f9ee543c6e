/**
 * Dragino PS-LB: a probe for pressure or depth on a current loop of 4 to 20 mA, and a voltage input.
 *
 * The device sends the loop's current and which probe hangs on it; what the current stands for is worked out here
 * from the probe's range. Port 2 now, port 3 what was stored, port 7 samples without times.
 *
 * @see Dragino PS-LB user manual, "Uplink payload", "Probe model"
 */
import type { Decoder } from "#shared/model/decoder.ts";
import type { RegisterId, Unit, Value } from "#shared/model/registers.ts";
import type { ByteReader } from "../byte-reader.ts";
import { byPort, records, status, type Message } from "../dragino-frame.ts";
import { exact } from "../exact.ts";

const ZERO_MICROAMPS = 4000;
const MIDDLE_MICROAMPS = 12_000;

const DEPTH = 0;
const PRESSURE = 1;
const DIFFERENCE = 2;

/** Of each range, what 1 mA stands for: kPa. Range 8 counts down, range 9 has its zero in the middle. */
const pressurePerMilliamp: Readonly<Record<number, number>> = {
  1: 37.5,
  2: 62.5,
  3: 100,
  4: 156.25,
  5: 625,
  6: 2500,
  7: 3750,
  8: -6.25,
  9: 12.5,
  10: 0.3125,
  11: 3.125,
  12: 6.25,
};
/** The same for a difference of pressures: Pa. From range 10 on, the zero is in the middle. */
const differencePerMilliamp: Readonly<Record<number, number>> = {
  1: 6.25,
  2: 12.5,
  3: 18.75,
  4: 62.5,
  5: 125,
  6: 187.5,
  7: 250,
  8: 312.5,
  9: 625,
  10: 12.5,
  11: 25,
  12: 125,
};
const MIDDLE_PRESSURE = 9;
const MIDDLE_DIFFERENCE = 10;

/** Rounded to a thousandth of the unit. */
function scaled(
  register: RegisterId,
  unit: Unit,
  microamps: number,
  zero: number,
  per: number | undefined,
): Value[] {
  if (per === undefined) return [];
  // At 4 mA and below the probe is at its lowest, or not connected.
  const above = microamps <= ZERO_MICROAMPS && zero === ZERO_MICROAMPS ? 0 : microamps - zero;
  return [exact(register, Math.round(above * per), -3, unit)];
}

function measured(kind: number, range: number, microamps: number): Value[] {
  if (kind === DEPTH) return scaled("level", "mm", microamps, ZERO_MICROAMPS, (range * 1000) / 16);
  if (kind === PRESSURE) {
    const zero = range === MIDDLE_PRESSURE ? MIDDLE_MICROAMPS : ZERO_MICROAMPS;
    return scaled("pressure_pipe", "kPa", microamps, zero, pressurePerMilliamp[range]);
  }
  if (kind !== DIFFERENCE) return [];
  const zero = range >= MIDDLE_DIFFERENCE ? MIDDLE_MICROAMPS : ZERO_MICROAMPS;
  return scaled("pressure_difference", "Pa", microamps, zero, differencePerMilliamp[range]);
}

function probe(reader: ByteReader): Value[] {
  const kind = reader.u8();
  const range = reader.u8();
  const microamps = reader.u16be();
  return [
    exact("current_input", microamps, -6, "A"),
    exact("voltage_input", reader.u16be(), -3, "V"),
    ...measured(kind, range, microamps),
  ];
}
const pins = (flags: number): Value[] => [
  exact("input", (flags >> 3) & 1, 0, "none"),
  exact("input_2", (flags >> 2) & 1, 0, "none"),
  exact("input_3", (flags >> 1) & 1, 0, "none"),
  exact("alarm", flags & 1, 0, "none"),
];

const now: Message = (reader) => {
  const battery = exact("battery_voltage", reader.u16be(), -3, "V");
  const values = [battery, ...probe(reader), ...pins(reader.u8())];
  reader.end();
  return values;
};
const stored: Message = records((reader) => [...probe(reader), ...pins(reader.u8())]);
const samples: Message = (reader) => [exact("battery_voltage", reader.u16be(), -3, "V")];

export const psLb: Decoder = {
  model: "dragino/ps-lb",
  version: 1,
  title: "Dragino PS-LB",
  kind: "temperature",
  registers: [
    ...(["battery_voltage", "current_input", "voltage_input", "level", "pressure_pipe"] as const),
    ...(["pressure_difference", "input", "input_2", "input_3", "alarm"] as const),
  ],
  decode: byPort(2, { 2: now, 3: stored, 5: status, 7: samples }),
};
