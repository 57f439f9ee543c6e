/** `dashboard-store`: the saved pages of communities. */
import { z } from "zod";
import type { Registry } from "#cloud/hub/registry.ts";
import { scopedDocuments, type ScopedDocuments } from "#cloud/hub/scoped-documents.ts";
import { Card } from "#shared/api/dashboards.ts";
import { CommunityId } from "#shared/model/ids.ts";
import { At } from "#shared/model/site.ts";

/**
 * `dashboard:{dashboardId}` in `o-{organization}`.
 *
 * History: 1 = first release.
 */
export const DashboardDoc = z.object({
  _id: z.string().startsWith("dashboard:"),
  type: z.literal("dashboard"),
  v: z.literal(1),
  dashboardId: z.string().regex(/^da-[0-9a-hjkmnp-tv-z]{16}$/),
  communityId: CommunityId,
  name: z.string(),
  cards: z.array(Card),
  createdAt: At,
  updatedAt: At,
});
export type DashboardDoc = z.infer<typeof DashboardDoc>;

export type DashboardStore = ScopedDocuments<DashboardDoc>;

export function dashboardStore(registry: Registry): DashboardStore {
  return scopedDocuments<DashboardDoc>(registry, "dashboard", "There is no such dashboard here.");
}
