/**
 * `registers`: what a meter counts or measures, by the names the field uses.
 *
 * Metering registers go by their OBIS code (IEC 62056-61, EN 13757-1); what has no such code
 * goes by a plain name. An *index* only grows and is billed by difference; a *gauge* is a value
 * of the moment; a *state* is a small whole number with a meaning of its own.
 */
export type RegisterKind = "index" | "gauge" | "state";
export const units = [
  "m3",
  "L",
  "gal",
  "Wh",
  "kWh",
  "MWh",
  "MJ",
  "GJ",
  "Ah",
  "W",
  "kW",
  "A",
  "V",
  "Hz",
  "C",
  "K",
  "%",
  "m3/h",
  "L/h",
  "pct",
  "hPa",
  "ppm",
  "ppb",
  "ug/m3",
  "Pa",
  "mm",
  "VA",
  "VAh",
  "var",
  "varh",
  "kvarh",
  "lux",
  "count",
  "s",
  "none",
] as const;
export type Unit = (typeof units)[number];

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
  "1-0:4.8.0": index("kvarh", "Reactive energy, export"),
  "1-0:1.9.0": gauge("Wh", "Active energy of the running period"),
  "1-0:3.9.0": gauge("varh", "Reactive energy, import, of the running period"),
  "1-0:4.9.0": gauge("varh", "Reactive energy, export, of the running period"),
  "1-0:9.9.0": gauge("VAh", "Apparent energy of the running period"),
  energy_previous: gauge("kWh", "Active energy at the end of the last period"),
  reactive_previous: gauge("kvarh", "Reactive energy, import, at the end of the last period"),
  reactive_export_previous: gauge(
    "kvarh",
    "Reactive energy, export, at the end of the last period",
  ),
  "1-0:1.7.0": gauge("W", "Active power, import"),
  "1-0:1.6.0": gauge("W", "Highest active power"),
  "1-0:3.7.0": gauge("var", "Reactive power"),
  "1-0:9.7.0": gauge("VA", "Apparent power"),
  "1-0:11.7.0": gauge("A", "Current"),
  "1-0:31.7.0": gauge("A", "Current, phase 1"),
  "1-0:51.7.0": gauge("A", "Current, phase 2"),
  "1-0:71.7.0": gauge("A", "Current, phase 3"),
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
  water_flow_min: gauge("m3/h", "Lowest water flow"),
  water_flow_max: gauge("m3/h", "Highest water flow"),
  acoustic_noise: gauge("none", "Acoustic noise at the meter"),
  "9-0:1.0.0": index("m3", "Hot water volume"),
  charge: index("Ah", "Electric charge"),
  charge_2: index("Ah", "Electric charge, channel 2"),
  charge_3: index("Ah", "Electric charge, channel 3"),
  pulses: index("count", "Pulses"),
  pulses_2: index("count", "Pulses, input 2"),
  operating_time: index("s", "Time in operation"),
  current: gauge("A", "Current"),
  current_min: gauge("A", "Lowest current"),
  current_max: gauge("A", "Highest current"),
  current_2: gauge("A", "Current, channel 2"),
  current_min_2: gauge("A", "Lowest current, channel 2"),
  current_max_2: gauge("A", "Highest current, channel 2"),
  current_3: gauge("A", "Current, channel 3"),
  current_min_3: gauge("A", "Lowest current, channel 3"),
  current_max_3: gauge("A", "Highest current, channel 3"),
  current_subscribed: gauge("A", "Current subscribed to"),
  current_secondary: gauge("A", "Current before the multiplier"),
  current_secondary_2: gauge("A", "Current before the multiplier, phase 2"),
  current_secondary_3: gauge("A", "Current before the multiplier, phase 3"),
  current_multiplier: gauge("none", "Multiplier of the current"),
  current_multiplier_2: gauge("none", "Multiplier of the current, phase 2"),
  current_multiplier_3: gauge("none", "Multiplier of the current, phase 3"),
  temperature: gauge("C", "Temperature"),
  temperature_external: gauge("C", "Temperature at the probe"),
  set_point: gauge("K", "Set point, as a difference"),
  humidity: gauge("%", "Humidity"),
  co2: gauge("ppm", "Carbon dioxide"),
  tvoc: gauge("ppb", "Volatile organic compounds"),
  pm1: gauge("ug/m3", "Particles up to 1 µm"),
  pm2_5: gauge("ug/m3", "Particles up to 2.5 µm"),
  pm10: gauge("ug/m3", "Particles up to 10 µm"),
  pressure: gauge("hPa", "Air pressure"),
  pressure_difference: gauge("Pa", "Pressure difference"),
  illuminance: gauge("lux", "Illuminance"),
  brightness: gauge("%", "Brightness"),
  presence: gauge("%", "Presence, share of the time"),
  distance: gauge("mm", "Distance"),
  water_temperature_min: gauge("C", "Lowest water temperature"),
  water_temperature_max: gauge("C", "Highest water temperature"),
  water_temperature: gauge("C", "Water temperature"),
  ambient_temperature: gauge("C", "Temperature at the meter"),
  battery: gauge("%", "Battery"),
  battery_voltage: gauge("V", "Battery voltage"),
  battery_voltage_rest: gauge("V", "Battery voltage at rest"),
  voltage_input: gauge("V", "Voltage at the input"),
  voltage_input_2: gauge("V", "Voltage at input 2"),
  serial: state("Serial number"),
  error_flags: state("Error flags"),
  alarm: state("Alarm"),
  alarm_2: state("Alarm, channel 2"),
  alarm_3: state("Alarm, channel 3"),
  temperature_alarm: state("Temperature alarm"),
  leak: state("Leak"),
  on: state("Switched on"),
  sensing: state("Measuring"),
  open: state("Open"),
  open_count: index("count", "Openings"),
  open_time: gauge("s", "Duration of the last opening"),
  leak_count: index("count", "Leaks"),
  leak_time: gauge("s", "Duration of the last leak"),
  tamper: state("Tampering"),
  occupied: state("Occupied"),
} as const satisfies Record<string, Register>;
export type RegisterId = keyof typeof registers;
export const registerIds = Object.keys(registers) as RegisterId[];

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
