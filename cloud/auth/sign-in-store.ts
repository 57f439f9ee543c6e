/**
 * `sign-in-store`: who is signed in. A sign-in is an opaque token in a cookie; here stands its
 * hash, so that a copy of the database signs nobody in. Ended at once when it is deleted, and all
 * of a person's when their epoch goes up.
 */
import { removeAll } from "#cloud/hub/remove-all.ts";
import type { Database } from "#shared/couch/database.ts";
import { isToken, newToken, tokenHash } from "#shared/auth/opaque-token.ts";
import type { Clock } from "#shared/model/clock.ts";
import { isFault } from "#shared/model/fault.ts";
import { PersonId, type OrganizationId } from "#shared/model/ids.ts";

/** How somebody came in. */
export type SignInWay = "password" | "link" | "oidc" | "setup" | "passkey";

/**
 * `sign-in:{personId}:{sha256 of the token}` in `riser`.
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
  /** Of the person when it began; over once theirs is higher. */
  readonly epoch: number;
  readonly way: SignInWay;
  /** The address it came from, and what the browser called itself: for its owner to know it again. */
  readonly from: string;
  readonly agent: string;
  /** While they act as somebody else. */
  readonly assistanceId?: string;
  readonly createdAt: string;
  /** Moved on once an hour at most. */
  readonly seenAt: string;
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
  readonly epoch: number;
  readonly assistanceId: string | undefined;
  /** Names it in lists. */
  readonly signInId: string;
  /** Its end was moved on: the browser's cookie wants the same. */
  readonly isMovedOn: boolean;
}

export interface Beginning {
  readonly epoch?: number;
  readonly way?: SignInWay;
  readonly from?: string;
  readonly agent?: string;
  readonly organizationId?: OrganizationId;
}

export interface SignInStore {
  /** A new sign-in: the token, shown to nobody but the browser. */
  begin(personId: PersonId, about?: Beginning): Promise<string>;
  /** Whose it is, or undefined when it is over or never was. The epoch is the caller's to compare. */
  personOf(token: string): Promise<SignedIn | undefined>;
  /** Changes where it works or whom it acts as. Undefined when it is over. */
  change(token: string, change: (doc: SignInDoc) => SignInDoc): Promise<SignInDoc | undefined>;
  end(token: string): Promise<void>;
  /** A person's, newest first; those of earlier epochs are left out. */
  of(personId: PersonId, epoch: number): Promise<SignInDoc[]>;
  /** Ends one of a person's by its name; false when there is none. */
  endOne(personId: PersonId, signInId: string): Promise<boolean>;
  /** Ends a person's; returns how many. */
  endAll(personId: PersonId, exceptId?: string): Promise<number>;
  /** Ends everybody's. */
  endEverybodys(): Promise<void>;
  /** Removes those that are over. */
  sweep(): Promise<number>;
}

/** The person's id without its first letters (no secret: it finds the sign-in), and the token. */
const TOKEN = /^([0-9a-hjkmnp-tv-z]{16})([A-Za-z0-9_-]{43})$/;
/** How a sign-in is called where its owner sees it. */
export const signInIdOf = ({ _id }: { readonly _id: string }) => _id.slice(-64).slice(0, 16);

export function signInStore(
  riser: Database,
  clock: Clock,
  random: (size: number) => Uint8Array,
): SignInStore {
  const expiry = () => new Date(clock.now() + SIGN_IN_LIFE_MS).toISOString();
  const idOf = (token: string): string | undefined => {
    const [, person, secret] = TOKEN.exec(token) ?? [];
    if (person === undefined || secret === undefined || !isToken(secret)) return undefined;
    return `sign-in:p-${person}:${tokenHash(secret)}`;
  };
  const get = async (token: string) => {
    const id = idOf(token);
    return id === undefined ? undefined : riser.get<SignInDoc>(id);
  };
  const remove = async (doc: SignInDoc) => {
    if (doc._rev === undefined) return;
    // Ended twice at once is ended.
    await riser.remove(doc._id, doc._rev as string).catch((error: unknown) => {
      if (!isFault(error, "conflict") && !isFault(error, "not_found")) throw error;
    });
  };
  const all = (personId?: PersonId) => {
    const prefix = personId === undefined ? "sign-in:" : `sign-in:${personId}:`;
    return riser.list<SignInDoc>({ from: prefix, to: `${prefix}\uffff` });
  };
  const isOver = ({ expiresAt }: SignInDoc) => Date.parse(expiresAt) <= clock.now();
  return {
    async begin(personId, about = {}) {
      const { epoch = 0, way = "password", from = "", agent = "", organizationId } = about;
      const secret = newToken(random);
      const at = new Date(clock.now()).toISOString();
      const doc: SignInDoc = {
        _id: `sign-in:${PersonId.parse(personId)}:${tokenHash(secret)}`,
        type: "sign-in",
        v: 1,
        personId,
        epoch,
        way,
        from,
        agent: agent.slice(0, 200),
        ...(organizationId === undefined ? {} : { organizationId }),
        createdAt: at,
        seenAt: at,
        expiresAt: expiry(),
      };
      await riser.put(doc);
      return `${personId.slice(2)}${secret}`;
    },
    async personOf(token) {
      const doc = await get(token);
      if (!doc) return undefined;
      const leftMs = Date.parse(doc.expiresAt) - clock.now();
      if (leftMs <= 0) {
        await remove(doc);
        return undefined;
      }
      const { personId, organizationId, epoch, assistanceId } = doc;
      const found = { personId, organizationId, epoch, assistanceId, signInId: signInIdOf(doc) };
      if (leftMs > SIGN_IN_LIFE_MS - SLIDE_MS) return { ...found, isMovedOn: false };
      const seenAt = new Date(clock.now()).toISOString();
      const isMovedOn = await riser.put({ ...doc, seenAt, expiresAt: expiry() }).then(
        () => true,
        (error: unknown) => {
          if (isFault(error, "conflict")) return false;
          throw error;
        },
      );
      return { ...found, isMovedOn };
    },
    async change(token, change) {
      for (;;) {
        const doc = await get(token);
        if (!doc || isOver(doc)) return undefined;
        const changed = change(doc);
        try {
          await riser.put(changed);
          return changed;
        } catch (error) {
          if (!isFault(error, "conflict")) throw error;
        }
      }
    },
    async end(token) {
      const doc = await get(token);
      if (doc) await remove(doc);
    },
    async of(personId, epoch) {
      const theirs = (await all(personId)).filter((one) => one.epoch >= epoch && !isOver(one));
      return theirs.sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1));
    },
    async endOne(personId, signInId) {
      const one = (await all(personId)).find((doc) => signInIdOf(doc) === signInId);
      if (one) await remove(one);
      return one !== undefined;
    },
    async endAll(personId, exceptId) {
      const theirs = (await all(personId)).filter((doc) => signInIdOf(doc) !== exceptId);
      for (const doc of theirs) await remove(doc);
      return theirs.length;
    },
    endEverybodys: async () => removeAll(riser, await all()),
    async sweep() {
      let ended = 0;
      for (const doc of await all())
        if (isOver(doc)) {
          await remove(doc);
          ended++;
        }
      return ended;
    },
  };
}
