/**
 * `bring-segments`: brings segments to the hub that cannot go there by replication: of a machine that was
 * withdrawn, or of a month that is history there. Only what the hub lacks goes over the line.
 */
import { z } from "zod";
import { MOST_LACKING, MOST_RETURNED, ReturnedCount } from "#shared/api/gateway-talk.ts";
import type { Doc } from "#shared/couch/database.ts";
import type { GatewayId, TenantName } from "#shared/model/ids.ts";

export type AskHub = <T>(
  path: string,
  body: unknown,
  schema: z.ZodType<T>,
  timeoutMs?: number,
) => Promise<T>;

export const PATIENCE_MS = 120_000;

/** Resolves with how many the hub lacked. @throws Fault; what was brought before stays */
export async function bringSegments(
  ask: AskHub,
  of: { readonly tenant: TenantName; readonly month: string; readonly writer: GatewayId },
  ids: readonly string[],
  docsOf: (ids: readonly string[]) => Promise<readonly Doc[]>,
  signal: AbortSignal,
): Promise<number> {
  let brought = 0;
  for (const some of parts(ids, MOST_LACKING)) {
    const lacking = await ask("lacking", { ...of, ids: some }, z.array(z.string()), PATIENCE_MS);
    for (const few of parts(lacking, MOST_RETURNED)) {
      if (signal.aborted) return brought;
      const docs = await docsOf(few);
      const { segments } = await ask("returned", { ...of, docs }, ReturnedCount, PATIENCE_MS);
      brought += segments;
    }
  }
  return brought;
}

function* parts<T>(all: readonly T[], most: number): Generator<readonly T[]> {
  for (let from = 0; from < all.length; from += most) yield all.slice(from, from + most);
}
