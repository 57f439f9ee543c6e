/**
 * `who-lives`: the people behind tenancies, named only to those who may look at people there; to
 * others (an installer) a home is lived in or vacant.
 */
import { scopeFor, type Asker } from "#cloud/api/asker.ts";
import { mailboxOf } from "#cloud/auth/invite.ts";
import type { PersonDoc } from "#cloud/auth/people-store.ts";
import type { Hub, ResidentDoc, UnitDoc } from "./hub.ts";
import { reachesCommunity } from "./scoped-documents.ts";
import { phoneText, searchText } from "./search.ts";
import type { TenancyRow } from "#shared/api/units.ts";

type Tenancy = UnitDoc["tenancies"][number];

export interface WhoLives {
  row(unit: Pick<UnitDoc, "communityId">, tenancy: Tenancy): TenancyRow;
  /** What a search looks through (`searchText`) of those who live or lived there and may be seen. */
  text(unit: UnitDoc): string;
  /** Tells two records of one person apart from those of two people; for the hub's own use. */
  readonly whoIs: (residentId: string) => string;
}

/** Names as a search looks for them, good until a person or resident changes: a search is typed letter by letter. */
const names = new WeakMap<UnitDoc, { version: string; text: string }>();

export async function whoLives(hub: Hub, asker: Asker): Promise<WhoLives> {
  const image = await hub.registry.organization(asker.organizationId);
  await Promise.all([image.fresh(), hub.registry.riser.fresh()]);
  const residents = image.held<ResidentDoc>("resident");
  const people = hub.registry.riser.held<PersonDoc>("person");
  const seen = scopeFor(asker, "people.read");
  const version = `${image.version("resident")}:${hub.registry.riser.version("person")}`;
  const personOf = (residentId: string) => {
    const personId = residents.get(`resident:${residentId}`)?.personId;
    return personId === undefined ? undefined : people.get(`person:${personId}`);
  };
  const nameOf = ({ firstName, lastName }: PersonDoc) => `${firstName} ${lastName}`.trim();
  const maySee = ({ communityId }: Pick<UnitDoc, "communityId">) =>
    seen !== undefined && reachesCommunity(seen, communityId);
  return {
    row(unit, { tenancyId, residentId, from, to, partOf }) {
      const person = maySee(unit) ? personOf(residentId) : undefined;
      return {
        id: tenancyId,
        resident: {
          id: residentId,
          person_id: person?.personId ?? null,
          name: person ? nameOf(person) : null,
        },
        from,
        to: to ?? null,
        part_of: partOf ?? null,
      };
    },
    text(unit) {
      if (unit.tenancies.length === 0 || !maySee(unit)) return "";
      let known = names.get(unit);
      if (known?.version !== version) {
        const people = unit.tenancies.flatMap(({ residentId }) => personOf(residentId) ?? []);
        const text = searchText(
          people.flatMap((one) => [nameOf(one), mailboxOf(one), phoneText(one.phone)]),
        );
        names.set(unit, (known = { version, text }));
      }
      return known.text;
    },
    whoIs: (residentId) => residents.get(`resident:${residentId}`)?.personId ?? residentId,
  };
}
