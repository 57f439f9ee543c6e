/**
 * `site-audit`: what was done at a gateway, for the hub's audit: also what happened offline.
 *
 * History: 1 = first release.
 */
import { z } from "zod";
import { eventShape } from "./event.ts";

const Id = z.string().regex(/^(installer|gateway|[rp]-[0-9a-z]{16})$/);

export const SiteAuditDoc = z.object({
  ...eventShape("site-audit"),
  by: Id,
  /** On whose behalf, where that is somebody else. */
  for: Id.optional(),
  /** What was done, `noun.verb`. */
  action: z.string().regex(/^[a-z-]{2,40}\.[a-z-]{2,40}$/),
  /** Ids of what it was done to. */
  on: z.array(z.string().max(120)).max(50),
  before: z.record(z.string(), z.unknown()).optional(),
  after: z.record(z.string(), z.unknown()).optional(),
  result: z.enum(["done", "refused"]),
});
export type SiteAuditDoc = z.infer<typeof SiteAuditDoc>;
