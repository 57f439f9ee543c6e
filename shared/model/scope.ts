/**
 * `scope`: on whose behalf something is asked of a store, and how far that reaches.
 *
 * Every store method takes one as its first argument and cuts what it reads and writes by it;
 * what lies outside is "not found". A scope is made where somebody is identified (a sign-in, a
 * token, the process itself) and never from a request's own words.
 */
import type {
  CommunityId,
  GatewayId,
  KeyId,
  OrganizationId,
  PersonId,
  ResidentId,
  TenantName,
} from "./ids.ts";

/** The process itself, working for nobody in particular (rollup, projection, sealing). Never made from a request. */
export interface SystemScope {
  readonly kind: "system";
  /** Which part of the process, for the audit. */
  readonly part: string;
}
/** Everything of one organization: what belongs to it and all its communities. */
export interface OrganizationScope {
  readonly kind: "organization";
  readonly organizationId: OrganizationId;
  readonly by: PersonId | KeyId | GatewayId;
}
/** These communities of one organization (sub-communities are named too), and no other. */
export interface CommunitiesScope {
  readonly kind: "communities";
  readonly organizationId: OrganizationId;
  readonly communityIds: ReadonlySet<CommunityId>;
  readonly by: PersonId | KeyId | GatewayId;
}
/**
 * What somebody signed in, or a key, reaches on the hub. It is made for the right a route asks
 * for: the places where the asker has that right.
 */
export type HubScope = OrganizationScope | CommunitiesScope;
/** A resident of one community: their own tenancies' windows. */
export interface ResidentScope {
  readonly kind: "resident";
  readonly tenant: TenantName;
  readonly residentId: ResidentId;
}
/** A gateway: the databases of its communities. */
export interface GatewayScope {
  readonly kind: "gateway";
  readonly gatewayId: GatewayId;
  readonly tenants: readonly TenantName[];
}
/** A program on the building's own network: what its communities hold, for reading. */
export interface ProgramScope {
  readonly kind: "program";
  readonly keyId: KeyId;
  readonly tenants: ReadonlySet<TenantName>;
}
export type Scope =
  | SystemScope
  | OrganizationScope
  | CommunitiesScope
  | ResidentScope
  | ProgramScope
  | GatewayScope;

/** The process's own scope, named after the part that acts. */
export function systemScope(part: string): SystemScope {
  return { kind: "system", part };
}
