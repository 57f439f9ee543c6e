/** `body`: what a request to the setup page's API says. */
import type { Context } from "hono";
import type { z } from "zod";
import { complaint } from "#shared/api/complaint.ts";
import { Fault } from "#shared/model/fault.ts";

/** @throws Fault "invalid" that names the fields */
export async function body<T>(c: Context, schema: z.ZodType<T>): Promise<T> {
  const parsed = schema.safeParse(await c.req.json().catch(() => undefined), {
    error: complaint,
  });
  if (parsed.success) return parsed.data;
  throw new Fault("invalid", "Something is missing or not right.", {
    fields: Object.fromEntries(
      parsed.error.issues.map(({ path, message }) => [path.join("."), message]),
    ),
  });
}
