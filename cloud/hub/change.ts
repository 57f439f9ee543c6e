/**
 * `change`: reads one master document, changes it and writes it back; once more from the start when
 * somebody else wrote it meanwhile. So whoever comes second is judged by what the first one left.
 */
import { isFault } from "#shared/model/fault.ts";
import type { OrganizationId } from "#shared/model/ids.ts";
import type { HubScope, Scope } from "#shared/model/scope.ts";
import type { MasterDoc, ScopedDocuments } from "./scoped-documents.ts";

const TRIES = 8;

/**
 * @param by what the document becomes; throws a Fault to refuse
 * @throws Fault "not_found" out of reach, "conflict" for an archived community, and what `by` throws
 */
export function change<T extends MasterDoc>(
  store: ScopedDocuments<T>,
  scope: HubScope,
  id: string,
  by: (doc: T) => T | Promise<T>,
): Promise<{ before: T; after: T }> {
  return changeIn(store, scope, scope.organizationId, id, by);
}

/** The same on behalf of the process, in an organization it names. */
export async function changeIn<T extends MasterDoc>(
  store: ScopedDocuments<T>,
  scope: Scope,
  organizationId: OrganizationId,
  id: string,
  by: (doc: T) => T | Promise<T>,
): Promise<{ before: T; after: T }> {
  for (let tries = 1; ; tries++) {
    const before = await store.find(scope, id);
    const after = await by(before);
    try {
      await store.save(scope, organizationId, [after]);
      return { before, after };
    } catch (error) {
      // A store that answers before it shows a write to all gets a moment by asking again.
      if (!isFault(error, "conflict") || error.details.isArchived || tries >= TRIES) throw error;
    }
  }
}
