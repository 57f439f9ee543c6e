/**
 * `field-names`: what a field's name tells of its unit and quantity.
 *
 * A hint for a person who confirms it, never more.
 */
import type { Unit } from "#shared/model/registers.ts";

/** A unit as found in a name or beside a value; the number counts 10^`scale` of it. */
export interface NamedUnit {
  readonly unit: Unit;
  readonly scale?: number;
}

const named: Readonly<Record<string, NamedUnit>> = {
  ...spelled("m3", "m3", "m³", "cbm", "cubicmeter", "cubicmeters", "cubicmetre", "cubicmetres"),
  ...spelled("L", "l", "liter", "liters", "litre", "litres", "ltr", "litros", "liter"),
  ...spelled("gal", "gal", "gallon", "gallons"),
  ...spelled("Wh", "wh"),
  ...spelled("kWh", "kwh"),
  ...spelled("MWh", "mwh"),
  ...spelled("MJ", "mj"),
  ...spelled("GJ", "gj"),
  ...spelled("W", "w", "watt", "watts"),
  ...spelled("kW", "kw"),
  ...spelled("V", "v", "volt", "volts"),
  ...spelled("A", "a", "amp", "amps", "ampere"),
  ...spelled("Hz", "hz"),
  ...spelled("C", "c", "celsius", "degc", "°c"),
  ...spelled("%", "pct", "percent", "%"),
  ...spelled("hPa", "hpa", "mbar"),
  ...spelled("ppm", "ppm"),
  ...spelled("lux", "lux", "lx"),
  ...spelled("mm", "mm"),
  ...spelled("m3/h", "m3h", "m3/h", "m³/h"),
  ...spelled("L/h", "lh", "l/h", "lph"),
  mv: { unit: "V", scale: -3 },
  millivolt: { unit: "V", scale: -3 },
  ma: { unit: "A", scale: -3 },
};

function spelled(unit: Unit, ...names: readonly string[]): Record<string, NamedUnit> {
  return Object.fromEntries(names.map((name) => [name, { unit }]));
}

/** A unit written out, as in a field `unit`. */
export function unitCalled(text: unknown): NamedUnit | undefined {
  const name = typeof text === "string" ? text.trim().toLowerCase() : "";
  return Object.hasOwn(named, name) ? named[name] : undefined;
}

/** Units whose capitals stand inside: taken out before capitals part words. */
const MIXED = /(kWh|KWh|KWH|MWh|MWH|Wh|WH|m3|M3|kW|KW|hPa|GJ|MJ|mV|mA|Hz|dBm|CO2|Co2)(?![a-z])/g;

/** The words of a path in lower case: `heat.energyKWh` → heat, energy, kwh. */
export function wordsOfPath(path: string): string[] {
  return path
    .replaceAll(MIXED, "_$1_")
    .replaceAll(/_([A-Za-z0-9]+)_/g, (whole) => whole.toLowerCase())
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1_$2")
    .toLowerCase()
    .split(/[^\p{L}\p{N}%³°]+/u)
    .filter((word) => word !== "");
}

/** The unit at the end of a name: `energy_kwh`, `flow_m3_h`, `volume_in_litres`. A single word is no unit. */
export function unitInWords(words: readonly string[]): NamedUnit | undefined {
  if (words.length < 2) return undefined;
  return unitCalled(words.slice(-2).join("")) ?? unitCalled(words.at(-1));
}
