/** `matrix`: who may have other systems told, and of what. */
import type { Ask, Ids, Rows } from "#cloud/api/matrix.ts";

const one = (path: (id: string) => string, body: unknown = {}) => ({
  namesThings: true as const,
  asks: ({ webhook }: Ids): readonly Ask[] => [{ path: path(webhook), body }],
});
const delivery = "0000000000000-0000000000000000";

export const rows: Rows = {
  "GET /webhooks": { asks: () => ["/webhooks", "/webhooks?limit=1"] },
  "POST /webhooks": {
    namesThings: true,
    asks: ({ community }) => [
      { path: "/webhooks", body: { url: "https://example.org/hook", community } },
    ],
  },
  "PATCH /webhooks/:webhook_id": one((id) => `/webhooks/${id}`, { description: "x" }),
  "DELETE /webhooks/:webhook_id": one((id) => `/webhooks/${id}`),
  "POST /webhooks/:webhook_id/test": one((id) => `/webhooks/${id}/test`),
  "GET /webhooks/:webhook_id/deliveries": {
    namesThings: true,
    asks: ({ webhook }) => [
      `/webhooks/${webhook}/deliveries`,
      `/webhooks/${webhook}/deliveries?limit=1&offset=1`,
    ],
  },
  "POST /webhooks/:webhook_id/deliveries/:delivery_id/retry": one(
    (id) => `/webhooks/${id}/deliveries/${delivery}/retry`,
  ),
};
