/** `outcomes`: the same done to many, each with its own outcome in the answer and in the audit. */
import type { Deed, Trail } from "#cloud/api/trail.ts";
import type { Outcomes } from "#shared/api/people.ts";
import { isFault } from "#shared/model/fault.ts";

/** One refused one does not stop the others. What is no `Fault` is a bug and stops all. */
export async function outcomesOf<T extends string>(
  ids: readonly T[],
  trail: Trail,
  work: (id: T, trail: Trail) => Promise<unknown>,
): Promise<Outcomes> {
  const outcomes: Outcomes["outcomes"] = [];
  for (const id of new Set(ids)) {
    const deeds: Deed[] = [];
    try {
      await work(id, { note: (deed) => void deeds.push(deed) });
      outcomes.push({ id, ok: true });
      for (const deed of deeds) trail.note(deed);
    } catch (error) {
      if (!isFault(error)) throw error;
      outcomes.push({ id, ok: false, code: error.code, detail: error.message });
      for (const deed of deeds)
        trail.note({ ...deed, after: { ...deed.after, refused: error.code } });
    }
  }
  return { outcomes };
}
