/** `device-row`: a row of a file of devices: its columns, and the wish it stands for. */
import { complaint } from "#shared/api/complaint.ts";
import type { CellError } from "#shared/api/uploads.ts";
import { DeviceChange, IndexGiven, AnyDeviceId } from "#shared/api/devices.ts";
import { meterKindIds } from "#shared/model/meter-kinds.ts";
import { units } from "#shared/model/registers.ts";
import type { SheetRow } from "#shared/sheets/sheet.ts";
import { decimalOf, unitOf, wrongCell, type Aliases, type Columns } from "./columns.ts";

/** The order of the template. */
export const deviceColumns: Aliases = {
  dev_eui: ["deveui", "device_eui", "eui", "lora_deveui", "end_device_ids.dev_eui"],
  join_eui: ["joineui", "app_eui", "appeui", "join_server_eui"],
  app_key: ["appkey", "application_key", "root_keys.app_key.key"],
  device_name: ["name", "description", "id", "device_id"],
  device_type: ["type"],
  serial_number: ["serial", "serial_no", "meter_number", "meter_serial"],
  model: ["model_id", "device_profile", "hardware"],
  decoder: ["codec", "payload_decoder"],
  community: ["tenant_name", "tenant", "customer", "site"],
  building: ["block", "house"],
  unit: ["apartment", "flat", "home", "unit_name"],
  resident_email: ["email", "resident", "end_user_email"],
  valid_from: ["from", "installed_at", "installation_date"],
  initial_index: ["start_index", "index", "initial_reading"],
  index_unit: ["unit_of_index", "measure_unit"],
  multiplier: ["factor", "pulse_factor"],
  calibration_due: ["calibration", "calibration_expiry"],
  notes: ["note", "comment", "comments"],
  action: [],
  kind: ["meter_kind"],
  nwk_key: ["nwkkey", "root_keys.nwk_key.key"],
  external_id: ["externalid", "reference"],
  // A session for life (ABP), all three together.
  dev_addr: ["devaddr", "session.dev_addr"],
  nwk_s_key: ["nwkskey", "session.keys.f_nwk_s_int_key.key", "session.keys.nwk_s_key.key"],
  app_s_key: ["appskey", "session.keys.app_s_key.key"],
  expected_interval_s: ["interval_s", "report_interval_s"],
  brand_id: ["brand", "maker", "manufacturer"],
  // Of a network server's own; told so that nobody wonders about them.
  lorawan_version: [
    "mac_version",
    "lorawan_phy_version",
    "frequency_plan_id",
    "hardware_version",
    "firmware_version",
    "band_id",
    "supports_join",
    "is_disabled",
  ],
};

/** Columns of the template, in its order: those PRODUCT users know. */
export const templateColumns = Object.keys(deviceColumns).slice(0, 19);

export const rowActions = ["", "add", "upsert", "update", "unassign", "retire", "skip"] as const;
export type RowAction = (typeof rowActions)[number];

export interface DeviceWish {
  readonly line: number;
  readonly deviceId: string;
  readonly action: RowAction;
  /** What is said of the device; what is left blank is not said. */
  readonly said: DeviceChange;
  readonly community: string;
  readonly building: string;
  readonly unit: string;
  readonly residentEmail: string;
  readonly validFrom: string;
  readonly initialIndex: string | undefined;
}

/** A row's wish, and all that is wrong with it. */
export function deviceWish(
  row: SheetRow,
  columns: Columns,
): { readonly wish: DeviceWish; readonly errors: readonly CellError[] } {
  const errors: CellError[] = [];
  const cell = (column: string) => columns.of(row, column);
  const wrong = (column: string, message: string) =>
    void errors.push(wrongCell(column, cell(column), message));
  const id = AnyDeviceId.safeParse(cell("dev_eui"));
  if (!id.success)
    wrong("dev_eui", cell("dev_eui") === "" ? "is missing" : "a DevEUI is 16 hex digits");
  const said: Record<string, unknown> = {};
  const take = (column: keyof DeviceChange, value: unknown) => {
    const parsed = DeviceChange.shape[column].safeParse(value, { error: complaint });
    if (parsed.success) said[column] = parsed.data;
    else wrong(column, parsed.error.issues[0]?.message ?? "cannot be");
  };
  for (const column of [
    "join_eui",
    "app_key",
    "nwk_key",
    "dev_addr",
    "nwk_s_key",
    "app_s_key",
    "device_name",
    "device_type",
    "serial_number",
    "model",
    "decoder",
    "notes",
    "external_id",
  ] as const)
    if (cell(column) !== "") take(column, cell(column));
  // The Things Stack tells maker and model apart: together they name a decoder.
  if (cell("brand_id") !== "" && cell("model") !== "")
    said.model = `${cell("brand_id")} ${cell("model")}`.slice(0, 120);
  const kind = cell("kind").toLowerCase().replaceAll(/[\s-]/g, "_");
  if (kind !== "") {
    if ((meterKindIds as readonly string[]).includes(kind)) said.kind = kind;
    else wrong("kind", `one of ${meterKindIds.join(", ")}`);
  }
  const indexUnit = unitOf(cell("index_unit"));
  if (indexUnit !== undefined) {
    if (units.includes(indexUnit as (typeof units)[number])) said.index_unit = indexUnit;
    else wrong("index_unit", "m3, L, gal, kWh, MWh or another unit of a counter");
  }
  if (cell("multiplier") !== "") take("multiplier", Number(decimalOf(cell("multiplier"))));
  if (cell("expected_interval_s") !== "")
    take("expected_interval_s", Number(cell("expected_interval_s")));
  if (cell("calibration_due") !== "") take("calibration_due", dateOf(cell("calibration_due")));
  const initial = decimalOf(cell("initial_index"));
  if (initial !== "" && !IndexGiven.safeParse(initial).success)
    wrong("initial_index", 'an index is written "123.456": at most 12 digits and 6 decimals');
  const action = cell("action").toLowerCase() as RowAction;
  if (!rowActions.includes(action))
    wrong("action", `one of ${rowActions.filter((one) => one !== "").join(", ")}, or nothing`);
  const hasKey = said.app_key !== undefined || said.nwk_key !== undefined;
  if (hasKey && said.join_eui === undefined && cell("join_eui") === "")
    wrong("join_eui", "a key goes together with its JoinEUI");
  return {
    wish: {
      line: row.line,
      deviceId: id.success ? id.data : cell("dev_eui").slice(0, 40),
      action: rowActions.includes(action) ? action : "",
      said,
      community: cell("community"),
      building: cell("building").slice(0, 120),
      unit: cell("unit").slice(0, 120),
      residentEmail: cell("resident_email").toLowerCase(),
      validFrom: cell("valid_from"),
      initialIndex: initial === "" ? undefined : initial,
    },
    errors,
  };
}

/** The date of a cell: spreadsheets put a time behind it. */
function dateOf(text: string): string {
  const dotted = /^(\d{1,2})\.(\d{1,2})\.(\d{4})$/.exec(text);
  if (dotted)
    return `${dotted[3]}-${(dotted[2] as string).padStart(2, "0")}-${(dotted[1] as string).padStart(2, "0")}`;
  return text.slice(0, 10);
}
