/** `index-unit`: what somebody reads off a counter, with the unit counters of its kind have. */
import type { MeterKindId } from "#shared/model/meter-kinds.ts";

const inEnergy: readonly MeterKindId[] = ["heat", "cooling", "electricity"];

/** The field of a request, or none where nothing was read off. A comma is a point. */
export function indexIn(field: string, typed: string, kind: MeterKindId): Record<string, string> {
  const index = typed.trim().replace(",", ".");
  if (index === "") return {};
  return { [field]: index, indexUnit: inEnergy.includes(kind) ? "kWh" : "m3" };
}
