/** `template`: the file to fill in: the columns in their order and a row that shows what they mean. */
import { toXlsx, XLSX_TYPE } from "#shared/sheets/write-xlsx.ts";
import { toCsv } from "#shared/web/csv.ts";
import { templateColumns } from "./device-row.ts";
import { readingColumns } from "./reading-row.ts";
import { residentColumns } from "./resident-row.ts";

export type TemplateOf = "devices" | "residents" | "readings";

/** One row as an example each; "skip" lets it stay in the file. */
const EXAMPLES: Readonly<Record<TemplateOf, Readonly<Record<string, string>>>> = {
  residents: {
    email: "resident@example.org",
    first_name: "First",
    last_name: "Last",
    phone: "+34 600 000 000",
    building: "North",
    unit: "3B",
    move_in: "2026-11-01",
    language: "en",
    send_invitation: "skip",
    external_id: "an example: this row is skipped",
  },
  readings: { dev_eui: "24E124723C220295", time: "2026-01-01 00:00", index: "123.456", unit: "m3" },
  devices: {
    dev_eui: "24E124723C220295",
    join_eui: "24E124C0002A0001",
    device_name: "Cold water 3B",
    device_type: "water_meter",
    serial_number: "8ABC0012345",
    building: "North",
    unit: "3B",
    valid_from: "2026-11-01",
    initial_index: "123.456",
    index_unit: "m3",
    multiplier: "1",
    calibration_due: "2032-12-31",
    notes: "an example: this row is skipped",
    action: "skip",
  },
};

const COLUMNS: Readonly<Record<TemplateOf, readonly string[]>> = {
  devices: templateColumns,
  residents: Object.keys(residentColumns),
  readings: Object.keys(readingColumns),
};

export function templateFile(of: TemplateOf, format: "csv" | "xlsx"): Response {
  const columns = COLUMNS[of];
  const rows = [columns, columns.map((name) => EXAMPLES[of][name] ?? "")];
  const [body, type] =
    format === "csv"
      ? [toCsv(rows), "text/csv; charset=utf-8"]
      : [toXlsx(of, rows) as Uint8Array<ArrayBuffer>, XLSX_TYPE];
  return new Response(body, {
    headers: {
      "content-type": type,
      "content-disposition": `attachment; filename="${of}.${format}"`,
      "cache-control": "no-store",
    },
  });
}
