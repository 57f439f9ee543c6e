/**
 * `setup-link-store`: one-time links with which an operator makes their own sign-in.
 *
 * Only the hash of a link is kept. It works once and for 24 hours; a new one ends those before.
 */
import type { Database } from "#shared/couch/database.ts";
import { isToken, newToken, tokenHash } from "#shared/auth/opaque-token.ts";
import type { Clock } from "#shared/model/clock.ts";
import { Fault, isFault } from "#shared/model/fault.ts";
import type { OrganizationId } from "#shared/model/ids.ts";

/**
 * `setup-link:{sha256 of the token}` in `riser`.
 *
 * History: 1 = first release.
 */
export interface SetupLinkDoc {
  readonly _id: string;
  readonly type: "setup-link";
  readonly v: 1;
  readonly expiresAt: string;
  /** The organization it leads into; null for the first one, which is made by it. */
  readonly organizationId: OrganizationId | null;
  readonly [field: string]: unknown;
}

export const SETUP_LINK_LIFE_MS = 86_400_000;

export interface SetupLinkStore {
  /** A new link's token. */
  make(organizationId: OrganizationId | null): Promise<string>;
  isValid(token: string): Promise<boolean>;
  /** Uses it up. @throws Fault "not_found" when it is unknown, used or too old */
  use(token: string): Promise<SetupLinkDoc>;
}

export function setupLinkStore(
  riser: Database,
  clock: Clock,
  random: (size: number) => Uint8Array,
): SetupLinkStore {
  const gone = () =>
    new Fault(
      "not_found",
      "This link does not work (any more). Ask for a new one: npm run hub -- setup-link",
    );
  const find = async (token: string) => {
    if (!isToken(token)) return undefined;
    const doc = await riser.get<SetupLinkDoc>(`setup-link:${tokenHash(token)}`);
    return doc && Date.parse(doc.expiresAt) > clock.now() ? doc : undefined;
  };
  return {
    async make(organizationId) {
      const old = await riser.list({ from: "setup-link:", to: "setup-link:\uffff" });
      for (const { _id, _rev } of old) if (_rev !== undefined) await riser.remove(_id, _rev);
      const token = newToken(random);
      await riser.put({
        _id: `setup-link:${tokenHash(token)}`,
        type: "setup-link",
        v: 1,
        organizationId,
        expiresAt: new Date(clock.now() + SETUP_LINK_LIFE_MS).toISOString(),
      });
      return token;
    },
    isValid: async (token) => (await find(token)) !== undefined,
    async use(token) {
      const doc = await find(token);
      if (doc?._rev === undefined) throw gone();
      try {
        await riser.remove(doc._id, doc._rev as string);
      } catch (error) {
        // Two at once: one of them was first.
        if (isFault(error, "conflict") || isFault(error, "not_found")) throw gone();
        throw error;
      }
      return doc;
    },
  };
}
