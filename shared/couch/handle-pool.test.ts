import { test } from "uvu";
import * as assert from "uvu/assert";
import { Fault, isFault } from "#shared/model/fault.ts";
import { HandlePool } from "./handle-pool.ts";

/** Handles that know whether they are open, and a log of what happened to them. */
function ground(maxOpen: number) {
  const log: string[] = [];
  const there = new Set<string>();
  const open = new Set<string>();
  const pool = new HandlePool<{ readonly name: string }>({
    maxOpen,
    async open(name, mayCreate) {
      await Promise.resolve();
      if (!there.has(name) && !mayCreate) throw new Fault("not_found", name);
      assert.not.ok(open.has(name), `${name} is opened twice`);
      there.add(name);
      open.add(name);
      log.push(`open ${name}`);
      return { name };
    },
    async close({ name }) {
      await Promise.resolve();
      open.delete(name);
      log.push(`close ${name}`);
    },
    isFatal: (error) => error === "fatal",
  });
  const touch = (name: string) => pool.use(name, async () => assert.ok(open.has(name)), true);
  return { pool, log, open, touch };
}

/** A promise that somebody else keeps waiting. */
function latch() {
  let release = () => {};
  const released = new Promise<void>((resolve) => (release = resolve));
  return { released, release };
}

test("the one unused the longest is closed", async () => {
  const { pool, log, touch } = ground(2);
  await touch("a");
  await touch("b");
  await touch("a");
  await touch("c");
  await pool.close();
  assert.equal(log.slice(0, 4), ["open a", "open b", "open c", "close b"]);
});

test("a handle somebody works on is not closed, however many are open", async () => {
  const { pool, open, touch } = ground(1);
  const { released, release } = latch();
  const working = pool.use("a", async () => released, true);
  await touch("b");
  await touch("c");
  assert.ok(open.has("a"));
  release();
  await working;
  await pool.close();
});

test("a handle that is given back while somebody works on it is closed when that work is done", async () => {
  const { pool, log, touch } = ground(5);
  const { released, release } = latch();
  const working = pool.use("a", async () => released, true);
  await touch("a");
  await pool.release("a");
  assert.equal(log, ["open a"]);
  release();
  await working;
  await touch("a");
  assert.equal(log, ["open a", "close a", "open a"]);
  await pool.close();
});

test("many who ask at once share one handle", async () => {
  const { pool, log, touch } = ground(5);
  await Promise.all(Array.from({ length: 20 }, () => touch("a")));
  assert.equal(log, ["open a"]);
  await pool.close();
});

test("who may create is not told 'not found' because somebody else may not", async () => {
  const { pool, touch } = ground(5);
  const looking = pool.use("a", async () => {}).catch((error: unknown) => error);
  const making = touch("a");
  assert.ok(isFault(await looking, "not_found"));
  await making;
  await pool.close();
});

test("who comes while it is alone waits, and finds it open again", async () => {
  const { pool, log, touch } = ground(5);
  const { released, release } = latch();
  await touch("a");
  const alone = pool.alone("a", async () => {
    log.push("alone");
    await released;
    log.push("done");
  });
  const next = touch("a");
  release();
  await Promise.all([alone, next]);
  assert.equal(log, ["open a", "close a", "alone", "done", "open a"]);
  await pool.close();
});

test("a failure while alone is told to who asked and to nobody else", async () => {
  const { pool, touch } = ground(5);
  const failing = pool.alone("a", async () => {
    throw new Error("no");
  });
  const next = touch("a");
  assert.is(await failing.catch((error: Error) => error.message), "no");
  await next;
  await pool.close();
});

test("after an error that a handle does not get over it is opened anew", async () => {
  const { pool, log, touch } = ground(5);
  const broken = pool
    .use("a", () => Promise.reject("fatal"), true)
    .catch((error: unknown) => error);
  assert.is(await broken, "fatal");
  await touch("a");
  assert.equal(log, ["open a", "close a", "open a"]);
  await pool.close();
});

test("after closing nothing is opened", async () => {
  const { pool, touch } = ground(5);
  await pool.close();
  assert.ok(isFault(await touch("a").catch((error: unknown) => error), "unavailable"));
});

test.run();
