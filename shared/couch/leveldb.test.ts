import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { isFault } from "#shared/model/fault.ts";
import { openLevelDatabases } from "./leveldb.ts";
import { syncedWrites } from "./synced-leveldown.ts";

const test = suite<{ folder: string }>("databases in folders of LevelDB");
test.before.each(async (context) => {
  context.folder = await mkdtemp(join(tmpdir(), "riser-leveldb-"));
});
test.after.each(async ({ folder }) => rm(folder, { recursive: true }));

/** How many synced writes `work` takes. */
async function syncsOf(work: () => Promise<unknown>): Promise<number> {
  const before = syncedWrites();
  await work();
  return syncedWrites() - before;
}

test("a put, a removal and a bulk of any size take one synced write each", async ({ folder }) => {
  const databases = await openLevelDatabases({ folder });
  const db = await databases.open("inbox");
  assert.is(await syncsOf(() => db.put({ _id: "a" })), 1);
  const many = Array.from({ length: 500 }, (_, n) => ({ _id: `n${n}` }));
  assert.is(await syncsOf(() => db.bulk(many)), 1);
  const rev = (await db.get("a"))?._rev ?? "";
  assert.is(await syncsOf(() => db.remove("a", rev)), 1);
  assert.is(await syncsOf(() => db.list()), 0);
  await databases.close();
});

test("a new database has written something synced before anybody is told that it is open", async ({
  folder,
}) => {
  const databases = await openLevelDatabases({ folder });
  assert.ok((await syncsOf(() => databases.open("fresh"))) >= 1);
  await databases.close();
});

test("a new database has its name from the moment when all of it is there, and not before", async ({
  folder,
}) => {
  // What is begun under its own name may be cut off there, and then nobody can open it.
  const databases = await openLevelDatabases({ folder });
  for (let n = 0; n < 10; n++) {
    const name = `fresh-${n}`;
    let isOpen = false;
    const opening = databases.open(name).then(() => (isOpen = true));
    while (!isOpen) {
      const isNamed = (await readdir(folder)).includes(name);
      if (isNamed) assert.ok((await readdir(join(folder, name))).includes("CURRENT"), name);
    }
    await opening;
  }
  await databases.close();
});

test("no more handles stay open than were asked for, and a closed one opens again by itself", async ({
  folder,
}) => {
  const databases = await openLevelDatabases({ folder, maxOpen: 3 });
  const all = await Promise.all(Array.from({ length: 12 }, (_, n) => databases.open(`db-${n}`)));
  await Promise.all(all.map((db, n) => db.put({ _id: "a", n })));
  await Promise.all(all.map(async (db, n) => assert.is((await db.get("a"))?.n, n)));
  for (const db of all) await db.get("a");
  assert.ok(databases.openCount() <= 4, `${databases.openCount()} are open`);
  await databases.close();
  assert.is(databases.openCount(), 0);
});

test("work under way is finished before everything is closed, and later work is refused", async ({
  folder,
}) => {
  const databases = await openLevelDatabases({ folder });
  const db = await databases.open("a");
  const writing = Promise.all(Array.from({ length: 50 }, (_, n) => db.put({ _id: `n${n}` })));
  await databases.close();
  await writing;
  const late = await db.put({ _id: "late" }).catch((error: unknown) => error);
  assert.ok(isFault(late, "unavailable"));
  const again = await openLevelDatabases({ folder });
  assert.is((await (await again.open("a")).info()).docs, 50);
  await again.close();
});

test("destroying waits for the work under way and leaves nothing behind", async ({ folder }) => {
  const databases = await openLevelDatabases({ folder });
  const db = await databases.open("a");
  const writing = db.bulk(Array.from({ length: 1_000 }, (_, n) => ({ _id: `n${n}` })));
  await databases.destroy("a");
  assert.ok((await writing).every((outcome) => outcome.ok));
  assert.equal(await readdir(folder), []);
  await databases.close();
});

test("what a crash left of a destroyed or half made database is no database", async ({
  folder,
}) => {
  await mkdir(join(folder, ".gone-old"));
  await mkdir(join(folder, ".new-cut-off"));
  await mkdir(join(folder, "half"));
  await writeFile(join(folder, "half", "LOCK"), "");
  const databases = await openLevelDatabases({ folder });
  assert.equal(await databases.names(), []);
  assert.is(await databases.openExisting("half"), undefined);
  assert.equal(await (await databases.open("half")).ids(), []);
  assert.equal(await readdir(folder), ["half"]);
  await databases.close();
});

test("a folder that another process holds is said to be so, and is usable once it is free", async ({
  folder,
}) => {
  const program = `require("leveldown")(process.argv[1]).open(() => console.log("open")); process.stdin.resume()`;
  const other = spawn(process.execPath, ["-e", program, join(folder, "a")], {
    cwd: fileURLToPath(new URL("../..", import.meta.url)),
    stdio: ["pipe", "pipe", "inherit"],
  });
  await once(other.stdout, "data");
  const databases = await openLevelDatabases({ folder });
  const held = await databases.open("a").catch((error: unknown) => error);
  assert.ok(isFault(held, "unavailable"), String(held));
  other.kill("SIGKILL");
  await once(other, "exit");
  assert.equal(await (await databases.open("a")).ids(), []);
  await databases.close();
});

test("a database that cannot be opened does not keep others from it, nor from what is good", async ({
  folder,
}) => {
  await writeFile(join(folder, "blocked"), "a file where a folder should be");
  const databases = await openLevelDatabases({ folder });
  const failed = await databases.open("blocked").catch((error: unknown) => error);
  assert.ok(isFault(failed, "unavailable"));
  await rm(join(folder, "blocked"));
  assert.equal(await (await databases.open("blocked")).ids(), []);
  await databases.close();
});

test.run();
