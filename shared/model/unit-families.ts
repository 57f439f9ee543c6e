/**
 * `unit-families`: units in which the same thing is counted. A register that counts volume is told
 * in litres or gallons as well, and never in kilowatt hours.
 */
import { registers, type RegisterId, type Unit } from "./registers.ts";

const FAMILIES: readonly (readonly Unit[])[] = [
  ["m3", "L", "gal"],
  ["Wh", "kWh", "MWh", "MJ", "GJ"],
  ["varh", "kvarh"],
  ["W", "kW"],
  ["m3/h", "L/h"],
  ["C", "K"],
  ["%", "pct"],
  ["V", "mV"],
  ["Pa", "hPa", "kPa"],
  ["ug/m3", "mg/m3"],
  ["m/s", "mm/s"],
];

/** Whether a register may be told in a unit. */
export function fits(register: RegisterId, unit: Unit): boolean {
  const own = registers[register].unit;
  return own === unit || FAMILIES.some((family) => family.includes(own) && family.includes(unit));
}

/** What is said where it may not. */
export const misfit = (register: RegisterId) =>
  `${register} is counted in ${registers[register].unit}`;
