/**
 * `confirm-email`: the link that was mailed to a new address: its owner confirms that it is theirs,
 * by a press: programs that look through mails press nothing.
 */
import { z } from "zod";
import type { AreaParts } from "#cloud/api/area-parts.ts";
import { route } from "#cloud/api/route.ts";
import { nameOf } from "#cloud/auth/invite.ts";
import { taken, takeEmail } from "#cloud/auth/next-email.ts";
import { NextEmailLook, Token } from "#shared/api/admin.ts";
import { Fault } from "#shared/model/fault.ts";
import { systemScope } from "#shared/model/scope.ts";
import { checkMayEnter, guarded } from "./entering.ts";
import { noteSignIn } from "./password.ts";

const scope = systemScope("confirm-email");

/** @throws Fault "not_found" for a link that is used up, too old or something else */
async function found({ hub }: AreaParts, token: string) {
  const link = await hub.links.find(token, ["email"]);
  if (link?.nextEmail === undefined)
    throw new Fault("not_found", "This link does not work (any more). Please ask for a new one.");
  const { nextEmail } = link;
  const person = await hub.people.find(scope, link.personId);
  const owner = await hub.people.findByEmail(scope, nextEmail);
  // Said only to who opened what was mailed there.
  const isTaken = link.way === "mail" && owner !== undefined && owner.personId !== person.personId;
  return { link, nextEmail, person, isTaken };
}

export const lookAtNextEmail = route({
  method: "post",
  path: "/email/look",
  right: "public",
  title: "What a link to confirm an address leads to: which address, for whose sign-in.",
  body: z.strictObject({ token: Token }),
  answer: { data: NextEmailLook },
  isHarmless: true,
  open:
    (parts) =>
    ({ body: { token }, c }) =>
      guarded(parts, c, async (): Promise<NextEmailLook> => {
        const { link, nextEmail, person, isTaken } = await found(parts, token);
        return {
          email: nextEmail,
          first_name: person.firstName,
          language: person.language,
          organization: await nameOf(parts.hub, link.organizationId),
          is_taken: isTaken,
          expires_at: link.expiresAt,
        };
      }),
});

export const confirmEmail = route({
  method: "post",
  path: "/email",
  right: "public",
  title:
    "Confirms a new address by the link that was mailed there or handed over, once; all sign-ins end, and from now on it is the one to sign in with.",
  body: z.strictObject({ token: Token }),
  answer: { none: true },
  open:
    (parts) =>
    async ({ body: { token }, trail, c }) => {
      const { hub } = parts;
      const { link, nextEmail, person, isTaken } = await guarded(parts, c, () =>
        found(parts, token),
      );
      noteSignIn(trail, person, "person.confirm-email");
      checkMayEnter(person);
      if (isTaken) throw taken();
      await hub.links.use(token, ["email"]);
      await takeEmail(hub, link, nextEmail);
    },
});
