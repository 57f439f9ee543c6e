/**
 * Dragino LT-22222-L: an input and output controller: two contacts, which it can count, two
 * voltages, two loop currents, four outputs.
 *
 * State bits of byte 8: 0 and 1 digital outputs low, 3 and 4 contacts, 5 first message, 6 and 7
 * relays. Byte 10: working mode and hardware.
 *
 * @see Dragino LT-22222-L user manual, "Working mode and uplink payload"
 */
import type { Decoder } from "#shared/model/decoder.ts";
import type { RegisterId, Unit, Value } from "#shared/model/registers.ts";
import { byPort, type Message } from "../dragino-frame.ts";
import { exact } from "../exact.ts";

const SIZE = 11;
/** Analogue inputs, in thousandths. */
const volts = (register: RegisterId, n: number): Value =>
  exact(register, n, -3, "V" satisfies Unit);
const amps = (register: RegisterId, n: number): Value => exact(register, n, -6, "A" satisfies Unit);

const measurements: Message = (reader) => {
  if (reader.left !== SIZE) reader.fail(`has ${reader.left} bytes, not ${SIZE}`);
  const inputs = reader.bytes(8);
  const state = exact("alarm", reader.u8(), 0, "none");
  reader.skip(1);
  const mode = reader.u8() & 0x3f;
  const view = new DataView(inputs.buffer);
  const current = (at: number, register: RegisterId) => amps(register, view.getInt16(at));
  const count = (at: number, register: RegisterId) =>
    exact(register, view.getUint32(at), 0, "count");
  const byMode: Readonly<Record<number, () => Value[]>> = {
    1: () => [
      volts("voltage_input", view.getInt16(0)),
      volts("voltage_input_2", view.getInt16(2)),
      current(4, "current"),
      current(6, "current_2"),
    ],
    2: () => [count(0, "pulses"), count(4, "pulses_2")],
    3: () => [count(0, "pulses"), current(4, "current"), current(6, "current_2")],
    4: () => [count(0, "pulses"), count(4, "pulses_2")],
    5: () => [
      volts("voltage_input", view.getInt16(0)),
      volts("voltage_input_2", view.getInt16(2)),
      current(4, "current"),
      exact("pulses", view.getUint16(6), 0, "count"),
    ],
    6: () => [], // tells which limits were passed
  };
  const read = byMode[mode] ?? reader.fail(`has an unknown working mode ${mode}`);
  return [state, ...read()];
};

export const lt22222: Decoder = {
  model: "dragino/lt-22222-l",
  version: 1,
  title: "Dragino LT-22222-L",
  kind: "electricity",
  registers: [
    "alarm",
    "voltage_input",
    "voltage_input_2",
    "current",
    "current_2",
    "pulses",
    "pulses_2",
  ],
  decode: byPort(2, { 2: measurements, 5: () => null }),
};
