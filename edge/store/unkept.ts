/** `unkept`: why an uplink could not be kept, for the ledger. Pure. */
import { isFault } from "#shared/model/fault.ts";
import type { Refusal } from "#shared/model/refusals.ts";

export function unkept(error: unknown): Refusal {
  const reason = isFault(error) ? error.details.reason : undefined;
  if (reason === "store_full" || reason === "budget_full") return reason;
  return /no space left/i.test(causesOf(error)) ? "store_full" : "store_unavailable";
}

function causesOf(error: unknown): string {
  const messages: string[] = [];
  for (let one = error; one instanceof Error; one = one.cause) messages.push(one.message);
  return messages.join("; ");
}
