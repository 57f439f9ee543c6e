/**
 * `roles`: who may do what. An area of the hub names the right it asks for; this table says which
 * roles have it. What a role may see is cut by its scope, not here.
 */
export const rights = ["communities.read", "devices.read", "gateways.read"] as const;
export type Right = (typeof rights)[number];

export const roles = {
  /** Everything in their organization. */
  operator: rights,
  /** Looks at everything in their organization, changes nothing. */
  auditor: ["communities.read", "devices.read", "gateways.read"],
} as const satisfies Record<string, readonly Right[]>;
export type Role = keyof typeof roles;
export const roleIds = Object.keys(roles) as [Role, ...Role[]];

export function hasRight(role: Role, right: Right): boolean {
  return (roles[role] as readonly Right[]).includes(right);
}
