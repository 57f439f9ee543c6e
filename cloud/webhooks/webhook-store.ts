/**
 * `webhook-store`: where an organization wants to be told of what happens, and of what.
 */
import { z } from "zod";
import type { Registry } from "#cloud/hub/registry.ts";
import { scopedDocuments, type ScopedDocuments } from "#cloud/hub/scoped-documents.ts";
import { CommunityId } from "#shared/model/ids.ts";
import { At } from "#shared/model/site.ts";

/** A random id beginning with `wh-`. */
export const WebhookId = z
  .string()
  .regex(/^wh-[0-9a-hjkmnp-tv-z]{16}$/)
  .brand<"WebhookId">();
export type WebhookId = z.infer<typeof WebhookId>;

/**
 * `webhook:{webhookId}` in `o-{organization}`.
 *
 * History: 1 = first release.
 */
export const WebhookDoc = z.object({
  _id: z.string().startsWith("webhook:"),
  type: z.literal("webhook"),
  v: z.literal(1),
  webhookId: WebhookId,
  /** Tells of this community alone; null: of the whole organization. */
  communityId: CommunityId.nullable(),
  url: z.string(),
  /** Kinds of events: `device.assign`, `device.*`, `*`. */
  events: z.array(z.string()),
  description: z.string(),
  isActive: z.boolean(),
  /** A compact JWE (dir, A256GCM) of the signing secret. */
  sealedSecret: z.string(),
  createdAt: At,
});
export type WebhookDoc = z.infer<typeof WebhookDoc>;

export type WebhookStore = ScopedDocuments<WebhookDoc>;

export function webhookStore(registry: Registry): WebhookStore {
  return scopedDocuments<WebhookDoc>(registry, "webhook", "There is no such webhook here.");
}

/** Whether an endpoint wants events of a kind. */
export function wants({ events }: Pick<WebhookDoc, "events">, kind: string): boolean {
  return events.some(
    (pattern) =>
      pattern === "*" ||
      pattern === kind ||
      (pattern.endsWith(".*") && kind.startsWith(pattern.slice(0, -1))),
  );
}
