/**
 * `claim-code`: what an operator makes on the hub and an installer types at a gateway: ten
 * characters in two groups, `7K3QF-9XM2B`. 50 random bits, good once and for a time.
 */
import { z } from "zod";

/** Crockford's base 32: no I, L, O or U, which are taken for something else when read aloud or written. */
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const LENGTH = 10;

/** As typed: any case, with or without hyphen and spaces, O for 0 and I or L for 1. */
export const ClaimCode = z
  .string()
  .max(40)
  .overwrite((text) =>
    text.toUpperCase().replaceAll(/[\s-]/g, "").replaceAll("O", "0").replaceAll(/[IL]/g, "1"),
  )
  .regex(new RegExp(`^[${ALPHABET}]{${LENGTH}}$`), "a claim code is ten letters and digits")
  .brand<"ClaimCode">();
export type ClaimCode = z.infer<typeof ClaimCode>;

/** A new code; `random` gives that many random bytes. */
export function newClaimCode(random: (size: number) => Uint8Array): ClaimCode {
  let text = "";
  for (const byte of random(LENGTH)) text += ALPHABET[byte & 31];
  return text as ClaimCode;
}

/** As it is shown and printed. */
export function shownClaimCode(code: ClaimCode): string {
  return `${code.slice(0, LENGTH / 2)}-${code.slice(LENGTH / 2)}`;
}
