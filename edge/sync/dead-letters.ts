/**
 * `dead-letters`: documents the hub refused. They stay where they are and are offered again: at a
 * start, after the hub changed, and now and then; while a community has any, nothing beyond the
 * first of them is called confirmed.
 *
 * History: 1 = first release.
 */
import type { Database, Doc } from "#shared/couch/database.ts";
import type { TenantName } from "#shared/model/ids.ts";

/** `denied:{tenant}` in `local`. */
interface DeniedDoc extends Doc {
  readonly v: 1;
  readonly letters: readonly DeadLetter[];
}

export interface DeadLetter {
  /** The database it lies in. */
  readonly name: string;
  readonly id: string;
  /** In the hub's words. */
  readonly reason: string;
}

export interface DeadLetters {
  of(tenant: TenantName): readonly DeadLetter[];
  all(): readonly DeadLetter[];
  add(tenant: TenantName, letters: readonly DeadLetter[]): Promise<void>;
  /** The hub took them after all. */
  remove(tenant: TenantName, ids: ReadonlySet<string>): Promise<void>;
  /** The community was erased; what was written down of it goes with all else of it. */
  forget(tenant: TenantName): void;
}

const PREFIX = "denied:";

export async function deadLetters(local: Database): Promise<DeadLetters> {
  const known = new Map<TenantName, readonly DeadLetter[]>();
  for (const doc of await local.list<DeniedDoc>({ from: PREFIX, to: `${PREFIX}\uffff` }))
    known.set(doc._id.slice(PREFIX.length) as TenantName, doc.letters ?? []);
  const write = async (tenant: TenantName, letters: readonly DeadLetter[]) => {
    known.set(tenant, letters);
    const old = await local.get<DeniedDoc>(`${PREFIX}${tenant}`);
    await local.put({ ...old, _id: `${PREFIX}${tenant}`, v: 1, letters });
  };
  return {
    of: (tenant) => known.get(tenant) ?? [],
    all: () => [...known.values()].flat(),
    async add(tenant, letters) {
      const old = known.get(tenant) ?? [];
      const ids = new Set(letters.map(({ id }) => id));
      await write(tenant, [...old.filter(({ id }) => !ids.has(id)), ...letters]);
    },
    async remove(tenant, ids) {
      const old = known.get(tenant) ?? [];
      const left = old.filter(({ id }) => !ids.has(id));
      if (left.length < old.length) await write(tenant, left);
    },
    forget: (tenant) => void known.delete(tenant),
  };
}
