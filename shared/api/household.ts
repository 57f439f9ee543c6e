/** `household`: whom a resident has let into their home. */
import { z } from "zod";

export const HouseholdMember = z.object({
  /** As a resident of the community. */
  id: z.string(),
  first_name: z.string(),
  last_name: z.string(),
  email: z.string().nullable(),
  /** Since when the home is shown to them. */
  since: z.string(),
  /** Whether they have come in: until then they can be mailed once more. */
  has_come: z.boolean(),
});
export type HouseholdMember = z.infer<typeof HouseholdMember>;
