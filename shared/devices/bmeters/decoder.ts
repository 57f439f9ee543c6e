/**
 * B METERS: the modules IWM-LR3, IWM-LR4 and RFM-LR1 on mechanical water meters, and HYDRODIGIT. What is
 * told is the net volume, forward less reverse, and the reverse volume beside it.
 *
 * IWM: packed decimals, lowest first; a VIF says the volume's unit, which grows when the counter would
 * overflow. HYDRODIGIT: 28 bits each, lowest byte first, the highest four of both in one byte. RFM: a type,
 * a number, a value, one after the other, highest byte first.
 *
 * @see B METERS, IWM-LR3/LR4 User Manual v1.0, "Protocol"; HYDRODIGIT User Manual v1.4.3, "Payload
 *   LoRaWAN"; RFM-LR1 User Manual v1.1, "Index"
 */
import type { DecodedReading, Decoder } from "#shared/model/decoder.ts";
import type { RegisterId, Value } from "#shared/model/registers.ts";
import { ByteReader } from "../byte-reader.ts";
import { exact } from "../exact.ts";

const IWM = 0x44;
const HYDRODIGIT = 0x45;
const COLD = "8-0:1.0.0";
const HOT = "9-0:1.0.0";
/** Litres, then ten times as much with each. */
const LITRES = 0x13;
const CUBIC_METRES = 0x16;

const state = (register: RegisterId, n: number) => exact(register, n, 0, "none");
const flag = (register: RegisterId, bits: number, mask: number) =>
  state(register, (bits & mask) === 0 ? 0 : 1);

/** Eight digits, the lowest two first. */
function digits(reader: ByteReader): number {
  const bytes = [...reader.bytes(4)].toReversed();
  const text = bytes.map((byte) => byte.toString(16).padStart(2, "0")).join("");
  if (/[a-f]/.test(text)) reader.fail("has a volume that is no decimal number");
  return Number(text);
}

/** Medium: 1 is hot water; the number that M-Bus has for it is taken as well. */
const isHot = (medium: number) => medium === 1 || medium === 6;

/** Magnet, removal, fraud at the sensor. */
const IWM_TAMPER = 0x07;
const IWM_LEAK = 0x08;
const LOW_BATTERY = 0x20;

function iwm(payload: Uint8Array): DecodedReading[] {
  const reader = new ByteReader(payload);
  const code = reader.u8();
  if (code !== IWM) reader.fail(`begins with ${code}, not ${IWM}`);
  const volume = digits(reader);
  const reverse = digits(reader);
  reader.skip(1); // litres a turn
  const medium = reader.u8();
  const vif = reader.u8();
  if (vif < LITRES || vif > CUBIC_METRES) reader.fail(`has the unknown VIF ${vif}`);
  const alarms = reader.u8();
  const values: Value[] = [
    exact(isHot(medium) ? HOT : COLD, volume, vif - CUBIC_METRES, "m3"),
    exact("8-0:2.0.0", reverse, 0, "L"),
    flag("leak", alarms, IWM_LEAK),
    flag("tamper", alarms, IWM_TAMPER),
    flag("battery_low", alarms, LOW_BATTERY),
    state("error_flags", alarms),
  ];
  if (reader.left > 0) {
    // Its sign stands apart from its size.
    const tenths = reader.u16be();
    const degrees = tenths & 0x8000 ? -(tenths & 0x7fff) : tenths;
    values.push(exact("ambient_temperature", degrees, -1, "C"));
  }
  reader.end();
  return [{ values }];
}

const HYDRODIGIT_LEAK = 0x01;
const ALARMS = 0x3f;
const MEDIUM = 0x80;

function hydrodigit(payload: Uint8Array): DecodedReading[] {
  const reader = new ByteReader(payload);
  const code = reader.u8();
  if (code !== HYDRODIGIT) reader.fail(`begins with ${code}, not ${HYDRODIGIT}`);
  const low = reader.u24le();
  const highest = reader.u8();
  const reverse = reader.u24le() + (highest & 0xf) * 2 ** 24;
  const bits = reader.u8();
  const register = bits & MEDIUM ? HOT : COLD;
  const values: Value[] = [
    exact(register, low + (highest >> 4) * 2 ** 24, 0, "L"),
    exact("8-0:2.0.0", reverse, 0, "L"),
    flag("leak", bits, HYDRODIGIT_LEAK),
    flag("battery_low", bits, LOW_BATTERY),
    state("error_flags", bits & ALARMS),
  ];
  if (reader.left > 0) values.push(exact("water_temperature", reader.i16be(), -1, "C"));
  reader.end();
  return [{ values }];
}

const RFM_LEAK = 0x01;
/** Removed, a magnet near. */
const RFM_TAMPER = 0x28;
const skip =
  (size: number) =>
  (reader: ByteReader): Value[] => {
    reader.skip(size);
    return [];
  };
const parts: Readonly<Record<number, (reader: ByteReader) => Value[]>> = {
  0x03: skip(6), // firmware
  0x06: (reader) => [exact("battery_voltage", reader.u8() * 25, -3, "V")],
  0x0a: skip(2), // the processor's temperature
  0x20(reader) {
    const bits = reader.u8();
    return [
      flag("leak", bits, RFM_LEAK),
      flag("tamper", bits, RFM_TAMPER),
      state("error_flags", bits),
    ];
  },
  0x21: (reader) => [exact(COLD, reader.u32be(), 0, "L")],
  0x22: skip(2), // settings from here, but for the reverse volume
  0x25: skip(4),
  0x27: (reader) => [exact("8-0:2.0.0", reader.u32be(), 0, "L")],
  0x2b: skip(2),
  0x2c: skip(1),
  0x2d: skip(1),
};

function rfm(payload: Uint8Array): DecodedReading[] {
  const reader = new ByteReader(payload);
  if (reader.left === 0) reader.fail("is empty");
  const said = new Map<RegisterId, Value>();
  while (reader.left > 0) {
    reader.skip(1); // a report, an answer
    const id = reader.u8();
    const part = parts[id];
    if (part === undefined) return reader.fail(`has an unknown part ${id}`);
    for (const value of part(reader)) said.set(value.register, value);
  }
  return said.size === 0 ? [] : [{ values: [...said.values()] }];
}

const meter = (
  name: string,
  registers: readonly RegisterId[],
  decode: Decoder["decode"],
): Decoder => ({
  model: `b-meters/${name}`,
  version: 1,
  title: `B METERS ${name.toUpperCase()}`,
  kind: "cold_water",
  registers: [...registers, "8-0:2.0.0", "leak", "error_flags"],
  decode,
});
const iwmRegisters = [COLD, HOT, "ambient_temperature", "tamper", "battery_low"] as const;

export const bMeters: readonly Decoder[] = [
  meter("iwm-lr3", iwmRegisters, iwm),
  meter("iwm-lr4", iwmRegisters, iwm),
  meter("hydrodigit", [COLD, HOT, "water_temperature", "battery_low"], hydrodigit),
  meter("rfm-lr1", [COLD, "tamper", "battery_voltage"], rfm),
];
