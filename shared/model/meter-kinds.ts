/**
 * `meter-kinds`: what a device measures for people, and which register of it counts.
 *
 * The kind is the operator's word (a volume register cannot tell hot water from cold), the
 * register is the decoder's.
 */
import type { RegisterId } from "./registers.ts";

export interface MeterKind {
  /** Registers that may carry this kind's index, best first; empty for what has no index. */
  readonly index: readonly RegisterId[];
  /** The gauge shown for a kind that has no index. */
  readonly gauge?: RegisterId;
}

export const meterKinds = {
  cold_water: { index: ["8-0:1.0.0", "pulses"] },
  hot_water: { index: ["9-0:1.0.0", "8-0:1.0.0", "pulses"] },
  heat: { index: ["6-0:1.0.0"] },
  cooling: { index: ["5-0:1.0.0", "6-0:1.0.0"] },
  gas: { index: ["7-0:3.0.0", "pulses"] },
  electricity: { index: ["1-0:1.8.0", "charge", "pulses"] },
  temperature: { index: [], gauge: "temperature" },
  leak: { index: [], gauge: "leak" },
} as const satisfies Record<string, MeterKind>;
export type MeterKindId = keyof typeof meterKinds;
export const meterKindIds = Object.keys(meterKinds) as [MeterKindId, ...MeterKindId[]];
