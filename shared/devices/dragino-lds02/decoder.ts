/**
 * Dragino LDS01, LDS02 (door) and LWL02 (water leak): one payload, in which the working mode says
 * what is counted. Port 10.
 *
 * @see Dragino LDS02 and LWL02 user manuals, "Uplink payload"
 */
import type { Decoder } from "#shared/model/decoder.ts";
import type { MeterKindId } from "#shared/model/meter-kinds.ts";
import type { Value } from "#shared/model/registers.ts";
import { byPort, millivolts, type Message } from "../dragino-frame.ts";
import { exact } from "../exact.ts";

const PORT = 10;
const SIZE = 10;
/** Some firmware stops after the first byte of the duration; the others are then zero. */
const SHORT = 7;
const OPEN = 0x8000;
const LEAK = 0x4000;
const DOOR_MODE = 1;
const LEAK_MODE = 2;
const BOTH_MODE = 3;

const measurements: Message = (reader) => {
  if (reader.left !== SIZE && reader.left !== SHORT)
    reader.fail(`has ${reader.left} bytes, not ${SIZE}`);
  const isShort = reader.left === SHORT;
  const word = reader.u16be();
  const mode = reader.u8();
  const times = reader.u24be();
  const minutes = isShort ? reader.u8() * 0x10000 : reader.u24be();
  const alarm = isShort ? 0 : reader.u8() & 1;
  const open = exact("open", word & OPEN ? 1 : 0, 0, "none");
  const leak = exact("leak", word & LEAK ? 1 : 0, 0, "none");
  const battery = millivolts(word);
  const seconds = minutes * 60;
  const byMode: Readonly<Record<number, Value[]>> = {
    [DOOR_MODE]: [
      battery,
      open,
      exact("open_count", times, 0, "count"),
      exact("open_time", seconds, 0, "s"),
      exact("alarm", alarm, 0, "none"),
    ],
    [LEAK_MODE]: [
      battery,
      leak,
      exact("leak_count", times, 0, "count"),
      exact("leak_time", seconds, 0, "s"),
    ],
    [BOTH_MODE]: [battery, open, leak, exact("alarm", alarm, 0, "none")],
  };
  return byMode[mode] ?? reader.fail(`has an unknown working mode ${mode}`);
};

const contact = (name: string, title: string, kind: MeterKindId): Decoder => ({
  model: `dragino/${name}`,
  version: 1,
  title,
  kind,
  registers: [
    "open",
    "open_count",
    "open_time",
    "leak",
    "leak_count",
    "leak_time",
    "alarm",
    "battery_voltage",
  ],
  decode: byPort(PORT, { [PORT]: measurements, 7: () => null, 8: () => null }),
});

export const lds01 = contact("lds01", "Dragino LDS01", "leak");
export const lds02 = contact("lds02", "Dragino LDS02", "leak");
export const lwl01 = contact("lwl01", "Dragino LWL01", "leak");
export const lwl02 = contact("lwl02", "Dragino LWL02", "leak");
