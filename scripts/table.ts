/** Rows as a table of text: columns as wide as their widest cell, numbers to the right. */

/** One line per row under a line of headings; a missing value is an empty cell. */
export function table<Row extends object>(
  rows: readonly Row[],
  columns: readonly (keyof Row & string)[],
): string {
  const cells = [[...columns], ...rows.map((row) => columns.map((column) => text(row[column])))];
  const widths = columns.map((_column, index) =>
    Math.max(...cells.map((line) => line[index]?.length ?? 0)),
  );
  const isNumber = columns.map((column) =>
    rows.some((row) => /^-?[\d,.]+$/.test(text(row[column]))),
  );
  return cells
    .map((line) =>
      line.map((cell, index) =>
        isNumber[index] ? cell.padStart(widths[index] ?? 0) : cell.padEnd(widths[index] ?? 0),
      ),
    )
    .map((line) => line.join("  ").trimEnd())
    .join("\n");
}

function text(value: unknown): string {
  if (value === undefined || value === null) return "";
  if (typeof value === "number") return inWords(value);
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** Three significant digits are enough to compare; whole numbers stay whole. */
function inWords(value: number): string {
  return Number.isInteger(value) || Math.abs(value) >= 1000
    ? Math.round(value).toLocaleString("en-US")
    : value.toPrecision(3);
}
