/** `roles`: what the hub tells of roles and takes for new ones. */
import { z } from "zod";
import { rights } from "#shared/model/roles.ts";

export const RoleRow = z.object({
  id: z.string(),
  /** Of a built-in role its id: pages have a word for it. */
  name: z.string(),
  description: z.string(),
  rights: z.array(z.enum(rights)),
  /** Higher acts on lower. */
  rank: z.number().int(),
  is_built_in: z.boolean(),
  /** How many hold it; 0 to those who do not see the whole organization. */
  people: z.number().int(),
});
export type RoleRow = z.infer<typeof RoleRow>;

export const NewRole = z.strictObject({
  name: z.string().trim().min(1).max(80),
  description: z.string().trim().max(500).default(""),
  rights: z.array(z.enum(rights)).max(rights.length),
});
export type NewRole = z.infer<typeof NewRole>;
