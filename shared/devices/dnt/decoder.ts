/**
 * dnt's LoRaWAN switch with a meter (BSM), contact interface (WSCI) and distance sensor (DIS). Answers and
 * states one after the other, each announced by a number; highest byte first.
 *
 * @see the uplink decoders that dnt publishes
 */
import type { DecodedReading, Decoder } from "#shared/model/decoder.ts";
import type { MeterKindId } from "#shared/model/meter-kinds.ts";
import type { RegisterId, Unit, Value } from "#shared/model/registers.ts";
import { ByteReader } from "../byte-reader.ts";
import { exact } from "../exact.ts";

type Part = (reader: ByteReader) => Value[];
type Parts = Readonly<Record<number, Part>>;

const skip =
  (size: number): Part =>
  (reader) => {
    reader.skip(size);
    return [];
  };
const word =
  (register: RegisterId, scale: number, unit: Unit): Part =>
  (reader) => [exact(register, reader.u16be(), scale, unit)];
const state = (register: RegisterId, n: number) => exact(register, n, 0, "none");
/** Tens of millivolts above one and a half volts. */
const battery: Part = (reader) => [exact("battery_voltage", reader.u8() * 10 + 1500, -3, "V")];
/** Commands that failed: how many, then which. */
const failed: Part = (reader) => {
  reader.skip(reader.u8());
  return [];
};
/** Versions, or a list whose length nobody tells: nothing that is measured follows. */
const rest: Part = (reader) => {
  reader.skip(reader.left);
  return [];
};
/** A byte says which values follow, the highest bit first. */
const status =
  (...parts: readonly Part[]): Part =>
  (reader) => {
    const told = reader.u8();
    return parts.flatMap((part, place) => ((told >> (7 - place)) & 1 ? part(reader) : []));
  };

const power = word("1-0:1.7.0", -1, "W");
const voltage = word("1-0:12.7.0", -1, "V");
const current = word("1-0:11.7.0", -3, "A");
const frequency = word("1-0:14.7.0", -2, "Hz");
const bsm: Parts = {
  0: skip(2),
  2: skip(1),
  4: status(
    (reader) => {
      const bits = reader.u8();
      return [state("on", bits >> 7), state("error_flags", (bits >> 5) & 3)];
    },
    power,
    voltage,
    current,
    frequency,
  ),
  5: skip(1), // an error of the device
  6: (reader) => [state("on", reader.u8() === 0 ? 0 : 1)],
  7: (reader) => [state("error_flags", reader.u8() & 3)],
  11: power,
  12: voltage,
  13: current,
  14: frequency,
  ...Object.fromEntries([15, 17, 27, 29, 117, 120].map((id) => [id, skip(1)])),
  19: skip(2),
  21: skip(2),
  23: skip(6),
  25: skip(8),
  31: rest,
  33: failed,
  119: skip(3),
  122: skip(2),
  124: rest,
  127: rest,
};

const DISABLED = 2;
/** Idle, set, or switched off at the device. */
const contact =
  (register: RegisterId): Part =>
  (reader) => {
    const n = reader.u8() & 3;
    return n >= DISABLED ? [] : [state(register, n)];
  };
const wsci: Parts = {
  0: skip(1),
  2: skip(1),
  4: status(battery, contact("tamper"), contact("input_2"), contact("input")),
  5: battery,
  6: contact("tamper"),
  7: skip(1), // an error of the device
  8: skip(6),
  10: skip(8),
  14: contact("input_2"),
  17: contact("input"),
  ...Object.fromEntries([13, 16, 19, 21, 23, 57, 248].map((id) => [id, skip(1)])),
  54: failed,
  247: skip(3),
  250: skip(2),
  252: rest,
  255: rest,
};

const distance: Part = (reader) => {
  reader.skip(1); // how good it is
  return [exact("distance", reader.u16be(), 0, "mm")];
};
const temperature: Part = (reader) => [exact("temperature", reader.i16be(), -1, "C")];
/** Which answer follows a start. */
const INFO = 255;
const TAKEN = 0xc0;
const dis: Parts = {
  0: (reader) => {
    if (reader.u8() === INFO) reader.skip(10);
    return [];
  },
  1: distance,
  2: (reader) => {
    const alarm = state("temperature_alarm", reader.u8());
    return [alarm, ...temperature(reader)];
  },
  3: (reader) => [state("tamper", (reader.u8() & TAKEN) === 0 ? 0 : 1)],
  4: distance,
  5: skip(2),
  6: temperature,
  ...Object.fromEntries([21, 23, 24, 25, 26, 27, 245, 248].map((id) => [id, skip(1)])),
  22: skip(2),
  247: skip(3),
  250: skip(2),
  252: skip(15),
  255: skip(10),
};

function read(payload: Uint8Array, parts: Parts, first?: Part): DecodedReading[] {
  const reader = new ByteReader(payload);
  if (reader.left === 0) reader.fail("is empty");
  const said = new Map<RegisterId, Value>();
  for (const value of first?.(reader) ?? []) said.set(value.register, value);
  while (reader.left > 0) {
    const id = reader.u8();
    const part = parts[id];
    if (part === undefined) return reader.fail(`has an unknown part ${id}`);
    for (const value of part(reader)) said.set(value.register, value);
  }
  return said.size === 0 ? [] : [{ values: [...said.values()] }];
}

const device = (
  name: string,
  kind: MeterKindId,
  registers: readonly RegisterId[],
  parts: Parts,
  first?: Part,
): Decoder => ({
  model: `dnt/dnt-lw-${name}`,
  version: 1,
  title: `dnt LW-${name.toUpperCase()}`,
  kind,
  registers,
  decode: (payload) => read(payload, parts, first),
});
const plug = ["on", "error_flags", "1-0:1.7.0", "1-0:12.7.0", "1-0:11.7.0", "1-0:14.7.0"] as const;

export const dnt: readonly Decoder[] = [
  device("bsm", "electricity", plug, bsm),
  device("wsci", "temperature", ["input", "input_2", "tamper", "battery_voltage"], wsci),
  device(
    "dis",
    "temperature",
    ["distance", "temperature", "temperature_alarm", "tamper", "battery_voltage"],
    dis,
    battery,
  ),
];
