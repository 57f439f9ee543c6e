/**
 * `lan-codes`: residents' codes for the building's own network: made, printed, renewed, revoked.
 *
 * A code is shown once, when it is made. The old one ends with the gateways' next sync.
 */
import { z } from "zod";
import { route } from "#cloud/api/route.ts";
import type { Asker } from "#cloud/api/asker.ts";
import { checkMayEnd } from "#cloud/auth/ranks.ts";
import { nameOf } from "#cloud/auth/invite.ts";
import type { Entry } from "#cloud/hub/directory.ts";
import type { Hub, ResidentDoc } from "#cloud/hub/hub.ts";
import { endLanCode, newLanCode } from "#cloud/hub/lan-code.ts";
import { letterHtml } from "#cloud/mail/letter.ts";
import { Moment, PendingGateway } from "#shared/api/people.ts";
import { Fault } from "#shared/model/fault.ts";
import { ResidentId } from "#shared/model/ids.ts";
import type { HubScope } from "#shared/model/scope.ts";
import { pendingGateways } from "./pending-gateways.ts";

const ResidentParams = z.object({ resident: ResidentId });
const Address = z.url({ protocol: /^https?$/ }).max(200);

const NewCode = z.strictObject({
  /** Until when it works; without, until it is renewed. */
  expires_at: Moment.optional(),
  /** What the letter says besides the code. */
  letter: z
    .strictObject({
      address: Address.optional(),
      numeric_address: Address.optional(),
      wifi: z
        .strictObject({ name: z.string().min(1).max(32), password: z.string().max(63) })
        .optional(),
    })
    .optional(),
});

/** The resident with the entry of their person, when their access is the asker's to manage. */
async function reached(
  hub: Hub,
  entries: readonly Entry[],
  { scope, asker }: { scope: HubScope; asker: Asker },
  residentId: string,
): Promise<{ resident: ResidentDoc; entry: Entry }> {
  const resident = await hub.residents.find(scope, residentId);
  const entry = entries.find(({ person }) => person.personId === resident.personId);
  const place = entry?.places.find(({ membership }) => membership.residentId === residentId);
  if (!entry || !place) throw new Fault("not_found", "There is no such resident here.");
  await checkMayEnd(hub, asker, "people.reset", place.membership);
  return { resident, entry };
}

export const makeLanCode = route({
  method: "post",
  path: "/residents/:resident/code",
  right: "people.reset",
  title: "A new code for the building's network, shown once, with a letter; the old one ends.",
  params: ResidentParams,
  body: NewCode,
  answer: {
    status: 201,
    data: z.object({
      code: z.string(),
      expires_at: z.string().nullable(),
      letter_html: z.string(),
      pending: z.array(PendingGateway),
    }),
  },
  isSecret: true,
  open:
    ({ hub, directory }) =>
    async ({ params, body, scope, asker, trail }) => {
      const found = await hub.residents.find(scope, params.resident);
      trail.note({
        what: "lan-code.make",
        communityId: found.communityId,
        target: { type: "resident", id: params.resident },
        forWhom: found.personId,
      });
      const entries = await directory(scope);
      const { resident, entry } = await reached(hub, entries, { scope, asker }, params.resident);
      const code = await newLanCode(hub, scope, asker.organizationId, resident, body.expires_at);
      const place = entry.places.find(
        ({ membership }) => membership.residentId === params.resident,
      );
      const { language, firstName } = entry.person;
      const { address, numeric_address: numericAddress, wifi } = body.letter ?? {};
      return {
        code,
        expires_at: body.expires_at ?? null,
        letter_html: letterHtml({
          language,
          name: firstName,
          organization: await nameOf(hub, asker.organizationId),
          community: place?.placeName,
          homes: place?.homes.map(({ name }) => name) ?? [],
          lan: { code, address, numericAddress, wifi },
        }),
        pending: await pendingGateways(hub, entry),
      };
    },
});

export const revokeLanCode = route({
  method: "delete",
  path: "/residents/:resident/code",
  right: "people.reset",
  title: "Ends a resident's code for the building's network.",
  params: ResidentParams,
  answer: { data: z.object({ pending: z.array(PendingGateway) }) },
  open:
    ({ hub, directory }) =>
    async ({ params, scope, asker, trail }) => {
      const found = await hub.residents.find(scope, params.resident);
      trail.note({
        what: "lan-code.revoke",
        communityId: found.communityId,
        target: { type: "resident", id: params.resident },
        forWhom: found.personId,
      });
      const entries = await directory(scope);
      const { resident, entry } = await reached(hub, entries, { scope, asker }, params.resident);
      if (!(await endLanCode(hub, scope, asker.organizationId, resident)))
        throw new Fault("not_found", "There is no code to end.");
      return { pending: await pendingGateways(hub, entry) };
    },
});
