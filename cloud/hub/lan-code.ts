/**
 * `lan-code`: a resident's code for the building's own network. Only its finder and a hash of its
 * secret are kept; the text is handed back once and must never be logged.
 */
import { newAccessCode, printAccessCode } from "#shared/auth/access-code.ts";
import { hashSecret } from "#shared/auth/secret-hash.ts";
import type { OrganizationId } from "#shared/model/ids.ts";
import type { Scope } from "#shared/model/scope.ts";
import type { Hub, ResidentDoc } from "./hub.ts";

/** Names a resident's code in the deny journal. */
export const codeDenialOf = ({ residentId }: ResidentDoc, finder: string) =>
  `${residentId} ${finder}`;

/** Ends the one there is. @returns false when there is none */
export async function endLanCode(
  hub: Hub,
  scope: Scope,
  organizationId: OrganizationId,
  resident: ResidentDoc,
): Promise<boolean> {
  const { code, ...rest } = resident;
  if (!code) return false;
  await hub.journal.add("code", codeDenialOf(resident, code.finder));
  await hub.residents.save(scope, organizationId, [rest]);
  await hub.adopt(await hub.communities.find(scope, resident.communityId));
  return true;
}

/** Makes one, in place of the one before, and brings the community's `site` in step. */
export async function newLanCode(
  hub: Hub,
  scope: Scope,
  organizationId: OrganizationId,
  resident: ResidentDoc,
  expiresAt?: string,
): Promise<string> {
  const { communityId } = resident;
  const others = await hub.residents.list(scope, communityId);
  // A finder is unique in a community; the old one of this resident may not come again either.
  const taken = new Set(others.flatMap(({ code }) => (code ? [code.finder] : [])));
  let code = newAccessCode(hub.random);
  while (taken.has(code.finder)) code = newAccessCode(hub.random);
  const kept = {
    finder: code.finder,
    secretHash: await hashSecret(code.secret),
    createdAt: new Date(hub.clock.now()).toISOString(),
    ...(expiresAt === undefined ? {} : { expiresAt }),
  };
  await hub.residents.save(scope, organizationId, [{ ...resident, code: kept }]);
  if (resident.code) await hub.journal.add("code", codeDenialOf(resident, resident.code.finder));
  await hub.adopt(await hub.communities.find(scope, communityId));
  return printAccessCode(code);
}
