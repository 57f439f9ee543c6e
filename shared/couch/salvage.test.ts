import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { openLevelDatabases } from "./leveldb.ts";

const test = suite<{ root: string }>("what can be read of a damaged database");
test.before.each(async (context) => {
  context.root = await mkdtemp(join(tmpdir(), "riser-salvage-"));
});
test.after.each(async ({ root }) => rm(root, { recursive: true }));

const open = (root: string) =>
  openLevelDatabases({
    folder: join(root, "db"),
    guard: {
      asideFolder: join(root, "aside"),
      isWrittenOnce: () => true,
      onSetAside: () => undefined,
      onBroken: () => undefined,
    },
  });
/** What does not pack, so that the blocks of documents are the larger part. */
const noise = (of: string) => createHash("sha512").update(of).digest("hex").repeat(2);
const ids = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, n) => `${prefix}-${String(n).padStart(4, "0")}`);

test("is put back, from tables and logs, and nothing that was removed or is not certain", async ({
  root,
}) => {
  const tables = ids("table", 400);
  const logged = ids("log", 50);
  for (const names of [tables, logged]) {
    const databases = await open(root);
    const db = await databases.open("a");
    for (let from = 0; from < names.length; from += 50)
      await db.bulk(names.slice(from, from + 50).map((_id) => ({ _id, n: noise(_id) })));
    if (names === logged) {
      const gone = await db.get(tables[7] as string);
      await db.remove(gone?._id as string, gone?._rev as string);
    }
    await databases.close();
  }
  // One block in the middle of the largest table.
  const folder = join(root, "db", "a");
  const sized = await Promise.all(
    (await readdir(folder))
      .filter((name) => name.endsWith(".ldb"))
      .map(async (name) => ({
        path: join(folder, name),
        size: (await stat(join(folder, name))).size,
      })),
  );
  const { path = "", size = 0 } = sized.sort((a, b) => b.size - a.size)[0] ?? {};
  const bytes = await readFile(path);
  bytes.fill(0xaa, Math.floor(size / 4), Math.floor(size / 4) + 64);
  await writeFile(path, bytes);

  const databases = await open(root);
  const db = await databases.open("a");
  const found = await db.list();
  assert.ok(found.length > 300 && found.length < 449, `${found.length} of 449`);
  assert.ok(
    logged.every((id) => found.some(({ _id }) => _id === id)),
    "what only the log had",
  );
  assert.not.ok(
    found.some(({ _id }) => _id === tables[7]),
    "what was removed stays removed",
  );
  for (const { _id, n } of found) assert.is(n, noise(_id));
  await databases.close();
});

test.run();
