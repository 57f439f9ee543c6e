/**
 * `by-mail`: a forgotten password, and links that sign in. Both answer the same, and as quickly,
 * whether somebody is known or not: what has to be done is done after the answer.
 */
import { z } from "zod";
import { route } from "#cloud/api/route.ts";
import { nameOf } from "#cloud/auth/invite.ts";
import { mailboxHash } from "#cloud/auth/link-store.ts";
import type { Hub } from "#cloud/hub/hub.ts";
import { linkMail } from "#cloud/mail/compose.ts";
import { Operator, Token } from "#shared/api/admin.ts";
import { attempts } from "#shared/auth/attempts.ts";
import { Fault, isFault } from "#shared/model/fault.ts";
import { systemScope } from "#shared/model/scope.ts";
import { enter, guarded } from "./entering.ts";
import { noteSignIn } from "./password.ts";

const scope = systemScope("by-mail");
/** Mails to one mailbox: three, then fewer and fewer: nobody fills somebody else's. */
const MAILBOX_LIMITS = { free: 3, firstWaitMs: 300_000, maxWaitMs: 3_600_000, forgetMs: 7_200_000 };
/** Asking from one address. */
const ASKING_LIMITS = { free: 20, firstWaitMs: 10_000, maxWaitMs: 900_000, forgetMs: 3_600_000 };

const PATHS = { reset: "activate", enter: "enter" } as const;

async function mailLink(
  hub: Hub,
  email: string,
  purpose: keyof typeof PATHS,
  hubUrl: string,
): Promise<void> {
  const person = await hub.people.findByEmail(scope, email);
  const [membership] = person?.memberships ?? [];
  if (!person || !membership || person.email === null || person.isDisabled) return;
  const { personId, email: to, firstName, language } = person;
  const { organizationId } = membership;
  const { token, link } = await hub.links.make({
    purpose,
    personId,
    organizationId,
    way: "mail",
    email: to,
  });
  const url = `${hubUrl}/${PATHS[purpose]}#token=${token}`;
  const organization = await nameOf(hub, organizationId);
  const about = { organization, url, expiresAt: link.expiresAt };
  await hub.outbox.add(
    { organizationId, personId, kind: purpose },
    linkMail({ to, firstName, language }, purpose, about),
  );
}

const asking = (purpose: keyof typeof PATHS, path: `/${string}`, title: string) =>
  route({
    method: "post",
    path,
    right: "public",
    title,
    body: z.strictObject({ email: z.string().max(254) }),
    answer: { status: 202, data: z.object({}) },
    isHarmless: true,
    open: ({ hub, addressOf, url, later }) => {
      const byAddress = attempts(hub.clock, ASKING_LIMITS);
      const byMailbox = attempts(hub.clock, MAILBOX_LIMITS);
      return async ({ body: { email }, c }) => {
        const address = addressOf(c);
        byAddress.check(address);
        byAddress.failed(address);
        const box = mailboxHash(email);
        let isTooOften = false;
        try {
          byMailbox.check(box);
        } catch (error) {
          if (!isFault(error, "too_many")) throw error;
          isTooOften = true;
        }
        byMailbox.failed(box);
        if (!isTooOften) later(() => mailLink(hub, email, purpose, url()), `a mail (${purpose})`);
        return {};
      };
    },
  });

export const forgotten = asking(
  "reset",
  "/sign-in/forgotten",
  "Mails a link to choose another password, when the address is known; never says whether it is.",
);
export const askForLink = asking(
  "enter",
  "/sign-in/link",
  "Mails a link that signs in once, when the address is known; never says whether it is.",
);

export const enterByLink = route({
  method: "post",
  path: "/sign-in/by-link",
  right: "public",
  title: "Signs in with a mailed link, once.",
  body: z.strictObject({ token: Token }),
  answer: { data: Operator },
  open:
    (parts) =>
    async ({ body: { token }, trail, c }) => {
      const { hub } = parts;
      const link = await guarded(parts, c, () => hub.links.use(token, ["enter"]));
      const person = await hub.people.find(scope, link.personId);
      noteSignIn(trail, person, "person.sign-in");
      if (person.email === null || link.mailedTo !== mailboxHash(person.email))
        throw new Fault("not_found", "This link does not work any more.");
      const me = await enter(parts, c, person, "link");
      if (person.emailVerifiedAt === undefined)
        await hub.people.change(scope, person.personId, (old) => ({
          ...old,
          emailVerifiedAt: new Date(hub.clock.now()).toISOString(),
        }));
      return me;
    },
});
