/**
 * `named-register`: the register a source's own name and unit speak of.
 *
 * Only what the unit or a well-known name says is believed: what would be a guess is left out.
 */
import { proposeMapping } from "#shared/devices/sandbox/propose-mapping.ts";
import type { NamedValue } from "./measured-values.ts";

/** Letters and digits of a name with anything else as one underscore, so that no dot or slash parts it. */
const oneName = (name: string) =>
  name
    .slice(0, 120)
    .replaceAll(/[^\p{L}\p{N}%³°]+/gu, "_")
    .replaceAll(/^_+|_+$/g, "");

/**
 * @param name as the source has it, `Meter/Total Energy`
 * @param unit as the source writes it, `kWh`; undefined when it says none
 */
export function namedRegister(
  name: string,
  unit: string | undefined,
  value: number | boolean,
): NamedValue | undefined {
  const field = oneName(name);
  if (field === "") return undefined;
  const data = { [field]: value, ...(unit === undefined ? {} : { [`${field}_unit`]: unit }) };
  const { fields } = proposeMapping([{ data, at: 0 }]);
  const found = fields.find(({ rule }) => rule.path === field);
  if (found === undefined || found.certainty === "guess") return undefined;
  const { register, unit: counted, scale } = found.rule;
  return { register, unit: counted, ...(scale === undefined ? {} : { scale }) };
}
