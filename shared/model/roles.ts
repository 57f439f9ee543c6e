/**
 * `roles`: who may do what. A route of the hub names the right it asks for; this table says which
 * roles have it. Where a role holds (the organization, a community, a group) is said by the
 * membership that gives it, never here.
 */
export const rights = [
  "organization.read",
  "organization.write",
  "communities.read",
  "communities.write",
  "communities.delete",
  "units.read",
  "units.write",
  "people.read",
  "people.write",
  "people.delete",
  "people.reset",
  "people.disable",
  "people.assist",
  "roles.write",
  "devices.read",
  "devices.write",
  "devices.install",
  "devices.upload",
  "devices.delete",
  "consumption.read",
  "gateways.read",
  "gateways.write",
  "gateways.claim",
  "alerts.read",
  "alerts.write",
  "reports.read",
  "decoders.read",
  "decoders.write",
  "groups.read",
  "groups.write",
  "dashboards.read",
  "dashboards.write",
  "brand.write",
  "keys.read",
  "keys.write",
  "webhooks.read",
  "webhooks.write",
  "audit.read",
  "privacy.write",
  "ingest",
] as const;
export type Right = (typeof rights)[number];

const reading = rights.filter((right) => right.endsWith(".read"));

interface RoleRow {
  /** Nobody acts on, or gives a role to, somebody of an equal or higher rank unless they hold the top one. */
  readonly rank: number;
  readonly rights: readonly Right[];
}

export const roles = {
  /** Everything in their organization. */
  operator: { rank: 50, rights },
  /** The same for communities; makes no custom roles and changes nothing of the organization itself. */
  admin: {
    rank: 40,
    rights: rights.filter(
      (right) => !["organization.write", "roles.write", "decoders.write"].includes(right),
    ),
  },
  /** Looks people up, resets, disables, assists, uploads; deletes nothing. */
  support: {
    rank: 30,
    rights: [
      ...reading.filter((right) => right !== "keys.read"),
      "people.reset",
      "people.disable",
      "people.assist",
      "devices.upload",
      "alerts.write",
    ],
  },
  /** Claims gateways, mounts and commissions meters; bound to sites, and for a time. */
  installer: {
    rank: 20,
    rights: [
      "communities.read",
      "units.read",
      "devices.read",
      "devices.install",
      "gateways.read",
      "gateways.claim",
    ],
  },
  /** Looks at everything in scope, changes nothing. */
  auditor: { rank: 20, rights: reading },
  /** Sees the consumption of their own home: through a resident's scope, by no right of this table. */
  resident: { rank: 10, rights: [] },
  /** Somebody without a role reads their own profile and nothing else. */
  none: { rank: 0, rights: [] },
} as const satisfies Record<string, RoleRow>;
export type Role = keyof typeof roles;
export const roleIds = Object.keys(roles) as [Role, ...Role[]];

/** The rank of a set of rights: that of the lowest built-in role which has them all. */
export function rankOfRights(wanted: readonly Right[]): number {
  const having = Object.values(roles).filter(({ rights: has }) =>
    wanted.every((right) => (has as readonly Right[]).includes(right)),
  );
  return Math.min(...having.map(({ rank }) => rank));
}

/** What API keys may do, by the scopes they are given. */
export const keyScopes = {
  read: reading.filter((right) => right !== "keys.read"),
  ingest: ["ingest"],
  /** Reads on the gateways of its communities, without internet; opens nothing on the hub. */
  site: [],
  admin: rights.filter((right) => !["keys.write", "people.assist", "roles.write"].includes(right)),
} as const satisfies Record<string, readonly Right[]>;
export type KeyScope = keyof typeof keyScopes;
export const keyScopeIds = Object.keys(keyScopes) as [KeyScope, ...KeyScope[]];

/** A key for some communities has no more than a community's admin, whatever its scope. */
export function rightsOfKey(scope: KeyScope, isWhole: boolean): readonly Right[] {
  const given: readonly Right[] = keyScopes[scope];
  const admins: readonly Right[] = [...roles.admin.rights, "ingest"];
  return isWhole ? given : given.filter((right) => admins.includes(right));
}
