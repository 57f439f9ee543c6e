/** `billing-file`: a billing period as a file that a spreadsheet opens rightly, and without harm. */
import type { BillingRow } from "#shared/api/reports.ts";
import { toXlsx, XLSX_TYPE } from "#shared/sheets/write-xlsx.ts";
import { toCsv, type Cell } from "#shared/web/csv.ts";

const columns = [
  "building",
  "unit",
  "dev_eui",
  "device_name",
  "serial_number",
  "kind",
  "register",
  "unit_of_measure",
  "from",
  "to",
  "start_at",
  "start_index",
  "start_measured",
  "end_at",
  "end_index",
  "end_measured",
  "consumption",
  "adjusted",
  "exchange",
  "estimated",
  "expected",
  "heard",
  "marks",
] as const;

/** Beyond this a spreadsheet's number would lose a digit: then it stays text. */
const MOST_DIGITS = 15;

function number(text: string | null | undefined): Cell {
  if (text === null || text === undefined) return null;
  return text.replaceAll(/[^0-9]/g, "").length <= MOST_DIGITS ? Number(text) : text;
}

function cells(row: BillingRow): Cell[] {
  const yes = (is: boolean | undefined) => (is === undefined ? null : is ? "yes" : "no");
  return [
    row.building,
    row.unit.name,
    row.dev_eui,
    row.device_name,
    row.serial_number,
    row.kind,
    row.register,
    row.unit_of_measure,
    row.from,
    row.to,
    row.start?.at ?? null,
    number(row.start?.index),
    yes(row.start?.is_measured),
    row.end?.at ?? null,
    number(row.end?.index),
    yes(row.end?.is_measured),
    number(row.consumption),
    number(row.adjusted),
    row.exchange,
    yes(row.is_estimated),
    row.expected,
    row.heard,
    row.marks.join(" "),
  ];
}

export function billingFile(
  rows: readonly BillingRow[],
  {
    format,
    decimal,
    name,
  }: { readonly format: "csv" | "xlsx"; readonly decimal: "." | ","; readonly name: string },
): Response {
  const table = [[...columns], ...rows.map(cells)];
  const [body, type] =
    format === "csv"
      ? [toCsv(table, decimal), "text/csv; charset=utf-8"]
      : [toXlsx("billing", table) as Uint8Array<ArrayBuffer>, XLSX_TYPE];
  return new Response(body, {
    headers: {
      "content-type": type,
      "content-disposition": `attachment; filename="${name}.${format}"`,
      "cache-control": "no-store",
    },
  });
}
