/** `reading-row`: a row of a file of past readings: which meter, when, what it showed. */
import type { CellError } from "#shared/api/uploads.ts";
import { AnyDeviceId, IndexGiven } from "#shared/api/devices.ts";
import { isRegisterId, units, type RegisterId, type Unit } from "#shared/model/registers.ts";
import type { SheetRow } from "#shared/sheets/sheet.ts";
import { decimalOf, unitOf, wrongCell, type Aliases, type Columns } from "./columns.ts";

/** The order of the template. */
export const readingColumns: Aliases = {
  dev_eui: ["deveui", "device_eui", "eui", "device"],
  time: ["timestamp", "date", "read_at", "datetime"],
  index: ["value", "reading", "counter", "meter_reading"],
  unit: ["index_unit", "unit_of_measure"],
  register: ["obis", "obis_code"],
};

export interface ReadingWish {
  readonly line: number;
  readonly deviceId: string;
  /** As written; a time without an offset is where the building stands. */
  readonly time: string;
  /** Decimal text. */
  readonly index: string;
  readonly unit: Unit | undefined;
  readonly register: RegisterId | undefined;
}

/** A row's wish, and all that is wrong with it. */
export function readingWish(
  row: SheetRow,
  columns: Columns,
): { readonly wish: ReadingWish; readonly errors: readonly CellError[] } {
  const errors: CellError[] = [];
  const cell = (column: string) => columns.of(row, column).trim();
  const wrong = (column: string, message: string) =>
    void errors.push(wrongCell(column, cell(column), message));
  const id = AnyDeviceId.safeParse(cell("dev_eui"));
  if (!id.success)
    wrong("dev_eui", cell("dev_eui") === "" ? "is missing" : "a DevEUI is 16 hex digits");
  if (cell("time") === "") wrong("time", "is missing");
  const index = decimalOf(cell("index"));
  if (index === "") wrong("index", "is missing");
  else if (!IndexGiven.safeParse(index).success)
    wrong("index", 'an index is written "123.456": at most 12 digits and 6 decimals');
  const unit = unitOf(cell("unit"));
  const isUnit = (units as readonly string[]).includes(unit ?? "");
  if (unit !== undefined && !isUnit)
    wrong("unit", "m3, L, gal, kWh, MWh or another unit of a counter");
  const register = cell("register");
  if (register !== "" && !isRegisterId(register))
    wrong("register", "an OBIS code such as 8-0:1.0.0");
  return {
    wish: {
      line: row.line,
      deviceId: id.success ? id.data : cell("dev_eui").slice(0, 40),
      time: cell("time"),
      index,
      unit: isUnit ? (unit as Unit) : undefined,
      register: isRegisterId(register) ? register : undefined,
    },
    errors,
  };
}
