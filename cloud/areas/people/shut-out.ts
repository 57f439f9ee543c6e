/** `shut-out`: switching people off and on, and ending their sign-ins. */
import { z } from "zod";
import { route } from "#cloud/api/route.ts";
import { mayActOn } from "#cloud/auth/ranks.ts";
import { signInIdOf, type SignInDoc } from "#cloud/auth/sign-in-store.ts";
import { PendingGateway, SignInRow } from "#shared/api/people.ts";
import { systemScope } from "#shared/model/scope.ts";
import { entryOf, PersonParams } from "./look.ts";
import { setDisabled, signedOut } from "./on-people.ts";
import { pendingGateways } from "./pending-gateways.ts";

const system = systemScope("people");

const Switched = z.object({
  is_disabled: z.boolean(),
  /** Gateways that take it over with their next sync. */
  pending: z.array(PendingGateway),
});

const switching = (name: "disable" | "enable") =>
  route({
    method: "post",
    path: `/people/:person/${name}`,
    right: "people.disable",
    title:
      name === "disable"
        ? "Switches somebody off: at once here, on gateways with their next sync."
        : "Lets somebody in again.",
    params: PersonParams,
    body: z.strictObject({ reason: z.string().trim().max(500).optional() }),
    answer: { data: Switched },
    open:
      ({ hub, directory }) =>
      async ({ params, body, scope, asker, trail }) => {
        const on = { hub, asker, scope, trail };
        await setDisabled(on, params.person, name === "disable", body.reason);
        const entry = await entryOf(await directory(scope), params.person);
        return {
          is_disabled: entry.person.isDisabled,
          pending: await pendingGateways(hub, entry),
        };
      },
  });
export const disablePerson = switching("disable");
export const enablePerson = switching("enable");

export function signInRow(doc: SignInDoc, currentId?: string): SignInRow {
  const id = signInIdOf(doc);
  const { way, from, agent, createdAt, seenAt } = doc;
  return {
    id,
    way,
    from,
    agent,
    created_at: createdAt,
    seen_at: seenAt,
    is_current: id === currentId,
  };
}

export const listSignIns = route({
  method: "get",
  path: "/people/:person/sign-ins",
  right: "people.reset",
  title: "Where somebody is signed in.",
  params: PersonParams,
  answer: { data: z.array(SignInRow) },
  isSensitive: true,
  open:
    ({ hub }) =>
    async ({ params, scope, asker, trail }) => {
      await hub.people.find(scope, params.person);
      trail.note({
        what: "person.read-sign-ins",
        target: { type: "person", id: params.person },
        forWhom: params.person,
      });
      const person = await mayActOn(hub, asker, "people.reset", params.person);
      const theirs = await hub.signIns.of(params.person, person.signInEpoch ?? 0);
      return theirs.map((doc) => signInRow(doc));
    },
});

export const endSignIns = route({
  method: "delete",
  path: "/people/:person/sign-ins",
  right: "people.reset",
  title: "Signs somebody out everywhere.",
  params: PersonParams,
  answer: { data: z.object({ sign_ins_ended: z.number().int() }) },
  open:
    ({ hub }) =>
    async ({ params, scope, asker, trail }) => {
      await hub.people.find(scope, params.person);
      trail.note({
        what: "person.sign-out",
        target: { type: "person", id: params.person },
        forWhom: params.person,
      });
      await mayActOn(hub, asker, "people.reset", params.person);
      await hub.people.change(system, params.person, signedOut);
      return { sign_ins_ended: await hub.signIns.endAll(params.person) };
    },
});
