/** `setting-up`: the first operator comes in by a one-time link and makes their sign-in. */
import { z } from "zod";
import { route } from "#cloud/api/route.ts";
import { setUp } from "#cloud/hub/setup.ts";
import { Operator, Setup } from "#shared/api/admin.ts";
import { enter, guarded } from "./entering.ts";

export const setupLink = route({
  method: "get",
  path: "/setup/:token",
  right: "public",
  title: "Whether a set-up link still works.",
  params: z.object({ token: z.string() }),
  answer: { data: z.object({ is_valid: z.boolean() }) },
  open:
    ({ hub }) =>
    async ({ params: { token } }) => ({ is_valid: await hub.setupLinks.isValid(token) }),
});

export const setup = route({
  method: "post",
  path: "/setup",
  right: "public",
  title: "Makes the first operator, and the organization when there is none; signs them in.",
  body: Setup,
  answer: { status: 201, data: Operator },
  open:
    (parts) =>
    async ({ body, trail, c }) => {
      const person = await guarded(parts, c, () => setUp(parts.hub, body));
      const me = await enter(parts, c, person, "setup");
      const [membership] = person.memberships;
      if (membership)
        trail.note({
          what: "operator.set-up",
          organizationId: membership.organizationId,
          forWhom: person.personId,
        });
      return me;
    },
});
