/** `known-how`: how a period's number is known, with all that is out of the ordinary about it, in words. */
import type { Period } from "#shared/api/resident.ts";
import type { Words } from "../words/en.ts";

export function knownHow({ quality, marks }: Period, { meter }: Words): string {
  return [meter.qualities[quality], ...marks.map((mark) => meter.marks[mark])].join("; ");
}
