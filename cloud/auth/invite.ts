/**
 * `invite`: somebody becomes a member, and gets a way in if they have none.
 *
 * Who is seen already gets one more membership. An address that belongs to somebody who is not in
 * the inviter's reach gives nothing away: to the inviter it looks as if it were new, and the two
 * become one when its owner accepts. Whether the inviter may give the role is for the caller.
 */
import { linkMail } from "#cloud/mail/compose.ts";
import type { Hub, ResidentDoc } from "#cloud/hub/hub.ts";
import type { Language } from "#shared/api/resident.ts";
import { Fault, isFault } from "#shared/model/fault.ts";
import { newId, type MembershipId, type OrganizationId, type PersonId } from "#shared/model/ids.ts";
import { systemScope, type Scope } from "#shared/model/scope.ts";
import type { LinkDoc } from "./link-store.ts";
import type { Membership, PersonDoc } from "./people-store.ts";

/** How somebody is told: the link is shown to the one who asks, mailed, printed, or nothing yet. */
export const ways = ["link", "mail", "letter", "none"] as const;
export type Way = (typeof ways)[number];

export interface Invitee {
  readonly organizationId: OrganizationId;
  readonly email: string | null;
  readonly firstName: string;
  readonly lastName: string;
  readonly phone?: string | null | undefined;
  readonly language?: Language | undefined;
  readonly externalId?: string | undefined;
  readonly homePage?: string | undefined;
  readonly role: Membership["role"];
  readonly on: Membership["on"];
  readonly from?: string | undefined;
  readonly until?: string | undefined;
  readonly residentId?: Membership["residentId"];
}

export interface Invitation {
  readonly url: string;
  readonly expiresAt: string;
  readonly way: LinkDoc["way"];
}

export interface Invited {
  readonly person: PersonDoc;
  readonly membership: Membership;
  /** False for somebody who was seen before. */
  readonly isNew: boolean;
  /** Undefined where none was asked for, or they can sign in already. The address of one that is mailed is not told. */
  readonly invitation: Invitation | undefined;
}

export interface Telling {
  readonly way: Way;
  /** Where people open the hub, without a slash at the end. */
  readonly hubUrl: string;
  readonly lifeMs?: number | undefined;
  /**
   * Throws where the inviter must not be shown the way in of somebody who is here already. Without
   * it nobody is shown one.
   */
  readonly mayShow?: (personId: PersonId) => Promise<unknown>;
}

const process = systemScope("invite");

/**
 * @param scope whose eyes decide whether an address is known
 * @throws Fault "conflict" when they have this role there already, "invalid" for a mail without an address
 */
export async function invite(
  hub: Hub,
  scope: Scope,
  invitee: Invitee,
  { way, hubUrl, lifeMs, mayShow }: Telling,
): Promise<Invited> {
  const email = invitee.email?.trim() ?? null;
  if (way === "mail" && email === null)
    throw new Fault("invalid", "Without an e-mail address there is nowhere to mail it to.", {
      fields: { email: "is needed to mail an invitation" },
    });
  const membership = membershipOf(hub, invitee);
  const known = email === null ? undefined : await hub.people.findByEmail(scope, email);
  const asked = way === "none" || (known && isActive(known)) ? undefined : way;
  // Before anything is written: who may not be shown this person's way in adds nothing either.
  if (known && asked !== undefined && asked !== "mail") {
    if (!mayShow) throw new Fault("forbidden", "This person's way in is not shown to others.");
    await mayShow(known.personId);
  }
  const person = known
    ? await addMembership(hub, known.personId, membership)
    : await make(hub, { ...invitee, email }, membership);
  const invitation =
    asked === undefined
      ? undefined
      : await giveWayIn(hub, person, {
          organizationId: invitee.organizationId,
          way: asked,
          hubUrl,
          lifeMs,
        });
  return { person, membership, isNew: !known, invitation };
}

/** Whether they have a way to sign in. */
export function isActive(person: PersonDoc): boolean {
  return person.passwordHash !== undefined || (person.identities?.length ?? 0) > 0;
}

/** The address they are reached under, whether it signs them in or not yet. */
export const mailboxOf = ({ email, invitedEmail }: PersonDoc) => email ?? invitedEmail ?? null;

/** A link with which somebody chooses their password; the one before ends. @throws Fault "invalid" */
export async function giveWayIn(
  hub: Hub,
  person: PersonDoc,
  asked: {
    organizationId: OrganizationId;
    way: Exclude<Way, "none">;
    hubUrl: string;
    lifeMs?: number | undefined;
  },
): Promise<Invitation> {
  const { organizationId, way, hubUrl, lifeMs } = asked;
  const to = mailboxOf(person);
  if (way === "mail" && to === null)
    throw new Fault("invalid", "Without an e-mail address there is nowhere to mail it to.");
  const { token, link } = await hub.links.make({
    purpose: "activate",
    personId: person.personId,
    organizationId,
    way,
    ...(way === "mail" && to !== null ? { email: to } : {}),
    ...(lifeMs === undefined ? {} : { lifeMs }),
  });
  const url = `${hubUrl}/activate#token=${token}`;
  if (way === "mail" && to !== null) {
    const organization = await nameOf(hub, organizationId);
    const { firstName, language, personId } = person;
    const about = { organization, url, expiresAt: link.expiresAt };
    const mail = linkMail({ to, firstName, language }, "activate", about);
    await hub.outbox.add({ organizationId, personId, kind: "activate" }, mail);
  }
  return { url, expiresAt: link.expiresAt, way };
}

export async function nameOf(hub: Hub, organizationId: OrganizationId): Promise<string> {
  const all = await hub.registry.organizations();
  return all.find((one) => one.organizationId === organizationId)?.name ?? "Riser";
}

/** The membership an invitation gives. Writes nothing. */
export function membershipOf(hub: Pick<Hub, "random" | "clock">, invitee: Invitee): Membership {
  const { organizationId, role, on, from, until, residentId } = invitee;
  return {
    membershipId: newId<MembershipId>("m", hub.random),
    organizationId,
    role,
    on,
    ...(residentId === undefined ? {} : { residentId }),
    ...(from === undefined ? {} : { from }),
    ...(until === undefined ? {} : { until }),
    createdAt: new Date(hub.clock.now()).toISOString(),
  };
}

/** The community's record of a resident, before the membership that leads to it: a cut leaves what nobody sees. */
async function record(hub: Hub, personId: PersonId, membership: Membership, externalId?: string) {
  const resident = residentOf(personId, membership, externalId);
  if (resident) await hub.residents.save(process, membership.organizationId, [resident]);
}

/** Undefined for a membership that leads to no home. */
export function residentOf(
  personId: PersonId,
  { on, residentId }: Membership,
  externalId?: string,
): ResidentDoc | undefined {
  if (residentId === undefined || on.kind !== "community") return undefined;
  return {
    _id: `resident:${residentId}`,
    type: "resident",
    v: 1,
    communityId: on.communityId,
    residentId,
    ref: residentId,
    personId,
    ...(externalId === undefined ? {} : { externalId }),
  };
}

/** Makes somebody who is here one thing more. @throws Fault "conflict" when they are it already */
export async function addMembership(
  hub: Hub,
  personId: PersonId,
  membership: Membership,
): Promise<PersonDoc> {
  await record(hub, personId, membership);
  return hub.people.change(process, personId, (person) => {
    const isThere = person.memberships.some(
      (one) =>
        one.organizationId === membership.organizationId &&
        one.role === membership.role &&
        JSON.stringify(one.on) === JSON.stringify(membership.on),
    );
    if (isThere) throw new Fault("conflict", "They have this role there already.");
    return { ...person, memberships: [...person.memberships, membership] };
  });
}

/** Somebody new. Writes nothing. */
export function personOf(
  hub: Pick<Hub, "random">,
  invitee: Invitee,
  membership: Membership,
): PersonDoc {
  const personId = newId<PersonId>("p", hub.random);
  const { email, firstName, lastName, phone, language, externalId, homePage } = invitee;
  return {
    _id: `person:${personId}`,
    type: "person",
    v: 1,
    personId,
    email,
    firstName,
    lastName,
    phone: phone ?? null,
    language: language ?? "en",
    memberships: [membership],
    ...(externalId === undefined ? {} : { externalId }),
    ...(homePage === undefined ? {} : { homePage }),
    isDisabled: false,
    createdAt: membership.createdAt,
  };
}

async function make(hub: Hub, invitee: Invitee, membership: Membership): Promise<PersonDoc> {
  const { email, externalId } = invitee;
  const person = personOf(hub, invitee, membership);
  await record(hub, person.personId, membership, externalId);
  try {
    await hub.people.add(process, person);
    return person;
  } catch (error) {
    if (!isFault(error, "conflict") || email === null) throw error;
    const apart: PersonDoc = { ...person, email: null, invitedEmail: email };
    await hub.people.add(process, apart);
    return apart;
  }
}
