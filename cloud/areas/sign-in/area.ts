/**
 * `sign-in`: how people come in and go: set-up link, sign-in, sign-out, and who they are.
 *
 * Must never say whether an e-mail address is known: the same sentence after the same time.
 */
import { z } from "zod";
import type { AreaParts } from "#cloud/api/area-parts.ts";
import type { Asker } from "#cloud/api/asker.ts";
import { route, type Area } from "#cloud/api/route.ts";
import { askerOf } from "#cloud/auth/grants.ts";
import type { PersonDoc } from "#cloud/auth/people-store.ts";
import type { Hub } from "#cloud/hub/hub.ts";
import { setUp } from "#cloud/hub/setup.ts";
import { Operator, PasswordSignIn } from "#shared/api/admin.ts";
import { attempts, signInLimits, type Attempts } from "#shared/auth/attempts.ts";
import { isNobodysSecret, isSecret } from "#shared/auth/secret-hash.ts";
import { Fault } from "#shared/model/fault.ts";
import { systemScope } from "#shared/model/scope.ts";

/** One address may be a whole office: it gets more tries than one person from it. */
const ADDRESS_LIMITS = { ...signInLimits, free: 30 };

const scope = systemScope("sign-in");

/** Guesses from one address count together, whichever way they take. */
const byAddressOf = new WeakMap<Hub, Attempts>();
function guesses({ hub }: AreaParts): Attempts {
  let known = byAddressOf.get(hub);
  if (!known) byAddressOf.set(hub, (known = attempts(hub.clock, ADDRESS_LIMITS)));
  return known;
}

const setupLink = route({
  method: "get",
  path: "/setup/:token",
  right: "public",
  title: "Whether a set-up link still works.",
  params: z.object({ token: z.string() }),
  answer: { data: z.object({ isValid: z.boolean() }) },
  open:
    ({ hub }) =>
    async ({ params: { token } }) => ({ isValid: await hub.setupLinks.isValid(token) }),
});

const setup = route({
  method: "post",
  path: "/setup",
  right: "public",
  title: "Makes the first operator, and the organization when there is none; signs them in.",
  // Read by `setUp`, which says what is wrong field by field.
  body: z.unknown(),
  answer: { status: 201, data: Operator },
  open: (parts) => {
    const byAddress = guesses(parts);
    return async ({ body, trail, c }) => {
      const address = parts.addressOf(c);
      byAddress.check(address);
      const person = await setUp(parts.hub, body).catch((error: unknown) => {
        byAddress.failed(address);
        throw error;
      });
      const asker = await enter(parts, person);
      parts.cookies.set(c, await parts.hub.signIns.begin(person.personId));
      trail.note({
        what: "operator.set-up",
        organizationId: asker.organizationId,
        forWhom: person.personId,
      });
      return operator(parts.hub, asker);
    };
  },
});

const signInRoute = route({
  method: "post",
  path: "/sign-in",
  right: "public",
  title: "Signs somebody in with e-mail and password; the sign-in is a cookie.",
  body: PasswordSignIn,
  answer: { data: Operator },
  open: (parts) => {
    const { hub, cookies, addressOf, onSignInFailed } = parts;
    const byPerson = attempts(hub.clock);
    const byAddress = guesses(parts);
    return async ({ body: { email, password }, trail, c }) => {
      const address = addressOf(c);
      const both = `${address} ${email.trim().toLowerCase()}`;
      byPerson.check(both);
      byAddress.check(address);
      // Counted before the answer is known: many at once must not pass together.
      byPerson.failed(both);
      byAddress.failed(address);
      const person = await hub.people.findByEmail(scope, email);
      const isRight =
        person?.passwordHash === undefined
          ? await isNobodysSecret(password)
          : await isSecret(person.passwordHash, password);
      if (person)
        for (const { organizationId } of person.memberships.slice(0, 1))
          trail.note({ what: "person.sign-in", organizationId, forWhom: person.personId });
      if (!person || !isRight) {
        onSignInFailed();
        throw new Fault("unauthorized", "The e-mail address or the password is not right.");
      }
      byPerson.succeeded(both);
      byAddress.succeeded(address);
      const asker = await enter(parts, person);
      cookies.set(c, await hub.signIns.begin(person.personId));
      return operator(hub, asker);
    };
  },
});

const signOut = route({
  method: "post",
  path: "/sign-out",
  right: "public",
  title: "Ends this sign-in.",
  answer: { none: true },
  open:
    ({ hub, cookies }) =>
    async ({ c }) => {
      const token = cookies.get(c);
      if (token !== undefined) await hub.signIns.end(token);
      cookies.remove(c);
    },
});

const me = route({
  method: "get",
  path: "/me",
  right: "signed-in",
  title: "Who is signed in.",
  answer: { data: Operator },
  open:
    ({ hub }) =>
    ({ asker }) =>
      operator(hub, asker),
});

export const signIn: Area = {
  name: "sign-in",
  title: "Coming in, going, and who one is",
  routes: [setupLink, setup, signInRoute, signOut, me],
};

/** Who somebody is once they are known to be it. @throws Fault "forbidden" in words, only after the right secret */
async function enter({ hub }: AreaParts, person: PersonDoc): Promise<Asker & { kind: "person" }> {
  const [first] = person.memberships;
  if (person.isDisabled || !first)
    throw new Fault("forbidden", "This sign-in was disabled by an administrator.");
  return askerOf(hub, person, first.organizationId);
}

async function operator(hub: Hub, asker: Asker & { kind: "person" }): Promise<Operator> {
  const organizations = await hub.registry.organizations();
  const one = organizations.find(({ organizationId }) => organizationId === asker.organizationId);
  const { personId, firstName, lastName, email } = asker.person;
  return {
    personId,
    firstName,
    lastName,
    email,
    organization: { id: asker.organizationId, name: one?.name ?? "" },
    rights: [...asker.reach.keys()],
    roles: [...asker.roles],
  };
}
