/**
 * `place`: where and in what terms a community lives: time zone, currency, address. What a
 * platform knows of zones and currencies (IANA, ISO 4217) comes from its ICU data.
 */
import { z } from "zod";

/** An IANA time zone such as `Europe/Madrid`; offsets such as `+01:00` know no summer time. */
export const Zone = z
  .string()
  .max(64)
  .refine(
    (zone) => /^[A-Za-z]/.test(zone) && isZone(zone),
    "not a time zone such as Europe/Madrid",
  );

function isZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: zone }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}

const known = new Set(Intl.supportedValuesOf("currency"));

/** A currency in use or once in use, by its three letters. */
export const Currency = z
  .string()
  .overwrite((text) => text.trim().toUpperCase())
  .refine((text) => known.has(text), "not a currency such as EUR (ISO 4217)");

/** What another system calls a thing; unique among its like in the organization. */
export const ExternalId = z.string().trim().min(1).max(120);

/** How to reach a community, and where it is. Each may be missing. */
export const Contact = z.object({
  country: z.string().trim().max(80).optional(),
  state: z.string().trim().max(80).optional(),
  city: z.string().trim().max(80).optional(),
  address: z.string().trim().max(200).optional(),
  zip: z.string().trim().max(20).optional(),
  phone: z.string().trim().max(40).optional(),
  email: z.email().max(254).optional(),
});
export type Contact = z.infer<typeof Contact>;
export const contactFields = Object.keys(Contact.shape) as (keyof Contact)[];
