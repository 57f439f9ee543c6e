import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Database, Doc } from "#shared/couch/database.ts";
import { type LocalDatabases, openLevelDatabases } from "#shared/couch/leveldb.ts";
import { replicateOnce } from "#shared/couch/replicate.ts";
import { type FaultCode, isFault } from "#shared/model/fault.ts";
import { type Stand, standings } from "./sync-stand.ts";

const EPOCH = "00000001-0123456789abcdef";

async function refuses(code: FaultCode, work: Promise<unknown>): Promise<void> {
  const outcome = await work.then(
    (value) => `no fault but ${JSON.stringify(value)}`,
    (error: unknown) => error,
  );
  assert.ok(isFault(outcome, code), `a Fault "${code}" was expected, got ${String(outcome)}`);
}

for (const { label, open } of standings(process.env.COUCHDB_URL)) {
  const test = suite(`replication with ${label}`);
  let stand: Stand;
  let folder: string;
  let local: LocalDatabases;
  let made = 0;

  test.before(async () => {
    stand = await open();
    folder = await mkdtemp(join(tmpdir(), "riser-gateway-"));
    local = await openLevelDatabases({ folder });
  });
  test.after(async () => {
    await local.close();
    await stand.stop();
    await rm(folder, { recursive: true });
  });

  const segments = (count: number, from = 0): Doc[] =>
    Array.from({ length: count }, (_, n) => ({
      _id: `s:${stand.own}:${EPOCH}:${String(from + n).padStart(8, "0")}`,
      type: "segment",
      v: 1,
      writer: stand.own,
      epoch: EPOCH,
      seq: from + n,
      prev: null,
      count: 1,
      before: 0,
      digest: "d".repeat(43),
      columns: "x".repeat(300),
    }));
  /** A partition nobody has used yet, on both sides. */
  async function partition(): Promise<{ name: string; near: Database; far: Database }> {
    made += 1;
    const name = `t-${stand.foo}-tele-${2000 + made}01`;
    return { name, near: await local.open(name), far: await stand.engine.databases.open(name) };
  }
  const replicate = (name: string, direction: "push" | "pull", more: object = {}) =>
    replicateOnce({ local, name, direction, url: stand.url, token: () => stand.token(), ...more });

  test("a document that a bad line passed over is found when all is compared from the start", async () => {
    const { name, near, far } = await partition();
    const docs = segments(5);
    await far.bulk(docs);
    const lost = docs[2]?._id as string;
    // A proxy that answers with a stale page of changes: one line is missing in it.
    const bad: typeof fetch = async (input, init) => {
      const answer = await fetch(input, init);
      const { pathname } = new URL(input instanceof Request ? input.url : input);
      if (!pathname.endsWith("/_changes")) return answer;
      const said = (await answer.json()) as { results: { id: string }[] };
      const results = said.results.filter(({ id }) => id !== lost);
      return Response.json({ ...said, results }, { status: answer.status });
    };
    await replicate(name, "pull", { fetch: bad });
    assert.is(await near.get(lost), undefined);
    await replicate(name, "pull");
    assert.is(await near.get(lost), undefined, "the checkpoint lies behind it");
    await replicate(name, "pull", { isFromTheStart: true });
    assert.equal(await near.list(), await far.list());
  });

  test("what a gateway pushes is on the hub, every document once and the same", async () => {
    const { name, near, far } = await partition();
    await near.bulk(segments(250));
    const seen: number[] = [];
    const told = await replicate(name, "push", { onProgress: (count: number) => seen.push(count) });
    assert.equal(told, { docsWritten: 250, denied: [] });
    assert.equal(await far.list(), await near.list());
    assert.ok(seen.length > 1 && seen.at(-1) === 250, `progress was told as ${seen.join(", ")}`);
    assert.ok(stand.written.includes(name));
    assert.equal(await replicate(name, "push"), { docsWritten: 0, denied: [] });
    await near.bulk(segments(3, 250));
    assert.equal(await replicate(name, "push"), { docsWritten: 3, denied: [] });
    assert.is((await far.info()).docs, 253);
  });

  test("what the hub writes and revises comes to the gateway, and wakes who waits for it", async () => {
    made += 1;
    const name = `t-${stand.foo}-site-${made}`;
    const far = await stand.engine.databases.open(name);
    const near = await local.open(name);
    await far.bulk(Array.from({ length: 120 }, (_, n) => ({ _id: `unit:${n}`, n })));
    const { seq } = await near.info();
    const waiting = near.changes({ since: seq, limit: 1, waitMs: 20_000 });
    assert.is((await replicate(name, "pull")).docsWritten >= 120, true);
    assert.is((await waiting).changes.length, 1);
    assert.equal(await near.list(), await far.list());
    const unit = await far.get("unit:7");
    await far.put({ ...unit, _id: "unit:7", n: "changed" });
    await far.remove("unit:8", (await far.get("unit:8"))?._rev ?? "");
    assert.is((await replicate(name, "pull")).docsWritten, 2);
    assert.is((await near.get("unit:7"))?.n, "changed");
    assert.is(await near.get("unit:8"), undefined);
    assert.equal(await near.list(), await far.list());
  });

  test("a gateway gets its siblings' segments and gives its own", async () => {
    const { name, near, far } = await partition();
    const theirs = segments(5).map((doc) => ({
      ...doc,
      _id: doc._id.replace(stand.own, stand.other),
      writer: stand.other,
    }));
    await far.bulk(theirs);
    await near.bulk(segments(5));
    await replicate(name, "pull");
    assert.equal((await replicate(name, "push")).denied, []);
    assert.is((await far.info()).docs, 10);
    assert.equal(await near.ids(), await far.ids());
  });

  test("documents the hub refuses are named, and their neighbours arrive", async () => {
    const { name, near, far } = await partition();
    const before = stand.denied;
    const foreign = { _id: `s:${stand.other}:${EPOCH}:0`, type: "segment", v: 1 };
    await near.bulk([...segments(3), foreign, { _id: "note", v: 1 }]);
    const told = await replicate(name, "push");
    assert.equal(told.denied.toSorted(), ["note", foreign._id]);
    assert.is(told.docsWritten, 3);
    assert.equal(
      await far.ids(),
      segments(3).map((doc) => doc._id),
    );
    assert.is(stand.denied - before, 2);
  });

  test("a token of another community opens nothing, there or not", async () => {
    const { name, near } = await partition();
    await near.bulk(segments(2));
    const token = () => stand.token({ gatewayId: stand.other, tenants: [stand.fooSite] });
    await refuses("forbidden", replicate(name, "push", { token }));
    await refuses("forbidden", replicate(name, "pull", { token }));
    const missing = `t-${stand.foo}-tele-199901`;
    await local.open(missing);
    await refuses("forbidden", replicate(missing, "push"));
    assert.is(await stand.engine.databases.openExisting(missing), undefined);
  });

  test("a token that ends in flight ends the replication, and the next one goes on from there", async () => {
    const { name, near, far } = await partition();
    await near.bulk(segments(300));
    const onProgress = () => (stand.skewMs = 3_600_000);
    await refuses("unauthorized", replicate(name, "push", { onProgress }));
    stand.skewMs = 0;
    const arrived = (await far.info()).docs;
    assert.ok(arrived >= 100 && arrived < 300, `${arrived} of 300 arrived before`);
    await replicate(name, "push");
    assert.equal(await far.ids(), await near.ids());
  });

  test("a hub that goes away in the middle is a Fault, and what it lacked comes when it is back", async () => {
    const { name, near, far } = await partition();
    await near.bulk(segments(300));
    let isDown: Promise<void> | undefined;
    await refuses(
      "unavailable",
      replicate(name, "push", { onProgress: () => (isDown ??= stand.down()) }),
    );
    await isDown;
    await refuses("unavailable", replicate(name, "push"));
    await stand.up();
    await replicate(name, "push");
    assert.equal(await far.ids(), await near.ids());
    assert.is((await far.info()).docs, 300);
  });

  test("a revoked gateway is out at once", async () => {
    const { name } = await partition();
    stand.revoked.add(stand.own);
    await refuses("unauthorized", replicate(name, "pull"));
    stand.revoked.delete(stand.own);
    await replicate(name, "pull");
  });

  test("who calls it off is not kept waiting", async () => {
    const { name, near } = await partition();
    await near.bulk(segments(300));
    const away = new AbortController();
    await refuses(
      "unavailable",
      replicate(name, "push", { signal: away.signal, onProgress: () => away.abort() }),
    );
    await refuses("unavailable", replicate(name, "push", { signal: AbortSignal.abort() }));
    assert.is((await near.info()).docs, 300);
  });

  test("a database that is not there here is said so", async () => {
    await refuses("not_found", replicate(`t-${stand.foo}-tele-198001`, "push"));
  });

  test.run();
}
