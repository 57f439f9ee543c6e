/** `password`: in with e-mail and password, and out again. Must never say whether an address is known. */
import type { Trail } from "#cloud/api/trail.ts";
import { route } from "#cloud/api/route.ts";
import type { PersonDoc } from "#cloud/auth/people-store.ts";
import type { Hub } from "#cloud/hub/hub.ts";
import { Operator, PasswordSignIn } from "#shared/api/admin.ts";
import { attempts } from "#shared/auth/attempts.ts";
import { isNobodysSecret, isSecret } from "#shared/auth/secret-hash.ts";
import { Fault } from "#shared/model/fault.ts";
import { systemScope } from "#shared/model/scope.ts";
import { enter, guesses } from "./entering.ts";

const scope = systemScope("sign-in");
/** Each costs a hash. */
const MOST_OTHERS = 8;

/** Somebody came in, or tried to: in the audit of each organization they belong to. */
export function noteSignIn(trail: Trail, person: PersonDoc, what: string): void {
  const ids = new Set(person.memberships.map(({ organizationId }) => organizationId));
  for (const organizationId of ids) trail.note({ what, organizationId, forWhom: person.personId });
}

export const signInRoute = route({
  method: "post",
  path: "/sign-in",
  right: "public",
  title: "Signs somebody in with e-mail and password; the sign-in is a cookie.",
  body: PasswordSignIn,
  answer: { data: Operator },
  open: (parts) => {
    const { hub, addressOf, onSignInFailed } = parts;
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
      const { known, person } = await whoseIs(hub, email, password);
      for (const one of person ? [person] : known) noteSignIn(trail, one, "person.sign-in");
      if (!person) {
        onSignInFailed();
        throw new Fault("unauthorized", "The e-mail address or the password is not right.");
      }
      byPerson.succeeded(both);
      byAddress.succeeded(address);
      return enter(parts, c, person, "password");
    };
  },
});

/**
 * Whose an address is was shown by no mailbox where links are handed over: several people may have
 * been let in under it, each with a password of their own, which tells them apart.
 */
async function whoseIs(hub: Hub, email: string, password: string) {
  const owner = await hub.people.findByEmail(scope, email);
  const others = (await hub.people.invitedUnder(scope, email)).slice(0, MOST_OTHERS);
  const known = [...(owner ? [owner] : []), ...others];
  const hashed = known.filter(({ passwordHash }) => passwordHash !== undefined);
  if (hashed.length === 0) await isNobodysSecret(password);
  // All at once: how long it takes must not tell how many there are.
  const right = await Promise.all(
    hashed.map(({ passwordHash = "" }) => isSecret(passwordHash, password)),
  );
  return { known, person: hashed.find((_, i) => right[i] === true) };
}

export const signOut = route({
  method: "post",
  path: "/sign-out",
  right: "public",
  title: "Ends this sign-in, and with it an assistance that runs in it.",
  answer: { none: true },
  open:
    ({ hub, cookies }) =>
    async ({ c }) => {
      const token = cookies.get(c);
      if (token !== undefined) {
        const assistanceId = (await hub.signIns.personOf(token))?.assistanceId;
        if (assistanceId !== undefined) await hub.assistances.stop(assistanceId);
        await hub.signIns.end(token);
      }
      cookies.remove(c);
    },
});
