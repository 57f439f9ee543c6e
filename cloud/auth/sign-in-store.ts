/**
 * `sign-in-store`: who is signed in. A sign-in is an opaque token in a cookie; here stands its
 * hash, so that a copy of the database signs nobody in. Ended at once when it is deleted.
 */
import type { Database } from "#shared/couch/database.ts";
import { isToken, newToken, tokenHash } from "#shared/auth/opaque-token.ts";
import type { Clock } from "#shared/model/clock.ts";
import { isFault } from "#shared/model/fault.ts";
import type { OrganizationId, PersonId } from "#shared/model/ids.ts";

/**
 * `sign-in:{sha256 of the token}` in `riser`.
 *
 * History: 1 = first release.
 */
export interface SignInDoc {
  readonly _id: string;
  readonly type: "sign-in";
  readonly v: 1;
  readonly personId: PersonId;
  /** The organization they work in just now, for somebody who belongs to several. */
  readonly organizationId?: OrganizationId;
  readonly createdAt: string;
  readonly expiresAt: string;
  readonly [field: string]: unknown;
}

/** Without being used for this long it ends. */
export const SIGN_IN_LIFE_MS = 30 * 86_400_000;
/** It is moved on no more often than this, so that reading a page costs no write. */
const SLIDE_MS = 3_600_000;

export interface SignedIn {
  readonly personId: PersonId;
  readonly organizationId: OrganizationId | undefined;
  /** Its end was moved on: the browser's cookie wants the same. */
  readonly isMovedOn: boolean;
}

export interface SignInStore {
  /** A new sign-in: the token, shown to nobody but the browser. */
  begin(personId: PersonId): Promise<string>;
  /** Whose it is, or undefined when it is over or never was. */
  personOf(token: string): Promise<SignedIn | undefined>;
  end(token: string): Promise<void>;
  /** Removes those that are over. */
  sweep(): Promise<number>;
}

export function signInStore(
  riser: Database,
  clock: Clock,
  random: (size: number) => Uint8Array,
): SignInStore {
  const expiry = () => new Date(clock.now() + SIGN_IN_LIFE_MS).toISOString();
  const idOf = (token: string) => `sign-in:${tokenHash(token)}`;
  const remove = async (doc: SignInDoc) => {
    if (doc._rev === undefined) return;
    // Ended twice at once is ended.
    await riser.remove(doc._id, doc._rev as string).catch((error: unknown) => {
      if (!isFault(error, "conflict") && !isFault(error, "not_found")) throw error;
    });
  };
  return {
    async begin(personId) {
      const token = newToken(random);
      const createdAt = new Date(clock.now()).toISOString();
      await riser.put({
        _id: idOf(token),
        type: "sign-in",
        v: 1,
        personId,
        createdAt,
        expiresAt: expiry(),
      });
      return token;
    },
    async personOf(token) {
      if (!isToken(token)) return undefined;
      const doc = await riser.get<SignInDoc>(idOf(token));
      if (!doc) return undefined;
      const leftMs = Date.parse(doc.expiresAt) - clock.now();
      if (leftMs <= 0) {
        await remove(doc);
        return undefined;
      }
      const { personId, organizationId } = doc;
      if (leftMs > SIGN_IN_LIFE_MS - SLIDE_MS)
        return { personId, organizationId, isMovedOn: false };
      const isMovedOn = await riser.put({ ...doc, expiresAt: expiry() }).then(
        () => true,
        (error: unknown) => {
          if (isFault(error, "conflict")) return false;
          throw error;
        },
      );
      return { personId, organizationId, isMovedOn };
    },
    async end(token) {
      const doc = isToken(token) ? await riser.get<SignInDoc>(idOf(token)) : undefined;
      if (doc) await remove(doc);
    },
    async sweep() {
      const now = clock.now();
      let ended = 0;
      for (const doc of await riser.list<SignInDoc>({ from: "sign-in:", to: "sign-in:\uffff" }))
        if (Date.parse(doc.expiresAt) <= now) {
          await remove(doc);
          ended++;
        }
      return ended;
    },
  };
}
