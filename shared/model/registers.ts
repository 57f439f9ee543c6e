/**
 * `registers`: what a meter counts or measures, by the names the field uses.
 *
 * Metering registers go by their OBIS code (IEC 62056-61, EN 13757-1); what has no such code
 * goes by a plain name. An *index* only grows and is billed by difference; a *gauge* is a value
 * of the moment; a *state* is a small whole number with a meaning of its own.
 */
export type RegisterKind = "index" | "gauge" | "state";
export type Unit =
  | "m3"
  | "L"
  | "gal"
  | "Wh"
  | "kWh"
  | "MWh"
  | "MJ"
  | "GJ"
  | "Ah"
  | "W"
  | "kW"
  | "A"
  | "V"
  | "Hz"
  | "C"
  | "K"
  | "%"
  | "m3/h"
  | "L/h"
  | "pct"
  | "hPa"
  | "ppm"
  | "lux"
  | "count"
  | "s"
  | "none";

export interface Register {
  readonly kind: RegisterKind;
  /** The unit shown by default; a value carries its own. */
  readonly unit: Unit;
  /** In English, for operators. Residents see words made from the device's kind. */
  readonly title: string;
}

const index = (unit: Unit, title: string): Register => ({ kind: "index", unit, title });
const gauge = (unit: Unit, title: string): Register => ({ kind: "gauge", unit, title });
const state = (title: string): Register => ({ kind: "state", unit: "none", title });

export const registers = {
  "1-0:1.8.0": index("kWh", "Active energy, import"),
  "1-0:1.8.1": index("kWh", "Active energy, import, tariff 1"),
  "1-0:1.8.2": index("kWh", "Active energy, import, tariff 2"),
  "1-0:2.8.0": index("kWh", "Active energy, export"),
  "1-0:3.8.0": index("kWh", "Reactive energy, import"),
  "1-0:1.7.0": gauge("W", "Active power, import"),
  "1-0:9.7.0": gauge("W", "Apparent power"),
  "1-0:11.7.0": gauge("A", "Current"),
  "1-0:12.7.0": gauge("V", "Voltage"),
  "1-0:13.7.0": gauge("none", "Power factor"),
  "1-0:14.7.0": gauge("Hz", "Frequency"),
  "4-0:1.0.0": index("none", "Heat cost units"),
  "5-0:1.0.0": index("kWh", "Cooling energy"),
  "6-0:1.0.0": index("kWh", "Heat energy"),
  "6-0:1.0.1": index("kWh", "Heat energy, tariff 1"),
  "6-0:1.0.2": index("kWh", "Heat energy, tariff 2"),
  "6-0:1.0.3": index("kWh", "Heat energy, tariff 3"),
  "6-0:2.0.0": index("m3", "Heating water volume"),
  "6-0:8.0.0": gauge("W", "Heat power"),
  "6-0:9.0.0": gauge("m3/h", "Heating water flow"),
  "6-0:10.0.0": gauge("C", "Flow temperature"),
  "6-0:11.0.0": gauge("C", "Return temperature"),
  "6-0:12.0.0": gauge("K", "Flow and return difference"),
  "7-0:3.0.0": index("m3", "Gas volume"),
  "8-0:1.0.0": index("m3", "Water volume"),
  "8-0:2.0.0": index("m3", "Water volume, reverse"),
  "8-0:9.0.0": gauge("m3/h", "Water flow"),
  "9-0:1.0.0": index("m3", "Hot water volume"),
  charge: index("Ah", "Electric charge"),
  pulses: index("count", "Pulses"),
  current: gauge("A", "Current"),
  current_min: gauge("A", "Lowest current"),
  current_max: gauge("A", "Highest current"),
  temperature: gauge("C", "Temperature"),
  humidity: gauge("%", "Humidity"),
  co2: gauge("ppm", "Carbon dioxide"),
  pressure: gauge("hPa", "Air pressure"),
  illuminance: gauge("lux", "Illuminance"),
  water_temperature_min: gauge("C", "Lowest water temperature"),
  water_temperature_max: gauge("C", "Highest water temperature"),
  water_temperature: gauge("C", "Water temperature"),
  ambient_temperature: gauge("C", "Temperature at the meter"),
  battery: gauge("%", "Battery"),
  battery_voltage: gauge("V", "Battery voltage"),
  battery_voltage_rest: gauge("V", "Battery voltage at rest"),
  serial: state("Serial number"),
  error_flags: state("Error flags"),
  alarm: state("Alarm"),
  temperature_alarm: state("Temperature alarm"),
  leak: state("Leak"),
  on: state("Switched on"),
  sensing: state("Measuring"),
  open: state("Open"),
  occupied: state("Occupied"),
} as const satisfies Record<string, Register>;
export type RegisterId = keyof typeof registers;

/** True when `text` names a register of this list. */
export function isRegisterId(text: string): text is RegisterId {
  return Object.hasOwn(registers, text);
}

/**
 * One register's value: `n` × 10^`scale` `unit`, with `n` a safe integer, so that no index is
 * ever rounded by a float. 9989.97 m³ is `{ n: 998997, scale: -2, unit: "m3" }`.
 */
export interface Value {
  readonly register: RegisterId;
  readonly n: number;
  readonly scale: number;
  readonly unit: Unit;
}

/** The number a value stands for, as a float: for pictures and gauges, never for bills. */
export function asNumber(value: { n: number; scale: number }): number {
  return value.scale < 0 ? value.n / 10 ** -value.scale : value.n * 10 ** value.scale;
}
