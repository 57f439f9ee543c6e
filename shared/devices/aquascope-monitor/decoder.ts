/**
 * Aqua-Scope's water monitors AQM and AQS: they listen to a home's pipe and tell pressure, temperature,
 * water drawn and whether the pipe leaks. Commands one after the other, each as long as its first
 * byte says, highest byte first.
 *
 * Water is told in litres since the last report, so that no index can be made of it. How much one
 * draw took is told in litres by the first manual and in millilitres by the second: not kept.
 *
 * @see Aqua-Scope Water Monitor LoRaWAN, Users and Installation Manual, "Uplink Commands"
 */
import type { DecodedReading, Decoder } from "#shared/model/decoder.ts";
import type { RegisterId, Value } from "#shared/model/registers.ts";
import { ByteReader } from "../byte-reader.ts";
import { exact } from "../exact.ts";

type Said = Map<RegisterId, Value>;
type Command = (reader: ByteReader, said: Said) => void;

const put = (said: Said, value: Value) => said.set(value.register, value);
const state = (said: Said, register: RegisterId, n: number) =>
  put(said, exact(register, n, 0, "none"));
const skip =
  (size: number): Command =>
  (reader) =>
    reader.skip(size);

const sensors: Readonly<Record<number, Command>> = {
  0x01: (reader, said) => put(said, exact("water_temperature", reader.i16be(), -1, "C")),
  0x03: skip(2), // seconds since it started
  // Millibar.
  0x10: (reader, said) => put(said, exact("pressure_pipe", reader.u16be(), -1, "kPa")),
  0x11: (reader, said) => put(said, exact("water_period", reader.u16be(), 0, "L")),
  0x13: (reader, said) => put(said, exact("battery", reader.u16be(), 0, "%")),
};

/** Two numbers that follow every state in newer firmware; zeros begin no command. */
function unusedNumbers(reader: ByteReader): void {
  const ahead = reader.fork();
  if (ahead.left >= 4 && ahead.u32be() === 0) reader.skip(4);
}

function deviceState(reader: ByteReader, said: Said): void {
  const code = reader.u8();
  switch (code) {
    case 0x00:
      state(said, "valve", 0);
      return unusedNumbers(reader);
    case 0x01:
      state(said, "flowing", 0);
      return reader.skip(4); // how long and how much
    case 0x02:
      state(said, "leak", 0);
      return unusedNumbers(reader);
    case 0x03:
      state(said, "leak", 1);
      return reader.skip(4); // pressure lost, height of the leak
    case 0x04:
    case 0x05:
    case 0x06:
    case 0x07:
    case 0x08:
      return unusedNumbers(reader); // the pipe's check waits or was broken off
    case 0x0f:
      state(said, "flowing", 1);
      return unusedNumbers(reader);
    default:
      state(said, "valve", 1);
      return unusedNumbers(reader);
  }
}

const commands: Readonly<Record<number, Command>> = {
  0x03: skip(3), // hardware, what it can do
  0x04: skip(3), // a setting
  0x06(reader, said) {
    const id = reader.u8();
    const sensor = sensors[id];
    if (sensor === undefined) reader.fail(`has an unknown sensor ${id}`);
    else sensor(reader, said);
  },
  0x07: deviceState,
  0x08: (reader) => reader.skip(reader.left), // its diary
  0x0a: skip(4), // firmware
  0x0b(reader, said) {
    state(said, "alarm", reader.u8() === 0 ? 0 : 1);
    reader.skip(3); // which, and its value
  },
  0x12(reader, said) {
    put(said, exact("battery_voltage", reader.u8(), -1, "V"));
    reader.skip(2); // what was drawn from the battery
  },
};

function decode(payload: Uint8Array, { fPort }: { fPort: number | null }): DecodedReading[] {
  const reader = new ByteReader(payload);
  if (fPort !== null && fPort !== 1) reader.fail(`came on port ${fPort}, not 1`);
  if (reader.left === 0) reader.fail("is empty");
  const said: Said = new Map();
  while (reader.left > 0) {
    const id = reader.u8();
    const command = commands[id];
    if (command === undefined) reader.fail(`has an unknown command ${id}`);
    else command(reader, said);
  }
  return said.size === 0 ? [] : [{ values: [...said.values()] }];
}

const monitor = (name: string): Decoder => ({
  model: `aquascope/${name}`,
  version: 1,
  title: `Aqua-Scope ${name.toUpperCase()}`,
  kind: "leak",
  registers: [
    ...(["leak", "flowing", "water_period", "pressure_pipe", "water_temperature"] as const),
    ...(["valve", "alarm", "battery", "battery_voltage"] as const),
  ],
  decode,
});

export const aquascopeMonitors: readonly Decoder[] = [monitor("aqm"), monitor("aqs")];
