/**
 * `sheet`: a table from a file: a CSV in whatever way a spreadsheet writes it, or an XLSX's first
 * sheet. Cells are text, as they stand.
 *
 * A file is somebody's: it is bounded in bytes, rows, columns and cells before anything is made of
 * it, and a formula in it is never worked out.
 */
import { Fault } from "#shared/model/fault.ts";

export interface Sheet {
  /** As they stand in the first row that is not empty. */
  readonly header: readonly string[];
  readonly rows: readonly SheetRow[];
  /** What had to be assumed, for people. */
  readonly notes: readonly string[];
}
export interface SheetRow {
  /** Line or row number in the file, from 1. */
  readonly line: number;
  /** As many as there are columns, without space around them. */
  readonly cells: readonly string[];
}

export interface SheetLimits {
  readonly mostRows: number;
  readonly mostColumns: number;
  /** So many cells of a row are kept where the first row has fewer: it may be no header. */
  readonly leastColumns?: number;
  /** Characters in one cell. */
  readonly mostCell: number;
  /** Bytes a compressed file may grow to. */
  readonly mostUnpacked: number;
}

export const sheetLimits: SheetLimits = {
  mostRows: 50_000,
  mostColumns: 100,
  mostCell: 4_000,
  mostUnpacked: 200_000_000,
};

/** Header and rows from lines of cells. @throws Fault "invalid" beyond the limits or without a header */
export function sheetOf(
  lines: Iterable<{ readonly line: number; readonly cells: readonly string[] }>,
  limits: SheetLimits,
  notes: readonly string[] = [],
): Sheet {
  let header: string[] | undefined;
  const rows: SheetRow[] = [];
  for (const { line, cells } of lines) {
    const trimmed = cells.map((cell) => cell.trim());
    if (trimmed.every((cell) => cell === "")) continue;
    const long = trimmed.findIndex((cell) => cell.length > limits.mostCell);
    if (long >= 0)
      throw new Fault(
        "invalid",
        `Row ${line}: a cell has more than ${limits.mostCell} characters.`,
      );
    if (header === undefined) {
      header = withoutTail(trimmed);
      if (header.length > limits.mostColumns)
        throw new Fault("invalid", `The file has more than ${limits.mostColumns} columns.`);
      continue;
    }
    if (rows.length >= limits.mostRows)
      throw new Fault("invalid", `The file has more than ${limits.mostRows} rows: split it.`);
    const columns = Math.max(header.length, limits.leastColumns ?? 0);
    rows.push({ line, cells: Array.from({ length: columns }, (_, i) => trimmed[i] ?? "") });
  }
  if (header === undefined) throw new Fault("invalid", "The file is empty.");
  return { header, rows, notes };
}

function withoutTail(cells: readonly string[]): string[] {
  const last = cells.findLastIndex((cell) => cell !== "");
  return cells.slice(0, last + 1);
}
