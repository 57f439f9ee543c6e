/**
 * `external-id`: what another system calls a thing is unique among its like in the organization.
 * Looked at together with the write in `hub.inTurn`, so that two at once do not both find it free.
 */
import { Fault } from "#shared/model/fault.ts";
import type { OrganizationId } from "#shared/model/ids.ts";
import type { Hub } from "./hub.ts";
import type { MasterDoc } from "./scoped-documents.ts";

type Known = MasterDoc & { readonly externalId?: string | undefined; readonly name?: unknown };

/** @throws Fault "conflict" when another one of the type has it */
export async function checkExternalId(
  hub: Hub,
  organizationId: OrganizationId,
  doc: Known,
): Promise<void> {
  if (doc.externalId === undefined) return;
  const image = await hub.registry.organization(organizationId);
  const all = await image.freshOf<Known>(doc.type as string);
  for (const other of all.values())
    if (other.externalId === doc.externalId && other._id !== doc._id)
      throw new Fault(
        "conflict",
        `The external id ${JSON.stringify(doc.externalId)} is taken already.`,
        { fields: { external_id: "is taken" } },
      );
}
