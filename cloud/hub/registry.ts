/**
 * `registry`: the hub's own database `riser` and the databases of its organizations, as images.
 *
 * Knows which organizations there are; what stands in them is the stores' business.
 */
import { z } from "zod";
import type { Databases } from "#shared/couch/database.ts";
import { Fault } from "#shared/model/fault.ts";
import { databaseName } from "#shared/model/database-names.ts";
import { OrganizationId } from "#shared/model/ids.ts";
import { At } from "#shared/model/site.ts";
import { databaseImage, type Image } from "./image.ts";
import { OrganizationSettings } from "./organization-settings.ts";

/**
 * `organization:{organizationId}` in `riser`.
 *
 * History: 1 = first release.
 */
export const OrganizationDoc = z.object({
  _id: z.string().startsWith("organization:"),
  type: z.literal("organization"),
  v: z.literal(1),
  organizationId: OrganizationId,
  name: z.string(),
  /** Absent: the defaults. */
  settings: OrganizationSettings.optional(),
  createdAt: At,
});
export type OrganizationDoc = z.infer<typeof OrganizationDoc>;

/** Held in memory: few or often asked for. Sign-ins and set-up links are looked up one by one. */
const HELD_OF_HUB = new Set([
  "organization",
  "gateway",
  "deny",
  "person",
  "api-key",
  "link",
  "claim",
]);

export interface Registry {
  readonly riser: Image;
  organizations(): Promise<OrganizationDoc[]>;
  /** One of them. @throws Fault "not_found" */
  organizationDoc(organizationId: OrganizationId): Promise<OrganizationDoc>;
  /** Runs `work` while nobody else founds an organization: two who find none would make two. */
  alone<T>(work: () => Promise<T>): Promise<T>;
  /** The organization's database; only for ids that came from `organizations` or a scope. */
  organization(organizationId: OrganizationId): Promise<Image>;
}

export async function openRegistry(databases: Databases): Promise<Registry> {
  const riser = databaseImage(await databases.open(databaseName.hub), ({ type }) =>
    HELD_OF_HUB.has(type as string),
  );
  const images = new Map<OrganizationId, Promise<Image>>();
  let before: Promise<unknown> = Promise.resolve();
  return {
    riser,
    organizations: async () => [...(await riser.freshOf<OrganizationDoc>("organization")).values()],
    async organizationDoc(organizationId) {
      const doc = (await riser.freshOf<OrganizationDoc>("organization")).get(
        `organization:${organizationId}`,
      );
      if (!doc) throw new Fault("not_found", "There is no such organization here.");
      return doc;
    },
    alone(work) {
      const mine = before.then(work);
      before = mine.catch(() => {});
      return mine;
    },
    organization(organizationId) {
      let image = images.get(organizationId);
      if (!image) {
        image = databases
          .open(databaseName.organization(organizationId))
          .then((database) => databaseImage(database, ({ type }) => type !== "key"));
        images.set(organizationId, image);
        image.catch(() => images.delete(organizationId));
      }
      return image;
    },
  };
}
