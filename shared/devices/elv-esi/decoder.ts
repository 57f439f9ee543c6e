/**
 * The energy sensor interface of ELV and dnt: it reads an electricity meter's optical port, or
 * counts a meter's turns or a gas meter's pulses. The two sell it with frames of their own.
 *
 * A gas meter's flow has no register and is not kept. Numbers are lowest byte first.
 *
 * @see the uplink decoders that ELV and dnt publish for ELV-LW-ESI and dnt-LW-ESI
 */
import type { Decoder } from "#shared/model/decoder.ts";
import type { RegisterId, Unit, Value } from "#shared/model/registers.ts";
import { ByteReader } from "../byte-reader.ts";
import { exact } from "../exact.ts";

const u40le = (reader: ByteReader): number => reader.u32le() + reader.u8() * 2 ** 32;

const ELV_ENERGY = 1;
const ELV_SETTINGS = 2;
const GAS = 2;
const NEGATIVE = 0x04;
const elvCounters: Readonly<Record<number, RegisterId>> = { 1: "1-0:1.8.0", 2: "1-0:2.8.0" };
/** Counters have four decimals of these, powers two. */
const elvUnits: readonly (Unit | undefined)[] = ["Wh", "kWh", "m3"];
const elvPowers: readonly (Unit | undefined)[] = ["W", "kW"];

function elvEnergy(reader: ByteReader): Value[] {
  const flow = reader.u8() & 0x3f;
  const counted = reader.u8() & 0x03;
  const register = counted === GAS ? "7-0:3.0.0" : elvCounters[flow];
  const unit = elvUnits[counted];
  if (register === undefined || unit === undefined) return reader.fail("counts an unknown thing");
  const counter = exact(register, u40le(reader), -4, unit);
  const how = reader.u8();
  const size = reader.u32le() * (how & NEGATIVE ? -1 : 1);
  const power = elvPowers[how & 0x03];
  return power === undefined ? [counter] : [counter, exact("1-0:1.7.0", size, -2, power)];
}

export const elvEsi: Decoder = {
  model: "elv/elv-lw-esi",
  version: 1,
  title: "ELV-LW-ESI",
  kind: "electricity",
  registers: ["battery_voltage", "1-0:1.8.0", "1-0:2.8.0", "1-0:1.7.0", "7-0:3.0.0"],
  decode(payload) {
    const reader = new ByteReader(payload);
    const size = reader.u8();
    if (size !== 3) reader.fail(`has a header of ${size} bytes, not 3`);
    reader.skip(1); // why it was sent
    const values = new Map<RegisterId, Value>();
    const keep = (value: Value) => values.set(value.register, value);
    keep(exact("battery_voltage", reader.u16be(), -3, "V"));
    while (reader.left > 0) {
      const part = reader.u8();
      if (part === ELV_ENERGY) for (const value of elvEnergy(reader)) keep(value);
      else if (part === ELV_SETTINGS) reader.skip(6);
      else reader.fail(`has an unknown part ${part}`);
    }
    return [{ values: [...values.values()] }];
  },
};

const DNT_SENSOR = 1;
const dntSettings = [0xf8, 0xfa, 0xfc, 0xff];
const DNT_POWER = 1;
const DNT_FLOW = 2;
const DNT_ENERGY = 0x10;
const DNT_VOLUME = 0x20;
const dntCounters: Readonly<Record<number, RegisterId>> = {
  2: "1-0:1.8.1",
  3: "1-0:1.8.2",
  4: "1-0:2.8.0",
};
/** From here on numbers say "unknown", "too large" or "too small". */
const NO_POWER = [0x80_0000, 0x80_0001, 0x80_0002];
const NO_COUNTER = 0xff_ffff_fff0;

function dntPower(reader: ByteReader): Value[] {
  const kind = reader.u8();
  reader.skip(1); // always the channel of power
  const word = reader.u24le();
  if (kind !== DNT_POWER && kind !== DNT_FLOW) return reader.fail(`tells an unknown kind ${kind}`);
  if (kind === DNT_FLOW || NO_POWER.includes(word)) return [];
  return [exact("1-0:1.7.0", word > 0x7f_ffff ? word - 0x100_0000 : word, -2, "W")];
}

function dntCounter(reader: ByteReader): Value[] {
  const kind = reader.u8();
  const channel = reader.u8();
  const count = u40le(reader);
  const register = kind === DNT_VOLUME ? "7-0:3.0.0" : dntCounters[channel];
  if ((kind !== DNT_ENERGY && kind !== DNT_VOLUME) || register === undefined)
    return reader.fail(`has an unknown counter ${kind}`);
  if (count >= NO_COUNTER) return [];
  return [
    kind === DNT_VOLUME ? exact(register, count, -4, "m3") : exact(register, count, -1, "Wh"),
  ];
}

export const dntEsi: Decoder = {
  model: "dnt/dnt-lw-esi",
  version: 1,
  title: "dnt-LW-ESI",
  kind: "electricity",
  registers: [
    ...(["battery_voltage", "1-0:1.8.1", "1-0:1.8.2", "1-0:2.8.0"] as const),
    ...(["1-0:1.7.0", "7-0:3.0.0", "error_flags"] as const),
  ],
  decode(payload) {
    const reader = new ByteReader(payload);
    reader.skip(1); // why it was sent
    const power = reader.u8();
    // Whole volts from one on, then fiftieths.
    const hundredths = ((power >> 6) + 1) * 100 + (power & 0x3f) * 2;
    const frame = reader.u8();
    const voltage = exact("battery_voltage", hundredths, -2, "V");
    if (dntSettings.includes(frame)) return [{ values: [voltage] }];
    if (frame !== DNT_SENSOR) return reader.fail(`is an unknown frame ${frame}`);
    const values = new Map<RegisterId, Value>();
    const keep = (value: Value) => values.set(value.register, value);
    keep(voltage);
    keep(exact("error_flags", reader.u8(), 0, "none"));
    dntPower(reader).forEach(keep);
    do dntCounter(reader).forEach(keep);
    while (reader.left > 0);
    return [{ values: [...values.values()] }];
  },
};
