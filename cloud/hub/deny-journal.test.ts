import { appendFile, mkdtemp, readFile, rm, truncate } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { openDenyJournal } from "./deny-journal.ts";

const test = suite<{ folder: string; file: string }>("deny journal");
const now = () => Date.UTC(2026, 10, 26);

test.before.each(async (context) => {
  context.folder = await mkdtemp(join(tmpdir(), "riser-journal-"));
  context.file = join(context.folder, "deny-journal.jsonl");
});
test.after.each(({ folder }) => rm(folder, { recursive: true }));

test("what was denied holds after a restart, what was lifted does not", async ({
  folder,
  file,
}) => {
  const journal = await openDenyJournal(folder, now);
  await Promise.all([
    journal.add("gateway", "gw-1"),
    journal.add("gateway", "gw-1"),
    journal.add("person", "p-1"),
    journal.add("person", "p-2"),
  ]);
  await journal.lift("person", "p-1");
  await journal.lift("person", "p-9");
  const again = await openDenyJournal(folder, now);
  assert.ok(again.isDenied("gateway", "gw-1"));
  assert.equal(again.denied("person"), ["p-2"]);
  assert.is((await readFile(file, "utf8")).trim().split("\n").length, 4);
  await again.add("tenant", "riverside");
  await journal.refresh();
  assert.ok(journal.isDenied("tenant", "riverside"), "another process's line is read");
});

test("a line that a cut left half-written is nobody's, and the next one is whole", async ({
  folder,
  file,
}) => {
  const journal = await openDenyJournal(folder, now);
  await journal.add("gateway", "gw-1");
  await appendFile(file, '{"v":1,"at":"2026-');
  const again = await openDenyJournal(folder, now);
  await again.add("gateway", "gw-2");
  assert.equal((await openDenyJournal(folder, now)).denied("gateway"), ["gw-1", "gw-2"]);
});

test("a journal that is damaged or cut short stops the hub rather than let somebody back in", async ({
  folder,
  file,
}) => {
  const journal = await openDenyJournal(folder, now);
  await journal.add("gateway", "gw-1");
  await truncate(file, 0);
  await journal.refresh().then(
    () => assert.unreachable(),
    () => undefined,
  );
  await appendFile(file, "not a line of ours\n");
  await openDenyJournal(folder, now).then(
    () => assert.unreachable(),
    (error: Error) => assert.match(error.message, /damaged/),
  );
});

test.run();
