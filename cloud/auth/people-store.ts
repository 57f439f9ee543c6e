/**
 * `people-store`: those who sign in on the hub, with their role and the hash of their password.
 */
import { createHash } from "node:crypto";
import { z } from "zod";
import type { Registry } from "#cloud/hub/registry.ts";
import { reachesOrganization } from "#cloud/hub/scoped-documents.ts";
import { Fault } from "#shared/model/fault.ts";
import { OrganizationId, PersonId } from "#shared/model/ids.ts";
import { roleIds } from "#shared/model/roles.ts";
import type { Scope } from "#shared/model/scope.ts";
import { At } from "#shared/model/site.ts";

/**
 * `person:{personId}` in `riser`. Beside it `email:{sha256}` makes the e-mail address unique.
 *
 * History: 1 = first release.
 */
export const PersonDoc = z.object({
  _id: z.string().startsWith("person:"),
  type: z.literal("person"),
  v: z.literal(1),
  personId: PersonId,
  organizationId: OrganizationId,
  role: z.enum(roleIds),
  email: z.string(),
  firstName: z.string(),
  lastName: z.string(),
  passwordHash: z.string().startsWith("$argon2id$"),
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

const emailId = (email: string) =>
  `email:${createHash("sha256").update(email.trim().toLowerCase()).digest("hex")}`;

export interface PeopleStore {
  list(scope: Scope): Promise<PersonDoc[]>;
  /** @throws Fault "not_found" */
  find(scope: Scope, personId: PersonId): Promise<PersonDoc>;
  findByEmail(scope: Scope, email: string): Promise<PersonDoc | undefined>;
  /** @throws Fault "conflict" when the address belongs to somebody */
  add(scope: Scope, person: PersonDoc): Promise<void>;
}

export function peopleStore(registry: Registry): PeopleStore {
  const { riser } = registry;
  const inReach = (scope: Scope, person: PersonDoc) =>
    scope.kind !== "community" && reachesOrganization(scope, person.organizationId);
  const held = async (personId: PersonId) =>
    (await riser.freshOf<PersonDoc>("person")).get(`person:${personId}`);
  return {
    async list(scope) {
      const all = [...(await riser.freshOf<PersonDoc>("person")).values()];
      return all.filter((person) => inReach(scope, person));
    },
    async find(scope, personId) {
      const person = await held(personId);
      if (!person || !inReach(scope, person))
        throw new Fault("not_found", "There is no such person here.");
      return person;
    },
    async findByEmail(scope, email) {
      const link = await riser.database.get<EmailDoc>(emailId(email));
      const person = link && (await held(link.personId));
      return person && inReach(scope, person) ? person : undefined;
    },
    async add(scope, person) {
      if (!inReach(scope, person))
        throw new Fault("forbidden", "That lies outside of what you may change.");
      const link: EmailDoc = {
        _id: emailId(person.email),
        type: "email",
        v: 1,
        personId: person.personId,
      };
      const old = await riser.database.get<EmailDoc>(link._id);
      // An address without its person is what a start cut off in between left behind.
      if (old && (await held(old.personId)))
        throw new Fault("conflict", "Somebody with this e-mail address is here already.");
      await riser.database.put(old?._rev === undefined ? link : { ...link, _rev: old._rev });
      await riser.database.put(person);
    },
  };
}
