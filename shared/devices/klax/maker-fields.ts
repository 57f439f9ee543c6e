/**
 * Names in Alpha-Omega's own decoder of the KLAX: lists of parts, each with registers by place. They
 * are named here by unit and, for energies, place.
 */
import type { MakerFields } from "../maker-field.ts";

interface Register {
  unit?: string;
  values?: readonly unknown[];
  filterSet?: boolean;
  filterValid?: boolean;
  filterId?: number;
  filterActive?: boolean;
}
interface Part {
  type?: string;
  registers?: readonly Register[];
  register?: Register;
}

/** Seven digits, as a float has, unless it is whole. */
const digits = (value: number) =>
  Number.isSafeInteger(value) ? value : Number(value.toPrecision(7));
const nameOf = (unit: string | undefined, place: number | undefined) =>
  unit === "Wh" ? `Wh ${place}` : (unit ?? "none");
const greatest = (values: readonly number[]) => digits(Math.max(...values));

function* named(part: Part): Generator<[string, number]> {
  if (part.type === "now")
    for (const [place, { unit, values, filterSet, filterValid }] of (
      part.registers ?? []
    ).entries())
      if (filterSet && filterValid) yield [nameOf(unit, place), digits(Number(values?.[0]))];
  if (part.type === "historic")
    for (const { unit, values, filterId } of part.registers ?? [])
      if (unit === "Wh") yield [nameOf(unit, filterId), greatest((values ?? []).map(Number))];
  if (part.type === "filter" && part.register?.unit === "Wh" && part.register.filterActive) {
    const { unit, filterId, values } = part.register;
    const told = (values ?? [])
      .map((value) => value as { value: number; valid: boolean })
      .filter(({ valid }) => valid);
    if (told.length > 0) yield [nameOf(unit, filterId), greatest(told.map(({ value }) => value))];
  }
}

function restate(data: unknown): unknown {
  const { header, payloads } = data as {
    header: { batteryPerc: number };
    payloads?: readonly Part[];
  };
  const said: Record<string, number> = { battery: header.batteryPerc };
  for (const part of payloads ?? []) for (const [name, value] of named(part)) said[name] ??= value;
  return said;
}

export const klaxFields: MakerFields = {
  devices: { "alpha-omega-technology/klax": "alpha-omega-technology/klax" },
  fields: {
    battery: { register: "battery", unit: "%" },
    "Wh 0": { register: "1-0:1.8.0", unit: "Wh" },
    "Wh 1": { register: "1-0:2.8.0", unit: "Wh" },
    "Wh 2": { register: "energy_2", unit: "Wh" },
    "Wh 3": { register: "energy_3", unit: "Wh" },
    W: { register: "1-0:1.7.0", unit: "W" },
    V: { register: "1-0:12.7.0", unit: "V" },
    A: { register: "1-0:11.7.0", unit: "A" },
    Hz: { register: "1-0:14.7.0", unit: "Hz" },
    varh: { register: "1-0:3.8.0", unit: "varh" },
    var: { register: "1-0:3.7.0", unit: "var" },
    VA: { register: "1-0:9.7.0", unit: "VA" },
  },
  ignored: ["NDEF", "VAh", "none"],
  restate,
};
