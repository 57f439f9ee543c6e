/**
 * `who-lives`: the people behind tenancies, named only to those who may look at people there; to
 * others (an installer) a home is lived in or vacant.
 */
import { scopeFor, type Asker } from "#cloud/api/asker.ts";
import type { PersonDoc } from "#cloud/auth/people-store.ts";
import type { Hub, ResidentDoc, UnitDoc } from "#cloud/hub/hub.ts";
import { reachesCommunity } from "#cloud/hub/scoped-documents.ts";
import type { TenancyRow } from "#shared/api/units.ts";

type Tenancy = UnitDoc["tenancies"][number];

export interface WhoLives {
  row(unit: Pick<UnitDoc, "communityId">, tenancy: Tenancy): TenancyRow;
  /** First and last name in lower case where they may be seen, for a search. */
  text(unit: UnitDoc): string;
  /** Tells two records of one person apart from those of two people; for the hub's own use. */
  readonly whoIs: (residentId: string) => string;
}

export async function whoLives(hub: Hub, asker: Asker): Promise<WhoLives> {
  const image = await hub.registry.organization(asker.organizationId);
  await Promise.all([image.fresh(), hub.registry.riser.fresh()]);
  const residents = image.held<ResidentDoc>("resident");
  const people = hub.registry.riser.held<PersonDoc>("person");
  const seen = scopeFor(asker, "people.read");
  const personOf = (residentId: string) => {
    const personId = residents.get(`resident:${residentId}`)?.personId;
    return personId === undefined ? undefined : people.get(`person:${personId}`);
  };
  const nameOf = ({ firstName, lastName }: PersonDoc) => `${firstName} ${lastName}`.trim();
  const maySee = ({ communityId }: Pick<UnitDoc, "communityId">) =>
    seen !== undefined && reachesCommunity(seen, communityId);
  return {
    row(unit, { tenancyId, residentId, from, to }) {
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
      };
    },
    text(unit) {
      if (!maySee(unit) || unit.tenancies.length === 0) return "";
      return unit.tenancies
        .map(({ residentId }) => personOf(residentId))
        .map((person) => (person ? nameOf(person) : ""))
        .join("\n")
        .toLowerCase();
    },
    whoIs: (residentId) => residents.get(`resident:${residentId}`)?.personId ?? residentId,
  };
}
