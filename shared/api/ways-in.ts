/** `ways-in`: an organization's mail server and the other providers its people sign in by. */
import { z } from "zod";

const Host = z
  .string()
  .trim()
  .min(1)
  .max(253)
  .regex(/^[A-Za-z0-9.:-]+$/, "a host name or an address");

export const MailSettingsGiven = z.strictObject({
  host: Host,
  port: z.number().int().min(1).max(65_535),
  security: z.enum(["tls", "starttls", "none"]),
  user: z.string().max(200).nullable().default(null),
  /** Left out: as it is. Never told again. */
  password: z.string().max(500).nullable().default(null),
  from_address: z.email().max(254),
  from_name: z.string().trim().min(1).max(120),
});
export const MailSettingsRow = MailSettingsGiven.omit({ password: true }).extend({
  has_password: z.boolean(),
});
export type MailSettingsRow = z.infer<typeof MailSettingsRow>;

export const MailRow = z.object({
  id: z.string(),
  kind: z.string(),
  person: z.string().nullable(),
  state: z.enum(["waiting", "sent", "given-up"]),
  tries: z.number().int(),
  created_at: z.string(),
  next_at: z.string().nullable(),
  /** What the mail server said last. */
  trouble: z.string().nullable(),
});
export type MailRow = z.infer<typeof MailRow>;

export const ProviderGiven = z
  .strictObject({
    name: z.string().trim().min(1).max(80),
    /** Google's issuer is known; any other is given. */
    preset: z.enum(["google", "other"]).default("other"),
    issuer: z
      .url({ protocol: /^https?$/ })
      .max(300)
      .optional(),
    client_id: z.string().trim().min(1).max(300),
    /** Left out: as it is; null: none. Never told again. */
    client_secret: z.string().max(1000).nullable().optional(),
  })
  .refine((one) => one.preset === "google" || one.issuer !== undefined, {
    path: ["issuer"],
    message: "is needed",
  });
export const ProviderRow = z.object({
  id: z.string(),
  name: z.string(),
  issuer: z.string(),
  client_id: z.string(),
  has_secret: z.boolean(),
  /** What the provider has to be told: where it sends people back to. */
  redirect_uri: z.string(),
});
export type ProviderRow = z.infer<typeof ProviderRow>;
