/**
 * `read-xlsx`: the first sheet of an XLSX: text, numbers and dates, as they were typed. A formula
 * counts as the value that was last worked out.
 *
 * Reads the few elements it needs and knows no entities but XML's own five: nothing outside the
 * file is ever fetched.
 *
 * @see ECMA-376 part 1, SpreadsheetML: 18.3 (worksheets), 18.4 (shared strings), 18.8.30 (formats)
 */
import { Fault } from "#shared/model/fault.ts";
import { sheetOf, type Sheet, type SheetLimits } from "./sheet.ts";
import { unzip } from "./unzip.ts";

const WANTED =
  /^xl\/(workbook\.xml|_rels\/workbook\.xml\.rels|sharedStrings\.xml|styles\.xml|worksheets\/[^/]+\.xml)$/;
/** Rows between which others have their turn. */
const STRIDE = 1_000;

/** @throws Fault "invalid" for what is none, or beyond the limits */
export async function readXlsx(bytes: Uint8Array, limits: SheetLimits): Promise<Sheet> {
  const files = await unzip(bytes, (name) => WANTED.test(name), limits.mostUnpacked);
  const text = (name: string) => {
    const file = files.get(name);
    return file === undefined ? undefined : new TextDecoder().decode(file);
  };
  const workbook = text("xl/workbook.xml");
  const name =
    workbook === undefined ? undefined : firstSheet(workbook, text("xl/_rels/workbook.xml.rels"));
  const sheet = name === undefined ? undefined : text(name);
  if (workbook === undefined || sheet === undefined)
    throw new Fault("invalid", "The file is no XLSX, or has no sheet.");
  const strings = sharedStrings(text("xl/sharedStrings.xml") ?? "");
  const isDate = dateStyles(text("xl/styles.xml") ?? "");
  const epoch1904 = /<workbookPr[^>]*date1904="(1|true)"/.test(workbook);
  const lines: { line: number; cells: string[] }[] = [];
  const ROW = /<row\b([^>]*?)(?:\/>|>([\s\S]*?)<\/row>)/g;
  for (let found = ROW.exec(sheet); found; found = ROW.exec(sheet)) {
    const line = Number(/\br="(\d+)"/.exec(found[1] as string)?.[1] ?? lines.length + 1);
    const cells = cellsOf(found[2] ?? "", { strings, isDate, epoch1904 }, limits);
    lines.push({ line, cells });
    if (lines.length > limits.mostRows + 1)
      throw new Fault("invalid", `The file has more than ${limits.mostRows} rows: split it.`);
    if (lines.length % STRIDE === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  return sheetOf(lines, limits);
}

interface Book {
  readonly strings: readonly string[];
  readonly isDate: readonly boolean[];
  readonly epoch1904: boolean;
}

function firstSheet(workbook: string, rels: string | undefined): string | undefined {
  const id = /<sheet\b[^>]*?\br:id="([^"]*)"/.exec(workbook)?.[1];
  const rel = [...(rels ?? "").matchAll(/<Relationship\b[^>]*>/g)]
    .map(([element]) => element)
    .find((element) => element.includes(`Id="${id}"`));
  const target = rel && /\bTarget="([^"]*)"/.exec(rel)?.[1];
  if (target === undefined) return id === undefined ? undefined : "xl/worksheets/sheet1.xml";
  return target.startsWith("/") ? target.slice(1) : `xl/${target}`;
}

function cellsOf(row: string, book: Book, limits: SheetLimits): string[] {
  const cells: string[] = [];
  for (const [, attributes = "", content = ""] of row.matchAll(
    /<c\b([^>]*?)(?:\/>|>([\s\S]*?)<\/c>)/g,
  )) {
    const letters = /\br="([A-Z]{1,3})\d+"/.exec(attributes)?.[1];
    const at = letters === undefined ? cells.length : columnOf(letters);
    if (at >= limits.mostColumns) continue;
    while (cells.length < at) cells.push("");
    cells[at] = valueOf(attributes, content, book);
  }
  return cells;
}

function columnOf(letters: string): number {
  let n = 0;
  for (const letter of letters) n = n * 26 + letter.charCodeAt(0) - 64;
  return n - 1;
}

function valueOf(attributes: string, content: string, book: Book): string {
  const type = /\bt="(\w+)"/.exec(attributes)?.[1] ?? "n";
  if (type === "inlineStr") return richText(content);
  const raw = /<v\b[^>]*>([\s\S]*?)<\/v>/.exec(content)?.[1];
  if (raw === undefined || type === "e") return "";
  if (type === "s") return book.strings[Number(raw)] ?? "";
  if (type === "str" || type === "d") return unescaped(raw);
  if (type === "b") return raw === "1" ? "true" : "false";
  const style = Number(/\bs="(\d+)"/.exec(attributes)?.[1] ?? 0);
  return book.isDate[style] ? dateText(Number(raw), book.epoch1904) : numberText(raw);
}

/** Spreadsheets keep 0.1 + 0.2 with seventeen digits; fifteen are what was typed. */
function numberText(raw: string): string {
  const value = Number(raw);
  if (!Number.isFinite(value)) return raw;
  if (Number.isInteger(value) && Math.abs(value) < 1e21)
    return value.toLocaleString("en", { useGrouping: false, maximumFractionDigits: 0 });
  return String(Number(value.toPrecision(15)));
}

/** Days since 1899-12-30 (or 1904-01-01) as a date, with the time when there is one. Local: it has no zone. */
function dateText(serial: number, epoch1904: boolean): string {
  const ms =
    Math.round(serial * 86_400) * 1000 + (epoch1904 ? Date.UTC(1904, 0) : Date.UTC(1899, 11, 30));
  if (!Number.isFinite(serial) || Math.abs(ms) > 8e15) return "";
  const text = new Date(ms).toISOString();
  return text.slice(11, 19) === "00:00:00" ? text.slice(0, 10) : text.slice(0, 19);
}

function sharedStrings(xml: string): string[] {
  return [...xml.matchAll(/<si\b[^>]*?(?:\/>|>([\s\S]*?)<\/si>)/g)].map(([, one = ""]) =>
    richText(one),
  );
}

/** The text of all runs, without what is written above them as a reading aid. */
function richText(xml: string): string {
  const runs = xml
    .replaceAll(/<rPh\b[\s\S]*?<\/rPh>/g, "")
    .matchAll(/<t\b[^>]*?(?:\/>|>([\s\S]*?)<\/t>)/g);
  return [...runs].map(([, text = ""]) => unescaped(text)).join("");
}

/** Which cell styles are dates, by their position. */
function dateStyles(xml: string): boolean[] {
  const custom = new Map<number, string>();
  for (const [element] of xml.matchAll(/<numFmt\b[^>]*>/g)) {
    const id = Number(/\bnumFmtId="(\d+)"/.exec(element)?.[1]);
    custom.set(id, unescaped(/\bformatCode="([^"]*)"/.exec(element)?.[1] ?? ""));
  }
  const formats = /<cellXfs\b[^>]*>([\s\S]*?)<\/cellXfs>/.exec(xml)?.[1] ?? "";
  return [...formats.matchAll(/<xf\b[^>]*>/g)].map(([element]) => {
    const id = Number(/\bnumFmtId="(\d+)"/.exec(element)?.[1] ?? 0);
    const code = custom.get(id)?.replaceAll(/"[^"]*"|\[[^\]]*\]|\\./g, "");
    return code === undefined
      ? (id >= 14 && id <= 22) || (id >= 45 && id <= 47)
      : /[ymdhs]/i.test(code);
  });
}

const ENTITIES: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
};

function unescaped(text: string): string {
  if (!text.includes("&") && !text.includes("_x")) return text;
  return text
    .replaceAll(
      /&(?:#x([0-9a-fA-F]{1,6})|#(\d{1,7})|(amp|lt|gt|quot|apos));/g,
      (_, hex, dec, name) =>
        name
          ? (ENTITIES[name as string] as string)
          : letter(hex ? parseInt(hex as string, 16) : Number(dec)),
    )
    .replaceAll(/_x([0-9a-fA-F]{4})_/g, (_, hex: string) => letter(parseInt(hex, 16)));
}

function letter(code: number): string {
  return code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code < 0xe000)
    ? String.fromCodePoint(code)
    : "";
}
