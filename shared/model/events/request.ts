/**
 * `request`: a change made at the site, which acts there at once and which the hub has to answer.
 *
 * The id is given by whoever makes the request, so that the same one sent twice is one. Secrets
 * (a device's root key) stand only inside `sealed`, a compact JWE for the hub.
 *
 * History: 1 = first release.
 */
import { z } from "zod";
import { eventShape } from "./event.ts";

/** Of a request: `q-` and 16 to 32 characters, random. */
export const RequestId = z
  .string()
  .regex(/^q-[0-9a-z]{16,32}$/)
  .brand<"RequestId">();
export type RequestId = z.infer<typeof RequestId>;

export const RequestDoc = z.object({
  ...eventShape("request"),
  requestId: RequestId,
  /** What is asked for: a kind of `requests.ts`. */
  kind: z.string().regex(/^[a-z][a-z-]{1,40}$/),
  /** Who asked: a resident's or person's id, or `installer`. */
  by: z.string().regex(/^(installer|[rp]-[0-9a-z]{16})$/),
  /** What exactly; its shape is that of the kind. */
  asked: z.record(z.string(), z.unknown()),
  /** A compact JWE for the hub's encryption key. */
  sealed: z.string().max(8_000).optional(),
  /** The `projectedAt` of the `site` it was made on: what whoever asked had before their eyes. */
  seenAt: z.iso.datetime(),
});
export type RequestDoc = z.infer<typeof RequestDoc>;
