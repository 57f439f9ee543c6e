/**
 * `quantities`: how an amount is shown to people: in which unit, with how many digits.
 *
 * Amounts come as whole numbers of 10^scale units and stay exact until they are shown. Must
 * never show more digits than the meter gave.
 */
import type { MeterKindId } from "#shared/model/meter-kinds.ts";

/** How a resident likes water: `m3` shows litres below one cubic metre. */
export type WaterUnit = "m3" | "L" | "gal";
export const waterUnits = ["m3", "L", "gal"] as const satisfies readonly WaterUnit[];

export interface Quantity {
  readonly n: number;
  readonly scale: number;
  readonly unit: string;
}

/** A unit to show in: multiply a value of the meter's unit by `factor`. */
export interface ShownUnit {
  readonly symbol: string;
  readonly factor: number;
  /** Digits after the point that the meter's resolution is worth in this unit. */
  readonly resolution: number;
}

const SYMBOLS: Readonly<Record<string, string>> = {
  m3: "m³",
  C: "°C",
  "m3/h": "m³/h",
  pct: "%",
  none: "",
  count: "",
};
const LITRES_PER_GALLON = 3.785411784;

/** The plain symbol of a unit of the API: `m3` → `m³`. */
export function symbolOf(unit: string): string {
  return SYMBOLS[unit] ?? unit;
}

/** The number a quantity stands for, in its own unit. */
export function valueOf({ n, scale }: { n: number; scale: number }): number {
  return scale < 0 ? n / 10 ** -scale : n * 10 ** scale;
}

/** True for meters whose unit the resident may choose. */
export function isWater(kind: MeterKindId): boolean {
  return kind === "cold_water" || kind === "hot_water";
}

/**
 * The unit for amounts of this size. Pass the largest value of a series so that all of it is
 * shown in one unit.
 */
export function shownUnit(largest: Quantity, kind: MeterKindId, water: WaterUnit): ShownUnit {
  const own = -largest.scale;
  const inOwn = { symbol: symbolOf(largest.unit), factor: 1, resolution: Math.max(0, own) };
  if (isWater(kind) && (largest.unit === "m3" || largest.unit === "L")) {
    const litres = largest.unit === "m3" ? 1000 : 1;
    const resolutionL = Math.max(0, largest.unit === "m3" ? own - 3 : own);
    if (water === "gal")
      return {
        symbol: "gal",
        factor: litres / LITRES_PER_GALLON,
        resolution: Math.min(1, resolutionL + 1),
      };
    if (water === "L" || valueOf(largest) * litres < 1000)
      return { symbol: "L", factor: litres, resolution: Math.min(1, resolutionL) };
    return { symbol: "m³", factor: litres / 1000, resolution: resolutionL + 3 };
  }
  if (largest.unit === "Wh")
    return { symbol: "kWh", factor: 1 / 1000, resolution: Math.max(0, own + 3) };
  if (largest.unit === "MWh" && valueOf(largest) < 10)
    return { symbol: "kWh", factor: 1000, resolution: Math.max(0, own - 3) };
  return inOwn;
}

/** Digits worth showing for an amount: about three that count, never more than were measured. */
function digitsFor(value: number, resolution: number): number {
  const size = Math.abs(value);
  const useful = size >= 100 ? 0 : size >= 10 ? 1 : 2;
  return Math.min(useful, resolution);
}

const formats = new Map<string, Intl.NumberFormat>();

/** A number in the language's own writing, with exactly `digits` after the point. */
export function number(value: number, digits: number, language: string): string {
  const key = `${language} ${digits}`;
  let format = formats.get(key);
  if (format === undefined) {
    format = new Intl.NumberFormat(language, {
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
    });
    formats.set(key, format);
  }
  return format.format(value);
}

/** An amount of use in `unit`, without the unit's symbol. */
export function amountIn(
  unit: ShownUnit,
  quantity: { n: number; scale: number },
  language: string,
): string {
  const value = valueOf(quantity) * unit.factor;
  return number(value, digitsFor(value, unit.resolution), language);
}

/** An index in full: every digit the meter gave; watt-hours as the kilowatt-hours people know. */
export function indexText(quantity: Quantity, language: string): string {
  const { n, scale } = asPeopleKnow(quantity);
  return number(valueOf({ n, scale }), Math.max(0, -scale), language);
}

/** The symbol that belongs to `indexText`. */
export function indexSymbol(quantity: Quantity): string {
  return symbolOf(asPeopleKnow(quantity).unit);
}

function asPeopleKnow({ n, scale, unit }: Quantity): Quantity {
  return unit === "Wh" ? { n, scale: scale - 3, unit: "kWh" } : { n, scale, unit };
}
