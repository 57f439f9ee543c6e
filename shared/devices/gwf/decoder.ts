/**
 * GWF's LoRaWAN modules at water and gas meters (RCM): one message in two versions. Lowest byte first; the
 * medium as M-Bus numbers it, the volume's unit as a VIF, and how many minutes ago the meter was read.
 *
 * @see GWF's documentation as ZENNER IoT reads it, element-parsers, "GWF Meter Pulse Bridge"
 */
import type { DecodedReading, Decoder } from "#shared/model/decoder.ts";
import type { RegisterId, Value } from "#shared/model/registers.ts";
import { ByteReader } from "../byte-reader.ts";
import { exact } from "../exact.ts";

const VERSIONS: readonly number[] = [1, 2];
const MINUTE_MS = 60_000;
const LITRES = 0x13;
const CUBIC_METRES = 0x16;
/** Only the second version goes that far. */
const TEN_CUBIC_METRES = 0x17;
const media: Readonly<Record<number, RegisterId>> = {
  0x03: "7-0:3.0.0",
  0x06: "9-0:1.0.0",
  0x07: "8-0:1.0.0",
};
/** The meter was not read: in the first version a bit, in the second a number of two bits. */
const NOT_READ = 0x10;
const BUSY = 1;
const AT_FAULT = 2;
const LOW = 0x04;
/** Of the further functions: flow without an end, a broken pipe; a low battery. */
const LEAKING = 0x0a;
const ALSO_LOW = 0x20;
/** Half years are told in five bits. */
const MOST_HALF_YEARS = 31;

function decode(payload: Uint8Array, { heardAt }: { heardAt: number }): DecodedReading[] {
  const reader = new ByteReader(payload);
  const version = reader.u8();
  if (!VERSIONS.includes(version)) reader.fail(`is of the version ${version}`);
  reader.skip(6); // maker and number of the meter
  const medium = reader.u8();
  const register = media[medium] ?? reader.fail(`is of the medium ${medium}`);
  const state = reader.u8();
  const minutesAgo = reader.u16le();
  const vif = reader.u8();
  if (vif < LITRES || vif > (version === 1 ? CUBIC_METRES : TEN_CUBIC_METRES))
    reader.fail(`has the unknown VIF ${vif}`);
  const volume = reader.u32le();
  const further = reader.u8();
  const halfYears = reader.u8() >> 3;
  reader.skip(2); // check
  reader.end();
  const trouble = state & 3;
  const isRead =
    version === 1 ? (state & NOT_READ) === 0 : trouble !== BUSY && trouble !== AT_FAULT;
  const flag = (of: RegisterId, is: boolean) => exact(of, is ? 1 : 0, 0, "none");
  const values: Value[] = [
    ...(isRead ? [volumeOf(register, volume, vif - CUBIC_METRES)] : []),
    flag("leak", (further & LEAKING) !== 0),
    flag("battery_low", (state & LOW) !== 0 || (further & ALSO_LOW) !== 0),
    exact("error_flags", state, 0, "none"),
    exact("battery", Math.floor((halfYears / MOST_HALF_YEARS) * 100), 0, "%"),
  ];
  return [minutesAgo > 0 ? { time: heardAt - minutesAgo * MINUTE_MS, values } : { values }];
}

/** Tens are written out, so that a series keeps its scale. */
const volumeOf = (register: RegisterId, n: number, scale: number) =>
  exact(register, scale > 0 ? n * 10 ** scale : n, Math.min(scale, 0), "m3");

export const gwf: Decoder = {
  model: "gwf/rcm-lorawan",
  version: 1,
  title: "GWF LoRaWAN module at a water or gas meter",
  kind: "cold_water",
  registers: [...Object.values(media), "leak", "battery_low", "error_flags", "battery"],
  decode,
};
