/** `paging`: `limit` and `offset` of a list, as asked for in a query. */
import { z } from "zod";
import { Fault } from "#shared/model/fault.ts";

export const Paging = z.object({
  limit: z.coerce.number().int().min(1).max(500).default(50),
  offset: z.coerce.number().int().min(0).max(10_000_000).default(0),
});

/** Parses a query. @throws Fault "invalid" that names the parameter */
export function parseQuery<T extends z.ZodType>(schema: T, query: unknown): z.infer<T> {
  const parsed = schema.safeParse(query);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new Fault(
    "invalid",
    `${issue?.path.join(".") ?? "query"}: ${issue?.message ?? "not right"}`,
  );
}
