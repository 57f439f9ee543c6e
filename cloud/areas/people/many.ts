/** `many`: what is done to a selection of people. */
import { z } from "zod";
import { route } from "#cloud/api/route.ts";
import { giveWayIn, isActive } from "#cloud/auth/invite.ts";
import { Outcomes } from "#shared/api/people.ts";
import { Fault } from "#shared/model/fault.ts";
import { setDisabled } from "./on-people.ts";
import { outcomesOf } from "./outcomes.ts";
import { Many } from "./remove.ts";

const switchingMany = (name: "disable" | "enable") =>
  route({
    method: "post",
    path: `/people/${name}`,
    right: "people.disable",
    title: name === "disable" ? "Switches many off." : "Lets many in again.",
    body: Many.extend({ reason: z.string().trim().max(500).optional() }),
    answer: { data: Outcomes },
    open:
      ({ hub }) =>
      ({ body: { ids, reason }, scope, asker, trail }) =>
        outcomesOf(ids, trail, (id, own) =>
          setDisabled({ hub, asker, scope, trail: own }, id, name === "disable", reason),
        ),
  });
export const disablePeople = switchingMany("disable");
export const enablePeople = switchingMany("enable");

export const invitePeople = route({
  method: "post",
  path: "/people/invite",
  right: "people.write",
  title: "Mails many their way in; the ones before end.",
  body: Many,
  answer: { data: Outcomes },
  open:
    ({ hub, url }) =>
    ({ body: { ids }, scope, asker, trail }) =>
      outcomesOf(ids, trail, async (id, own) => {
        const seen = await hub.people.find(scope, id);
        own.note({
          what: "person.invite",
          target: { type: "person", id },
          forWhom: id,
          after: { way: "mail" },
        });
        if (isActive(seen)) throw new Fault("conflict", "This person can sign in already.");
        const { organizationId } = asker;
        await giveWayIn(hub, seen, { organizationId, way: "mail", hubUrl: url() });
      }),
});
