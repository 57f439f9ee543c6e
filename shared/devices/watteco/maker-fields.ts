/** Names in NKE Watteco's own decoder; the list of samples says the same again. */
import type { RegisterId, Unit } from "#shared/model/registers.ts";
import type { MakerField, MakerFields } from "../maker-field.ts";
import { watteco } from "./decoder.ts";

const is = (register: RegisterId, unit: Unit): MakerField => ({ register, unit });
const state = (register: RegisterId): MakerField => ({
  register,
  unit: "none",
  words: { true: 1, false: 0, ON: 1, OFF: 0 },
});
const phases = (
  name: string,
  unit: Unit,
  registers: readonly RegisterId[],
): Record<string, MakerField> =>
  Object.fromEntries(
    registers.map((register, place) => [
      `${name}_${["a", "b", "c", "abc"][place]}`,
      is(register, unit),
    ]),
  );
const energies = ["1-0:21.8.0", "1-0:41.8.0", "1-0:61.8.0", "1-0:1.8.0"] as const;
const powers = ["1-0:21.7.0", "1-0:41.7.0", "1-0:61.7.0", "1-0:1.7.0"] as const;

const housings: Readonly<Record<string, readonly string[]>> = {
  hygrotempo: ["hygrotempo-remote", "indoor-temperature-humidity"],
  moveo: ["moveo-lite"],
  vaqao: ["vaqao-lite", "vaqao-multi-lite", "vaqao-plus-lite", "vaqao-plus"],
};

export const wattecoFields: MakerFields = {
  devices: {
    ...Object.fromEntries(watteco.map(({ model }) => [model, model])),
    ...Object.fromEntries(
      Object.entries(housings).flatMap(([name, others]) =>
        others.map((other) => [`watteco/${other}`, `watteco/${name}`]),
      ),
    ),
  },
  fields: {
    temperature: is("temperature", "C"),
    temperature_1: is("temperature", "C"),
    humidity: is("humidity", "%"),
    humidity_1: is("humidity", "%"),
    violation_detection: state("tamper"),
    pressure: is("pressure", "hPa"),
    illuminance: is("illuminance", "lux"),
    occupancy: state("occupied"),
    differential_pressure: is("pressure_difference", "Pa"),
    IAQ: is("iaq", "none"),
    CO2: is("co2", "ppm"),
    angle: is("angle_x", "deg"),
    ACCmg: { register: "impact", unit: "g", scale: -3 },
    Deg: is("angle_x", "deg"),
    Irms: is("1-0:11.7.0", "A"),
    output: state("on"),
    open: state("open"),
    pin_state: [state("input"), state("input_2"), state("input_3")],
    pin_state_1: state("input"),
    pin_state_2: state("input_2"),
    pin_state_3: state("input_3"),
    index: [is("pulses", "count"), is("pulses_2", "count"), is("pulses_3", "count")],
    index_1: is("pulses", "count"),
    index_2: is("pulses_2", "count"),
    index_3: is("pulses_3", "count"),
    battery_voltage: is("battery_voltage", "V"),
    disposable_battery_voltage: is("battery_voltage", "V"),
    rechargeable_battery_voltage: is("battery_voltage", "V"),
    ActiveEnergy: is("1-0:1.8.0", "Wh"),
    active_energy: is("1-0:1.8.0", "Wh"),
    reactive_energy: is("1-0:3.8.0", "varh"),
    active_power: is("1-0:1.7.0", "W"),
    reactive_power: is("1-0:3.7.0", "var"),
    frequency: is("1-0:14.7.0", "Hz"),
    Vrms: is("1-0:12.7.0", "V"),
    ...phases("positive_active_energy", "Wh", energies),
    ...phases("positive_active_power", "W", powers),
    ...phases("active_energy", "Wh", energies),
    ...phases("active_power", "W", powers),
    ...phases("Vrms", "V", ["1-0:32.7.0", "1-0:52.7.0", "1-0:72.7.0"]),
    ...phases("Irms", "A", ["1-0:31.7.0", "1-0:51.7.0", "1-0:71.7.0"]),
    negative_active_energy_abc: is("1-0:2.8.0", "Wh"),
    positive_reactive_energy_abc: is("1-0:3.8.0", "varh"),
    negative_reactive_energy_abc: is("1-0:4.8.0", "varh"),
    reactive_energy_abc: is("1-0:3.8.0", "varh"),
    reactive_power_abc: is("1-0:3.7.0", "var"),
  },
  isNewestOfEach: true,
  ignored: ["samples", "firmware", "message_type", "report_parameters", "nb_samples"],
  // What answers a setting; single phases' reactive halves; angles; a plug's extremes.
  settings:
    /^(report|endpoint|cmdID|clustID|attID|status|cause.*|alarm.*|lora_.*|(positive|negative)_\w+_[abc]|negative_active_power_abc|(positive|negative)_reactive_power_abc|reactive_\w+_[abc]|angle_[abc]|(Vrms|frequency)_(min|max)|Vpeak\w*|over_voltage|sag_voltage|cause)/,
};

/** What the same devices were called, and how the maker's older decoders name what they say. */
const former: Readonly<Record<string, string>> = {
  "atmo-sensor": "atmo",
  "intenso-sensor": "intenso",
  "skydome-sensor": "inclino",
  "smart-plug": "smartplug",
  "th-sensor": "hygrotempo",
  "triphaso-sensor": "triphaso",
  "vaqao-sensor": "vaqao",
  "vaqao-plus-sensor": "vaqao",
  "ventilo-sensor": "ventilo",
};

/** A list of `{label, value, date}`, of which the last of each label is the newest. */
function byLabel(data: unknown): unknown {
  const { data: list } = data as { data?: unknown };
  if (!Array.isArray(list)) return {};
  return Object.fromEntries(
    (list as { label?: string; value?: unknown }[]).map(({ label, value }) => [label ?? "", value]),
  );
}

export const wattecoFormerFields: MakerFields = {
  devices: Object.fromEntries(
    Object.entries(former).map(([name, now]) => [`nke-watteco/${name}`, `watteco/${now}`]),
  ),
  fields: {
    Temperature: is("temperature", "C"),
    Humidity: is("humidity", "%"),
    Pressure: is("pressure", "hPa"),
    DifferentialPressure: is("pressure_difference", "Pa"),
    VOC: is("iaq", "none"),
    CO2: is("co2", "ppm"),
    Occupancy: is("occupied", "none"),
    Illuminance: is("illuminance", "lux"),
    Angle: is("angle_x", "deg"),
    "Current[A]": is("1-0:11.7.0", "A"),
    BatteryVoltage: is("battery_voltage", "V"),
    Output1: state("on"),
    // The maker divides by a thousand and keeps the name.
    ActiveEnergyWh: is("1-0:1.8.0", "kWh"),
    ReActiveEnergyVARh: is("1-0:3.8.0", "kvarh"),
    ActivePowerW: is("1-0:1.7.0", "kW"),
    Vrms: [is("1-0:12.7.0", "V"), is("1-0:32.7.0", "V")],
    Irms: is("1-0:31.7.0", "A"),
    Freq: is("1-0:14.7.0", "Hz"),
    ...Object.fromEntries(
      ["A", "B", "C", "ABC"].flatMap((phase, place) => [
        [`ActiveEnergyWhPhase${phase}1`, is(energies[place] ?? "1-0:1.8.0", "Wh")],
        [`ActivePowerWhPhase${phase}1`, is(powers[place] ?? "1-0:1.7.0", "W")],
      ]),
    ),
    VrmsA: is("1-0:32.7.0", "V"),
    VrmsB: is("1-0:52.7.0", "V"),
    VrmsC: is("1-0:72.7.0", "V"),
    IrmsA: is("1-0:31.7.0", "A"),
    IrmsB: is("1-0:51.7.0", "A"),
    IrmsC: is("1-0:71.7.0", "A"),
    ReactiveEnergyWhPhaseABC1: is("1-0:3.8.0", "varh"),
    ReactivePowerWhPhaseABC1: is("1-0:3.7.0", "var"),
  },
  isNewestOfEach: true,
  ignored: [
    "ExternalPowerVoltage",
    "ReActivePowerVAR",
    // Of these the maker reads the first of four bytes.
    "Index",
    "State",
    "undefined",
    "",
  ],
  settings:
    /^(Angle[ABC]?$|Freq(Min|Max)|Vrms(Min|Max)|Vpeak|.*Number$|NumberOf|Reactive|Index|State|PinState|Negative|Positive)/,
  restate: byLabel,
};
