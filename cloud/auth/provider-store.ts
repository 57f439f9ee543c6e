/**
 * `provider-store`: OpenID Connect providers an organization lets its people come in by. The client
 * secret is sealed and goes to nobody but the provider.
 */
import { z } from "zod";
import type { Registry } from "#cloud/hub/registry.ts";
import { openText, sealText } from "#cloud/hub/sealed-text.ts";
import { Fault } from "#shared/model/fault.ts";
import { newId, OrganizationId } from "#shared/model/ids.ts";
import { At } from "#shared/model/site.ts";

/** A random id beginning with `pr-`. */
export const ProviderId = z.string().regex(/^pr-[0-9a-hjkmnp-tv-z]{16}$/);
export const GOOGLE = "https://accounts.google.com";

/**
 * `provider:{providerId}` in `riser`: a sign-in begins before anybody knows the organization.
 *
 * History: 1 = first release.
 */
export const ProviderDoc = z.object({
  _id: z.string().startsWith("provider:"),
  type: z.literal("provider"),
  v: z.literal(1),
  providerId: ProviderId,
  organizationId: OrganizationId,
  name: z.string(),
  issuer: z.string(),
  clientId: z.string(),
  /** See `sealed-text`; null for a client without a secret. */
  sealedSecret: z.string().nullable(),
  createdAt: At,
});
export type ProviderDoc = z.infer<typeof ProviderDoc>;

export interface ProviderStore {
  list(organizationId: OrganizationId): Promise<ProviderDoc[]>;
  /** Whosever it is. @throws Fault "not_found" */
  find(providerId: string): Promise<ProviderDoc>;
  /** @param secret undefined keeps the one that is there */
  save(
    provider: Pick<ProviderDoc, "organizationId" | "name" | "issuer" | "clientId"> & {
      readonly providerId?: string;
      readonly secret?: string | null;
    },
  ): Promise<ProviderDoc>;
  remove(organizationId: OrganizationId, providerId: string): Promise<void>;
  /** For asking the provider. */
  secretOf(provider: ProviderDoc): Promise<string | undefined>;
}

export function providerStore(
  { riser }: Registry,
  now: () => number,
  random: (size: number) => Uint8Array,
  masterKey: Uint8Array,
): ProviderStore {
  const { database } = riser;
  const find = async (providerId: string) => {
    const doc = await database.get<ProviderDoc>(`provider:${providerId}`);
    if (!doc) throw new Fault("not_found", "There is no such provider here.");
    return doc;
  };
  const ofOrganization = async (organizationId: OrganizationId, providerId: string) => {
    const doc = await find(providerId);
    if (doc.organizationId !== organizationId)
      throw new Fault("not_found", "There is no such provider here.");
    return doc;
  };
  return {
    find,
    async list(organizationId) {
      const all = await database.list<ProviderDoc>({ from: "provider:", to: "provider:\uffff" });
      return all
        .filter((one) => one.organizationId === organizationId)
        .sort((a, b) => a.name.localeCompare(b.name));
    },
    async save({ providerId: known, secret, ...rest }) {
      const old =
        known === undefined ? undefined : await ofOrganization(rest.organizationId, known);
      const providerId = known ?? newId<string>("pr", random);
      const _id = `provider:${providerId}`;
      // Another issuer is another party: it does not get the secret of the one before.
      const isSame = old?.issuer === rest.issuer;
      const sealedSecret =
        secret === undefined
          ? isSame
            ? (old?.sealedSecret ?? null)
            : null
          : secret === null
            ? null
            : await sealText(masterKey, _id, secret);
      const doc: ProviderDoc = {
        ...old,
        _id,
        type: "provider",
        v: 1,
        providerId,
        ...rest,
        sealedSecret,
        createdAt: old?.createdAt ?? new Date(now()).toISOString(),
      };
      await database.put(doc);
      return doc;
    },
    async remove(organizationId, providerId) {
      const doc = await ofOrganization(organizationId, providerId);
      await database.remove(doc._id, (doc as { _rev?: string })._rev as string);
    },
    async secretOf({ _id, sealedSecret }) {
      return sealedSecret === null ? undefined : openText(masterKey, _id, sealedSecret);
    },
  };
}
