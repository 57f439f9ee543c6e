/**
 * `conformance`: what every engine must do alike, as one table of cases run on each of them.
 *
 * Only tests import it. A case gets a fresh database and may not depend on another case.
 */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type FaultCode, isFault } from "#shared/model/fault.ts";
import type { Database, Databases, Doc } from "./database.ts";

/** One engine to be tried. */
export interface Candidate {
  readonly databases: Databases;
  /** A database name nobody has used yet. */
  newName(): string;
  /** What a database that is not there is called; a hub does not tell it from a foreign one. */
  readonly missing?: "not_found" | "forbidden";
  /** Closes the engine and opens it anew over the same data; absent where nothing outlives it. */
  reopen?(): Promise<Databases>;
  /** Stops and removes all that was made. */
  end(): Promise<void>;
}

interface Ground {
  readonly db: Database;
  readonly databases: Databases;
  readonly candidate: Candidate;
}

async function refuses(code: FaultCode, work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!isFault(error, code)) throw error;
    return;
  }
  assert.unreachable(`a Fault "${code}" was expected`);
}

const numbered = (count: number): Doc[] =>
  Array.from({ length: count }, (_, n) => ({ _id: `n:${String(n).padStart(5, "0")}`, n }));
const idsOf = (docs: readonly Doc[]) => docs.map((doc) => doc._id);

/** Reads the whole feed in pages of `limit`. */
async function follow(db: Database, limit: number) {
  const seen: string[] = [];
  let since: string | number = 0;
  let pages = 0;
  for (;;) {
    const { changes, lastSeq } = await db.changes({ since, limit });
    if (changes.length === 0) return { seen, pages };
    assert.ok(changes.length <= limit, "a page is not longer than its limit");
    pages += 1;
    seen.push(...changes.map((change) => change.id));
    since = lastSeq;
  }
}

const cases: readonly (readonly [string, (ground: Ground) => Promise<void>])[] = [
  [
    "a document comes back as it was written, with its revision",
    async ({ db }) => {
      const doc = {
        _id: "a",
        text: "é ☃ 日本",
        n: 1.5,
        deep: { list: [1, null, { x: true }] },
        empty: "",
      };
      const { rev } = await db.put(doc);
      assert.equal(await db.get("a"), { ...doc, _rev: rev });
    },
  ],
  [
    "a document that is not there is undefined",
    async ({ db }) => assert.is(await db.get("nothing"), undefined),
  ],
  [
    "a second writer without the revision is refused, and the first one's words stay",
    async ({ db }) => {
      await db.put({ _id: "a", by: "first" });
      await refuses("conflict", db.put({ _id: "a", by: "second" }));
      assert.is((await db.get("a"))?.by, "first");
    },
  ],
  [
    "a revision lets one writer go on, once",
    async ({ db }) => {
      const { rev } = await db.put({ _id: "a", n: 1 });
      const second = await db.put({ _id: "a", _rev: rev, n: 2 });
      await refuses("conflict", db.put({ _id: "a", _rev: rev, n: 3 }));
      assert.equal(await db.get("a"), { _id: "a", _rev: second.rev, n: 2 });
    },
  ],
  [
    "a revision of a document that never was is a conflict",
    async ({ db }) =>
      refuses("conflict", db.put({ _id: "a", _rev: "1-0123456789abcdef0123456789abcdef" })),
  ],
  [
    "of ten writers of one new document one wins",
    async ({ db }) => {
      const tries = await Promise.allSettled(numbered(10).map(({ n }) => db.put({ _id: "a", n })));
      assert.is(tries.filter((one) => one.status === "fulfilled").length, 1);
      for (const one of tries)
        if (one.status === "rejected") assert.ok(isFault(one.reason, "conflict"));
    },
  ],
  [
    "a bulk says of each document what became of it, in the order given",
    async ({ db }) => {
      await db.put({ _id: "b", by: "first" });
      const outcomes = await db.bulk([
        { _id: "c" },
        { _id: "b", by: "second" },
        { _id: "_reserved" },
        { _id: "a", _own: 1 },
        { _id: "c", by: "twin" },
        { _id: "d" },
      ]);
      const told = outcomes.map((outcome) => [outcome.id, outcome.ok ? "ok" : outcome.reason]);
      const expected = ["c ok", "b conflict", "_reserved failed", "a failed", "c conflict", "d ok"];
      assert.equal(
        told.map((pair) => pair.join(" ")),
        expected,
      );
      assert.equal(await db.ids(), ["b", "c", "d"]);
      assert.is((await db.get("b"))?.by, "first");
      const last = outcomes.at(-1);
      assert.ok(last?.ok && (await db.get("d"))?._rev === last.rev);
    },
  ],
  ["an empty bulk is no mistake", async ({ db }) => assert.equal(await db.bulk([]), [])],
  [
    "a bulk of thousands is written whole",
    async ({ db }) => {
      const outcomes = await db.bulk(numbered(2_000));
      assert.ok(outcomes.every((outcome) => outcome.ok));
      assert.is((await db.info()).docs, 2_000);
    },
  ],
  [
    "a list has both borders in it, and goes either way",
    async ({ db }) => {
      await db.bulk(["a", "b", "b:1", "b:2", "c", "d"].map((_id) => ({ _id })));
      assert.equal(await db.ids(), ["a", "b", "b:1", "b:2", "c", "d"]);
      assert.equal(await db.ids({ from: "b", to: "c" }), ["b", "b:1", "b:2", "c"]);
      assert.equal(await db.ids({ from: "b", to: "c", descending: true }), [
        "c",
        "b:2",
        "b:1",
        "b",
      ]);
      assert.equal(await db.ids({ from: "b", limit: 2 }), ["b", "b:1"]);
      assert.equal(await db.ids({ to: "c", descending: true, limit: 2 }), ["c", "b:2"]);
      assert.equal(await db.ids({ from: "b:", to: "b:\uffff" }), ["b:1", "b:2"]);
      assert.equal(await db.ids({ from: "x", to: "z" }), []);
      assert.equal(await db.ids({ from: "c", to: "b" }), []);
      assert.equal(await db.ids({ limit: 0 }), []);
      assert.equal(idsOf(await db.list({ from: "c" })), ["c", "d"]);
    },
  ],
  [
    "a list carries the documents as get does",
    async ({ db }) => {
      await db.bulk([
        { _id: "a", n: 1 },
        { _id: "b", n: 2 },
      ]);
      assert.equal(await db.list(), [await db.get("a"), await db.get("b")]);
    },
  ],
  [
    "getMany keeps the order asked and leaves out what is not there",
    async ({ db }) => {
      await db.bulk(["a", "b", "c"].map((_id) => ({ _id })));
      await db.remove("b", (await db.get("b"))?._rev ?? "");
      assert.equal(idsOf(await db.getMany(["c", "b", "nothing", "a"])), ["c", "a"]);
      assert.equal(await db.getMany([]), []);
    },
  ],
  [
    "ids of other scripts, spaces, slashes and signs are ids like others",
    async ({ db }) => {
      const ids = ["A b", "a%2Fb", "a+b", "a/b", "a:b?c#d&e=f", 'q"uote', "é", "ß/ü", "日本", "😀"];
      await db.bulk(ids.map((_id) => ({ _id, own: _id })));
      for (const id of ids) assert.is((await db.get(id))?.own, id);
      const byBytes = [...ids].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
      assert.equal(await db.ids(), byBytes);
      assert.equal(idsOf(await db.getMany(ids)), ids);
      assert.equal(await db.ids({ from: "é", to: "é" }), ["é"]);
      assert.equal((await follow(db, 3)).seen.sort(), [...ids].sort());
    },
  ],
  [
    "ids and fields that belong to the engine are refused",
    async ({ db }) => {
      await refuses("invalid", db.put({ _id: "_design/x" }));
      await refuses("invalid", db.put({ _id: "_local/x" }));
      await refuses("invalid", db.put({ _id: "" }));
      await refuses("invalid", db.put({ _id: "a", _deleted: true }));
      await refuses("invalid", db.put({ _id: "a", _attachments: {} }));
      await refuses("invalid", db.get("_all_docs"));
      await refuses("invalid", db.remove("_design/x", "1-a"));
      assert.equal(await db.ids(), []);
    },
  ],
  [
    "many are removed at once, those with another revision stay, and all may be written again",
    async ({ db }) => {
      await db.bulk(numbered(5));
      const docs = await db.list();
      const [first, ...others] = docs as [Doc, ...Doc[]];
      const outcomes = await db.removeMany([
        ...others,
        { _id: first._id, _rev: "1-00000000000000000000000000000000" },
      ]);
      assert.equal(
        outcomes.map(({ ok }) => ok),
        [true, true, true, true, false],
      );
      assert.equal(idsOf(await db.list()), [first._id]);
      await db.bulk(numbered(5).slice(1));
      assert.is((await db.info()).docs, 5);
    },
  ],
  [
    "what is removed is gone, counted off, told in the feed, and may be written again",
    async ({ db }) => {
      const { rev } = await db.put({ _id: "a", n: 1 });
      await db.put({ _id: "b" });
      await db.remove("a", rev);
      assert.is(await db.get("a"), undefined);
      assert.equal(await db.ids(), ["b"]);
      assert.is((await db.info()).docs, 1);
      const { changes } = await db.changes({ since: 0, limit: 10, docs: true });
      const told = changes.map(({ id, isDeleted, doc }) => [id, isDeleted, doc?._id]);
      assert.equal(told, [
        ["b", false, "b"],
        ["a", true, undefined],
      ]);
      await db.put({ _id: "a", n: 2 });
      assert.is((await db.get("a"))?.n, 2);
    },
  ],
  [
    "removing takes the newest revision and a document that is there",
    async ({ db }) => {
      const { rev } = await db.put({ _id: "a", n: 1 });
      await db.put({ _id: "a", _rev: rev, n: 2 });
      await refuses("conflict", db.remove("a", rev));
      await refuses("not_found", db.remove("nothing", rev));
      assert.is((await db.get("a"))?.n, 2);
    },
  ],
  [
    "the feed is read in pages, each document once",
    async ({ db }) => {
      const docs = numbered(25);
      await db.bulk(docs);
      const { seen, pages } = await follow(db, 10);
      assert.equal(seen.sort(), idsOf(docs));
      assert.is(pages, 3);
    },
  ],
  [
    "a document revised many times stands in the feed once, as it is now",
    async ({ db }) => {
      let { rev } = await db.put({ _id: "a", n: 0 });
      await db.put({ _id: "b" });
      for (let n = 1; n < 5; n += 1) ({ rev } = await db.put({ _id: "a", _rev: rev, n }));
      const { changes } = await db.changes({ since: 0, limit: 10, docs: true });
      assert.equal(
        changes.map((change) => [change.id, change.doc?.n]),
        [
          ["b", undefined],
          ["a", 4],
        ],
      );
    },
  ],
  [
    "who waits for a change is woken by one",
    async ({ db }) => {
      await db.put({ _id: "a" });
      const { seq } = await db.info();
      const waiting = db.changes({ since: seq, limit: 10, waitMs: 20_000 });
      await db.put({ _id: "b" });
      const { changes, lastSeq } = await waiting;
      assert.equal(idsOf(changes.map(({ id }) => ({ _id: id }))), ["b"]);
      assert.equal((await db.changes({ since: lastSeq, limit: 10 })).changes, []);
    },
  ],
  [
    "who waits in vain gets an empty page in the end",
    async ({ db }) => {
      await db.put({ _id: "a" });
      const { seq } = await db.info();
      const { changes, lastSeq } = await db.changes({ since: seq, limit: 10, waitMs: 50 });
      assert.equal(changes, []);
      await db.put({ _id: "b" });
      assert.is((await db.changes({ since: lastSeq, limit: 10 })).changes[0]?.id, "b");
    },
  ],
  [
    "who waits may be called away",
    async ({ db }) => {
      const { seq } = await db.info();
      const away = new AbortController();
      const waiting = db.changes({ since: seq, limit: 10, waitMs: 60_000, signal: away.signal });
      away.abort();
      assert.equal((await waiting).changes, []);
    },
  ],
  [
    "a document of a megabyte is one like others",
    async ({ db }) => {
      const text = "0123456789abcdef".repeat(65_536);
      await db.put({ _id: "large", text });
      assert.is((await db.get("large"))?.text, text);
    },
  ],
  [
    "many writers at once do not lose each other's documents",
    async ({ db }) => {
      const writers = Array.from({ length: 8 }, (_, w) =>
        db.bulk(numbered(50).map((doc) => ({ ...doc, _id: `${w}:${doc._id}` }))),
      );
      const outcomes = (await Promise.all(writers)).flat();
      assert.ok(outcomes.every((outcome) => outcome.ok));
      assert.is((await db.ids()).length, 400);
    },
  ],
  [
    "a database once opened is listed, and opening it again gives the same one",
    async ({ db, databases }) => {
      await db.put({ _id: "a" });
      assert.ok((await databases.names()).includes(db.name));
      assert.equal(await (await databases.open(db.name)).ids(), ["a"]);
      assert.equal(await (await databases.openExisting(db.name))?.ids(), ["a"]);
    },
  ],
  [
    "what was never opened does not come into being by asking",
    async ({ databases, candidate }) => {
      const name = candidate.newName();
      assert.is(await databases.openExisting(name), undefined);
      assert.not.ok((await databases.names()).includes(name));
    },
  ],
  [
    "what comes out of a backup keeps the revisions it carries",
    async ({ db, databases, candidate }) => {
      const { rev } = await db.put({ _id: "a", n: 1 });
      const other = await databases.open(candidate.newName());
      await other.take([{ _id: "a", _rev: rev, n: 1 }]);
      await other.take([{ _id: "a", _rev: rev, n: 1 }]);
      const doc = await other.get("a");
      assert.equal([doc?._rev, doc?.n], [rev, 1]);
      await other.put({ _id: "a", _rev: rev, n: 2 });
      assert.is((await other.get("a"))?.n, 2);
    },
  ],
  [
    "compacting keeps what is there, and one that is not there is no mistake",
    async ({ db, databases, candidate }) => {
      // Through a hub's door nobody compacts.
      if (candidate.missing === "forbidden")
        return refuses("forbidden", databases.compact(db.name));
      const { rev } = await db.put({ _id: "a", n: 1 });
      await db.put({ _id: "a", _rev: rev, n: 2 });
      await databases.compact(db.name);
      assert.is((await db.get("a"))?.n, 2);
      await databases.compact(candidate.newName());
    },
  ],
  [
    "a destroyed database is gone with its content, and twice is no mistake",
    async ({ db, databases, candidate: { missing = "not_found" } }) => {
      await db.put({ _id: "a" });
      await databases.destroy(db.name);
      await databases.destroy(db.name);
      assert.not.ok((await databases.names()).includes(db.name));
      await refuses(missing, db.get("a"));
      await refuses(missing, db.put({ _id: "a" }));
      assert.equal(await (await databases.open(db.name)).ids(), []);
    },
  ],
  [
    "databases do not see each other's documents",
    async ({ db, databases, candidate }) => {
      const other = await databases.open(candidate.newName());
      await db.put({ _id: "a" });
      assert.is(await other.get("a"), undefined);
    },
  ],
  [
    "a name that is no name is refused",
    async ({ databases }) => {
      for (const name of ["", "A", "../up", "a/b", "_users", "a b", "a%2fb", ".."]) {
        await refuses("invalid", databases.open(name));
        await refuses("invalid", databases.openExisting(name));
        await refuses("invalid", databases.destroy(name));
      }
    },
  ],
  [
    "one that rested is used on, also when somebody works on it meanwhile",
    async ({ db }) => {
      const writing = db.put({ _id: "a" });
      await db.rest();
      await writing;
      await db.rest();
      await db.rest();
      const { changes } = await db.changes({ since: 0, limit: 5 });
      assert.equal(
        changes.map(({ id }) => id),
        ["a"],
      );
    },
  ],
  [
    "a handle that was given back does nothing more, and others go on",
    async ({ db, databases }) => {
      const second = await databases.open(db.name);
      const writing = db.put({ _id: "a" });
      await db.close();
      await writing;
      await refuses("unavailable", db.get("a"));
      assert.equal(await second.ids(), ["a"]);
    },
  ],
];

/** Runs the table on one engine; `open` is called once. */
export function conformance(engine: string, open: () => Promise<Candidate>): void {
  const test = suite(`the database contract on ${engine}`);
  let candidate: Candidate;
  test.before(async () => {
    candidate = await open();
  });
  test.after(async () => {
    await candidate.end();
  });
  for (const [sentence, run] of cases)
    test(sentence, async () => {
      const db = await candidate.databases.open(candidate.newName());
      await run({ db, databases: candidate.databases, candidate });
    });
  test("what was written is there after everything was closed and opened again", async () => {
    if (!candidate.reopen) return;
    const db = await candidate.databases.open(candidate.newName());
    const { rev } = await db.put({ _id: "a", n: 1 });
    const databases = await candidate.reopen();
    const again = await databases.openExisting(db.name);
    assert.equal(await again?.get("a"), { _id: "a", _rev: rev, n: 1 });
    assert.equal((await again?.changes({ since: 0, limit: 5 }))?.changes.length, 1);
    await databases.close();
  });
  test.run();
}
