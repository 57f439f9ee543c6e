/** `paging`: `limit` and `offset` of a list, as asked for in a query. */
import { z } from "zod";

export const Paging = z.object({
  limit: z.coerce.number().int().min(1).max(500).default(50),
  offset: z.coerce.number().int().min(0).max(10_000_000).default(0),
});
