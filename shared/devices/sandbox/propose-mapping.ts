/**
 * `propose-mapping`: a first mapping for an unknown decoder, from the answers it gave to samples.
 *
 * It goes by known names, by units and quantities in names, and by whether a value only grows.
 * A person confirms it: what is unsure is left out and listed with the reason rather than guessed.
 */
import type { FieldMapping, FieldRule } from "#shared/model/field-mapping.ts";
import type { MeterKindId } from "#shared/model/meter-kinds.ts";
import type { RegisterId, Unit } from "#shared/model/registers.ts";
import { decimalFrom } from "./decimal-value.ts";
import { unitCalled, unitInWords, wordsOfPath, type NamedUnit } from "./field-names.ts";
import { pathsOf, valueAt } from "./field-path.ts";
import { knownFields } from "./known-fields.ts";

/** One answer of the decoder; `at` is the uplink's time, epoch ms. */
export interface Sample {
  readonly data: object;
  readonly at: number;
}

export interface ProposedField {
  readonly rule: FieldRule;
  /** `known` by its name, `likely` by unit and quantity, `guess` without a unit in the name. */
  readonly certainty: "known" | "likely" | "guess";
}

export interface Proposal {
  readonly mapping: FieldMapping;
  readonly fields: readonly ProposedField[];
  readonly unmapped: readonly { readonly path: string; readonly why: Unmapped }[];
}

/** Why a field is not in the proposal; pages have words for it. */
export type Unmapped =
  | "list"
  | "text"
  | "name_unknown"
  | "index_falls"
  | "register_taken"
  | "not_a_number";

/** How a field's numbers go over time; `single` when there are not two of them. */
type Trend = "rises" | "constant" | "falls" | "single";

const MOST_PATHS = 200;
const MOST_SAMPLES = 200;

interface Seen {
  readonly words: ReadonlySet<string>;
  readonly unit: NamedUnit | undefined;
  readonly values: readonly unknown[];
  readonly numbers: readonly number[];
  readonly trend: Trend;
}

function trendOf(numbers: readonly number[]): Trend {
  if (numbers.length < 2) return "single";
  const steps = numbers.slice(1).map((number, i) => number - (numbers[i] ?? number));
  if (steps.some((step) => step < 0)) return "falls";
  return steps.some((step) => step > 0) ? "rises" : "constant";
}

/** The word `unit` beside a value, or `<name>_unit`: where the name itself has none. */
function unitBeside(path: string, data: object): NamedUnit | undefined {
  const parent = path.includes(".") ? path.slice(0, path.lastIndexOf(".") + 1) : "";
  for (const name of [`${path}_unit`, `${path}Unit`, ...(parent === "" ? [] : [`${parent}unit`])]) {
    const unit = unitCalled(valueAt(data, name));
    if (unit !== undefined) return unit;
  }
  return undefined;
}

function look(path: string, samples: readonly Sample[]): Seen {
  const words = wordsOfPath(path);
  const values = samples
    .map(({ data }) => valueAt(data, path))
    .filter((value) => value !== undefined && value !== null);
  const numbers = values.flatMap((value) => {
    const decimal = typeof value === "boolean" ? undefined : decimalFrom(value);
    return decimal === undefined ? [] : [decimal.n * 10 ** decimal.scale];
  });
  const unit =
    unitInWords(words) ?? samples.map(({ data }) => unitBeside(path, data)).find(Boolean);
  return { words: new Set(words), unit, values, numbers, trend: trendOf(numbers) };
}

type Guess = { register: RegisterId; unit: Unit; scale?: number; isSure?: boolean } | undefined;

const isIndexed = ({ trend }: Seen) => trend !== "falls";
const has = ({ words }: Seen, ...names: readonly string[]) => names.some((name) => words.has(name));
const own = (seen: Seen, register: RegisterId, fallback: Unit): Guess => ({
  register,
  unit: seen.unit?.unit ?? fallback,
  ...(seen.unit?.scale === undefined ? {} : { scale: seen.unit.scale }),
  isSure: seen.unit !== undefined,
});

const ENERGY: readonly Unit[] = ["Wh", "kWh", "MWh", "MJ", "GJ"];
const VOLUME: readonly Unit[] = ["m3", "L", "gal"];

function energy(seen: Seen): Guess {
  if (has(seen, "cooling", "cold")) return own(seen, "5-0:1.0.0", "kWh");
  if (has(seen, "heat", "heating", "thermal") || ["MJ", "GJ"].includes(seen.unit?.unit ?? ""))
    return own(seen, "6-0:1.0.0", "kWh");
  const isExport = has(seen, "export", "exported", "produced", "returned", "reverse");
  return own(seen, isExport ? "1-0:2.8.0" : "1-0:1.8.0", "kWh");
}

function volume(seen: Seen): Guess {
  if (has(seen, "reverse", "backflow", "backward")) return own(seen, "8-0:2.0.0", "m3");
  if (has(seen, "gas")) return own(seen, "7-0:3.0.0", "m3");
  if (has(seen, "heat", "heating", "thermal")) return own(seen, "6-0:2.0.0", "m3");
  return own(seen, has(seen, "hot", "warm") ? "9-0:1.0.0" : "8-0:1.0.0", "m3");
}

function battery(seen: Seen): Guess {
  const isVolts = seen.unit?.unit === "V" || has(seen, "voltage", "vbat", "volt");
  const areAllSmall = seen.numbers.length > 0 && seen.numbers.every((value) => value <= 4.5);
  const areAllMilli = seen.numbers.length > 0 && seen.numbers.every((value) => value > 1000);
  if (areAllMilli && seen.unit === undefined)
    return { register: "battery_voltage", unit: "V", scale: -3 };
  if (isVolts || (areAllSmall && seen.unit === undefined)) return own(seen, "battery_voltage", "V");
  return own(seen, "battery", "%");
}

function temperature(seen: Seen): Guess {
  if (has(seen, "return", "outlet")) return own(seen, "6-0:11.0.0", "C");
  if (has(seen, "supply", "forward", "inlet", "flow")) return own(seen, "6-0:10.0.0", "C");
  if (has(seen, "external", "probe", "ds18b20")) return own(seen, "temperature_external", "C");
  return own(seen, has(seen, "water", "medium") ? "water_temperature" : "temperature", "C");
}

/** Quantities by their units and names, the more particular ones first. */
function guess(seen: Seen): Guess {
  const unit = seen.unit?.unit;
  const isFlag = seen.values.every(
    (value) => typeof value === "boolean" || value === 0 || value === 1,
  );
  if (isFlag && has(seen, "leak", "leakage", "waterleak"))
    return { register: "leak", unit: "none" };
  if (isFlag && has(seen, "tamper", "tampering")) return { register: "tamper", unit: "none" };
  if (isFlag && has(seen, "alarm")) return { register: "alarm", unit: "none" };
  if (has(seen, "rssi", "snr", "dbm", "version", "timestamp", "time")) return undefined;
  if (has(seen, "battery", "bat", "vbat", "bateria", "batt")) return battery(seen);
  if (has(seen, "humidity", "hum", "rh")) return own(seen, "humidity", "%");
  if (unit === "C" || has(seen, "temperature", "temp")) return temperature(seen);
  if (unit === "m3/h" || unit === "L/h") return own(seen, "8-0:9.0.0", unit);
  if (unit !== undefined && ENERGY.includes(unit)) return energy(seen);
  if (unit !== undefined && VOLUME.includes(unit)) return volume(seen);
  if (unit === "W" || unit === "kW")
    return own(seen, has(seen, "heat", "thermal") ? "6-0:8.0.0" : "1-0:1.7.0", "W");
  if (unit === "V") return own(seen, "1-0:12.7.0", "V");
  if (unit === "A") return own(seen, "1-0:11.7.0", "A");
  if (unit === "Hz") return own(seen, "1-0:14.7.0", "Hz");
  if (has(seen, "co2")) return own(seen, "co2", "ppm");
  if (unit === "hPa") return own(seen, "pressure", "hPa");
  if (unit === "lux") return own(seen, "illuminance", "lux");
  if (unit === "mm") return own(seen, "distance", "mm");
  // Without a unit only what grows is believed to count something.
  if (seen.trend !== "rises") return undefined;
  if (has(seen, "pulse", "pulses")) return { register: "pulses", unit: "count" };
  if (has(seen, "energy")) return energy(seen);
  if (has(seen, "volume", "water")) return volume(seen);
  return undefined;
}

const INDEXES: ReadonlySet<RegisterId> = new Set<RegisterId>([
  ...(["1-0:1.8.0", "1-0:2.8.0", "5-0:1.0.0", "6-0:1.0.0", "6-0:2.0.0"] as const),
  ...(["7-0:3.0.0", "8-0:1.0.0", "8-0:2.0.0", "9-0:1.0.0", "pulses"] as const),
]);

function propose(path: string, seen: Seen): ProposedField | Unmapped {
  const known = knownFields.find((rule) => rule.path === path);
  if (seen.values.some((value) => typeof value === "object")) return "list";
  const areNumbers = seen.numbers.length === seen.values.length;
  const areFlags = seen.values.every((value) => typeof value === "boolean");
  if (seen.values.length === 0) return "not_a_number";
  if (!areNumbers && !areFlags) return "text";
  // A `battery` of 87 is no voltage, whoever's name it is.
  const isBattery = known?.register === "battery_voltage";
  const found = known !== undefined && !isBattery ? known : guess(seen);
  if (found === undefined) return "name_unknown";
  if (INDEXES.has(found.register) && !isIndexed(seen)) return "index_falls";
  const { register, unit, scale } = found;
  const isSure = "isSure" in found ? found.isSure : true;
  return {
    rule: { path, register, unit, ...(scale === undefined ? {} : { scale }) },
    certainty: known?.register === register ? "known" : isSure ? "likely" : "guess",
  };
}

const CERTAINTIES = ["known", "likely", "guess"] as const;
const orderOf = ({ rule, certainty }: ProposedField): number =>
  CERTAINTIES.indexOf(certainty) * 100 +
  Math.max(
    0,
    knownFields.findIndex(({ path }) => path === rule.path),
  );

/** What a device with these registers is usually for. */
function kindOf(registers: ReadonlySet<RegisterId>): MeterKindId | undefined {
  if (registers.has("9-0:1.0.0")) return "hot_water";
  if (registers.has("6-0:1.0.0")) return "heat";
  if (registers.has("5-0:1.0.0")) return "cooling";
  if (registers.has("7-0:3.0.0")) return "gas";
  if (registers.has("1-0:1.8.0")) return "electricity";
  if (registers.has("8-0:1.0.0")) return "cold_water";
  if (registers.has("leak")) return "leak";
  return registers.has("temperature") ? "temperature" : undefined;
}

/** Proposes registers for the fields of these samples, in any order; each register is given once. */
export function proposeMapping(samples: readonly Sample[]): Proposal {
  const ordered = samples.slice(0, MOST_SAMPLES).toSorted((a, b) => a.at - b.at);
  const paths = [...new Set(ordered.flatMap(({ data }) => pathsOf(data, MOST_PATHS)))];
  const unmapped: { path: string; why: Unmapped }[] = [];
  const proposed: ProposedField[] = [];
  for (const path of paths.slice(0, MOST_PATHS)) {
    const field = propose(path, look(path, ordered));
    if (typeof field === "string") unmapped.push({ path, why: field });
    else proposed.push(field);
  }
  const fields = new Map<RegisterId, ProposedField>();
  for (const field of proposed.toSorted((a, b) => orderOf(a) - orderOf(b)))
    if (!fields.has(field.rule.register)) fields.set(field.rule.register, field);
    else unmapped.push({ path: field.rule.path, why: "register_taken" });
  const kind = kindOf(new Set(fields.keys()));
  const rules = [...fields.values()].map(({ rule }) => rule);
  return {
    mapping: { fields: rules, ...(kind === undefined ? {} : { kind }) },
    fields: [...fields.values()],
    unmapped,
  };
}
