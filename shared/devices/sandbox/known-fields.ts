/**
 * `known-fields`: names that decoders of installed systems are known to use, with what they mean.
 *
 * Of several for one register the first that is there counts.
 */
import type { FieldRule } from "#shared/model/field-mapping.ts";

/** The names DataKubo's customers send; their meters count water. */
export const knownFields: readonly FieldRule[] = [
  { path: "cumulativeFlowM3", register: "8-0:1.0.0", unit: "m3" },
  { path: "water", register: "8-0:1.0.0", unit: "m3" },
  { path: "cumulativeFlow", register: "8-0:1.0.0", unit: "m3", scale: -3 },
  { path: "battery", register: "battery_voltage", unit: "V" },
  { path: "bateria", register: "battery_voltage", unit: "V" },
];
