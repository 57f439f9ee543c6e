/** `new-password`: what somebody chose, or an administrator for them: refused when it is easy to guess, else as its hash. */
import type { Hub } from "#cloud/hub/hub.ts";
import { weakness } from "#shared/auth/password-policy.ts";
import { hashSecret } from "#shared/auth/secret-hash.ts";
import { Fault } from "#shared/model/fault.ts";
import type { PersonDoc } from "./people-store.ts";

/** A password is refused, with the sentence that says why. */
export const weak = (why: string) => new Fault("invalid", why, { fields: { password: why } });

/** @throws Fault "invalid" in words for one that is guessed first */
export async function newPassword(
  hub: Hub,
  { email, firstName, lastName, memberships }: PersonDoc,
  password: string,
): Promise<string> {
  const ids = new Set(memberships.map(({ organizationId }) => organizationId));
  const organizations = (await hub.registry.organizations()).filter((one) =>
    ids.has(one.organizationId),
  );
  const names = [firstName, lastName, ...organizations.map(({ name }) => name)];
  const why = weakness(password, { email, names });
  if (why) throw weak(why);
  return hashSecret(password);
}
