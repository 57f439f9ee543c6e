/**
 * `deny-journal`: who and what was shut out, taken away or erased, in a file apart from the databases.
 *
 * A hub whose databases come back from a backup has forgotten what happened since. Before it
 * serves, the journal is applied again: nobody revoked, disabled, erased or deleted comes back.
 * So the file must not be restored together with the databases; its folder is a setting of its
 * own. Lines are appended and fsynced before whoever asked is told "done"; ids only, no person's data.
 *
 * History: 1 = first release.
 */
import { mkdir, open, readFile, truncate } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { Fault } from "#shared/model/fault.ts";
import { At } from "#shared/model/site.ts";

/**
 * What can be shut out. `gateway`: revoked. `replaced`: one of them, because another stands in its place.
 * `person`: signs in nowhere; `lifted` ends it. `key`: an API key. `claim`: a claim code that was used or called
 * back. `erased`: a person's data is gone. `closed`: a community was deleted and can be brought back. `tenant`: one
 * is gone for good, its name is never used again. `device`: one that was deleted, by DevEUI and when it was
 * registered. `code`: a resident's code for the building's network that was ended or has a successor.
 * `link`: one that was used or ended. `membership`: taken from somebody.
 */
export const denials = [
  "gateway",
  "replaced",
  "person",
  "key",
  "claim",
  "erased",
  "closed",
  "tenant",
  "device",
  "code",
  "link",
  "membership",
] as const;
export type Denial = (typeof denials)[number];

export const JournalLine = z.object({
  v: z.literal(1),
  at: At,
  what: z.enum(denials),
  id: z.string().min(1).max(200),
  /** What had been denied before holds no more: a person enabled again. */
  lifted: z.literal(true).optional(),
});
export type JournalLine = z.infer<typeof JournalLine>;

export interface DenyJournal {
  /** Durable when resolved; the same thing twice is one line. */
  add(what: Denial, id: string): Promise<void>;
  lift(what: Denial, id: string): Promise<void>;
  /** What holds now, in the order it was denied. */
  denied(what: Denial): readonly string[];
  isDenied(what: Denial, id: string): boolean;
  /** Reads what other processes appended. */
  refresh(): Promise<void>;
}

const FILE = "deny-journal.jsonl";

/** @throws Fault "unavailable" when the file is damaged anywhere but in a last line that was cut off */
export async function openDenyJournal(folder: string, now: () => number): Promise<DenyJournal> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, FILE);
  const state = new Map<Denial, Set<string>>(denials.map((what) => [what, new Set()]));
  let read = 0;
  let before: Promise<unknown> = Promise.resolve();

  const take = ({ what, id, lifted }: JournalLine) => {
    if (lifted) state.get(what)?.delete(id);
    else state.get(what)?.add(id);
  };
  const refresh = async () => {
    const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return Buffer.alloc(0);
      throw error;
    });
    const end = bytes.lastIndexOf("\n") + 1;
    if (end < read)
      throw new Fault("unavailable", `${path} was cut short: bring back the longer one.`);
    for (const text of bytes.subarray(read, end).toString("utf8").split("\n"))
      if (text !== "") take(parsed(text, path));
    read = end;
    return bytes.length - end;
  };
  const append = async (line: JournalLine) => {
    const file = await open(path, "a", 0o600);
    try {
      await file.appendFile(`${JSON.stringify(line)}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    await refresh();
  };
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = before.then(work);
    before = mine.catch(() => {});
    return mine;
  };
  // A line that was being written when the power went was never acknowledged.
  if ((await refresh()) > 0) await truncate(path, read);
  return {
    add: (what, id) =>
      inTurn(async () => {
        if (state.get(what)?.has(id)) return;
        await append({ v: 1, at: new Date(now()).toISOString(), what, id });
      }),
    lift: (what, id) =>
      inTurn(async () => {
        if (!state.get(what)?.has(id)) return;
        await append({ v: 1, at: new Date(now()).toISOString(), what, id, lifted: true });
      }),
    denied: (what) => [...(state.get(what) ?? [])],
    isDenied: (what, id) => state.get(what)?.has(id) ?? false,
    refresh: () => inTurn(async () => void (await refresh())),
  };
}

function parsed(text: string, path: string): JournalLine {
  try {
    return JournalLine.parse(JSON.parse(text));
  } catch (error) {
    throw new Fault(
      "unavailable",
      `${path} is damaged: bring it back from its own copy.`,
      {},
      error,
    );
  }
}
