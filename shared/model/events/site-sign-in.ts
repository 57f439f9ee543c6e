/**
 * `site-sign-in`: somebody signed in, or tried to, on a gateway's own pages.
 *
 * Failures are counted, one event per hour and way at most: a stranger's guesses must not fill the line.
 *
 * History: 1 = first release.
 */
import { z } from "zod";
import { eventShape } from "./event.ts";

export const SiteSignInDoc = z.object({
  ...eventShape("site-sign-in"),
  /** A resident's or person's id, `installer` with the device's own code, `unknown` where no code matched. */
  by: z.string().regex(/^(installer|unknown|[rp]-[0-9a-z]{16})$/),
  way: z.enum(["access-code", "setup-code", "temporary-code", "answer"]),
  result: z.enum(["in", "refused", "slowed", "out"]),
  count: z.number().int().min(1),
});
export type SiteSignInDoc = z.infer<typeof SiteSignInDoc>;
