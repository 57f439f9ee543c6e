/**
 * `registers`: M-Bus records as values of our registers, for one medium.
 *
 * Only what is sure is taken: the value of now (storage 0), as the meter measured it. Minima and
 * maxima, values set aside and values of faulty time are left to the devices that explain them.
 */
import type { RegisterId, Value } from "#shared/model/registers.ts";
import { exact } from "../exact.ts";
import { isPlain, type MbusRecord } from "./records.ts";

/** Which register carries a quantity, in a meter for this medium. */
export type Medium = (record: MbusRecord) => RegisterId | undefined;

const tariffs: readonly RegisterId[] = ["6-0:1.0.0", "6-0:1.0.1", "6-0:1.0.2", "6-0:1.0.3"];

/** A heat meter. */
export const heatMedium: Medium = ({ quantity: { name }, tariff }) => {
  if (name === "energy") return tariffs[tariff];
  if (tariff > 0) return undefined;
  if (name === "volume") return "6-0:2.0.0";
  if (name === "power") return "6-0:8.0.0";
  if (name === "volume_flow") return "6-0:9.0.0";
  if (name === "flow_temperature") return "6-0:10.0.0";
  if (name === "return_temperature") return "6-0:11.0.0";
  if (name === "temperature_difference") return "6-0:12.0.0";
  return deviceState(name);
};

/** A water meter. */
export const waterMedium: Medium = ({ quantity: { name }, tariff, direction }) => {
  if (tariff > 0) return undefined;
  if (name === "volume") return direction === "backward" ? "8-0:2.0.0" : "8-0:1.0.0";
  if (name === "volume_flow") return "8-0:9.0.0";
  if (name === "flow_temperature") return "water_temperature";
  if (name === "external_temperature") return "ambient_temperature";
  return deviceState(name);
};

function deviceState(name: string): RegisterId | undefined {
  return name === "serial" || name === "error_flags" ? name : undefined;
}

/** Bytes of a full identification: number (BCD), maker, version, medium. */
const IDENTIFICATION = 8;

/** The number in a full identification, EN 13757-3 "enhanced identification". */
function serialOf({ data }: MbusRecord): Value | undefined {
  if (data.type !== "number" && data.type !== "bytes") return undefined;
  const { bytes } = data;
  if (bytes.length !== IDENTIFICATION) return undefined;
  const digits = [...bytes.subarray(0, 4)]
    .reverse()
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("");
  return /^\d{8}$/.test(digits) ? exact("serial", Number(digits), 0, "none") : undefined;
}

/** The value of one record, or undefined when it holds no number or nothing the medium knows. */
export function valueOf(record: MbusRecord, medium: Medium): Value | undefined {
  if (record.quantity.name === "identification") return serialOf(record);
  const register = medium(record);
  if (register === undefined || record.data.type !== "number") return undefined;
  const { quantity, data } = record;
  // Flags are bits, not a number that could be negative.
  const n =
    quantity.name === "error_flags"
      ? data.bytes.reduceRight((sum, byte) => sum * 256 + byte, 0)
      : data.n;
  return exact(register, n, data.scale + quantity.scale, quantity.unit);
}

/** The values of now. Where a register comes twice, the first one counts. */
export function currentValues(records: readonly MbusRecord[], medium: Medium): Value[] {
  const values = new Map<RegisterId, Value>();
  for (const record of records) {
    if (record.storage !== 0 || record.function !== "current" || record.subunit !== 0) continue;
    if (!isPlain(record) && record.direction === null) continue;
    const value = valueOf(record, medium);
    if (value !== undefined && !values.has(value.register)) values.set(value.register, value);
  }
  return [...values.values()];
}
