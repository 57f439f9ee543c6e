/**
 * `entering`: what every way in has in common: guesses are slowed down by address, whoever is known
 * to be somebody is let in or told why not, and a sign-in begins.
 *
 * Nobody is locked out by a stranger: guesses count by where they come from, never by whom they
 * are about alone.
 */
import type { Context } from "hono";
import type { AreaParts } from "#cloud/api/area-parts.ts";
import type { PersonAsker } from "#cloud/api/asker.ts";
import { askerOf } from "#cloud/auth/grants.ts";
import { mailboxOf } from "#cloud/auth/invite.ts";
import type { PersonDoc } from "#cloud/auth/people-store.ts";
import type { SignInWay } from "#cloud/auth/sign-in-store.ts";
import type { Hub } from "#cloud/hub/hub.ts";
import type { Operator } from "#shared/api/admin.ts";
import { attempts, signInLimits, type Attempts } from "#shared/auth/attempts.ts";
import { Fault } from "#shared/model/fault.ts";

/** One address may be a whole office: it gets more tries than one person from it. */
const ADDRESS_LIMITS = { ...signInLimits, free: 30 };

/** Guesses from one address count together, whichever way they take. */
const byAddressOf = new WeakMap<Hub, Attempts>();
export function guesses({ hub }: AreaParts): Attempts {
  let known = byAddressOf.get(hub);
  if (!known) byAddressOf.set(hub, (known = attempts(hub.clock, ADDRESS_LIMITS)));
  return known;
}

/** Runs what fails for a guess; each failure makes the next one from there slower. */
export async function guarded<T>(parts: AreaParts, c: Context, work: () => Promise<T>): Promise<T> {
  const address = parts.addressOf(c);
  const byAddress = guesses(parts);
  byAddress.check(address);
  try {
    return await work();
  } catch (error) {
    byAddress.failed(address);
    throw error;
  }
}

/** @throws Fault "forbidden" in words; to be asked only after the right secret */
export function checkMayEnter({ isDisabled, memberships }: PersonDoc): void {
  if (isDisabled || memberships.length === 0)
    throw new Fault("forbidden", "This sign-in was disabled by an administrator.", {
      reason: "disabled",
    });
}

/** Lets somebody in who is known to be it. @throws Fault "forbidden" in words */
export async function enter(
  { hub, cookies, addressOf }: AreaParts,
  c: Context,
  person: PersonDoc,
  way: SignInWay,
): Promise<Operator> {
  checkMayEnter(person);
  const [first] = person.memberships;
  if (!first) throw new Fault("forbidden", "This sign-in was disabled by an administrator.");
  const token = await hub.signIns.begin(person.personId, {
    epoch: person.signInEpoch ?? 0,
    way,
    from: addressOf(c),
    agent: c.req.header("user-agent") ?? "",
  });
  cookies.set(c, token);
  return meOf(hub, await askerOf(hub, person, first.organizationId));
}

/** Who somebody is, as their pages are told. */
export async function meOf(hub: Hub, asker: PersonAsker): Promise<Operator> {
  const names = new Map(
    (await hub.registry.organizations()).map((one) => [one.organizationId, one.name]),
  );
  const { person, assistant } = asker;
  // Whoever assists is told of the one organization they assist in.
  const ids = assistant
    ? [asker.organizationId]
    : [...new Set(person.memberships.map(({ organizationId }) => organizationId))];
  const one = (id: (typeof ids)[number]) => ({ id: id as string, name: names.get(id) ?? "" });
  const { personId, firstName, lastName, language, homePage } = person;
  return {
    person_id: personId,
    first_name: firstName,
    last_name: lastName,
    email: mailboxOf(person),
    language,
    home_page: homePage ?? null,
    organization: one(asker.organizationId),
    organizations: ids.map(one),
    rights: [...asker.reach.keys()],
    roles: [...asker.roles],
    must_change_password: (person.mustChangePassword ?? false) && assistant === undefined,
    homes: person.memberships.some(({ residentId }) => residentId !== undefined),
    assistance: assistant
      ? {
          reason: assistant.reason,
          may_change: assistant.mayChange,
          expires_at: assistant.expiresAt,
        }
      : null,
  };
}
