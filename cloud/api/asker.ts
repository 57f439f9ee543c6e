/**
 * `asker`: who asks something of the hub, and where they have which right.
 *
 * Made from a sign-in or an API key and from nothing the request says itself. A route asks for one
 * right, and its scope is cut to the places where the asker has that one: an auditor of the whole
 * organization who is admin of one community reads everywhere and writes there.
 */
import type { Membership, PersonDoc } from "#cloud/auth/people-store.ts";
import type { CommunityId, KeyId, OrganizationId, PersonId } from "#shared/model/ids.ts";
import type { Right } from "#shared/model/roles.ts";
import type { HubScope } from "#shared/model/scope.ts";

/** Where a right holds: everywhere in the organization, or in these communities. */
export type Reach = "all" | ReadonlySet<CommunityId>;

interface AskerParts {
  readonly organizationId: OrganizationId;
  readonly reach: ReadonlyMap<Right, Reach>;
  /** What `reach` was made of: which rights hold where, and how high each ranks. */
  readonly grants: readonly Grant[];
  /** The names of the roles that count here, for the audit. */
  readonly roles: readonly string[];
  /** The highest rank held anywhere in the organization. */
  readonly rank: number;
}

/** Who sits there in somebody else's name. */
export interface Assistant {
  readonly personId: PersonId;
  readonly assistanceId: string;
  /** False: they look and change nothing. */
  readonly mayChange: boolean;
  readonly reason: string;
  readonly expiresAt: string;
}

/** Somebody signed in. */
export interface PersonAsker extends AskerParts {
  readonly kind: "person";
  readonly id: PersonId;
  readonly person: PersonDoc;
  /** The member of staff who acts as this person (remote assistance). */
  readonly assistant?: Assistant;
  /** Names the sign-in among theirs; absent where somebody is looked up without one. */
  readonly signInId?: string;
}
/** A program with an API key. */
export interface KeyAsker extends AskerParts {
  readonly kind: "key";
  readonly id: KeyId;
}
export type Asker = PersonAsker | KeyAsker;

/** A membership with what has to be looked up to know what it gives. */
export interface Grant {
  readonly rights: readonly Right[];
  readonly on: Reach;
  readonly rank: number;
}

/** Rights by place, from all that gives some. */
export function reachOfGrants(
  grants: readonly Pick<Grant, "rights" | "on">[],
): ReadonlyMap<Right, Reach> {
  const reach = new Map<Right, Reach>();
  for (const { rights, on } of grants)
    for (const right of rights) {
      const old = reach.get(right);
      if (old === "all") continue;
      reach.set(right, on === "all" || old === undefined ? on : new Set([...old, ...on]));
    }
  return reach;
}

/** The part of `reach` that `other` has too. */
export function commonReach(
  reach: ReadonlyMap<Right, Reach>,
  other: ReadonlyMap<Right, Reach>,
): ReadonlyMap<Right, Reach> {
  const common = new Map<Right, Reach>();
  for (const [right, on] of reach) {
    const theirs = other.get(right);
    if (theirs === undefined) continue;
    if (on === "all") common.set(right, theirs);
    else if (theirs === "all") common.set(right, on);
    else common.set(right, new Set([...on].filter((id) => theirs.has(id))));
  }
  return common;
}

/** What a right reaches for somebody; undefined when they have it nowhere. */
export function scopeFor(asker: Asker, right: Right): HubScope | undefined {
  const reach = asker.reach.get(right);
  if (reach === undefined) return undefined;
  const { organizationId, id: by } = asker;
  if (reach === "all") return { kind: "organization", organizationId, by };
  return reach.size === 0
    ? undefined
    : { kind: "communities", organizationId, communityIds: reach, by };
}

/** Whether a membership counts at this moment. */
export function holdsAt({ from, until }: Membership, nowMs: number): boolean {
  return (
    (from === undefined || Date.parse(from) <= nowMs) &&
    (until === undefined || nowMs < Date.parse(until))
  );
}
