/** `labels`: what is said over HTTP of a device's label that was scanned or typed. */
import { z } from "zod";

export const LabelAnswer = z.object({
  /** How it was written: `tr005`, `json`, `address`, `words`, `eui`. */
  format: z.string(),
  maker: z.string().nullable(),
  /** Maker and product by the LoRa Alliance's list (TR005). */
  profile_id: z.string().nullable(),
  /** What is wrong with it; empty when all of it is well. */
  problems: z.array(z.string()),
  /** When it is registered already, in reach of whoever asks. */
  registered: z.object({ name: z.string(), community: z.string().nullable() }).nullable(),
  /** When a gateway heard it and nobody registered it. */
  heard: z
    .object({ last_at: z.string(), count: z.number().int(), guess: z.string().nullable() })
    .nullable(),
  /** What `POST /devices/register` takes, as far as the label tells it. */
  register: z.object({
    dev_eui: z.string(),
    device_name: z.string(),
    join_eui: z.string().optional(),
    /** A secret: shown to whoever scanned it, kept nowhere. */
    app_key: z.string().optional(),
    serial_number: z.string().optional(),
    model: z.string().optional(),
    decoder: z.string().optional(),
  }),
  /** Fields that registering may need beside: a key only where the gateway answers its joins. */
  missing: z.array(z.string()),
});
export type LabelAnswer = z.infer<typeof LabelAnswer>;
