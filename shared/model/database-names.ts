/**
 * `database-names`: the names of all databases, made and parsed in one place.
 *
 * A name is parsed by one anchored pattern and never by prefix: `t-foo-` also begins the
 * databases of a community called `foo-site`.
 */
import type { GatewayId, OrganizationId, TenantName } from "./ids.ts";

export type DatabaseName =
  | { readonly kind: "tele"; readonly tenant: TenantName; readonly month: string }
  | { readonly kind: "events"; readonly tenant: TenantName; readonly month: string }
  | { readonly kind: "site"; readonly tenant: TenantName; readonly generation: number }
  | { readonly kind: "hist"; readonly tenant: TenantName; readonly month: string }
  | { readonly kind: "daily"; readonly tenant: TenantName; readonly year: string }
  | { readonly kind: "gateway"; readonly gatewayId: GatewayId };

const TENANT = "(?<tenant>[a-z][a-z0-9-]{1,38})";
const MONTH = "(?<month>[0-9]{4}(?:0[1-9]|1[0-2]))";
const PATTERN = {
  monthly: new RegExp(`^t-${TENANT}-(?<kind>tele|events|hist)-${MONTH}$`),
  site: new RegExp(`^t-${TENANT}-site-(?<generation>[1-9][0-9]{0,9})$`),
  daily: new RegExp(`^t-${TENANT}-daily-(?<year>[0-9]{4})$`),
  gateway: /^g-(?<gateway>gw-[0-9a-f]{16})$/,
} as const;

/** Says which replicated database a name is, or undefined when it is none. */
export function parseDatabaseName(name: string): DatabaseName | undefined {
  let found = PATTERN.monthly.exec(name)?.groups;
  if (found)
    return {
      kind: found.kind as "tele",
      tenant: found.tenant as TenantName,
      month: found.month as string,
    };
  found = PATTERN.site.exec(name)?.groups;
  if (found)
    return {
      kind: "site",
      tenant: found.tenant as TenantName,
      generation: Number(found.generation),
    };
  found = PATTERN.daily.exec(name)?.groups;
  if (found)
    return { kind: "daily", tenant: found.tenant as TenantName, year: found.year as string };
  found = PATTERN.gateway.exec(name)?.groups;
  if (found) return { kind: "gateway", gatewayId: found.gateway as GatewayId };
  return undefined;
}

/** UTC month as `yyyymm`. */
export function monthOf(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(0, 7).replace("-", "");
}

/** The UTC month `yyyymm` from its begin to the begin of the next, epoch ms. */
export function monthBounds(month: string): { readonly fromMs: number; readonly toMs: number } {
  const [year, number] = [Number(month.slice(0, 4)), Number(month.slice(4))];
  return { fromMs: Date.UTC(year, number - 1), toMs: Date.UTC(year, number) };
}

/** UTC day as `yyyymmdd`. */
export function dayOf(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(0, 10).replaceAll("-", "");
}

export const databaseName = {
  tele: (tenant: TenantName, month: string) => `t-${tenant}-tele-${month}`,
  events: (tenant: TenantName, month: string) => `t-${tenant}-events-${month}`,
  site: (tenant: TenantName, generation: number) => `t-${tenant}-site-${generation}`,
  hist: (tenant: TenantName, month: string) => `t-${tenant}-hist-${month}`,
  daily: (tenant: TenantName, year: string) => `t-${tenant}-daily-${year}`,
  gateway: (gatewayId: GatewayId) => `g-${gatewayId}`,
  organization: (organizationId: OrganizationId) => organizationId as string,
  audit: (organizationId: OrganizationId, year: string) => `${organizationId}-audit-${year}`,
  hub: "riser",
  roll: "roll",
  local: "local",
  strangers: "strangers",
  ledger: "ledger",
  inbox: (day: string) => `inbox-${day}`,
} as const;
