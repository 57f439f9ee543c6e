/** `let-in`: ways in, as an administrator gives, renews and takes them: invitation, password, code. */
import { z } from "zod";
import { route } from "#cloud/api/route.ts";
import { giveWayIn, isActive, nameOf } from "#cloud/auth/invite.ts";
import { newPassword } from "#cloud/auth/new-password.ts";
import { mayActOn } from "#cloud/auth/ranks.ts";
import { letterHtml } from "#cloud/mail/letter.ts";
import { Password } from "#shared/api/admin.ts";
import { activations, Invitation } from "#shared/api/people.ts";
import { Fault } from "#shared/model/fault.ts";
import { systemScope } from "#shared/model/scope.ts";
import { entryOf, PersonParams } from "./look.ts";
import { checkSignsIn, signedOut, tellOfChange } from "./on-people.ts";

const system = systemScope("people");
const DAY_MS = 86_400_000;

export const inviteAgain = route({
  method: "post",
  path: "/people/:person/invitation",
  right: "people.write",
  title: "A new way in for somebody who has not come yet; the one before ends.",
  params: PersonParams,
  body: z.strictObject({
    way: z.enum(activations).exclude(["none"]),
    /** How long it works. */
    days: z.number().int().min(1).max(90).optional(),
  }),
  answer: { status: 201, data: Invitation },
  isSecret: true,
  open:
    ({ hub, directory, url }) =>
    async ({ params, body: { way, days }, scope, asker, trail }) => {
      const seen = await hub.people.find(scope, params.person);
      trail.note({
        what: "person.invite",
        target: { type: "person", id: params.person },
        forWhom: params.person,
        after: { way },
      });
      if (way !== "mail") await mayActOn(hub, asker, "people.write", params.person);
      if (isActive(seen))
        throw new Fault("conflict", "This person can sign in already. A reset gives a new way in.");
      const { organizationId } = asker;
      const lifeMs = days === undefined ? undefined : days * DAY_MS;
      const made = await giveWayIn(hub, seen, { organizationId, way, hubUrl: url(), lifeMs });
      const { places } = await entryOf(await directory(scope), params.person);
      const letter = {
        language: seen.language,
        name: seen.firstName,
        organization: await nameOf(hub, organizationId),
        community: places[0]?.placeName,
        homes: places.flatMap(({ homes }) => homes.map(({ name }) => name)),
        activation: made,
      };
      return {
        way,
        expires_at: made.expiresAt,
        url: way === "mail" ? null : made.url,
        letter_html: way === "letter" ? letterHtml(letter) : null,
      };
    },
});

export const revokeInvitation = route({
  method: "delete",
  path: "/people/:person/invitation",
  right: "people.write",
  title: "Ends an invitation that was not used.",
  params: PersonParams,
  answer: { none: true },
  open:
    ({ hub }) =>
    async ({ params, scope, asker, trail }) => {
      await hub.people.find(scope, params.person);
      trail.note({
        what: "person.uninvite",
        target: { type: "person", id: params.person },
        forWhom: params.person,
      });
      const { organizationId } = asker;
      if ((await hub.links.end(params.person, ["activate"], organizationId)) === 0)
        throw new Fault("not_found", "There is no open invitation.");
    },
});

export const resetPassword = route({
  method: "post",
  path: "/people/:person/password",
  right: "people.reset",
  title: "A new password, typed twice, that works at once; all sign-ins end.",
  params: PersonParams,
  body: z.strictObject({
    password: Password,
    password_again: z.string().max(256),
    /** They choose another one when they come in. */
    must_change: z.boolean().default(false),
  }),
  answer: { data: z.object({ sign_ins_ended: z.number().int() }) },
  isSecret: true,
  open:
    ({ hub }) =>
    async ({ params, body, scope, asker, trail }) => {
      await hub.people.find(scope, params.person);
      trail.note({
        what: "person.reset-password",
        target: { type: "person", id: params.person },
        forWhom: params.person,
        after: { mustChange: body.must_change },
      });
      const person = await mayActOn(hub, asker, "people.reset", params.person);
      checkSignsIn(person);
      if (body.password !== body.password_again)
        throw new Fault("invalid", "The two passwords are not the same.", {
          fields: { password_again: "is not the same" },
        });
      const passwordHash = await newPassword(hub, person, body.password);
      await hub.people.change(system, params.person, (old) => {
        const { mustChangePassword: _, ...rest } = signedOut(old);
        return {
          ...rest,
          passwordHash,
          ...(body.must_change ? { mustChangePassword: true as const } : {}),
        };
      });
      await hub.links.end(params.person);
      await tellOfChange(hub, person, asker);
      return { sign_ins_ended: await hub.signIns.endAll(params.person) };
    },
});

export const resetCode = route({
  method: "post",
  path: "/people/:person/code",
  right: "people.reset",
  title:
    "A one-time code to hand over, with which somebody chooses a new password; the old one and all sign-ins end.",
  params: PersonParams,
  answer: { status: 201, data: z.object({ code: z.string(), expires_at: z.string() }) },
  isSecret: true,
  open:
    ({ hub }) =>
    async ({ params, scope, asker, trail }) => {
      await hub.people.find(scope, params.person);
      trail.note({
        what: "person.reset-code",
        target: { type: "person", id: params.person },
        forWhom: params.person,
      });
      const person = await mayActOn(hub, asker, "people.reset", params.person);
      checkSignsIn(person);
      const { organizationId } = asker;
      await hub.links.end(params.person);
      const { token, link } = await hub.links.make({
        purpose: "code",
        personId: params.person,
        organizationId,
        way: "link",
      });
      await hub.people.change(system, params.person, (old) => {
        const { passwordHash: _, ...rest } = signedOut(old);
        return rest;
      });
      await hub.signIns.endAll(params.person);
      await tellOfChange(hub, person, asker);
      return { code: token, expires_at: link.expiresAt };
    },
});
