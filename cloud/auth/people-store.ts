/**
 * `people-store`: those who sign in on the hub, with their role and the hash of their password.
 */
import { createHmac } from "node:crypto";
import { z } from "zod";
import { docsById } from "#cloud/hub/every-doc.ts";
import type { Registry } from "#cloud/hub/registry.ts";
import { save } from "#cloud/hub/save.ts";
import { deletedIn, reachesCommunity, reachesOrganization } from "#cloud/hub/scoped-documents.ts";
import { Fault, isFault } from "#shared/model/fault.ts";
import {
  CommunityId,
  GroupId,
  MembershipId,
  OrganizationId,
  PersonId,
  ResidentId,
  RoleId,
} from "#shared/model/ids.ts";
import { roleIds } from "#shared/model/roles.ts";
import type { Scope, SystemScope } from "#shared/model/scope.ts";
import { At } from "#shared/model/site.ts";

/** Where a role holds. */
export const Place = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("organization") }),
  z.object({ kind: z.literal("community"), communityId: CommunityId }),
  /** Communities that are in a group, whichever they are at the moment. */
  z.object({ kind: z.literal("group"), groupId: GroupId }),
]);
export type Place = z.infer<typeof Place>;

/** A role somebody holds somewhere, for a time or for good. One of the kind `resident` leads to their record there. */
export const Membership = z.object({
  membershipId: MembershipId,
  organizationId: OrganizationId,
  role: z.union([z.enum(roleIds), RoleId]),
  on: Place,
  residentId: ResidentId.optional(),
  /** The group of people it comes with: it ends when they leave the group. */
  viaGroup: GroupId.optional(),
  from: At.optional(),
  until: At.optional(),
  createdAt: At,
});
export type Membership = z.infer<typeof Membership>;

/** An account at somebody else's: `sub` is stable there, the address is not. */
export const Identity = z.object({
  issuer: z.string(),
  subject: z.string(),
  /** Whose settings lead there: nobody else's people come in by it. */
  organizationId: OrganizationId,
  linkedAt: At,
});
export type Identity = z.infer<typeof Identity>;

export const Preferences = z.object({
  volume: z.enum(["m3", "l", "gal"]),
  mail: z.object({ alerts: z.boolean(), reports: z.boolean() }),
});
export type Preferences = z.infer<typeof Preferences>;

/**
 * `person:{personId}` in `riser`: somebody, whatever they are and wherever: one person, one login.
 * Beside it `email:{HMAC-SHA-256}` makes the e-mail address unique.
 *
 * History: 1 = first release.
 */
export const PersonDoc = z.object({
  _id: z.string().startsWith("person:"),
  type: z.literal("person"),
  v: z.literal(1),
  personId: PersonId,
  /** Null for somebody known by name and phone only. */
  email: z.string().nullable(),
  firstName: z.string(),
  lastName: z.string(),
  phone: z.string().nullable(),
  language: z.enum(["en", "es", "de", "fr"]),
  /** When it was last chosen, wherever that was. */
  languageSetAt: At.optional(),
  memberships: z.array(Membership),
  /** What another system calls them. */
  externalId: z.string().max(120).optional(),
  /** The page they see first. */
  homePage: z.string().max(200).optional(),
  /** How they like to be shown amounts, and what they want to be told by mail. */
  preferences: Preferences.optional(),
  /**
   * The address somebody was invited under that is another person's already. Signs nobody in: when
   * that person accepts, the two become one.
   */
  invitedEmail: z.string().optional(),
  /** When they showed that the mailbox is theirs. */
  emailVerifiedAt: At.optional(),
  /** Absent for somebody who comes in by other ways, or has not yet. */
  passwordHash: z.string().startsWith("$argon2id$").optional(),
  /** An administrator chose the password: they choose another one when they come in. */
  mustChangePassword: z.literal(true).optional(),
  /** Goes up when all sign-ins end: those begun under a lower one are over. */
  signInEpoch: z.number().int().min(0).optional(),
  /** Accounts elsewhere that are known to be theirs (OpenID Connect). */
  identities: z.array(Identity).optional(),
  isDisabled: z.boolean(),
  createdAt: At,
});
export type PersonDoc = z.infer<typeof PersonDoc>;

interface EmailDoc {
  readonly _id: string;
  readonly type: "email";
  readonly v: 1;
  readonly personId: PersonId;
  readonly [field: string]: unknown;
}

export interface PeopleStore {
  /**
   * Those with a membership in reach. Their other memberships are cut off, and those of communities
   * that are deleted: they come back with the community.
   */
  list(scope: Scope): Promise<PersonDoc[]>;
  /** @throws Fault "not_found" when there is none, or none in reach */
  find(scope: Scope, personId: string): Promise<PersonDoc>;
  /**
   * Also somebody of a deleted community alone: who is added again under their address is the same
   * person. Where its owner is out of reach: who is in reach and was invited under it.
   */
  findByEmail(scope: Scope, email: string): Promise<PersonDoc | undefined>;
  /** Everybody who was invited under an address that is somebody else's. */
  invitedUnder(scope: SystemScope, email: string): Promise<PersonDoc[]>;
  /**
   * Somebody new. A person without any membership can only be added by the process.
   * @throws Fault "conflict" when the address belongs to somebody, "forbidden" out of reach
   */
  add(scope: Scope, person: PersonDoc): Promise<void>;
  /**
   * Many at once, by the process itself: as they should be, leaving alone those that already are.
   * @returns how many documents were written
   * @throws Fault "conflict" when an address belongs to somebody else
   */
  addAll(scope: SystemScope, people: readonly PersonDoc[]): Promise<number>;
  /**
   * Changes a person as last stored: `change` gets the whole document, and what it must not touch
   * (memberships out of reach) is kept whatever it answers. A changed address is claimed first.
   *
   * @returns the person as the scope sees them
   * @throws Fault "not_found", "conflict"
   */
  change(
    scope: Scope,
    personId: string,
    change: (person: PersonDoc) => PersonDoc,
  ): Promise<PersonDoc>;
  /** Removes somebody whose every membership lies in reach. @throws Fault "not_found", "forbidden" */
  remove(scope: Scope, personId: string): Promise<void>;
  /** True when every membership of theirs lies in reach: only then may one act on the person as a whole. */
  isWhollyInReach(scope: Scope, personId: string): Promise<boolean>;
}

/** A change that lost against another one is tried again on what is stored then. */
const TRIES = 5;
const NONE: ReadonlySet<CommunityId | null> = new Set();

/** @param masterKey so that what stays of a name after an erasure cannot be guessed by whoever reads the databases */
export function peopleStore(registry: Registry, masterKey: Uint8Array): PeopleStore {
  const { riser } = registry;
  const emailId = (email: string) => {
    const hmac = createHmac("sha256", masterKey).update("email\0");
    return `email:${hmac.update(email.trim().toLowerCase()).digest("hex")}`;
  };
  const held = async (personId: string) =>
    (await riser.freshOf<PersonDoc>("person")).get(`person:${personId}`);
  const plain = (email: string) => email.trim().toLowerCase();
  const apart = async (email: string) =>
    [...(await riser.freshOf<PersonDoc>("person")).values()].filter(
      ({ invitedEmail }) => invitedEmail !== undefined && plain(invitedEmail) === plain(email),
    );
  const isClaimed = async (email: string, personId: PersonId) => {
    const old = await riser.database.get<EmailDoc>(emailId(email));
    // An address without its person is what a start cut off in between left behind.
    return old && old.personId !== personId && (await held(old.personId)) ? "taken" : old;
  };
  const claim = async (email: string, personId: PersonId) => {
    const link: EmailDoc = { _id: emailId(email), type: "email", v: 1, personId };
    const old = await isClaimed(email, personId);
    if (old === "taken")
      throw new Fault("conflict", "Somebody with this e-mail address is here already.");
    await riser.database.put(old?._rev === undefined ? link : { ...link, _rev: old._rev });
  };
  const letGo = async (email: string, personId: PersonId) => {
    const old = await riser.database.get<EmailDoc>(emailId(email));
    if (old?._rev !== undefined && old.personId === personId)
      await riser.database.remove(old._id, old._rev as string);
  };
  const goneFor = async (scope: Scope): Promise<ReadonlySet<CommunityId | null>> =>
    scope.kind === "organization" || scope.kind === "communities"
      ? deletedIn(registry, scope.organizationId)
      : NONE;
  const find = async (scope: Scope, personId: string) => {
    const person = await held(personId);
    const seen = person && asSeen(scope, person, await goneFor(scope));
    if (!person || !seen) throw new Fault("not_found", "There is no such person here.");
    return { person, seen };
  };
  const isWhole = (scope: Scope, person: PersonDoc) =>
    person.memberships.every((one) => isInReach(scope, one));
  return {
    async list(scope) {
      const all = [...(await riser.freshOf<PersonDoc>("person")).values()];
      const gone = await goneFor(scope);
      return all.flatMap((person) => asSeen(scope, person, gone) ?? []);
    },
    find: async (scope, personId) => (await find(scope, personId)).seen,
    async findByEmail(scope, email) {
      const link = await riser.database.get<EmailDoc>(emailId(email));
      const person = link && (await held(link.personId));
      const owner = person && asSeen(scope, person);
      if (owner || scope.kind === "system") return owner;
      for (const one of await apart(email)) {
        const seen = asSeen(scope, one);
        if (seen) return seen;
      }
      return undefined;
    },
    invitedUnder: (_scope, email) => apart(email),
    async add(scope, person) {
      const isTheirs = person.memberships.length > 0 && isWhole(scope, person);
      if (!isTheirs && scope.kind !== "system")
        throw new Fault("forbidden", "That lies outside of what you may change.");
      if (person.email !== null) await claim(person.email, person.personId);
      await riser.database.put(person);
    },
    async addAll(_scope, people) {
      const owners = new Map(
        people.flatMap(({ email, personId }) =>
          email === null ? [] : [[emailId(email), personId] as const],
        ),
      );
      const known = await docsById<EmailDoc>(riser.database, [...owners.keys()]);
      for (const [_id, personId] of owners) {
        const old = known.get(_id);
        if (old && old.personId !== personId && (await held(old.personId)))
          throw new Fault("conflict", "Somebody with this e-mail address is here already.");
      }
      const links = [...owners].map(([_id, personId]): EmailDoc => ({
        _id,
        type: "email",
        v: 1,
        personId,
      }));
      const before = await riser.freshOf<PersonDoc>("person");
      const gone = people.flatMap(({ _id, personId, email }) => {
        const old = before.get(_id)?.email ?? null;
        const isKept = old === null || (email !== null && emailId(email) === emailId(old));
        return isKept ? [] : [{ old, personId }];
      });
      const written = await save(riser.database, links, known);
      const done = written + (await save(riser.database, people, before));
      for (const { old, personId } of gone) await letGo(old, personId);
      return done;
    },
    async change(scope, personId, change) {
      for (let tries = 1; ; tries++) {
        const { person } = await find(scope, personId);
        const wanted = change(person);
        const foreign = person.memberships.filter((one) => !isInReach(scope, one));
        const theirs = wanted.memberships.filter((one) => isInReach(scope, one));
        const changed = {
          ...wanted,
          _id: person._id,
          _rev: (person as { _rev?: string })._rev,
          personId: person.personId,
          memberships: [...foreign, ...theirs],
        } as PersonDoc;
        if (changed.email !== null && changed.email !== person.email)
          await claim(changed.email, person.personId);
        try {
          await riser.database.put(changed);
        } catch (error) {
          if (isFault(error, "conflict") && tries < TRIES) continue;
          throw error;
        }
        const isMoved =
          person.email !== null &&
          (changed.email === null || emailId(changed.email) !== emailId(person.email));
        if (isMoved && person.email !== null) await letGo(person.email, person.personId);
        return asSeen(scope, changed) ?? { ...changed, memberships: [] };
      }
    },
    async remove(scope, personId) {
      const { person } = await find(scope, personId);
      if (!isWhole(scope, person))
        throw new Fault("forbidden", "This person is also a member elsewhere.");
      await riser.database.remove(person._id, (person as { _rev?: string })._rev as string);
      if (person.email !== null) await letGo(person.email, person.personId);
    },
    isWhollyInReach: async (scope, personId) =>
      isWhole(scope, (await find(scope, personId)).person),
  };
}

/** Whether a membership is one that `scope` sees and may change. Those of a whole organization or a group are the organization's own. */
function isInReach(scope: Scope, { organizationId, on }: Membership): boolean {
  if (!reachesOrganization(scope, organizationId)) return false;
  return reachesCommunity(scope, on.kind === "community" ? on.communityId : null);
}

/**
 * The person with the memberships in reach; undefined when there is none. The process sees everybody whole.
 * @param gone communities that are deleted: what somebody is there is not shown
 */
function asSeen(
  scope: Scope,
  person: PersonDoc,
  gone: ReadonlySet<CommunityId | null> = NONE,
): PersonDoc | undefined {
  if (scope.kind === "system") return person;
  const memberships = person.memberships.filter(
    (one) =>
      isInReach(scope, one) && !(one.on.kind === "community" && gone.has(one.on.communityId)),
  );
  return memberships.length === 0 ? undefined : { ...person, memberships };
}
