/** `index-unit`: what somebody reads off a counter, with the unit counters of its kind have. */
import type { MeterKindId } from "#shared/model/meter-kinds.ts";

const inEnergy: readonly MeterKindId[] = ["heat", "cooling", "electricity"];

/** The field of a request, or none where nothing was read off. A comma is a point. */
export function indexIn<F extends "start_index" | "end_index">(
  field: F,
  typed: string,
  kind: MeterKindId,
): Partial<Record<F, string> & { readonly index_unit: "kWh" | "m3" }> {
  const index = typed.trim().replace(",", ".");
  if (index === "") return {};
  const read = { [field]: index } as Record<F, string>;
  return { ...read, index_unit: inEnergy.includes(kind) ? "kWh" : "m3" };
}
