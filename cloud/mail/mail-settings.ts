/**
 * `mail-settings`: the mail server of an organization. Its password is sealed and goes to nobody
 * but that server.
 */
import { z } from "zod";
import type { Registry } from "#cloud/hub/registry.ts";
import { openText, sealText } from "#cloud/hub/sealed-text.ts";
import { save } from "#cloud/hub/save.ts";
import type { OrganizationId } from "#shared/model/ids.ts";

/** `tls`: from the first byte on (usually port 465). `starttls`: required after the greeting (587). `none`: in the clear, for a server on the same machine. */
export const securities = ["tls", "starttls", "none"] as const;

/**
 * `mail-settings` in `o-{organization}`.
 *
 * History: 1 = first release.
 */
export const MailSettingsDoc = z.object({
  _id: z.literal("mail-settings"),
  type: z.literal("mail-settings"),
  v: z.literal(1),
  host: z.string(),
  port: z.number().int(),
  security: z.enum(securities),
  user: z.string().nullable(),
  /** See `sealed-text`. */
  sealedPassword: z.string().nullable(),
  fromAddress: z.string(),
  fromName: z.string(),
});
export type MailSettingsDoc = z.infer<typeof MailSettingsDoc>;

export interface MailServer {
  readonly host: string;
  readonly port: number;
  readonly security: (typeof securities)[number];
  readonly user: string | null;
  readonly password: string | null;
  readonly fromAddress: string;
  readonly fromName: string;
}

export interface MailSettings {
  /** As kept; undefined when there are none. */
  find(organizationId: OrganizationId): Promise<MailSettingsDoc | undefined>;
  /** @param server `password` null keeps the one that is there */
  save(organizationId: OrganizationId, server: MailServer): Promise<void>;
  remove(organizationId: OrganizationId): Promise<void>;
  /** With the password, for sending. */
  server(organizationId: OrganizationId): Promise<MailServer | undefined>;
}

export function mailSettings(registry: Registry, masterKey: Uint8Array): MailSettings {
  const about = (organizationId: OrganizationId) => `mail-settings of ${organizationId}`;
  const find = async (organizationId: OrganizationId) => {
    const { database } = await registry.organization(organizationId);
    return database.get<MailSettingsDoc>("mail-settings");
  };
  return {
    find,
    async save(organizationId, { password, ...rest }) {
      const old = await find(organizationId);
      const sealedPassword =
        rest.user === null
          ? null
          : password === null
            ? (old?.sealedPassword ?? null)
            : await sealText(masterKey, about(organizationId), password);
      const doc: MailSettingsDoc = {
        _id: "mail-settings",
        type: "mail-settings",
        v: 1,
        ...rest,
        sealedPassword,
      };
      await save((await registry.organization(organizationId)).database, [doc]);
    },
    async remove(organizationId) {
      const { database } = await registry.organization(organizationId);
      const old = await find(organizationId);
      if (old) await database.remove(old._id, (old as { _rev?: string })._rev as string);
    },
    async server(organizationId) {
      const doc = await find(organizationId);
      if (!doc) return undefined;
      const { host, port, security, user, sealedPassword, fromAddress, fromName } = doc;
      const password =
        sealedPassword === null
          ? null
          : await openText(masterKey, about(organizationId), sealedPassword);
      return { host, port, security, user, password, fromAddress, fromName };
    },
  };
}
