/**
 * `assistance-store`: when a member of staff looked at the hub as somebody else, why and for how
 * long. Never changed but to say when it ended, so that the one who was assisted can see it.
 */
import { z } from "zod";
import type { Registry } from "#cloud/hub/registry.ts";
import type { Clock } from "#shared/model/clock.ts";
import { isFault } from "#shared/model/fault.ts";
import { newId, OrganizationId, PersonId } from "#shared/model/ids.ts";
import { At } from "#shared/model/site.ts";

/**
 * `assistance:{personId}:{assistanceId}` in `riser`.
 *
 * History: 1 = first release.
 */
export const AssistanceDoc = z.object({
  _id: z.string().startsWith("assistance:"),
  type: z.literal("assistance"),
  v: z.literal(1),
  assistanceId: z.string(),
  organizationId: OrganizationId,
  /** Who assists. */
  staffId: PersonId,
  /** Who is assisted. */
  personId: PersonId,
  reason: z.string(),
  mayChange: z.boolean(),
  startedAt: At,
  expiresAt: At,
  stoppedAt: At.nullable(),
});
export type AssistanceDoc = z.infer<typeof AssistanceDoc>;

export interface AssistanceStore {
  begin(
    of: Pick<AssistanceDoc, "organizationId" | "staffId" | "personId" | "reason" | "mayChange">,
    lifeMs: number,
  ): Promise<AssistanceDoc>;
  /** One that runs at this moment. */
  running(personAndId: string): Promise<AssistanceDoc | undefined>;
  stop(personAndId: string): Promise<void>;
  /** Newest first. */
  of(personId: PersonId): Promise<AssistanceDoc[]>;
  /** Removes all about somebody who was erased. */
  forget(personId: PersonId): Promise<void>;
}

/** What a sign-in remembers of one: whom and which. */
export const assistanceKey = ({ personId, assistanceId }: AssistanceDoc) =>
  `${personId}:${assistanceId}`;

export function assistanceStore(
  { riser }: Registry,
  clock: Clock,
  random: (size: number) => Uint8Array,
): AssistanceStore {
  const { database } = riser;
  const of = async (personId: PersonId) => {
    const prefix = `assistance:${personId}:`;
    const docs = await database.list<AssistanceDoc>({ from: prefix, to: `${prefix}\uffff` });
    return docs.sort((a, b) => (a.startedAt < b.startedAt ? 1 : -1));
  };
  return {
    of,
    async begin(about, lifeMs) {
      const assistanceId = newId<string>("as", random);
      const nowMs = clock.now();
      const doc: AssistanceDoc = {
        _id: `assistance:${about.personId}:${assistanceId}`,
        type: "assistance",
        v: 1,
        assistanceId,
        ...about,
        startedAt: new Date(nowMs).toISOString(),
        expiresAt: new Date(nowMs + lifeMs).toISOString(),
        stoppedAt: null,
      };
      await database.put(doc);
      return doc;
    },
    async running(personAndId) {
      const doc = await database.get<AssistanceDoc>(`assistance:${personAndId}`);
      if (!doc || doc.stoppedAt !== null) return undefined;
      return Date.parse(doc.expiresAt) > clock.now() ? doc : undefined;
    },
    async stop(personAndId) {
      const doc = await database.get<AssistanceDoc>(`assistance:${personAndId}`);
      if (!doc || doc.stoppedAt !== null) return;
      const stoppedAt = new Date(clock.now()).toISOString();
      await database.put({ ...doc, stoppedAt }).catch((error: unknown) => {
        // Stopped twice at once is stopped.
        if (!isFault(error, "conflict")) throw error;
      });
    },
    async forget(personId) {
      for (const { _id, _rev } of (await of(personId)) as (AssistanceDoc & { _rev?: string })[])
        if (_rev !== undefined) await database.remove(_id, _rev);
    },
  };
}
