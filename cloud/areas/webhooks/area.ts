/** `webhooks`: where other systems want to be told of what happens; signed, repeated until taken, with a log. */
import { z } from "zod";
import type { AreaParts } from "#cloud/api/area-parts.ts";
import { Paging } from "#cloud/api/paging.ts";
import { route, type Area } from "#cloud/api/route.ts";
import { sealText } from "#cloud/hub/sealed-text.ts";
import type { DeliveryDoc } from "#cloud/webhooks/deliveries.ts";
import { newWebhookSecret } from "#cloud/webhooks/signature.ts";
import type { WebhookDoc, WebhookId } from "#cloud/webhooks/webhook-store.ts";
import { CommunityGiven } from "#shared/api/communities.ts";
import { Fault } from "#shared/model/fault.ts";
import { newId, type CommunityId } from "#shared/model/ids.ts";
import type { HubScope } from "#shared/model/scope.ts";

const WebhookRow = z.object({
  id: z.string(),
  url: z.string(),
  events: z.array(z.string()),
  description: z.string(),
  community: z.string().nullable(),
  is_active: z.boolean(),
  created_at: z.string(),
});
const Event = z
  .string()
  .regex(/^(\*|[a-z-]{1,40}(\.(\*|[a-z-]{1,40}))?)$/, "such as device.assign, device.* or *");
const Url = z.url({ protocol: /^https?$/ }).max(1000);
const NewWebhook = z.strictObject({
  url: Url,
  events: z.array(Event).min(1).max(50).default(["*"]),
  description: z.string().trim().max(200).default(""),
  community: CommunityGiven.nullable().default(null),
});
const Change = z.strictObject({
  url: Url.optional(),
  events: z.array(Event).min(1).max(50).optional(),
  description: z.string().trim().max(200).optional(),
  is_active: z.boolean().optional(),
});
const DeliveryRow = z.object({
  id: z.string(),
  event: z.string(),
  at: z.string(),
  state: z.enum(["waiting", "delivered", "given-up"]),
  next_at: z.string().nullable(),
  tries: z.array(z.object({ at: z.string(), status: z.number().nullable(), said: z.string() })),
});
const Id = z.object({ webhook_id: z.string().max(64) });

const list = route({
  method: "get",
  path: "/webhooks",
  right: "webhooks.read",
  title: "Where other systems are told of what happens.",
  query: Paging,
  answer: { rows: WebhookRow },
  open:
    ({ hub }) =>
    async ({ scope, query: { limit, offset } }) => {
      const all = (await hub.webhooks.list(scope)).sort((a, b) =>
        a.createdAt < b.createdAt ? -1 : 1,
      );
      return { rows: all.slice(offset, offset + limit).map(shown), total: all.length };
    },
});

const make = route({
  method: "post",
  path: "/webhooks",
  right: "webhooks.write",
  title: "Adds an address; the secret to check signatures with is in this answer and never after.",
  body: NewWebhook,
  answer: { status: 201, data: WebhookRow.extend({ secret: z.string() }) },
  isSecret: true,
  open:
    ({ hub }) =>
    async ({ scope, body, trail }) => {
      const { url, events, description } = body;
      const communityId = await placeOf(hub, scope, body.community);
      const webhookId = newId<WebhookId>("wh", hub.random);
      const secret = newWebhookSecret(hub.random);
      const _id = `webhook:${webhookId}`;
      const doc: WebhookDoc = {
        _id,
        type: "webhook",
        v: 1,
        webhookId,
        communityId,
        url,
        events,
        description,
        isActive: true,
        sealedSecret: await sealText(hub.secrets.masterKey, _id, secret),
        createdAt: new Date(hub.clock.now()).toISOString(),
      };
      await hub.webhooks.save(scope, scope.organizationId, [doc]);
      trail.note({
        what: "webhook.make",
        target: { type: "webhook", id: webhookId, name: new URL(url).host },
        communityId,
        after: { url, events },
      });
      return { ...shown(doc), secret };
    },
});

const change = route({
  method: "patch",
  path: "/webhooks/:webhook_id",
  right: "webhooks.write",
  title: "Changes an address, its events, or whether it is told at all.",
  params: Id,
  body: Change,
  answer: { data: WebhookRow },
  open:
    ({ hub }) =>
    async ({ scope, params: { webhook_id }, body, trail }) => {
      const old = await hub.webhooks.find(scope, webhook_id);
      const { url = old.url, events = old.events, description = old.description } = body;
      const doc = { ...old, url, events, description, isActive: body.is_active ?? old.isActive };
      await hub.webhooks.save(scope, scope.organizationId, [doc]);
      trail.note({
        what: "webhook.change",
        target: { type: "webhook", id: old.webhookId, name: new URL(url).host },
        communityId: old.communityId,
        before: { ...shown(old) },
        after: { ...shown(doc) },
      });
      return shown(doc);
    },
});

const remove = route({
  method: "delete",
  path: "/webhooks/:webhook_id",
  right: "webhooks.write",
  title: "Removes an address; what waited for it is given up.",
  params: Id,
  answer: { none: true },
  open:
    ({ hub }) =>
    async ({ scope, params: { webhook_id }, trail }) => {
      const doc = await hub.webhooks.find(scope, webhook_id);
      await hub.webhooks.remove(scope, scope.organizationId, [doc]);
      trail.note({
        what: "webhook.remove",
        target: { type: "webhook", id: doc.webhookId, name: new URL(doc.url).host },
        communityId: doc.communityId,
      });
    },
});

const test = route({
  method: "post",
  path: "/webhooks/:webhook_id/test",
  right: "webhooks.write",
  title: "Sends a `webhook.test` now and says what came back.",
  params: Id,
  answer: {
    data: z.object({ ok: z.boolean(), status: z.number().nullable(), said: z.string() }),
  },
  isHarmless: true,
  open:
    ({ hub, deliveries }) =>
    async ({ scope, params: { webhook_id } }) => {
      const { status, said } = await deliveries.test(await hub.webhooks.find(scope, webhook_id));
      return { ok: status !== null && status >= 200 && status < 300, status, said };
    },
});

const log = route({
  method: "get",
  path: "/webhooks/:webhook_id/deliveries",
  right: "webhooks.read",
  title: "What was told, how often it was tried and what came back; newest first, for a month.",
  params: Id,
  query: Paging,
  answer: { rows: DeliveryRow },
  open:
    ({ hub, deliveries }) =>
    async ({ scope, params: { webhook_id }, query: { limit, offset } }) => {
      const webhook = await hub.webhooks.find(scope, webhook_id);
      const { rows, total } = await deliveries.list(scope, webhook, limit, offset);
      return { rows: rows.map(deliveryRow), total };
    },
});

const again = route({
  method: "post",
  path: "/webhooks/:webhook_id/deliveries/:delivery_id/retry",
  right: "webhooks.write",
  title: "Tries one that was given up, or waits, now.",
  params: Id.extend({ delivery_id: z.string().regex(/^[0-9]{13}-[0-9a-f]{16}$/) }),
  answer: { none: true },
  open:
    ({ hub, deliveries }) =>
    async ({ scope, params: { webhook_id, delivery_id } }) => {
      await deliveries.again(scope, await hub.webhooks.find(scope, webhook_id), delivery_id);
    },
});

export const webhooks: Area = {
  name: "webhooks",
  title: "Webhooks out: other systems are told of what happens (Standard Webhooks)",
  routes: [list, make, change, remove, test, log, again],
};

/** @throws Fault "not_found" for a community out of reach, "forbidden" for the whole by somebody of a part */
async function placeOf(
  hub: AreaParts["hub"],
  scope: HubScope,
  community: string | null,
): Promise<CommunityId | null> {
  if (community !== null) return (await hub.communities.find(scope, community)).communityId;
  if (scope.kind !== "organization")
    throw new Fault("forbidden", "You may add webhooks of your communities only: name one.");
  return null;
}

const shown = (doc: WebhookDoc): z.infer<typeof WebhookRow> => ({
  id: doc.webhookId,
  url: doc.url,
  events: doc.events,
  description: doc.description,
  community: doc.communityId,
  is_active: doc.isActive,
  created_at: doc.createdAt,
});

const deliveryRow = (doc: DeliveryDoc): z.infer<typeof DeliveryRow> => ({
  id: doc._id.slice("delivery:".length),
  event: doc.kind,
  at: doc.at,
  state: doc.state,
  next_at: doc.state === "waiting" ? doc.nextAt : null,
  tries: [...doc.tries],
});
