/** `add`: somebody new, or somebody known in one more role. */
import { route } from "#cloud/api/route.ts";
import { invite, nameOf } from "#cloud/auth/invite.ts";
import { checkMayGive, mayActOn } from "#cloud/auth/ranks.ts";
import { placeOf } from "#cloud/hub/place-given.ts";
import { letterHtml } from "#cloud/mail/letter.ts";
import { Invitation, NewPerson, PersonRow } from "#shared/api/people.ts";
import { newId, type ResidentId } from "#shared/model/ids.ts";
import { z } from "zod";
import { entryOf } from "./look.ts";
import { projectAgain } from "./on-people.ts";
import { rowOf } from "./person-row.ts";

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
