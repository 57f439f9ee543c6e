/**
 * `csv`: rows of cells as a file that a spreadsheet opens rightly and without harm.
 *
 * A cell that a spreadsheet would take for a formula (it begins with = + - @, tab or carriage
 * return) gets an apostrophe in front; numbers go through as they are, negative ones too.
 *
 * @see RFC 4180; OWASP "CSV injection"
 */
export type Cell = string | number | null;

/** The file's text: `;` between cells, CRLF between rows, a byte order mark for spreadsheets. */
export function toCsv(rows: readonly (readonly Cell[])[], decimal: "." | "," = "."): string {
  return `\uFEFF${rows.map((row) => row.map((value) => cell(value, decimal)).join(";")).join("\r\n")}\r\n`;
}

function cell(value: Cell, decimal: string): string {
  if (value === null) return "";
  if (typeof value === "number") return String(value).replace(".", decimal);
  const harmless = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[;"\r\n,]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
