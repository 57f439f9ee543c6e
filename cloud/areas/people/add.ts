/** `add`: somebody new, or somebody known in one more role; and what is written of them later. */
import { route } from "#cloud/api/route.ts";
import { invite, isActive, nameOf } from "#cloud/auth/invite.ts";
import { checkMayGive, mayActOn } from "#cloud/auth/ranks.ts";
import { placeOf } from "#cloud/hub/place-given.ts";
import { letterHtml } from "#cloud/mail/letter.ts";
import { Invitation, NewPerson, PersonChange, PersonRow } from "#shared/api/people.ts";
import { Fault, isFault } from "#shared/model/fault.ts";
import { newId, type ResidentId } from "#shared/model/ids.ts";
import { systemScope } from "#shared/model/scope.ts";
import { z } from "zod";
import { entryOf, PersonParams } from "./look.ts";
import { projectAgain, tellOfChange } from "./on-people.ts";
import { rowOf } from "./person-row.ts";

const system = systemScope("people");

export const addPerson = route({
  method: "post",
  path: "/people",
  right: "people.write",
  title:
    "Adds somebody in a role somewhere, with a way in: a link to show, a mail, a letter, or none yet.",
  body: NewPerson,
  answer: {
    status: 201,
    data: z.object({ person: PersonRow, invitation: Invitation.nullable() }),
  },
  isSecret: true,
  open: (parts) => {
    const { hub, directory, url } = parts;
    return async ({ body, scope, asker, trail }) => {
      const on = await placeOf(hub, scope, body.on);
      const communityId = on.kind === "community" ? on.communityId : null;
      trail.note({ what: "person.add", communityId, after: { role: body.role } });
      const { name: roleName } = await checkMayGive(hub, asker, body.role, on);
      const { organizationId } = asker;
      const isResident = body.role === "resident" && communityId !== null;
      const residentId = isResident ? newId<ResidentId>("r", hub.random) : undefined;
      const {
        first_name: firstName,
        last_name: lastName,
        external_id: externalId,
        home_page: homePage,
        activation,
        ...rest
      } = body;
      const invited = await invite(
        hub,
        scope,
        { organizationId, firstName, lastName, externalId, homePage, ...rest, on, residentId },
        {
          way: activation,
          hubUrl: url(),
          // What is shown lets whoever sees it in: only for somebody they may act on as a whole.
          mayShow: (personId) => mayActOn(hub, asker, "people.write", personId),
        },
      );
      const { person, invitation } = invited;
      trail.note({
        what: invited.isNew ? "person.make" : "person.join",
        communityId,
        target: { type: "person", id: person.personId },
        forWhom: person.personId,
        after: { role: body.role, on: body.on, ...(invitation ? { way: invitation.way } : {}) },
      });
      await projectAgain(hub, [invited.membership]);
      const entry = await entryOf(await directory(scope), person.personId);
      const letter =
        invitation?.way === "letter"
          ? letterHtml({
              language: person.language,
              name: person.firstName,
              organization: await nameOf(hub, organizationId),
              community: entry.places.at(-1)?.placeName ?? roleName,
              activation: invitation,
            })
          : null;
      return {
        person: rowOf(entry, hub.clock.now()),
        invitation: invitation
          ? {
              way: invitation.way,
              expires_at: invitation.expiresAt,
              url: invitation.way === "mail" ? null : invitation.url,
              letter_html: letter,
            }
          : null,
      };
    };
  },
});

export const changePerson = route({
  method: "patch",
  path: "/people/:person",
  right: "people.write",
  title: "Changes what is written of somebody: names, address, phone, language, external id.",
  params: PersonParams,
  body: PersonChange,
  answer: { data: PersonRow },
  open:
    ({ hub, directory }) =>
    async ({ params, body, scope, asker, trail }) => {
      await hub.people.find(scope, params.person);
      trail.note({
        what: "person.change",
        target: { type: "person", id: params.person },
        forWhom: params.person,
        after: { changed: Object.keys(body) },
      });
      const before = await mayActOn(hub, asker, "people.write", params.person);
      const isMoved = body.email !== undefined && body.email !== before.email;
      if (isMoved && body.email === null && isActive(before))
        throw new Fault("invalid", "email: without an address they could not sign in any more");
      const person = await hub.people
        .change(system, params.person, (old) => {
          const {
            externalId: _e,
            homePage: _h,
            invitedEmail: _i,
            emailVerifiedAt: _v,
            ...rest
          } = old;
          const externalId =
            body.external_id === undefined ? old.externalId : (body.external_id ?? undefined);
          const homePage =
            body.home_page === undefined ? old.homePage : (body.home_page ?? undefined);
          return {
            ...rest,
            email: body.email === undefined ? old.email : (body.email?.trim() ?? null),
            firstName: body.first_name ?? old.firstName,
            lastName: body.last_name ?? old.lastName,
            phone: body.phone === undefined ? old.phone : body.phone,
            language: body.language ?? old.language,
            ...(externalId === undefined ? {} : { externalId }),
            ...(homePage === undefined ? {} : { homePage }),
            // What was shown of the old mailbox says nothing of another one.
            ...(isMoved
              ? { signInEpoch: (old.signInEpoch ?? 0) + 1 }
              : {
                  ...(old.invitedEmail === undefined ? {} : { invitedEmail: old.invitedEmail }),
                  ...(old.emailVerifiedAt === undefined
                    ? {}
                    : { emailVerifiedAt: old.emailVerifiedAt }),
                }),
          };
        })
        .catch((error: unknown) => {
          if (isFault(error, "conflict"))
            throw new Fault("conflict", "This e-mail address cannot be used for this person.", {
              fields: { email: "cannot be used for this person" },
            });
          throw error;
        });
      if (isMoved) {
        await hub.signIns.endAll(params.person);
        await hub.links.end(params.person);
        await tellOfChange(hub, before, asker);
      }
      await projectAgain(hub, person.memberships);
      return rowOf(await entryOf(await directory(scope), params.person), hub.clock.now());
    },
});
