/**
 * `create-admin`: one more operator from the command line, by an activation link: there is no
 * password but the one they choose.
 */
import { invite } from "#cloud/auth/invite.ts";
import { Email } from "#shared/api/people.ts";
import { Fault } from "#shared/model/fault.ts";
import { newId, type OrganizationId } from "#shared/model/ids.ts";
import { systemScope } from "#shared/model/scope.ts";
import type { Hub } from "./hub.ts";

const scope = systemScope("create-admin");

export interface AdminOptions {
  readonly email: string;
  readonly firstName?: string | undefined;
  readonly lastName?: string | undefined;
  /** By name: made when there is none of that name and none at all. */
  readonly organization?: string | undefined;
  readonly hubUrl: string;
}

export interface AdminMade {
  readonly organization: string;
  /** Null for somebody who can sign in already. */
  readonly url: string | null;
  readonly expiresAt: string | null;
}

/** @throws Fault "invalid" | "not_found" | "conflict" in words */
export async function createAdmin(hub: Hub, options: AdminOptions): Promise<AdminMade> {
  const email = Email.safeParse(options.email);
  if (!email.success) throw new Fault("invalid", "--email: is no e-mail address");
  const { organizationId, name } = await organizationOf(hub, options.organization);
  const { invitation } = await invite(
    hub,
    scope,
    {
      organizationId,
      email: email.data,
      firstName: options.firstName ?? "",
      lastName: options.lastName ?? "",
      role: "operator",
      on: { kind: "organization" },
    },
    // Whoever runs the hub's program may see all of it.
    { way: "link", hubUrl: options.hubUrl, mayShow: async () => {} },
  );
  return {
    organization: name,
    url: invitation?.url ?? null,
    expiresAt: invitation?.expiresAt ?? null,
  };
}

async function organizationOf(
  hub: Hub,
  wanted: string | undefined,
): Promise<{ organizationId: OrganizationId; name: string }> {
  return hub.registry.alone(async () => {
    const all = await hub.registry.organizations();
    const named = all.find(({ name }) => name === wanted);
    if (named) return named;
    const [only, ...more] = all;
    if (wanted === undefined && only && more.length === 0) return only;
    if (wanted === undefined)
      throw new Fault("invalid", "Say in which organization: --organization <name>");
    if (only)
      throw new Fault(
        "not_found",
        `There is no organization ${JSON.stringify(wanted)} here, but ${all.map(({ name }) => JSON.stringify(name)).join(", ")}.`,
      );
    const organizationId = newId<OrganizationId>("o", hub.random);
    await hub.registry.riser.database.put({
      _id: `organization:${organizationId}`,
      type: "organization",
      v: 1,
      organizationId,
      name: wanted,
      createdAt: new Date(hub.clock.now()).toISOString(),
    });
    return { organizationId, name: wanted };
  });
}
