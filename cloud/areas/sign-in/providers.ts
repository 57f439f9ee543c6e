/** `providers`: other ways in that an organization has set up, as its pages offer them. */
import type { Hub } from "#cloud/hub/hub.ts";
import type { OrganizationId } from "#shared/model/ids.ts";

export async function providersOf(
  hub: Hub,
  organizationId: OrganizationId,
): Promise<{ id: string; name: string }[]> {
  const all = await hub.providers.list(organizationId);
  return all.map(({ providerId, name }) => ({ id: providerId, name }));
}
