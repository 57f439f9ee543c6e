/**
 * `activation`: what a one-time link or code leads to: the first password, another one, or that an
 * invitation is accepted by somebody who is here already.
 *
 * A token stands in a body, never in an address: addresses are written into logs.
 */
import { z } from "zod";
import { route } from "#cloud/api/route.ts";
import { acceptInvitation } from "#cloud/auth/accept.ts";
import { isActive, mailboxOf, nameOf } from "#cloud/auth/invite.ts";
import { mailboxHash, type LinkDoc, type LinkPurpose } from "#cloud/auth/link-store.ts";
import { newPassword } from "#cloud/auth/new-password.ts";
import type { PersonDoc } from "#cloud/auth/people-store.ts";
import type { Hub } from "#cloud/hub/hub.ts";
import { isNobodysSecret, isSecret } from "#shared/auth/secret-hash.ts";
import { Activation, ActivationLook, Operator, Token } from "#shared/api/admin.ts";
import { Fault } from "#shared/model/fault.ts";
import { systemScope } from "#shared/model/scope.ts";
import { checkMayEnter, enter, guarded } from "./entering.ts";
import { providersOf } from "./providers.ts";
import { noteSignIn } from "./password.ts";

const scope = systemScope("activation");
const CHOOSING: readonly LinkPurpose[] = ["activate", "reset", "code"];

const gone = () =>
  new Fault("not_found", "This link does not work (any more). Please ask for a new one.");

export const lookAtActivation = route({
  method: "post",
  path: "/activation/look",
  right: "public",
  title: "What a link or code leads to: whose it is, and how one goes on.",
  body: z.strictObject({ token: Token }),
  answer: { data: ActivationLook },
  isHarmless: true,
  open:
    (parts) =>
    ({ body: { token }, c }) =>
      guarded(parts, c, async () => {
        const { hub } = parts;
        const link = await hub.links.find(token, CHOOSING);
        const person = link && (await hub.people.find(scope, link.personId));
        if (!link || !person || isUsedUp(link.purpose, person)) throw gone();
        return {
          purpose: link.purpose === "activate" ? "activate" : "reset",
          email: mailboxOf(person),
          firstName: person.firstName,
          language: person.language,
          organization: await nameOf(hub, link.organizationId),
          needs: needsSignIn(link, person) ? "sign-in" : "password",
          providers: await providersOf(hub, link.organizationId),
          expiresAt: link.expiresAt,
        };
      }),
});

export const activate = route({
  method: "post",
  path: "/activation",
  right: "public",
  title: "Chooses a password by a link or code, once; signs in and ends all other sign-ins.",
  body: Activation,
  answer: { data: Operator },
  open:
    (parts) =>
    async ({ body: { token, password }, trail, c }) => {
      const { hub } = parts;
      const { person, link } = await guarded(parts, c, async () => {
        const found = await hub.links.find(token, CHOOSING);
        if (!found) throw gone();
        return { link: found, person: await hub.people.find(scope, found.personId) };
      });
      noteSignIn(
        trail,
        person,
        `person.${link.purpose === "activate" ? "activate" : "new-password"}`,
      );
      checkMayEnter(person);
      if (isUsedUp(link.purpose, person)) throw gone();
      if (needsSignIn(link, person))
        throw new Fault(
          "conflict",
          "There is a sign-in with this address already: sign in to accept.",
          {
            reason: "sign-in",
          },
        );
      const address = mailboxOf(person);
      if (address === null)
        throw new Fault("conflict", "This person has no e-mail address to sign in with.");
      if (link.purpose === "activate" && link.way !== "mail") {
        const owner = await ownerWith(hub, address, password);
        if (owner && owner.personId !== person.personId) {
          await acceptInvitation(hub, person, owner.personId);
          trail.note({ what: "person.accept", forWhom: owner.personId });
          return enter(parts, c, await hub.people.find(scope, owner.personId), "link");
        }
      }
      const passwordHash = await newPassword(hub, person, password);
      await hub.links.use(token, CHOOSING);
      const changed = await hub.people.change(scope, person.personId, (old) => {
        const { mustChangePassword: _, ...rest } = old;
        const isMailbox = old.email !== null && link.mailedTo === mailboxHash(old.email);
        return {
          ...rest,
          passwordHash,
          signInEpoch: (old.signInEpoch ?? 0) + 1,
          ...(isMailbox ? { emailVerifiedAt: new Date(hub.clock.now()).toISOString() } : {}),
        };
      });
      await hub.links.end(person.personId);
      await hub.signIns.endAll(person.personId);
      return enter(parts, c, changed, "link");
    },
});

export const accept = route({
  method: "post",
  path: "/activation/accept",
  right: "signed-in",
  title: "Accepts an invitation as who one is already: one login, one more role.",
  body: z.strictObject({ token: Token }),
  answer: { none: true },
  assisted: "never",
  open:
    ({ hub }) =>
    async ({ body: { token }, asker, trail }) => {
      const link = await hub.links.find(token, ["activate"]);
      if (!link) throw gone();
      const invited = await hub.people.find(scope, link.personId);
      const { email } = asker.person;
      const isTheirs =
        email !== null &&
        invited.invitedEmail !== undefined &&
        mailboxHash(email) === mailboxHash(invited.invitedEmail);
      if (!isTheirs)
        throw new Fault("forbidden", "This invitation is for somebody with another address.");
      // Switched off before they came: what they were invited to does not move over.
      checkMayEnter(invited);
      // The link ends with it: one that was cut off in between is accepted again.
      await acceptInvitation(hub, invited, asker.id);
      for (const { organizationId } of invited.memberships.slice(0, 1))
        trail.note({ what: "person.accept", organizationId, forWhom: asker.id });
    },
});

/**
 * Only a mailbox shows that an address is theirs. A link that was handed over must not tell its
 * maker whether it is somebody's: it lets in under a password of its own, or, with the password
 * of who has the address, as them.
 */
const needsSignIn = ({ way }: LinkDoc, { invitedEmail }: PersonDoc) =>
  way === "mail" && invitedEmail !== undefined;

/** Who signs in with this address and password. */
async function ownerWith(hub: Hub, email: string, password: string) {
  const owner = await hub.people.findByEmail(scope, email);
  const isTheirs =
    owner?.passwordHash === undefined
      ? await isNobodysSecret(password)
      : await isSecret(owner.passwordHash, password);
  return isTheirs && owner && !owner.isDisabled && owner.memberships.length > 0 ? owner : undefined;
}

/** An invitation is for somebody who has no way in: with one it would be a way around their password. */
const isUsedUp = (purpose: LinkPurpose, person: PersonDoc) =>
  purpose === "activate" && isActive(person);
