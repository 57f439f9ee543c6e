/**
 * What a bench reports: one row per case, printed as a table for people or as JSON lines for machines.
 *
 * Every number is measured in this run, the rival's as well; nothing is remembered from another one.
 */
import { table } from "#scripts/table.ts";

/** One measured case. */
export interface BenchRow {
  readonly bench: string;
  readonly case: string;
  readonly value: number;
  /** What `value` counts: `uplinks/s`, `ms`, `MB`. */
  readonly unit: string;
  /** Who was measured beside us. */
  readonly rival?: string;
  /** Above 1 = better than the rival. */
  readonly ratio?: number;
  /** The number asked for, of `value` or of `ratio` where there is one. */
  readonly target?: number;
  readonly met?: boolean;
}

export type Report = (row: BenchRow) => void;

/** What a file of this folder exports. */
export interface BenchModule {
  bench(report: Report): Promise<void> | void;
}

const COLUMNS = ["bench", "case", "value", "unit", "rival", "ratio", "target", "met"] as const;

/** A row as one line of JSON with its keys in a fixed order. */
export function asJson(row: BenchRow): string {
  return JSON.stringify(row, [...COLUMNS]);
}

/** All rows as a table; columns that no row fills are left out. */
export function asTable(rows: readonly BenchRow[]): string {
  const filled = COLUMNS.filter((column) => rows.some((row) => row[column] !== undefined));
  return table(
    rows.map((row) => ({
      ...row,
      met: row.met === undefined ? undefined : row.met ? "yes" : "NO",
    })),
    filled,
  );
}
