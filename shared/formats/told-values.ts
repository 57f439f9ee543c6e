/**
 * `told-values`: the values that a network server's own decoder, or somebody's program, told in
 * words that water companies' systems agree on: `cumulativeFlowM3`, `water` (m³),
 * `cumulativeFlow` (litres), `battery`, `bateria` (volts), `battery_status` (OK or LOW).
 *
 * Used where no decoder of ours is known for a device; bytes of a known model speak for themselves.
 */
import type { Value } from "#shared/model/registers.ts";
import { valuesFrom, type NamedValue } from "./measured-values.ts";
import { fieldsOf } from "./message.ts";

type Fields = Readonly<Record<string, unknown>>;

const M3: NamedValue = { register: "8-0:1.0.0", unit: "m3" };
/** In the order of their worth: of two names for the same index the first counts. */
const NAMES: Readonly<Record<string, NamedValue>> = {
  cumulativeFlowM3: M3,
  water: M3,
  // 1 L = 10⁻³ m³.
  cumulativeFlow: { ...M3, scale: -3 },
  battery: { register: "battery_voltage", unit: "V" },
  bateria: { register: "battery_voltage", unit: "V" },
};

/** The decoded object in a message of ChirpStack 3 or 4, of The Things Stack, or the message itself. */
export function toldObject(body: unknown): Fields | undefined {
  const fields = fieldsOf(body);
  if (!fields) return undefined;
  const decoded = fieldsOf(fields["uplink_message"])?.["decoded_payload"];
  for (const candidate of [fields["object"], fields["objectJSON"], decoded, fields["decoded"]]) {
    const found = fieldsOf(typeof candidate === "string" ? parsed(candidate) : candidate);
    if (found) return found;
  }
  return isTold(fields) ? fields : undefined;
}

/** Whether one of the known names is there. */
export function isTold(fields: Fields): boolean {
  return (
    Object.keys(NAMES).some((name) => Object.hasOwn(fields, name)) || "battery_status" in fields
  );
}

/** The values told by the known names; empty when there is none. */
export function toldValues(fields: Fields): Value[] {
  const seen = new Set<string>();
  const values = valuesFrom(fields, NAMES).filter(({ register }) => {
    const isFirst = !seen.has(register);
    seen.add(register);
    return isFirst;
  });
  const status = batteryStatus(fields);
  if (status !== undefined)
    values.push({ register: "battery_low", n: status === "LOW" ? 1 : 0, scale: 0, unit: "none" });
  return values;
}

/** `battery_status` where it says OK or LOW. */
export function batteryStatus(fields: Fields): "OK" | "LOW" | undefined {
  const word = fields["battery_status"];
  const text = typeof word === "string" ? word.trim().toUpperCase() : "";
  return text === "OK" || text === "LOW" ? text : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
