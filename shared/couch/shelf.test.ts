import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { isFault } from "#shared/model/fault.ts";
import { openMemoryDatabases } from "#shared/testing/memory-databases.ts";
import type { Databases, Doc, Shelf } from "./database.ts";
import { openHttpDatabases } from "./http.ts";
import { openLevelDatabases } from "./leveldb.ts";

/** What every engine's shelf does alike. */
function shelves(engine: string, open: () => Promise<{ databases: Databases; name: string }>) {
  const test = suite<{ databases: Databases; name: string; shelf: Shelf }>(`shelf: ${engine}`);
  const idsOf = (docs: readonly Doc[]) => docs.map(({ _id }) => _id);
  test.before(async (context) => {
    Object.assign(context, await open());
    context.shelf = await context.databases.openShelf(context.name);
    const docs = ["a:1", "a:2", "b:1", "b:2", "é:1"].map((_id) => ({ _id, text: "x☃", n: 1.5 }));
    for (const one of await context.shelf.bulk(docs)) assert.ok(one.ok);
  });
  test.after(async ({ databases, name }) => {
    await databases.destroy(name);
    await databases.close();
  });

  test("a document comes back as it was written, and what is not there is undefined", async ({
    shelf,
  }) => {
    const { _rev, ...doc } = (await shelf.get("b:1")) as Doc;
    assert.equal(doc, { _id: "b:1", text: "x☃", n: 1.5 });
    assert.is(await shelf.get("c"), undefined);
    assert.equal(idsOf(await shelf.getMany(["b:2", "nothing", "a:1"])), ["b:2", "a:1"]);
  });

  test("a list has both its borders, a limit, and two directions", async ({ shelf }) => {
    assert.equal(await shelf.ids(), ["a:1", "a:2", "b:1", "b:2", "é:1"]);
    assert.equal(idsOf(await shelf.list({ from: "a:2", to: "b:1" })), ["a:2", "b:1"]);
    assert.equal(await shelf.ids({ from: "a:2", limit: 2 }), ["a:2", "b:1"]);
    assert.equal(await shelf.ids({ to: "b:1", limit: 2, descending: true }), ["b:1", "a:2"]);
    assert.equal(await shelf.ids({ from: "b:1", to: "a:1" }), []);
    assert.equal(await shelf.ids({ limit: 0 }), []);
  });

  test("what is read can be written again and removed, and is gone", async ({ shelf }) => {
    const [doc] = await shelf.getMany<Doc>(["a:1"]);
    assert.ok((await shelf.bulk([{ ...(doc as Doc), n: 2 }]))[0]?.ok);
    const now = (await shelf.get("a:1")) as Doc;
    assert.is(now.n, 2);
    assert.ok((await shelf.removeMany([now]))[0]?.ok);
    assert.is(await shelf.get("a:1"), undefined);
    assert.equal(await shelf.ids({ to: "a:9" }), ["a:2"]);
  });

  test("a document that cannot be written is told, and its neighbours are written", async ({
    shelf,
  }) => {
    const outcomes = await shelf.bulk([
      { _id: "z:1" },
      { _id: "_z", no: true },
      { _id: "z:2", _other: 1 },
      { _id: "z:3" },
    ]);
    assert.equal(
      outcomes.map(({ ok }) => ok),
      [true, false, false, true],
    );
    assert.equal(await shelf.ids({ from: "z", to: "z:9" }), ["z:1", "z:3"]);
  });
  test.run();
}

const folderOf = () => mkdtemp(join(tmpdir(), "riser-shelf-"));
shelves("memory", async () => ({ databases: openMemoryDatabases(), name: "shelf" }));
shelves("synced LevelDB", async () => ({
  databases: await openLevelDatabases({ folder: await folderOf() }),
  name: "shelf",
}));
const url = process.env.COUCHDB_URL;
if (url)
  shelves("CouchDB", async () => ({
    databases: openHttpDatabases({ url }),
    name: `shelf-${process.pid}-${Date.now()}`,
  }));

const test = suite<{ folder: string }>("shelves in folders");
test.before.each(async (context) => {
  context.folder = await folderOf();
});
test.after.each(async ({ folder }) => rm(folder, { recursive: true }));

test("what was written is there after the folder was closed and opened", async ({ folder }) => {
  const first = await openLevelDatabases({ folder });
  await (await first.openShelf("roll")).bulk([{ _id: "a" }]);
  await first.close();
  const second = await openLevelDatabases({ folder });
  assert.equal(await (await second.openShelf("roll")).ids(), ["a"]);
  assert.equal(await second.names(), ["roll"]);
  await second.close();
});

test("a database that stands where a shelf should is begun anew, and a shelf is opened as nothing else", async ({
  folder,
}) => {
  const first = await openLevelDatabases({ folder });
  await (await first.open("roll")).put({ _id: "a" });
  await first.close();
  const second = await openLevelDatabases({ folder });
  const shelf = await second.openShelf("roll");
  assert.equal(await shelf.ids(), []);
  await shelf.bulk([{ _id: "b" }]);
  await second.close();
  const third = await openLevelDatabases({ folder });
  try {
    await third.open("roll");
    assert.unreachable("it was opened as a database");
  } catch (error) {
    assert.ok(isFault(error, "unavailable"), String(error));
    assert.match(String(error), "roll is a shelf");
  }
  assert.equal(await (await third.openShelf("roll")).ids(), ["b"]);
  await third.close();
});

test("a damaged shelf is set aside and begun anew", async ({ folder }) => {
  const place = join(folder, "db");
  const first = await openLevelDatabases({ folder: place });
  await (await first.openShelf("roll")).bulk([{ _id: "a" }]);
  await first.close();
  const current = (await readFile(join(place, "roll", "CURRENT"), "utf8")).trim();
  await writeFile(join(place, "roll", current), "");
  const aside: string[] = [];
  const second = await openLevelDatabases({
    folder: place,
    guard: {
      asideFolder: join(folder, "aside"),
      isWrittenOnce: () => false,
      onSetAside: ({ name }) => aside.push(name),
      onBroken: () => undefined,
    },
  });
  const shelf = await second.openShelf("roll");
  assert.equal(await shelf.ids(), []);
  await shelf.bulk([{ _id: "c" }]);
  assert.equal(await shelf.ids(), ["c"]);
  assert.equal(aside, ["roll"]);
  await second.close();
});

test.run();
