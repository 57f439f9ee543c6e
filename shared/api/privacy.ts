/** `privacy`: what is said over HTTP of a person's data being taken along, and being erased. */
import { z } from "zod";

export const ErasurePreview = z.object({
  person: z.object({ id: z.string(), name: z.string() }),
  memberships: z.number().int(),
  tenancies: z.number().int(),
  sign_ins: z.number().int(),
  /** Gateways that hold something of them and have to confirm. */
  gateways: z.array(z.object({ gateway_id: z.string(), name: z.string(), community: z.string() })),
  /** What stays, without a name: in words. */
  stays: z.array(z.string()),
  /** What has to be typed. */
  confirm: z.string(),
});

export const ErasureRow = z.object({
  id: z.string(),
  /** The person's id: their name is gone. */
  person_id: z.string(),
  at: z.string(),
  by: z.string(),
  reason: z.string().nullable(),
  /** Each gateway that held something of them, and when it was seen to hold it no more. */
  gateways: z.array(
    z.object({
      gateway_id: z.string(),
      name: z.string(),
      community: z.string(),
      confirmed_at: z.string().nullable(),
    }),
  ),
  /** True when every gateway has confirmed. */
  is_done: z.boolean(),
});
export type ErasureRow = z.infer<typeof ErasureRow>;
