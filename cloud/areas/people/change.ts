/**
 * `change`: what is written of somebody: names, address, phone, language.
 *
 * An address that is somebody else's, out of the asker's reach, must never be told from a free one.
 * Who signs in already confirms a new one from its mailbox (`next-email`); who has not come yet gets
 * it at once, as somebody new would: as an address that its owner accepts an invitation with.
 */
import { route } from "#cloud/api/route.ts";
import { isActive, mailboxOf } from "#cloud/auth/invite.ts";
import { askForEmail, isSameMailbox, linkForEmail, tellOwner } from "#cloud/auth/next-email.ts";
import type { PersonDoc } from "#cloud/auth/people-store.ts";
import { mayActOn } from "#cloud/auth/ranks.ts";
import { languageOf } from "#cloud/auth/language-of.ts";
import type { Hub } from "#cloud/hub/hub.ts";
import { NextEmail, NextEmailLink, PersonChange, PersonRow } from "#shared/api/people.ts";
import { Fault, isFault } from "#shared/model/fault.ts";
import { systemScope, type HubScope } from "#shared/model/scope.ts";
import { entryOf, PersonParams } from "./look.ts";
import { projectAgain, tellOfChange } from "./on-people.ts";
import { rowOf } from "./person-row.ts";

const system = systemScope("people");

export const changePerson = route({
  method: "patch",
  path: "/people/:person",
  right: "people.write",
  title:
    "Changes what is written of somebody: names, address, phone, language, external id. Who signs in already confirms another address from its mailbox first.",
  params: PersonParams,
  body: PersonChange,
  answer: { data: PersonRow },
  open: (parts) => {
    const { hub, directory, later } = parts;
    return async ({ params, body, scope, asker, trail }) => {
      await hub.people.find(scope, params.person);
      trail.note({
        what: "person.change",
        target: { type: "person", id: params.person },
        forWhom: params.person,
        after: { changed: Object.keys(body) },
      });
      const before = await mayActOn(hub, asker, "people.write", params.person);
      const wanted = body.email === undefined ? undefined : (body.email?.trim() ?? null);
      const isMoved = wanted !== undefined && !isSameMailbox(wanted, mailboxOf(before));
      const isAsked = isMoved && isActive(before);
      if (isAsked && wanted === null)
        throw new Fault("invalid", "email: without an address they could not sign in any more");
      if (isMoved && wanted !== null) await checkNobodysSeen(hub, scope, before, wanted);
      const person = await written(hub, before, body, isMoved && !isAsked ? wanted : undefined);
      if (isAsked && wanted !== null)
        await askForEmail(parts, person, wanted, asker.organizationId);
      else if (isMoved) {
        await hub.signIns.endAll(params.person);
        await hub.links.end(params.person);
        // A mailbox that nobody ever opened as theirs has nothing to be told of.
        if (before.emailVerifiedAt !== undefined) await tellOfChange(hub, before, asker);
        if (wanted !== null) later(() => tellOwner(hub, before.personId, wanted), "a mail (taken)");
      } else if (wanted !== undefined) await hub.links.end(params.person, ["email"]);
      await projectAgain(hub, person.memberships);
      return rowOf(await entryOf(await directory(scope), params.person), hub.clock.now());
    };
  },
});

export const linkToEmail = route({
  method: "post",
  path: "/people/:person/email",
  right: "people.write",
  title:
    "A link to hand over with which somebody who signs in already takes another address, where no mail can be sent.",
  params: PersonParams,
  body: NextEmail,
  answer: { status: 201, data: NextEmailLink },
  isSecret: true,
  open:
    (parts) =>
    async ({ params, body, scope, asker, trail }) => {
      const { hub } = parts;
      await hub.people.find(scope, params.person);
      trail.note({
        what: "person.email-link",
        target: { type: "person", id: params.person },
        forWhom: params.person,
      });
      const person = await mayActOn(hub, asker, "people.write", params.person);
      const email = body.email.trim();
      if (!isActive(person))
        throw new Fault(
          "conflict",
          "This person has not come yet: change the address itself, and give them a way in.",
        );
      if (isSameMailbox(email, mailboxOf(person)))
        throw new Fault("invalid", "email: it is theirs already", {
          fields: { email: "is theirs already" },
        });
      await checkNobodysSeen(hub, scope, person, email);
      const { url, expiresAt } = await linkForEmail(parts, person, email, asker.organizationId);
      return { next_email: email, url, expires_at: expiresAt };
    },
});

/** Of somebody they see they know the address already. @throws Fault "conflict" */
async function checkNobodysSeen(
  hub: Hub,
  scope: HubScope,
  { personId }: PersonDoc,
  email: string,
): Promise<void> {
  const other = await hub.people.findByEmail(scope, email);
  if (other && other.personId !== personId)
    throw new Fault("conflict", "Somebody you see here has this e-mail address.", {
      fields: { email: "is somebody else's" },
    });
}

/** @param email another address that holds at once, or null for none; undefined: the one they have stays */
async function written(
  hub: Hub,
  { personId }: PersonDoc,
  body: PersonChange,
  email: string | null | undefined,
): Promise<PersonDoc> {
  const as = (address: Pick<PersonDoc, "email" | "invitedEmail"> | undefined) =>
    hub.people.change(system, personId, (old) => {
      const { externalId: _e, homePage: _h, ...kept } = old;
      const externalId =
        body.external_id === undefined ? old.externalId : (body.external_id ?? undefined);
      const homePage = body.home_page === undefined ? old.homePage : (body.home_page ?? undefined);
      return {
        ...(address ? moved(kept, address) : kept),
        firstName: body.first_name ?? old.firstName,
        lastName: body.last_name ?? old.lastName,
        phone: body.phone === undefined ? old.phone : body.phone,
        ...languageOf(hub, old, body.language),
        ...(externalId === undefined ? {} : { externalId }),
        ...(homePage === undefined ? {} : { homePage }),
      };
    });
  if (email === undefined) return as(undefined);
  return as({ email }).catch((error: unknown) => {
    if (!isFault(error, "conflict") || email === null) throw error;
    return as({ email: null, invitedEmail: email });
  });
}

/** What was shown of the old mailbox says nothing of another one. */
function moved(
  { invitedEmail: _i, emailVerifiedAt: _v, ...rest }: PersonDoc,
  address: Pick<PersonDoc, "email" | "invitedEmail">,
): PersonDoc {
  return { ...rest, ...address, signInEpoch: (rest.signInEpoch ?? 0) + 1 };
}
