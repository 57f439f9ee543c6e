/**
 * `columns`: the columns of uploads by the names people and other products give them, and how a
 * cell becomes a value. What is wrong is said with its column and value; of a key only the column.
 */
import { Temporal } from "temporal-polyfill";
import type { CellError } from "#shared/api/uploads.ts";
import type { Sheet, SheetRow } from "#shared/sheets/sheet.ts";
import { startOfDay, zoneAt, type Zones } from "#shared/series/calendar.ts";

/** Our name of a column, and the other ones it goes by: The Things Stack's among them. */
export type Aliases = Readonly<Record<string, readonly string[]>>;

/** Columns whose values are never told back. */
const SECRET = new Set(["app_key", "nwk_key", "nwk_s_key", "app_s_key"]);
const plain = (name: string) =>
  name
    .toLowerCase()
    .trim()
    .replaceAll(/[\s.-]+/g, "_");

export interface Columns {
  /** The cell of our column in a row, "" when there is none. */
  readonly of: (row: SheetRow, column: string) => string;
  readonly has: (column: string) => boolean;
  /** Columns of the file that nothing is made of. */
  readonly unused: readonly string[];
}

export function columnsOf({ header }: Pick<Sheet, "header">, aliases: Aliases): Columns {
  const places = new Map<string, number[]>();
  const unused: string[] = [];
  const ours = new Map<string, string>();
  for (const [name, others] of Object.entries(aliases))
    for (const one of [name, ...others]) if (!ours.has(plain(one))) ours.set(plain(one), name);
  for (const [place, title] of header.entries()) {
    const name = ours.get(plain(title));
    if (name === undefined) {
      if (title !== "") unused.push(title);
      continue;
    }
    places.set(name, [...(places.get(name) ?? []), place]);
  }
  // Of several columns that mean the same, the better name counts first, then the first with a value.
  for (const [name, found] of places) {
    const names = [name, ...(aliases[name] ?? [])].map(plain);
    const rank = (place: number) => names.indexOf(plain(header[place] ?? ""));
    found.sort((a, b) => rank(a) - rank(b));
  }
  return {
    of: (row, column) => {
      for (const place of places.get(column) ?? []) {
        const cell = row.cells[place] ?? "";
        if (cell !== "") return harmed(cell);
      }
      return "";
    },
    has: (column) => places.has(column),
    unused,
  };
}

/** Our own exports put an apostrophe before what a spreadsheet would take for a formula: read back without it. */
function harmed(cell: string): string {
  return /^'[=+\-@]/.test(cell) ? cell.slice(1) : cell;
}

export function wrongCell(column: string, value: string, message: string): CellError {
  return { column, value: SECRET.has(column) ? "(hidden)" : value.slice(0, 80), message };
}

/** `12,5` is what half of Europe writes; `1.234,5` is not guessed at. */
export function decimalOf(text: string): string {
  return /^-?\d+,\d+$/.test(text) ? text.replace(",", ".") : text;
}

/** Units as people write them. */
export function unitOf(text: string): string | undefined {
  if (text === "") return undefined;
  const known: Readonly<Record<string, string>> = {
    "m³": "m3",
    "m^3": "m3",
    m3: "m3",
    l: "L",
    litre: "L",
    liter: "L",
    litres: "L",
    gal: "gal",
    kwh: "kWh",
    mwh: "MWh",
    wh: "Wh",
    gj: "GJ",
    mj: "MJ",
  };
  return known[text.toLowerCase()] ?? text;
}

const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
const DOTTED = /^(\d{1,2})\.(\d{1,2})\.(\d{4})(?:[ T](\d{1,2}:\d{2}(?::\d{2})?))?$/;
const LOCAL = /^(\d{4}-\d{2}-\d{2})[ T](\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)$/;

/**
 * A moment as ISO 8601 in UTC: with an offset as it is; a date, or a time without an offset, where
 * the building stands. Days first are understood with dots only (31.12.2026): 3/4/2026 is a guess.
 */
export function momentIn(text: string, zones: Zones): string | undefined {
  const dotted = DOTTED.exec(text);
  if (dotted) {
    const [, day = "", month = "", year = "", time] = dotted;
    const date = `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
    return momentIn(time === undefined ? date : `${date} ${time}`, zones);
  }
  try {
    if (DATE.test(text)) return iso(startOfDay(zones, text));
    const local = LOCAL.exec(text);
    if (local) {
      const [, date = "", time = ""] = local;
      const plainTime = Temporal.PlainDateTime.from(`${date}T${time.padStart(5, "0")}`);
      const zone = zoneAt(zones, startOfDay(zones, date));
      return iso(plainTime.toZonedDateTime(zone).epochMilliseconds);
    }
    if (/[Zz]$|[+-]\d{2}:?\d{2}$/.test(text)) {
      const ms = Date.parse(text);
      return Number.isNaN(ms) ? undefined : iso(ms);
    }
  } catch {
    return undefined;
  }
  return undefined;
}

function iso(ms: number): string | undefined {
  // Nobody metered before, and nothing planned is further away.
  return ms >= 0 && ms < Date.UTC(2200, 0) ? new Date(ms).toISOString() : undefined;
}
