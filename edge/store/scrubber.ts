/**
 * `scrubber`: reads the tables of all databases again, one database after the other, slowly and for ever:
 * storage that goes bad is found while what it held can still be had from the hub.
 */
import type { LocalDatabases } from "#shared/couch/leveldb.ts";

/** Between two databases, ms: some twenty of them in a few hours. */
const EVERY_MS = 600_000;

export interface Scrubber {
  /** Looks at the next database when it is time to. */
  next(): Promise<void>;
}

export function scrubber({
  databases,
  elapsedMs,
  onBroken,
  everyMs = EVERY_MS,
}: {
  readonly databases: Pick<LocalDatabases, "names" | "inspect">;
  readonly elapsedMs: () => number;
  readonly onBroken: (name: string, reason: string) => void;
  readonly everyMs?: number;
}): Scrubber {
  let last = "";
  let lookedAt = elapsedMs();
  return {
    async next() {
      if (elapsedMs() - lookedAt < everyMs) return;
      lookedAt = elapsedMs();
      const names = await databases.names();
      last = names.find((name) => name > last) ?? names[0] ?? "";
      const reason = last === "" ? undefined : await databases.inspect(last);
      if (reason !== undefined) onBroken(last, reason);
    },
  };
}
