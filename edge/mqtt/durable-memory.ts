/**
 * `durable-memory`: what formats remember of their senders, kept in `local` over restarts.
 *
 * Documents `source:{hash of the key}`, written by this gateway alone. Bounded: what does not fit is
 * not remembered, and its source has to tell it again. History: 1 = first release.
 */
import { createHash } from "node:crypto";
import { z } from "zod";
import type { Database } from "#shared/couch/database.ts";
import type { SourceMemory } from "#shared/formats/source-memory.ts";
import { Fault } from "#shared/model/fault.ts";

const SourceDoc = z.object({
  _id: z.string().startsWith("source:"),
  _rev: z.string().optional(),
  type: z.literal("source"),
  v: z.literal(1),
  key: z.string(),
  value: z.unknown(),
});

export interface DurableMemory extends SourceMemory {
  /** Resolves when all that was remembered so far is durable. @throws Fault "unavailable" */
  kept(): Promise<void>;
}

/** Sources remembered at most, and characters of one. */
const MOST_SOURCES = 5_000;
const MOST_CHARS = 1_000_000;
const PAGE = 500;

const idOf = (key: string) =>
  `source:${createHash("sha256").update(key).digest("hex").slice(0, 32)}`;

/** What counts messages changes with each of them: not worth the disk. */
const isFleeting = (key: string) => key.startsWith("~");
const entryOf = (value: unknown) => ({ value, text: JSON.stringify(value) ?? "null" });

/** A memory with what `local` holds. */
export async function durableMemory(
  local: Database,
  log: { warn(about: object, message: string): void },
): Promise<DurableMemory> {
  const values = new Map<string, { readonly value: unknown; readonly text: string }>();
  const revisions = new Map<string, string>();
  const changed = new Set<string>();
  let writing: Promise<void> = Promise.resolve();
  let isQueued = false;

  for (let from = "source:"; ;) {
    const page = await local.list({ from, to: "source:\uffff", limit: PAGE });
    for (const doc of page) {
      const read = SourceDoc.safeParse(doc);
      if (doc._rev !== undefined) revisions.set(doc._id, doc._rev);
      if (read.success) values.set(read.data.key, entryOf(read.data.value));
      else log.warn({ id: doc._id }, "what a source told cannot be read: it has to tell it again");
    }
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) break;
    from = `${last._id}\u0000`;
  }

  async function write(): Promise<void> {
    isQueued = false;
    const keys = [...changed];
    changed.clear();
    if (keys.length === 0) return;
    const docs = keys.map((key) => {
      const _id = idOf(key);
      const _rev = revisions.get(_id);
      return {
        _id,
        type: "source",
        v: 1,
        key,
        value: values.get(key)?.value,
        ...(_rev === undefined ? {} : { _rev }),
      };
    });
    const outcomes = await local.bulk(docs).catch((error: unknown) => {
      for (const key of keys) changed.add(key);
      throw error;
    });
    let failed: string | undefined;
    for (const [i, key] of keys.entries()) {
      const outcome = outcomes[i];
      if (outcome?.ok) {
        revisions.set(idOf(key), outcome.rev);
        continue;
      }
      changed.add(key);
      failed = outcome?.message ?? "no answer";
      const stored = await local.get(idOf(key)).catch(() => undefined);
      if (stored?._rev !== undefined) revisions.set(idOf(key), stored._rev);
    }
    if (failed !== undefined)
      throw new Fault("unavailable", `what a source told could not be kept: ${failed}`);
  }

  return {
    recall: (key) => values.get(key)?.value,
    remember(key, value) {
      const entry = entryOf(value);
      if (values.get(key)?.text === entry.text) return;
      if (entry.text.length > MOST_CHARS || (!values.has(key) && values.size >= MOST_SOURCES)) {
        log.warn({ key: key.slice(0, 100) }, "what a source told is too much to be remembered");
        return;
      }
      values.set(key, entry);
      if (!isFleeting(key)) changed.add(key);
    },
    kept() {
      // One write at a time; what comes meanwhile goes with the next.
      if (changed.size > 0 && !isQueued) {
        isQueued = true;
        writing = writing.catch(() => undefined).then(write);
      }
      return writing;
    },
  };
}
