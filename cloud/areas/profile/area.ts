/** `profile`: what is one's own: name, language, units, address, password, sign-ins, the organization one works in. */
import { z } from "zod";
import { route, type Area } from "#cloud/api/route.ts";
import { signInIdOf } from "#cloud/auth/sign-in-store.ts";
import { noticeMail } from "#cloud/mail/compose.ts";
import { nameOf } from "#cloud/auth/invite.ts";
import { mailboxHash } from "#cloud/auth/link-store.ts";
import { newPassword, weak } from "#cloud/auth/new-password.ts";
import { askForEmail, isSameMailbox, nextEmailOf } from "#cloud/auth/next-email.ts";
import { languageOf } from "#cloud/auth/language-of.ts";
import type { Hub } from "#cloud/hub/hub.ts";
import { Password } from "#shared/api/admin.ts";
import { Profile, ProfileChange } from "#shared/api/profile.ts";
import { Email, SignInRow } from "#shared/api/people.ts";
import { attempts } from "#shared/auth/attempts.ts";
import { isSecret } from "#shared/auth/secret-hash.ts";
import type { PersonDoc } from "#cloud/auth/people-store.ts";
import { Fault } from "#shared/model/fault.ts";
import { OrganizationId } from "#shared/model/ids.ts";
import { systemScope } from "#shared/model/scope.ts";

const scope = systemScope("profile");

async function profileOf(hub: Hub, person: PersonDoc): Promise<Profile> {
  return {
    id: person.personId,
    email: person.email,
    next_email: await nextEmailOf(hub, person.personId),
    first_name: person.firstName,
    last_name: person.lastName,
    phone: person.phone,
    language: person.language,
    preferences: person.preferences ?? { volume: "m3", mail: { alerts: true, reports: true } },
    has_password: person.passwordHash !== undefined,
  };
}

const readProfile = route({
  method: "get",
  path: "/me/profile",
  right: "signed-in",
  title: "One's own profile.",
  answer: { data: Profile },
  open:
    ({ hub }) =>
    ({ asker }) =>
      profileOf(hub, asker.person),
});

const changeProfile = route({
  method: "patch",
  path: "/me/profile",
  right: "signed-in",
  title: "Changes one's own name, phone, language, units and mails.",
  body: ProfileChange,
  answer: { data: Profile },
  open:
    ({ hub }) =>
    async ({ body, asker, trail }) => {
      trail.note({
        what: "profile.change",
        forWhom: asker.id,
        after: { changed: Object.keys(body) },
      });
      const person = await hub.people.change(scope, asker.id, (old) => ({
        ...old,
        firstName: body.first_name ?? old.firstName,
        lastName: body.last_name ?? old.lastName,
        phone: body.phone === undefined ? old.phone : body.phone,
        ...languageOf(hub, old, body.language),
        ...(body.preferences === undefined ? {} : { preferences: body.preferences }),
      }));
      await projectHomes(hub, person);
      return profileOf(hub, person);
    },
});

/** Gateways greet residents by name, in their language. */
async function projectHomes(hub: Hub, { memberships }: PersonDoc): Promise<void> {
  const ids = new Set(
    memberships.flatMap(({ on, residentId }) =>
      on.kind === "community" && residentId !== undefined ? [on.communityId as string] : [],
    ),
  );
  if (ids.size === 0) return;
  for (const community of await hub.communities.list(scope))
    if (ids.has(community.communityId)) await hub.adopt(community);
}

/** Mails to one mailbox and of one person: a few, then fewer and fewer. */
const EMAIL_LIMITS = { free: 3, firstWaitMs: 300_000, maxWaitMs: 3_600_000, forgetMs: 7_200_000 };

const changeEmail = route({
  method: "put",
  path: "/me/email",
  right: "signed-in",
  title:
    "Asks for another e-mail address: a link goes there, and it is taken when the link is opened. Never says whether somebody has it.",
  body: z.strictObject({ email: Email, password: z.string().max(256).default("") }),
  answer: { status: 202, data: z.object({}) },
  assisted: "never",
  isSecret: true,
  open: (parts) => {
    const { hub } = parts;
    const guesses = attempts(hub.clock);
    const asked = attempts(hub.clock, EMAIL_LIMITS);
    const mailed = attempts(hub.clock, EMAIL_LIMITS);
    return async ({ body: { email, password }, asker, trail }) => {
      trail.note({ what: "profile.ask-email", forWhom: asker.id });
      const { person, organizationId } = asker;
      guesses.check(asker.id);
      // Whoever found a browser open must not take the sign-in along.
      if (person.passwordHash !== undefined && !(await isSecret(person.passwordHash, password))) {
        guesses.failed(asker.id);
        throw new Fault("invalid", "The password of now is not right.", {
          fields: { password: "is not right" },
        });
      }
      guesses.succeeded(asker.id);
      if (isSameMailbox(email, person.email))
        throw new Fault("invalid", "This is your address already.", {
          fields: { email: "is yours already" },
        });
      asked.check(asker.id);
      asked.failed(asker.id);
      const box = mailboxHash(email);
      mailed.check(box);
      mailed.failed(box);
      await askForEmail(parts, person, email, organizationId);
      return {};
    };
  },
});

const keepEmail = route({
  method: "delete",
  path: "/me/email",
  right: "signed-in",
  title: "Takes back that one asked for another e-mail address.",
  answer: { none: true },
  assisted: "never",
  open:
    ({ hub }) =>
    async ({ asker, trail }) => {
      trail.note({ what: "profile.keep-email", forWhom: asker.id });
      if ((await hub.links.end(asker.id, ["email"])) === 0)
        throw new Fault("not_found", "No other address was asked for.");
    },
});

const changePassword = route({
  method: "put",
  path: "/me/password",
  right: "signed-in",
  title: "Another password; all other sign-ins end.",
  body: z.strictObject({ old: z.string().max(256).default(""), password: Password }),
  answer: { data: z.object({ sign_ins_ended: z.number().int() }) },
  assisted: "never",
  beforeReady: true,
  isSecret: true,
  open: ({ hub, cookies }) => {
    const guesses = attempts(hub.clock);
    return async ({ body, asker, trail, c }) => {
      trail.note({ what: "profile.change-password", forWhom: asker.id });
      const { person } = asker;
      if (person.email === null)
        throw new Fault(
          "conflict",
          "Without an e-mail address there is no sign-in with a password.",
        );
      guesses.check(asker.id);
      // Who came in by other ways and never had a password chooses a first one.
      if (person.passwordHash !== undefined && !(await isSecret(person.passwordHash, body.old))) {
        guesses.failed(asker.id);
        throw new Fault("invalid", "The password of now is not right.", {
          fields: { old: "is not right" },
        });
      }
      guesses.succeeded(asker.id);
      if (body.password === body.old) throw weak("This is the password of now.");
      const passwordHash = await newPassword(hub, person, body.password);
      const { signInEpoch } = await hub.people.change(scope, asker.id, (old) => {
        const { mustChangePassword: _, ...rest } = old;
        return { ...rest, passwordHash, signInEpoch: (old.signInEpoch ?? 0) + 1 };
      });
      const token = cookies.get(c);
      // This sign-in alone goes on.
      const kept =
        token === undefined
          ? undefined
          : await hub.signIns.change(token, (doc) => ({ ...doc, epoch: signInEpoch ?? 0 }));
      await hub.links.end(asker.id);
      const { organizationId } = asker;
      const { firstName, language, email: to } = person;
      await hub.outbox.add(
        { organizationId, personId: asker.id, kind: "changed" },
        noticeMail({ to, firstName, language }, "changed", await nameOf(hub, organizationId)),
      );
      return {
        sign_ins_ended: await hub.signIns.endAll(asker.id, kept && signInIdOf(kept)),
      };
    };
  },
});

const listOwn = route({
  method: "get",
  path: "/me/sign-ins",
  right: "signed-in",
  title: "Where one is signed in.",
  answer: { data: z.array(SignInRow) },
  assisted: "never",
  open:
    ({ hub }) =>
    async ({ asker }) => {
      const theirs = await hub.signIns.of(asker.id, asker.person.signInEpoch ?? 0);
      return theirs.map((doc) => {
        const id = signInIdOf(doc);
        const { way, from, agent, createdAt, seenAt } = doc;
        const is_current = id === asker.signInId;
        return { id, way, from, agent, created_at: createdAt, seen_at: seenAt, is_current };
      });
    },
});

const endOwn = route({
  method: "delete",
  path: "/me/sign-ins/:sign_in",
  right: "signed-in",
  title: "Ends one of one's own sign-ins.",
  params: z.object({ sign_in: z.string().regex(/^[0-9a-f]{16}$/) }),
  answer: { none: true },
  assisted: "never",
  open:
    ({ hub }) =>
    async ({ params, asker, trail }) => {
      trail.note({ what: "profile.end-sign-in", forWhom: asker.id });
      if (!(await hub.signIns.endOne(asker.id, params.sign_in)))
        throw new Fault("not_found", "There is no such sign-in.");
    },
});

const endOthers = route({
  method: "delete",
  path: "/me/sign-ins",
  right: "signed-in",
  title: "Ends all of one's own sign-ins but this one.",
  answer: { data: z.object({ sign_ins_ended: z.number().int() }) },
  assisted: "never",
  open:
    ({ hub }) =>
    async ({ asker, trail }) => {
      trail.note({ what: "profile.sign-out-elsewhere", forWhom: asker.id });
      return { sign_ins_ended: await hub.signIns.endAll(asker.id, asker.signInId) };
    },
});

const workIn = route({
  method: "put",
  path: "/me/organization",
  right: "signed-in",
  title: "Which of one's organizations one works in.",
  body: z.strictObject({ organization_id: OrganizationId }),
  answer: { none: true },
  assisted: "never",
  open:
    ({ hub, cookies }) =>
    async ({ body, asker, c }) => {
      const { organization_id: organizationId } = body;
      if (!asker.person.memberships.some((one) => one.organizationId === organizationId))
        throw new Fault("not_found", "There is no such organization here.");
      const token = cookies.get(c);
      if (token !== undefined)
        await hub.signIns.change(token, (doc) => ({ ...doc, organizationId }));
    },
});

export const profile: Area = {
  name: "profile",
  title: "One's own profile, address, password and sign-ins",
  routes: [
    readProfile,
    changeProfile,
    changeEmail,
    keepEmail,
    changePassword,
    listOwn,
    endOwn,
    endOthers,
    workIn,
  ],
};
