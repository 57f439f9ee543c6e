/**
 * `link-store`: one-time secrets that lead somebody in: invitations, forgotten passwords, links
 * that sign in, codes an administrator hands over; and those that show that a mailbox is theirs.
 *
 * Only the hash of one is kept. Each works once and for a time; a new one of the same purpose ends
 * those before. Must never be logged.
 */
import { createHash } from "node:crypto";
import { z } from "zod";
import type { DenyJournal } from "#cloud/hub/deny-journal.ts";
import type { Registry } from "#cloud/hub/registry.ts";
import { newAccessCode, parseAccessCode, printAccessCode } from "#shared/auth/access-code.ts";
import { isToken, newToken } from "#shared/auth/opaque-token.ts";
import type { Clock } from "#shared/model/clock.ts";
import { Fault, isFault } from "#shared/model/fault.ts";
import { OrganizationId, PersonId } from "#shared/model/ids.ts";
import { At } from "#shared/model/site.ts";

/**
 * What a link is good for. `activate`: the first way in. `reset`: another password. `enter`: one
 * sign-in. `code`: another password, by a code that was handed over. `email`: another address.
 */
export const linkPurposes = ["activate", "reset", "enter", "code", "email"] as const;
export type LinkPurpose = (typeof linkPurposes)[number];

const HOUR_MS = 3_600_000;
/** How long each works, ms. */
export const LINK_LIFE_MS = {
  activate: 14 * 24 * HOUR_MS,
  reset: HOUR_MS,
  enter: HOUR_MS / 4,
  code: 72 * HOUR_MS,
  email: 72 * HOUR_MS,
} as const satisfies Record<LinkPurpose, number>;
/** An invitation by letter has to arrive and be opened. */
export const LETTER_LIFE_MS = 60 * 24 * HOUR_MS;

/**
 * `link:{sha256 of the token or code}` in `riser`.
 *
 * History: 1 = first release.
 */
export const LinkDoc = z.object({
  _id: z.string().startsWith("link:"),
  type: z.literal("link"),
  v: z.literal(1),
  purpose: z.enum(linkPurposes),
  personId: PersonId,
  /** On whose behalf it was made. */
  organizationId: OrganizationId,
  /** How it was given: shown to the one who made it, mailed, printed. */
  way: z.enum(["link", "mail", "letter"]),
  /** The mailbox it went to, as a hash: whoever brings it shows that the mailbox is theirs. */
  mailedTo: z.string().optional(),
  /** `email`: the address that becomes theirs when it is confirmed. */
  nextEmail: z.string().optional(),
  createdAt: At,
  expiresAt: At,
});
export type LinkDoc = z.infer<typeof LinkDoc>;

type Made = Pick<LinkDoc, "purpose" | "personId" | "organizationId" | "way"> & {
  /** The address it is mailed to. */
  readonly email?: string;
  /** The address that is to become theirs: it goes there. */
  readonly nextEmail?: string;
  /** Longer or shorter than usual. */
  readonly lifeMs?: number;
};

export interface LinkStore {
  /** A new one: a token, or for `code` a code to be typed. Earlier ones of its purpose end. */
  make(of: Made): Promise<{ token: string; link: LinkDoc }>;
  /** Undefined when it is unknown, used up, too old or for something else. */
  find(token: string, purposes: readonly LinkPurpose[]): Promise<LinkDoc | undefined>;
  /** Uses it up. @throws Fault "not_found" */
  use(token: string, purposes: readonly LinkPurpose[]): Promise<LinkDoc>;
  /** All that still lie there for a person, those too old too. */
  of(personId: PersonId): Promise<LinkDoc[]>;
  /** All there are, by person. */
  byPerson(): Promise<ReadonlyMap<PersonId, readonly LinkDoc[]>>;
  /** Ends a person's; those of `purposes` and of an organization where named. Returns how many. */
  end(
    personId: PersonId,
    purposes?: readonly LinkPurpose[],
    organizationId?: OrganizationId,
  ): Promise<number>;
  /** Removes those that a restore brought back: used or ended, by the names they have in the deny journal. Returns how many. */
  endThese(ids: ReadonlySet<string>): Promise<number>;
  /** Removes those that have been too old for a month. */
  sweep(): Promise<void>;
}

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
export const mailboxHash = (email: string) => sha256(email.trim().toLowerCase());

/** Names a link in the deny journal: the hash of its secret. */
const denialOf = ({ _id }: LinkDoc) => _id.slice("link:".length);

export function linkStore(
  { riser }: Registry,
  clock: Clock,
  random: (size: number) => Uint8Array,
  journal: Pick<DenyJournal, "add">,
): LinkStore {
  const { database } = riser;
  const all = async () => [...(await riser.freshOf<LinkDoc>("link")).values()];
  const idOf = (text: string): string | undefined => {
    if (isToken(text)) return `link:${sha256(text)}`;
    const code = parseAccessCode(text);
    return code && `link:${sha256(printAccessCode(code))}`;
  };
  const remove = async (link: LinkDoc): Promise<boolean> => {
    try {
      await database.remove(link._id, (link as { _rev?: string })._rev as string);
      return true;
    } catch (error) {
      // Two at once: one of them was first.
      if (isFault(error, "conflict") || isFault(error, "not_found")) return false;
      throw error;
    }
  };
  /** First the journal: in a hub that comes back from a backup it must not work again. */
  const spend = async (link: LinkDoc): Promise<boolean> => {
    await journal.add("link", denialOf(link));
    return remove(link);
  };
  const find: LinkStore["find"] = async (token, purposes) => {
    const id = idOf(token);
    const link = id === undefined ? undefined : await database.get<LinkDoc>(id);
    if (!link || !purposes.includes(link.purpose)) return undefined;
    return Date.parse(link.expiresAt) > clock.now() ? link : undefined;
  };
  const end: LinkStore["end"] = async (personId, purposes = linkPurposes, organizationId) => {
    const theirs = (await all()).filter(
      (one) =>
        one.personId === personId &&
        purposes.includes(one.purpose) &&
        (organizationId === undefined || one.organizationId === organizationId),
    );
    let ended = 0;
    for (const link of theirs) if (await spend(link)) ended++;
    return ended;
  };
  return {
    find,
    end,
    async make({ purpose, personId, organizationId, way, email, nextEmail, lifeMs }) {
      await end(personId, [purpose], organizationId);
      const token = purpose === "code" ? printAccessCode(newAccessCode(random)) : newToken(random);
      const nowMs = clock.now();
      const usualMs = way === "letter" ? LETTER_LIFE_MS : LINK_LIFE_MS[purpose];
      const link: LinkDoc = {
        _id: `link:${sha256(token)}`,
        type: "link",
        v: 1,
        purpose,
        personId,
        organizationId,
        way,
        ...(email === undefined ? {} : { mailedTo: mailboxHash(email) }),
        ...(nextEmail === undefined ? {} : { nextEmail }),
        createdAt: new Date(nowMs).toISOString(),
        expiresAt: new Date(nowMs + (lifeMs ?? usualMs)).toISOString(),
      };
      await database.put(link);
      return { token, link };
    },
    async use(token, purposes) {
      const link = await find(token, purposes);
      if (!link || !(await spend(link)))
        throw new Fault(
          "not_found",
          "This link does not work (any more). Please ask for a new one.",
        );
      return link;
    },
    of: async (personId) => (await all()).filter((one) => one.personId === personId),
    async byPerson() {
      const found = new Map<PersonId, LinkDoc[]>();
      for (const link of await all()) {
        const same = found.get(link.personId);
        if (same) same.push(link);
        else found.set(link.personId, [link]);
      }
      return found;
    },
    async endThese(ids) {
      let ended = 0;
      for (const link of await all()) if (ids.has(denialOf(link)) && (await remove(link))) ended++;
      return ended;
    },
    async sweep() {
      const overMs = clock.now() - 30 * 24 * HOUR_MS;
      for (const link of await all()) if (Date.parse(link.expiresAt) < overMs) await remove(link);
    },
  };
}
