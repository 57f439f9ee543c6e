/**
 * `read-csv`: a CSV as spreadsheets write it: `;`, `,` or tab between cells, with or without a byte
 * order mark, in UTF-8, UTF-16 or Windows-1252.
 *
 * @see RFC 4180
 */
import { CsvError, parse } from "csv-parse/sync";
import { Fault } from "#shared/model/fault.ts";
import { sheetOf, type Sheet, type SheetLimits } from "./sheet.ts";

/** @throws Fault "invalid" that names the line, where there is one */
export function readCsv(bytes: Uint8Array, limits: SheetLimits): Sheet {
  const { text: told, note } = textOf(bytes);
  // The parser counts a line that ends with two characters twice where it lies in quotes.
  const text = told.replaceAll("\r\n", "\n");
  const delimiter = delimiterOf(text);
  let lines: { line: number; cells: string[] }[];
  try {
    const records = parse(text, {
      delimiter,
      relax_column_count: true,
      skip_empty_lines: true,
      info: true,
      // One more than may be: whether there are too many is seen from it.
      to: limits.mostRows + 2,
      max_record_size: limits.mostColumns * limits.mostCell,
    }) as unknown as { record: string[]; info: { lines: number } }[];
    lines = records.map(({ record, info }) => ({
      // Where a row begins, not where it ends.
      line: info.lines - record.join("").split("\n").length + 1,
      cells: record,
    }));
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = "lines" in error ? ` near line ${String(error.lines)}` : "";
    throw new Fault("invalid", `The file is no CSV${line}: ${wordsFor(error.code)}.`);
  }
  return sheetOf(lines, limits, note === undefined ? [] : [note]);
}

/** Of the parser's own words none are passed on: they quote the file, and with it a key. */
function wordsFor(code: string): string {
  if (code.includes("QUOTE")) return "a quotation mark is not closed, or stands within a cell";
  if (code === "CSV_MAX_RECORD_SIZE") return "a row is too long";
  return "it cannot be read";
}

function textOf(bytes: Uint8Array): { text: string; note?: string } {
  const [a, b] = bytes;
  if (a === 0xff && b === 0xfe) return { text: new TextDecoder("utf-16le").decode(bytes) };
  if (a === 0xfe && b === 0xff) return { text: new TextDecoder("utf-16be").decode(bytes) };
  if (bytes.subarray(0, 65_536).includes(0))
    throw new Fault("invalid", "This is no text: save it as CSV (UTF-8), or send the XLSX.");
  try {
    return { text: new TextDecoder("utf-8", { fatal: true }).decode(bytes) };
  } catch {
    return {
      text: new TextDecoder("windows-1252").decode(bytes),
      note: "The file is not UTF-8; it was read as Windows-1252. Look whether letters with accents are right.",
    };
  }
}

/** What stands most often between the names of the columns. */
function delimiterOf(text: string): string {
  const first = text.split(/\r?\n|\r/, 50).find((line) => line.trim() !== "") ?? "";
  const plain = first.replaceAll(/"[^"]*"/g, "");
  const count = (mark: string) => plain.split(mark).length;
  return [";", ",", "\t"].reduce((best, mark) => (count(mark) > count(best) ? mark : best));
}
