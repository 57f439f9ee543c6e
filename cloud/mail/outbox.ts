/**
 * `outbox`: mails that wait to be sent. Whoever asks for one is answered at once; a mail server
 * that is away costs a delay and not the mail.
 *
 * A mail may hold a link that signs somebody in, so what it says is sealed with the hub's master
 * key while it waits, and gone once it was sent: what stays is that it was.
 */
import { z } from "zod";
import { openText, sealText } from "#cloud/hub/sealed-text.ts";
import type { Database } from "#shared/couch/database.ts";
import type { Clock } from "#shared/model/clock.ts";
import { isFault } from "#shared/model/fault.ts";
import { OrganizationId, PersonId } from "#shared/model/ids.ts";
import { At } from "#shared/model/site.ts";

/** What is sent. */
export const Mail = z.object({
  to: z.string(),
  subject: z.string(),
  text: z.string(),
  html: z.string().optional(),
});
export type Mail = z.infer<typeof Mail>;

/**
 * `mail:{epoch ms, 13 digits}-{random}` in `riser`.
 *
 * History: 1 = first release.
 */
export const MailDoc = z.object({
  _id: z.string().startsWith("mail:"),
  type: z.literal("mail"),
  v: z.literal(1),
  /** Whose mail server it goes through. */
  organizationId: OrganizationId,
  personId: PersonId.nullable(),
  /** What it is about: `activate`, `reset`, … */
  kind: z.string(),
  createdAt: At,
  /** `Mail` as JSON, see `sealed-text`; absent once it was sent or given up. */
  sealed: z.string().optional(),
  state: z.enum(["waiting", "sent", "given-up"]),
  tries: z.number().int().min(0),
  /** Not before then. */
  nextAt: At,
  /** What the mail server said last, without addresses. */
  trouble: z.string().optional(),
});
export type MailDoc = z.infer<typeof MailDoc>;

/** Sends a mail through an organization's mail server. Throws when it was not taken. */
export type SendMail = (organizationId: OrganizationId, mail: Mail) => Promise<void>;

/** Waits between tries, ms; after the last one it is given up. */
const WAITS_MS = [10_000, 60_000, 300_000, 1_800_000, 7_200_000, 21_600_000, 43_200_000];
/** What was sent is remembered so long. */
const KEPT_MS = 30 * 86_400_000;

export interface Outbox {
  /** Durable when resolved. */
  add(
    of: { organizationId: OrganizationId; personId: PersonId | null; kind: string },
    mail: Mail,
  ): Promise<MailDoc>;
  /** Newest first. */
  list(organizationId: OrganizationId): Promise<MailDoc[]>;
  /** Sends what is due; returns how many went out. One at a time. */
  deliver(send: SendMail): Promise<number>;
  /** Called when a mail is added. */
  onAdded(listener: () => void): void;
  /** Removes what was sent or given up long ago. */
  sweep(): Promise<void>;
  /** Removes everything about a person. */
  forget(personId: PersonId): Promise<void>;
}

export function outbox(
  riser: Database,
  clock: Clock,
  random: (size: number) => Uint8Array,
  masterKey: Uint8Array,
): Outbox {
  const listeners: (() => void)[] = [];
  let running: Promise<number> = Promise.resolve(0);
  const all = () => riser.list<MailDoc>({ from: "mail:", to: "mail:\uffff" });
  const remove = async ({ _id, _rev }: MailDoc & { _rev?: string }) => {
    if (_rev === undefined) return;
    await riser.remove(_id, _rev).catch((error: unknown) => {
      if (!isFault(error, "conflict") && !isFault(error, "not_found")) throw error;
    });
  };
  const opened = async (id: string, sealed: string): Promise<Mail> =>
    Mail.parse(JSON.parse(await openText(masterKey, id, sealed)));
  const tried = async (doc: MailDoc, send: SendMail): Promise<boolean> => {
    const { sealed, trouble: _, ...rest } = doc;
    const tries = doc.tries + 1;
    try {
      if (sealed === undefined) throw new Error("it is empty");
      await send(doc.organizationId, await opened(doc._id, sealed));
      await riser.put({ ...rest, state: "sent", tries });
      return true;
    } catch (error) {
      const waitMs = WAITS_MS[doc.tries];
      const trouble = troubleOf(error);
      const after: MailDoc =
        waitMs === undefined || sealed === undefined
          ? { ...rest, state: "given-up", tries, trouble }
          : { ...doc, tries, trouble, nextAt: new Date(clock.now() + waitMs).toISOString() };
      await riser.put(after);
      return false;
    }
  };
  const deliver = async (send: SendMail): Promise<number> => {
    let sent = 0;
    for (const doc of await all())
      if (doc.state === "waiting" && Date.parse(doc.nextAt) <= clock.now())
        if (await tried(doc, send)) sent++;
    return sent;
  };
  return {
    async add({ organizationId, personId, kind }, mail) {
      const nowMs = clock.now();
      const at = new Date(nowMs).toISOString();
      const stamp = String(nowMs).padStart(13, "0");
      const _id = `mail:${stamp}-${Buffer.from(random(8)).toString("hex")}`;
      const doc: MailDoc = {
        _id,
        type: "mail",
        v: 1,
        organizationId,
        personId,
        kind,
        createdAt: at,
        sealed: await sealText(masterKey, _id, JSON.stringify(mail)),
        state: "waiting",
        tries: 0,
        nextAt: at,
      };
      await riser.put(doc);
      for (const listener of listeners) listener();
      return doc;
    },
    list: async (organizationId) =>
      (await all()).filter((one) => one.organizationId === organizationId).reverse(),
    deliver(send) {
      const mine = running.catch(() => 0).then(() => deliver(send));
      running = mine;
      return mine;
    },
    onAdded(listener) {
      listeners.push(listener);
    },
    async sweep() {
      for (const doc of await all())
        if (doc.state !== "waiting" && clock.now() - Date.parse(doc.createdAt) > KEPT_MS)
          await remove(doc);
    },
    async forget(personId) {
      for (const doc of await all()) if (doc.personId === personId) await remove(doc);
    },
  };
}

/** What went wrong, without any address: servers like to repeat them. */
function troubleOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.replaceAll(/\S+@\S+/g, "…").slice(0, 300);
}
