/**
 * `quantities`: what a value information block (VIF and its extensions) says a number means.
 *
 * @see EN 13757-3:2018, clause 6.4 and tables 10 (primary), 12 (FDh) and 14 (FBh)
 */
import type { Unit } from "#shared/model/registers.ts";

export type QuantityName =
  | "energy"
  | "volume"
  | "power"
  | "volume_flow"
  | "flow_temperature"
  | "return_temperature"
  | "temperature_difference"
  | "external_temperature"
  | "humidity"
  | "pressure"
  | "heat_cost"
  | "voltage"
  | "current"
  | "date"
  | "date_time"
  | "serial"
  | "identification"
  | "error_flags"
  | "duration"
  | "battery_days"
  | "other";

/** A number n of this quantity stands for n × 10^`scale` `unit`. */
export interface Quantity {
  readonly name: QuantityName;
  readonly unit: Unit;
  readonly scale: number;
}

const OTHER: Quantity = { name: "other", unit: "none", scale: 0 };
const quantity = (name: QuantityName, unit: Unit, scale: number): Quantity => ({
  name,
  unit,
  scale,
});

/** Seconds, minutes, hours and days are told apart by two bits; only whole seconds keep their unit here. */
const duration = (code: number) => ((code & 3) === 0 ? quantity("duration", "s", 0) : OTHER);

/** Table 10: the first byte, without its extension bit. */
function primary(code: number): Quantity {
  const low3 = code & 7;
  const low2 = code & 3;
  if (code <= 0x07) return quantity("energy", "Wh", low3 - 3);
  if (code <= 0x0f) return quantity("energy", "MJ", low3 - 6);
  if (code <= 0x17) return quantity("volume", "m3", low3 - 6);
  if (code <= 0x1f) return OTHER; // mass
  if (code <= 0x27) return duration(code); // on time, operating time
  if (code <= 0x2f) return quantity("power", "W", low3 - 3);
  if (code <= 0x37) return OTHER; // power in J/h
  if (code <= 0x3f) return quantity("volume_flow", "m3/h", low3 - 6);
  if (code <= 0x57) return OTHER; // flow per minute, per second, mass flow
  if (code <= 0x5b) return quantity("flow_temperature", "C", low2 - 3);
  if (code <= 0x5f) return quantity("return_temperature", "C", low2 - 3);
  if (code <= 0x63) return quantity("temperature_difference", "K", low2 - 3);
  if (code <= 0x67) return quantity("external_temperature", "C", low2 - 3);
  if (code <= 0x6b) return quantity("pressure", "hPa", low2); // bar, so × 1000 hPa
  if (code === 0x6c) return quantity("date", "none", 0);
  if (code === 0x6d) return quantity("date_time", "none", 0);
  if (code === 0x6e) return quantity("heat_cost", "none", 0);
  if (code >= 0x70 && code <= 0x77) return duration(code); // averaging, actuality
  if (code === 0x78) return quantity("serial", "none", 0);
  if (code === 0x79) return quantity("identification", "none", 0);
  return OTHER;
}

/** Table 12: the byte after FDh. */
function afterFd(code: number): Quantity {
  if (code === 0x17) return quantity("error_flags", "none", 0);
  if (code >= 0x40 && code <= 0x4f) return quantity("voltage", "V", (code & 0x0f) - 9);
  if (code >= 0x50 && code <= 0x5f) return quantity("current", "A", (code & 0x0f) - 12);
  if (code === 0x74) return quantity("battery_days", "none", 0);
  return OTHER;
}

/** Table 14: the byte after FBh. */
function afterFb(code: number): Quantity {
  if (code <= 0x01) return quantity("energy", "MWh", code - 1);
  if (code === 0x08 || code === 0x09) return quantity("energy", "GJ", (code & 1) - 1);
  if (code === 0x10 || code === 0x11) return quantity("volume", "m3", (code & 1) + 2);
  if (code === 0x1a || code === 0x1b) return quantity("humidity", "%", (code & 1) - 1);
  if (code === 0x28 || code === 0x29) return quantity("power", "kW", (code & 1) + 2);
  return OTHER;
}

/** How many of a block's first bytes name the quantity; the rest are modifiers. */
export function namingBytes(vib: readonly number[]): number {
  return vib[0] === 0xfd || vib[0] === 0xfb || vib[0] === 0xef ? 2 : 1;
}

/**
 * The quantity of a value information block, extension bits still set.
 *
 * Modifiers that scale (E111 0nnn: × 10^(nnn−6), and E111 1101: × 1000) are applied.
 */
export function quantityOf(vib: readonly number[]): Quantity {
  const first = vib[0] ?? 0x7f;
  const second = (vib[1] ?? 0x7f) & 0x7f;
  let found =
    first === 0xfd
      ? afterFd(second)
      : first === 0xfb
        ? afterFb(second)
        : first === 0xef
          ? OTHER
          : primary(first & 0x7f);
  for (const modifier of vib.slice(namingBytes(vib)).map((byte) => byte & 0x7f)) {
    if (modifier >= 0x70 && modifier <= 0x77)
      found = { ...found, scale: found.scale + (modifier & 7) - 6 };
    if (modifier === 0x7d) found = { ...found, scale: found.scale + 3 };
  }
  return found;
}

/** Modifiers that say which way it flowed (E011 1011 forward only, E011 1100 backward). */
export function directionOf(vib: readonly number[]): "forward" | "backward" | null {
  const modifiers = vib.slice(namingBytes(vib)).map((byte) => byte & 0x7f);
  return modifiers.includes(0x3c) ? "backward" : modifiers.includes(0x3b) ? "forward" : null;
}
