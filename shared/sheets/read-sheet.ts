/** `read-sheet`: a file somebody sent, read as what it is: an XLSX by its first bytes, else a CSV. */
import { Fault } from "#shared/model/fault.ts";
import { readCsv } from "./read-csv.ts";
import { readXlsx } from "./read-xlsx.ts";
import { sheetLimits, type Sheet, type SheetLimits } from "./sheet.ts";

/** @throws Fault "invalid" that says what is wrong with the file */
export async function readSheet(
  bytes: Uint8Array,
  limits: SheetLimits = sheetLimits,
): Promise<Sheet> {
  if (bytes.length === 0) throw new Fault("invalid", "The file is empty.");
  const begins = (...signature: number[]) => signature.every((byte, i) => bytes[i] === byte);
  if (begins(0x50, 0x4b)) return readXlsx(bytes, limits);
  if (begins(0xd0, 0xcf, 0x11, 0xe0))
    throw new Fault("invalid", "This is an old or locked spreadsheet: save it as XLSX or CSV.");
  return readCsv(bytes, limits);
}
