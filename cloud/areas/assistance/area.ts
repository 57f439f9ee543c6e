/**
 * `assistance`: remote assistance: a member of staff sees what somebody below them sees, and with
 * full control acts as them. For a reason, for a time, seen by the one it is about.
 *
 * The sign-in stays the staff's own and only looks through: what may be done is cut to what both
 * may do (see `find-asker`), and every entry of the audit names both.
 */
import { z } from "zod";
import { route, type Area } from "#cloud/api/route.ts";
import { assistanceKey } from "#cloud/auth/assistance-store.ts";
import { mayAssist } from "#cloud/auth/ranks.ts";
import { settingsOf } from "#cloud/hub/organization-settings.ts";
import { AssistanceRow, NewAssistance } from "#shared/api/assistance.ts";
import { Fault } from "#shared/model/fault.ts";
import { systemScope } from "#shared/model/scope.ts";

const system = systemScope("assistance");
const MINUTE_MS = 60_000;

const start = route({
  method: "post",
  path: "/assistance",
  right: "people.assist",
  title: "Sees what somebody sees, for a reason and a time; with full control acts as them.",
  body: NewAssistance,
  answer: { status: 201, data: z.object({ id: z.string(), expires_at: z.string() }) },
  assisted: "never",
  open:
    ({ hub, cookies }) =>
    async ({ body, scope, asker, trail, c }) => {
      const token = cookies.get(c);
      if (asker.kind !== "person" || token === undefined)
        throw new Fault("forbidden", "This is for people who sign in.");
      const seen = await hub.people.find(scope, body.person);
      trail.note({
        what: "assistance.start",
        target: { type: "person", id: seen.personId },
        forWhom: seen.personId,
        reason: body.reason,
        after: { fullControl: body.full_control, minutes: body.minutes },
      });
      const organization = (await hub.registry.organizations()).find(
        (one) => one.organizationId === asker.organizationId,
      );
      const { assistance } = settingsOf(organization ?? {});
      if (!assistance.isAllowed)
        throw new Fault("forbidden", "This organization does not allow remote assistance.");
      if (body.full_control && !assistance.mayControl)
        throw new Fault("forbidden", "This organization allows looking only, not full control.");
      const person = await mayAssist(hub, asker, seen.personId);
      if (person.isDisabled)
        throw new Fault("conflict", "This person is disabled and sees nothing.");
      const begun = await hub.assistances.begin(
        {
          organizationId: asker.organizationId,
          staffId: asker.id,
          personId: person.personId,
          reason: body.reason,
          mayChange: body.full_control,
        },
        body.minutes * MINUTE_MS,
      );
      const before = await hub.signIns.personOf(token);
      if (before?.assistanceId !== undefined) await hub.assistances.stop(before.assistanceId);
      await hub.signIns.change(token, (doc) => ({ ...doc, assistanceId: assistanceKey(begun) }));
      return { id: begun.assistanceId, expires_at: begun.expiresAt };
    },
});

const stop = route({
  method: "post",
  path: "/assistance/stop",
  right: "signed-in",
  title: "Ends the assistance that runs in this sign-in.",
  answer: { none: true },
  assisted: "always",
  open:
    ({ hub, cookies }) =>
    async ({ asker, trail, c }) => {
      const token = cookies.get(c);
      const running = token === undefined ? undefined : await hub.signIns.personOf(token);
      if (token === undefined || running?.assistanceId === undefined)
        throw new Fault("not_found", "No assistance runs here.");
      trail.note({ what: "assistance.stop", forWhom: asker.id });
      await hub.assistances.stop(running.assistanceId);
      await hub.signIns.change(token, ({ assistanceId: _, ...doc }) => doc);
    },
});

const seenByThem = route({
  method: "get",
  path: "/me/assistance",
  right: "signed-in",
  title: "Who saw what one sees, when and why.",
  answer: { data: z.array(AssistanceRow) },
  open:
    ({ hub }) =>
    async ({ asker }) => {
      const people = new Map((await hub.people.list(system)).map((one) => [one.personId, one]));
      return (await hub.assistances.of(asker.id)).map((one) => {
        const by = people.get(one.staffId);
        return {
          id: one.assistanceId,
          by: by ? `${by.firstName} ${by.lastName}`.trim() : "",
          reason: one.reason,
          full_control: one.mayChange,
          started_at: one.startedAt,
          ended_at:
            one.stoppedAt ?? (Date.parse(one.expiresAt) <= hub.clock.now() ? one.expiresAt : null),
        };
      });
    },
});

export const assistance: Area = {
  name: "assistance",
  title: "Remote assistance",
  routes: [start, stop, seenByThem],
};
