/** `profile`: what somebody sees and changes of themselves. */
import { z } from "zod";
import { languages } from "./resident.ts";

const Preferences = z.strictObject({
  /** How amounts of water are shown. */
  volume: z.enum(["m3", "l", "gal"]),
  mail: z.strictObject({ alerts: z.boolean(), reports: z.boolean() }),
});

export const Profile = z.object({
  id: z.string(),
  email: z.string().nullable(),
  /** Asked for, and not confirmed from that mailbox yet. */
  next_email: z.string().nullable(),
  first_name: z.string(),
  last_name: z.string(),
  phone: z.string().nullable(),
  language: z.enum(languages),
  preferences: Preferences,
  has_password: z.boolean(),
});
export type Profile = z.infer<typeof Profile>;

export const ProfileChange = z.strictObject({
  first_name: z.string().trim().max(80).optional(),
  last_name: z.string().trim().max(80).optional(),
  phone: z
    .string()
    .trim()
    .max(40)
    .regex(/^[+0-9 ()./-]*$/, "digits, spaces and + ( ) . / - only")
    .nullable()
    .optional(),
  language: z.enum(languages).optional(),
  preferences: Preferences.optional(),
});
export type ProfileChange = z.infer<typeof ProfileChange>;
