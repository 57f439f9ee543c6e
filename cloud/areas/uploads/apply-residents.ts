/**
 * `apply-residents`: rows of residents brought to the hub, a stretch at a time: who they are, that
 * they are of the community, and where they live from when to when. The same file again changes
 * nothing; who is known already keeps the name and address they have.
 */
import type { Asker } from "#cloud/api/asker.ts";
import {
  addMembership,
  giveWayIn,
  invite,
  isActive,
  membershipOf,
  personOf,
  residentOf,
  type Invitee,
} from "#cloud/auth/invite.ts";
import type { Membership, PersonDoc } from "#cloud/auth/people-store.ts";
import { checkMayGive } from "#cloud/auth/ranks.ts";
import type { CommunityDoc, Hub, ResidentDoc } from "#cloud/hub/hub.ts";
import type { CellError, RowOutcome } from "#shared/api/uploads.ts";
import { Fault, isFault } from "#shared/model/fault.ts";
import {
  newId,
  type CommunityId,
  type MembershipId,
  type PersonId,
  type ResidentId,
  type TenancyId,
  type UnitId,
} from "#shared/model/ids.ts";
import { systemScope, type HubScope } from "#shared/model/scope.ts";
import { momentIn } from "./columns.ts";
import type { ResidentWish } from "./resident-row.ts";
import type { Places } from "./upload-places.ts";
import type { Done } from "./upload-store.ts";

export interface ApplyResidentsParts {
  readonly hub: Hub;
  readonly scope: HubScope;
  readonly asker: Asker;
  readonly places: Places;
  readonly isDryRun: boolean;
  readonly hubUrl: string;
  /** Who the file made or found so far, by what tells them apart, and the line. */
  readonly met: Map<string, { readonly line: number; readonly residentId: ResidentId }>;
  /** Communities in which the asker was found to be allowed to do this. */
  readonly allowed: Set<CommunityId>;
}

const system = systemScope("uploads");

interface Draft {
  readonly wish: ResidentWish;
  readonly person: PersonDoc;
  readonly membership: Membership;
  readonly resident: ResidentDoc;
}

interface Known {
  readonly residentId: ResidentId;
  readonly personId: PersonId | undefined;
}

export async function applyResidents(
  parts: ApplyResidentsParts,
  rows: readonly { readonly wish: ResidentWish; readonly errors: readonly CellError[] }[],
): Promise<{ outcomes: RowOutcome[]; done: Done }> {
  const { hub, scope, places, isDryRun, hubUrl, met } = parts;
  const { organizationId } = scope;
  const outcomes = new Map<number, RowOutcome>();
  const members: { personId: PersonId; membershipId: MembershipId }[] = [];
  const tenancies: { unitId: UnitId; tenancyId: TenancyId }[] = [];
  const people = await peopleIndex(hub, scope);
  const drafts = new Map<number, Draft>();
  const notes = new Map<number, string[]>();
  const tell = (
    { line }: ResidentWish,
    outcome: RowOutcome["outcome"],
    personId: PersonId | null = null,
    errors: readonly CellError[] = [],
  ) =>
    outcomes.set(line, {
      line,
      dev_eui: "",
      person_id: personId,
      outcome,
      errors: [...errors],
      notes: notes.get(line) ?? [],
    });
  for (const { wish, errors } of rows) {
    if (wish.isSkipped) {
      tell(wish, "skipped");
      continue;
    }
    if (errors.length > 0) {
      tell(wish, "failed", null, errors);
      continue;
    }
    try {
      const community = await communityOf(parts, wish);
      const time = timeOf(wish, community);
      const identity = `${community.communityId} ${wish.email ?? `${wish.firstName}|${wish.lastName}|${wish.unit}|${wish.externalId ?? ""}`.toLowerCase()}`;
      const before = met.get(identity);
      let known: Known | undefined = before
        ? { residentId: before.residentId, personId: undefined }
        : people.find(community.communityId, wish);
      const isNew = !known;
      if (!known) {
        const draft = draftOf(parts, wish, community);
        const stranger = wish.email === null ? undefined : people.byEmail(wish.email);
        if (stranger !== undefined && !isDryRun) {
          // Somebody who is here: in reach they become one thing more, out of reach nothing is given away.
          known = await joined(parts, wish, draft, stranger);
          members.push({
            personId: known.personId as PersonId,
            membershipId: draft.membership.membershipId,
          });
        } else {
          if (stranger === undefined) drafts.set(wish.line, draft);
          known = { residentId: draft.resident.residentId, personId: draft.person.personId };
        }
      }
      met.set(identity, { line: wish.line, residentId: known.residentId });
      let isChanged = isNew;
      if (wish.unit !== "") {
        const unit = await places.unit(community, wish.building, wish.unit);
        const moved = await places.moveIn(community, unit, known.residentId, time);
        if (moved.made) tenancies.push({ unitId: unit.unitId, tenancyId: moved.made });
        if (!moved.isSame) isChanged = true;
      }
      if (before) notes.set(wish.line, [`the same person as in line ${before.line}`]);
      tell(
        wish,
        isNew && !before ? "created" : isChanged ? "updated" : "unchanged",
        known.personId ?? null,
      );
    } catch (error) {
      drafts.delete(wish.line);
      tell(wish, "failed", null, errorsOf(error));
    }
  }
  if (!isDryRun) {
    for (const [line, why] of await write(hub, scope, [...drafts.values()])) {
      const draft = drafts.get(line) as Draft;
      drafts.delete(line);
      tell(draft.wish, "failed", null, errorsOf(why));
    }
    for (const { person, membership, wish } of drafts.values()) {
      members.push({ personId: person.personId, membershipId: membership.membershipId });
      if (wish.isInvited && !isActive(person))
        await giveWayIn(hub, person, { organizationId, way: "mail", hubUrl });
    }
  }
  const { unitIds, buildingIds } = await places.flush();
  const inOrder = [...outcomes.values()].sort((a, b) => a.line - b.line);
  const nothing = { devices: [], unitIds: [], buildingIds: [] };
  return {
    outcomes: inOrder,
    done: isDryRun ? nothing : { devices: [], members, tenancies, unitIds, buildingIds },
  };
}

const wrong = (column: string, message: string) =>
  new Fault("invalid", message, { fields: { [column]: message } });

async function communityOf(
  { hub, asker, places, allowed }: ApplyResidentsParts,
  wish: ResidentWish,
): Promise<CommunityDoc> {
  const community = await places.community(wish.community);
  if (!community) throw wrong("community", "a resident is one of a community: say of which");
  const { communityId } = community;
  if (!allowed.has(communityId)) {
    await checkMayGive(hub, asker, "resident", { kind: "community", communityId });
    allowed.add(communityId);
  }
  return community;
}

function timeOf({ moveIn, moveOut }: ResidentWish, { zones }: CommunityDoc) {
  const known = zones.map(({ from, zone }) => ({ fromMs: Date.parse(from), zone }));
  const at = (column: string, text: string) => {
    if (text === "") return undefined;
    const moment = momentIn(text, known);
    if (moment === undefined) throw wrong(column, "a date is written 2026-11-23 or 23.11.2026");
    return moment;
  };
  const time = { from: at("move_in", moveIn), to: at("move_out", moveOut) };
  if (time.from !== undefined && time.to !== undefined && time.to <= time.from)
    throw wrong("move_out", "is not after move_in");
  return time;
}

function inviteeOf(
  { hub, scope }: ApplyResidentsParts,
  wish: ResidentWish,
  { communityId, language }: CommunityDoc,
): Invitee {
  return {
    organizationId: scope.organizationId,
    email: wish.email,
    firstName: wish.firstName,
    lastName: wish.lastName,
    phone: wish.phone,
    language: wish.language ?? language,
    externalId: wish.externalId,
    role: "resident",
    on: { kind: "community", communityId },
    residentId: newId<ResidentId>("r", hub.random),
  };
}

function draftOf(parts: ApplyResidentsParts, wish: ResidentWish, community: CommunityDoc): Draft {
  const invitee = inviteeOf(parts, wish, community);
  const membership = membershipOf(parts.hub, invitee);
  const person = personOf(parts.hub, invitee, membership);
  const resident = residentOf(person.personId, membership, wish.externalId) as ResidentDoc;
  return { wish, person, membership, resident };
}

/** Somebody whose address is here already. */
async function joined(
  { hub, scope, hubUrl }: ApplyResidentsParts,
  wish: ResidentWish,
  draft: Draft,
  inReach: PersonId | null,
): Promise<Known> {
  const { membership, person } = draft;
  const residentId = draft.resident.residentId;
  if (inReach !== null) {
    await addMembership(hub, inReach, membership);
    return { residentId, personId: inReach };
  }
  const { organizationId, on, role } = membership;
  const { email, firstName, lastName, phone, language, externalId } = person;
  const invited = await invite(
    hub,
    scope,
    {
      organizationId,
      email,
      firstName,
      lastName,
      phone,
      language,
      externalId,
      on,
      role,
      residentId,
    },
    { way: wish.isInvited ? "mail" : "none", hubUrl },
  );
  return { residentId, personId: invited.person.personId };
}

/** Writes those who are new, together; when one stands in the way, each by itself. */
async function write(
  hub: Hub,
  scope: HubScope,
  drafts: readonly Draft[],
): Promise<Map<number, unknown>> {
  const failed = new Map<number, unknown>();
  const put = async (some: readonly Draft[]) => {
    // The record first: a cut in between leaves what nobody sees.
    await hub.residents.save(
      scope,
      scope.organizationId,
      some.map(({ resident }) => resident),
    );
    await hub.people.addAll(
      system,
      some.map(({ person }) => person),
    );
  };
  try {
    if (drafts.length > 0) await put(drafts);
  } catch (error) {
    if (!isFault(error)) throw error;
    for (const draft of drafts)
      try {
        await put([draft]);
      } catch (one) {
        if (!isFault(one)) throw one;
        failed.set(draft.wish.line, one);
      }
  }
  return failed;
}

interface PeopleIndex {
  /** A resident of the community who is the one a row means. */
  find(communityId: CommunityId, wish: ResidentWish): Known | undefined;
  /** Whose address it is: their id in reach, null out of it, undefined where nobody has it. */
  byEmail(email: string): PersonId | null | undefined;
}

const plain = (text: string) => text.trim().toLowerCase();

async function peopleIndex(hub: Hub, scope: HubScope): Promise<PeopleIndex> {
  const inReach = new Set((await hub.people.list(scope)).map(({ personId }) => personId));
  const emails = new Map<string, PersonDoc>();
  const residents = new Map<string, Known>();
  const units = await hub.units.units.list(scope);
  const homes = new Map<string, string[]>();
  for (const { name, tenancies } of units)
    for (const { residentId } of tenancies)
      homes.set(residentId, [...(homes.get(residentId) ?? []), plain(name)]);
  for (const person of await hub.people.list(system)) {
    if (person.email !== null) emails.set(plain(person.email), person);
    for (const { on, residentId } of person.memberships) {
      if (residentId === undefined || on.kind !== "community") continue;
      const known = { residentId, personId: person.personId };
      const add = (key: string) => residents.set(`${on.communityId} ${key}`, known);
      const { email, invitedEmail, externalId, firstName, lastName } = person;
      for (const address of [email, invitedEmail]) if (address) add(`@${plain(address)}`);
      if (externalId !== undefined) add(`#${externalId}`);
      for (const home of homes.get(residentId) ?? [])
        add(`=${plain(firstName)}|${plain(lastName)}|${home}`);
    }
  }
  return {
    find(communityId, { email, externalId, firstName, lastName, unit }) {
      const of = (key: string) => residents.get(`${communityId} ${key}`);
      if (email !== null) return of(`@${email}`);
      if (externalId !== undefined) return of(`#${externalId}`);
      return of(`=${plain(firstName)}|${plain(lastName)}|${plain(unit)}`);
    },
    byEmail(email) {
      const person = emails.get(plain(email));
      if (!person) return undefined;
      return inReach.has(person.personId) ? person.personId : null;
    },
  };
}

/** A refusal by the columns it names; what a cell said is not told back. */
function errorsOf(error: unknown): CellError[] {
  if (!isFault(error)) throw error;
  const fields = Object.entries((error.details.fields ?? {}) as Record<string, string>);
  if (fields.length === 0) return [{ column: "", value: "", message: error.message }];
  return fields.map(([column, message]) => ({ column, value: "", message }));
}
