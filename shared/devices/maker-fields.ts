/**
 * `maker-fields`: the list of all makers' field names that we can compare with.
 */
import { elvacoFields, elvacoHexSerialFields } from "./elvaco-cmi4110/maker-fields.ts";
import type { MakerFields } from "./maker-field.ts";
import { ct10xFields } from "./milesight-ct101/maker-fields.ts";
import { milesightClimateFields } from "./milesight-em300-th/maker-fields.ts";
import { milesightSocketFields } from "./milesight-ws52x/maker-fields.ts";
import { quandifyFields } from "./quandify-cubicmeter-1-1/maker-fields.ts";

export const makerFields: readonly MakerFields[] = [
  elvacoFields,
  elvacoHexSerialFields,
  quandifyFields,
  milesightClimateFields,
  ct10xFields,
  milesightSocketFields,
];
