/**
 * `setup`: how the first operator comes in: by a one-time link that leads to a form.
 */
import type { PersonDoc } from "#cloud/auth/people-store.ts";
import type { Hub } from "#cloud/hub/hub.ts";
import { defaultSettings } from "#cloud/hub/organization-settings.ts";
import { save } from "#cloud/hub/save.ts";
import type { Setup } from "#shared/api/admin.ts";
import { weakness } from "#shared/auth/password-policy.ts";
import { hashSecret } from "#shared/auth/secret-hash.ts";
import { Fault } from "#shared/model/fault.ts";
import { newId, type MembershipId, type OrganizationId, type PersonId } from "#shared/model/ids.ts";
import { systemScope } from "#shared/model/scope.ts";

const scope = systemScope("setup");

export interface SetupLinkOptions {
  /** Also when somebody can sign in already. */
  readonly add?: boolean;
  /** The organization it leads into, by name; needed when there are several. */
  readonly organization?: string | undefined;
}

/** Whether there is somebody who can sign in as an operator. */
export async function hasOperator(hub: Hub): Promise<boolean> {
  const all = await hub.people.list(scope);
  return all.some(({ memberships }) => memberships.some(({ role }) => role === "operator"));
}

/** The path of a new link; earlier ones end. @throws Fault "conflict" | "not_found" | "invalid" */
export async function makeSetupLink(hub: Hub, options: SetupLinkOptions = {}): Promise<string> {
  const organizations = await hub.registry.organizations();
  if (!options.add && (await hasOperator(hub)))
    throw new Fault("conflict", "Somebody can sign in already. For one more operator: --add");
  const named = organizations.find(({ name }) => name === options.organization);
  if (options.organization !== undefined && !named)
    throw new Fault(
      "not_found",
      `There is no organization ${JSON.stringify(options.organization)} here.`,
    );
  if (!named && organizations.length > 1)
    throw new Fault(
      "invalid",
      "There are several organizations: say which, with --organization <name>",
    );
  const organizationId = (named ?? organizations[0])?.organizationId ?? null;
  return `/setup#token=${await hub.setupLinks.make(organizationId)}`;
}

/** Makes the operator, and the organization when there is none. @throws Fault "invalid" | "not_found" | "conflict" */
export async function setUp(hub: Hub, form: Setup): Promise<PersonDoc> {
  const { token, organization, email, password, zone } = form;
  const { first_name: firstName, last_name: lastName } = form;
  const weak = weakness(password, { email, names: [firstName, lastName, organization] });
  if (!(await hub.setupLinks.isValid(token))) await hub.setupLinks.use(token);
  if (weak) throw new Fault("invalid", weak, { fields: { password: weak } });
  if (await hub.people.findByEmail(scope, email))
    throw new Fault("conflict", "Somebody with this e-mail address is here already.");
  const passwordHash = await hashSecret(password);
  const link = await hub.setupLinks.use(token);

  const createdAt = new Date(hub.clock.now()).toISOString();
  const organizationId = await hub.registry.alone(async () => {
    const here = await hub.registry.organizations();
    const id =
      link.organizationId ?? here[0]?.organizationId ?? newId<OrganizationId>("o", hub.random);
    if (!here.some((one) => one.organizationId === id))
      await save(hub.registry.riser.database, [
        {
          _id: `organization:${id}`,
          type: "organization",
          v: 1,
          organizationId: id,
          name: organization,
          ...(zone === undefined ? {} : { settings: { ...defaultSettings, zone } }),
          createdAt,
        },
      ]);
    return id;
  });
  const personId = newId<PersonId>("p", hub.random);
  const person: PersonDoc = {
    _id: `person:${personId}`,
    type: "person",
    v: 1,
    personId,
    email: email.trim(),
    firstName,
    lastName,
    phone: null,
    language: "en",
    memberships: [
      {
        membershipId: newId<MembershipId>("m", hub.random),
        organizationId,
        role: "operator",
        on: { kind: "organization" },
        createdAt,
      },
    ],
    passwordHash,
    isDisabled: false,
    createdAt,
  };
  await hub.people.add(scope, person);
  return person;
}
