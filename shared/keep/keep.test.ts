import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Doc } from "#shared/couch/database.ts";
import { databaseName } from "#shared/model/database-names.ts";
import { isFault } from "#shared/model/fault.ts";
import type { Epoch, WriterId } from "#shared/model/ids.ts";
import type { SegmentDoc } from "#shared/model/segment.ts";
import { unpackSegment } from "#shared/series/segment.ts";
import { keptUplink } from "#shared/testing/kept-uplinks.ts";
import { openMemoryDatabases } from "#shared/testing/memory-databases.ts";
import { TENANT } from "#shared/testing/site-example.ts";
import { steerableClock } from "#shared/testing/steerable-clock.ts";
import { chainEnds } from "./chain.ts";
import { groupCommit } from "./group-commit.ts";
import { inbox, inboxEntries, type InboxEntry } from "./inbox.ts";
import { inboxMark } from "./inbox-mark.ts";
import { sealer } from "./sealer.ts";

const test = suite("store");
const WRITER = "gw-00112233445566aa" as WriterId;
const START = Date.UTC(2026, 10, 23, 12);
const log = { warn: () => undefined };
const atOnce = { now: () => START, sleep: () => Promise.resolve() };
const epochOf = (n: number) => `${String(n).padStart(8, "0")}-0123456789abcdef` as Epoch;
type Stores = ReturnType<typeof openMemoryDatabases>;

async function openInbox(
  databases: Stores,
  lastN = 0,
  clock: { now(): number; sleep(): Promise<void> } = atOnce,
) {
  const kept: InboxEntry[] = [];
  const mark = await inboxMark(await databases.open(databaseName.local));
  const store = inbox({
    databases,
    clock,
    windowMs: 20,
    lastN,
    onKept: (entry) => kept.push(entry),
    onReached: mark.reached,
  });
  return { store, kept, mark };
}

function openSealer(
  databases: Stores,
  epoch: Epoch,
  clock: { now(): number; sleep(): Promise<void> } = atOnce,
) {
  return sealer({
    databases,
    clock,
    writer: WRITER,
    epoch,
    patienceMs: () => 15_000,
    onSealed: () => undefined,
    log,
  });
}

async function segmentsIn(databases: Stores, month = "202611") {
  const database = await databases.open(databaseName.tele(TENANT, month));
  return database.list<SegmentDoc & Doc>({ from: "s:", to: "s:\uffff" });
}

test("many callers share one write, each gets its own answer", async () => {
  const batches: number[] = [];
  const clock = steerableClock();
  const commits = groupCommit({
    windowMs: 20,
    most: 200,
    clock,
    write: async (batch: readonly number[]) => {
      batches.push(batch.length);
      return batch.map((n) => n * 2);
    },
  });
  const answers = Promise.all(Array.from({ length: 450 }, (_, i) => commits.add(i)));
  await clock.advance(100);
  assert.equal(
    await answers,
    Array.from({ length: 450 }, (_, i) => i * 2),
  );
  assert.equal(batches, [200, 200, 50]);
});

test("a write that fails tells everybody in it, and the next one goes on", async () => {
  let isBroken = true;
  const commits = groupCommit({
    windowMs: 0,
    most: 10,
    clock: atOnce,
    write: async (batch: readonly number[]) => {
      if (isBroken) throw new Error("disk full");
      return batch;
    },
  });
  const outcomes = await Promise.allSettled([commits.add(1), commits.add(2)]);
  assert.equal(
    outcomes.map(({ status }) => status),
    ["rejected", "rejected"],
  );
  isBroken = false;
  assert.is(await commits.add(3), 3);
});

test("the same uplink is kept once, in one batch, in two, and after midnight", async () => {
  const databases = openMemoryDatabases();
  const clock = { ...atOnce, now: () => START };
  const { store, kept } = await openInbox(databases, 0, clock);
  const uplink = keptUplink(START, 500);
  assert.equal(await Promise.all([store.keep(TENANT, uplink), store.keep(TENANT, uplink)]), [
    "kept",
    "repeat",
  ]);
  assert.is(await store.keep(TENANT, uplink), "repeat");
  clock.now = () => START + 13 * 3_600_000;
  assert.is(await store.keep(TENANT, uplink), "repeat");
  assert.is(await store.keep(TENANT, keptUplink(START, 501)), "kept");
  assert.equal(kept.length, 2);
  assert.ok((kept[0]?.n ?? 0) < (kept[1]?.n ?? 0), "places only grow");
  await databases.close();
});

test("a store that refuses is not taken for one that kept", async () => {
  const databases = openMemoryDatabases();
  const { store, kept } = await openInbox(databases);
  await databases.close();
  const outcome = await store.keep(TENANT, keptUplink(START, 1)).catch((error: unknown) => error);
  assert.ok(isFault(outcome, "unavailable"));
  assert.equal(kept, []);
});

test("what was kept is sealed in order, without holes, each segment naming the one before", async () => {
  const databases = openMemoryDatabases();
  const { store, kept } = await openInbox(databases);
  const seal = openSealer(databases, epochOf(1));
  await seal.resume(TENANT);
  await Promise.all(
    Array.from({ length: 450 }, (_, i) => store.keep(TENANT, keptUplink(START + i * 1000, i))),
  );
  for (const entry of kept) seal.add(entry);
  await seal.sealAll();
  const segments = await segmentsIn(databases);
  assert.equal(
    segments.map(({ seq, count, before }) => [seq, count, before]),
    [
      [0, 200, 0],
      [1, 200, 200],
      [2, 50, 400],
    ],
  );
  assert.equal(
    segments.map(({ prev }) => prev?.id ?? null),
    [null, segments[0]?._id, segments[1]?._id],
  );
  assert.is(segments[2]?.prev?.digest, segments[1]?.digest);
  assert.equal(
    segments.flatMap((segment) => unpackSegment(segment).map(({ identity }) => identity)),
    kept.map(({ uplink }) => uplink.identity),
  );
  await databases.close();
});

test("cut at any moment and started again, every uplink is in one segment and no other", async () => {
  for (let cut = 0; cut <= 8; cut++) {
    const databases = openMemoryDatabases();
    const first = await openInbox(databases);
    const before = openSealer(databases, epochOf(1));
    await before.resume(TENANT);
    for (let i = 0; i < 8; i++) await first.store.keep(TENANT, keptUplink(START + i * 1000, i));
    // Sealed up to the cut; the rest only lies in the inbox when the power goes.
    for (const entry of first.kept.slice(0, cut)) before.add(entry);
    await before.sealAll();

    const after = openSealer(databases, epochOf(2));
    const end = await after.resume(TENANT);
    for await (const page of inboxEntries(databases, undefined))
      for (const entry of page) after.add(entry);
    const second = await openInbox(databases, Math.max(end?.sealedN ?? 0, 8));
    await second.store.keep(TENANT, keptUplink(START + 9000, 9));
    for (const entry of second.kept) after.add(entry);
    await after.sealAll();
    const segments = await segmentsIn(databases);
    const identities = segments.flatMap((segment) =>
      unpackSegment(segment).map(({ identity }) => identity),
    );
    assert.is(identities.length, 9, `cut after ${cut}`);
    assert.is(new Set(identities).size, 9);
    assert.is(segments.at(-1)?.prev?.id ?? null, segments.at(-2)?._id ?? null);
    await databases.close();
  }
});

test("the mark lets a start pass over what is sealed and nothing else", async () => {
  const databases = openMemoryDatabases();
  const { store, kept, mark } = await openInbox(databases);
  for (let i = 0; i < 3000; i += 200)
    await Promise.all(
      Array.from({ length: 200 }, (_, k) =>
        store.keep(TENANT, keptUplink(START + (i + k) * 1000, i + k)),
      ),
    );
  await mark.sealedUpTo(2500);
  const again = await inboxMark(await databases.open(databaseName.local));
  const left: number[] = [];
  for await (const page of inboxEntries(databases, again.start))
    left.push(...page.map(({ n }) => n));
  assert.ok(
    (again.start?.n ?? 0) <= 2500 && (again.start?.n ?? 0) >= 1500,
    `mark at ${again.start?.n}`,
  );
  assert.equal(
    left.filter((n) => n > 2500),
    kept.filter(({ n }) => n > 2500).map(({ n }) => n),
  );
  await databases.close();
});

test("a clock that steps back does not open a closed month", async () => {
  const databases = openMemoryDatabases();
  const clock = { ...atOnce, now: () => Date.UTC(2026, 11, 1) };
  const seal = openSealer(databases, epochOf(1), clock);
  await seal.resume(TENANT);
  seal.add({ n: 1, tenant: TENANT, day: "20261123", uplink: keptUplink(START, 1) });
  await seal.sealAll();
  clock.now = () => Date.UTC(1970, 0, 1);
  seal.add({ n: 2, tenant: TENANT, day: "20261123", uplink: keptUplink(START, 2) });
  await seal.sealAll();
  assert.is((await segmentsIn(databases, "202612")).length, 2);
  await databases.close();
});

/** Databases whose writes of `failing` names reach the disk and throw all the same, as after a failed fdatasync. */
function losingAnswers(databases: Stores, isFailing: (name: string) => boolean): Stores {
  const answerLost = () => Promise.reject(new Error("IO error: fdatasync"));
  return {
    ...databases,
    async open(name) {
      const database = await databases.open(name);
      return {
        ...database,
        put: (doc) => database.put(doc).then((done) => (isFailing(name) ? answerLost() : done)),
        bulk: (docs) => database.bulk(docs).then((done) => (isFailing(name) ? answerLost() : done)),
      };
    },
  };
}

test("a write that failed and is on the disk all the same is sealed once, in its place", async () => {
  const databases = openMemoryDatabases();
  let isFailing = true;
  const { store, kept } = await openInbox(
    losingAnswers(databases, (name) => isFailing && name.startsWith("inbox-")),
  );
  const [first, second] = [keptUplink(START, 1), keptUplink(START + 60_000, 2)];
  const outcome = await store.keep(TENANT, first).catch((error: unknown) => error);
  assert.ok(isFault(outcome, "unavailable"), "its sender was not told that it was received");
  isFailing = false;
  assert.is(await store.keep(TENANT, second), "kept");
  assert.is(await store.keep(TENANT, first), "repeat");
  assert.equal(
    kept.map(({ uplink }) => uplink.identity),
    [first.identity, second.identity],
  );
  assert.ok((kept[0]?.n ?? 0) < (kept[1]?.n ?? 0));
  await databases.close();
});

test("what was there before a write failed is not told a second time", async () => {
  const databases = openMemoryDatabases();
  let isFailing = false;
  const { store, kept } = await openInbox(
    losingAnswers(databases, (name) => isFailing && name.startsWith("inbox-")),
  );
  const uplink = keptUplink(START, 1);
  await store.keep(TENANT, uplink);
  isFailing = true;
  await store.keep(TENANT, uplink).catch(() => undefined);
  isFailing = false;
  assert.is(await store.keep(TENANT, uplink), "repeat");
  assert.is(kept.length, 1);
  await databases.close();
});

test("a clock that steps back years loses nothing over a restart", async () => {
  const databases = openMemoryDatabases();
  const clock = { ...atOnce, now: () => START };
  const first = await openInbox(databases, 0, clock);
  await first.store.keep(TENANT, keptUplink(START, 1));
  // A gateway without a battery for its clock starts in 1970, hears, and is cut off before it seals.
  clock.now = () => Date.UTC(1970, 0, 1);
  const second = await openInbox(databases, 1, clock);
  await second.store.keep(TENANT, keptUplink(START + 60_000, 2));
  assert.is(
    await second.store.keep(TENANT, keptUplink(START, 1)),
    "repeat",
    "also across the step",
  );
  const seal = openSealer(databases, epochOf(3));
  await seal.resume(TENANT);
  for await (const page of inboxEntries(databases, { day: "20261123", seq: 0, n: 0 }))
    for (const entry of page) seal.add(entry);
  await seal.sealAll();
  const [segment] = await segmentsIn(databases);
  assert.is(segment?.count, 2);
  await databases.close();
});

test("a segment that was written though the write failed is taken up, and the chain goes on", async () => {
  const databases = openMemoryDatabases();
  let isFailing = true;
  const clock = { ...atOnce, now: () => Date.UTC(2026, 10, 30, 23, 59) };
  const seal = openSealer(
    losingAnswers(databases, (name) => isFailing && name.includes("-tele-")),
    epochOf(1),
    clock,
  );
  await seal.resume(TENANT);
  seal.add({ n: 1, tenant: TENANT, day: "20261123", uplink: keptUplink(START, 1) });
  assert.instance(await seal.sealAll().catch((error: unknown) => error), Error);
  isFailing = false;
  // More came meanwhile, and a new month.
  clock.now = () => Date.UTC(2026, 11, 1);
  seal.add({ n: 2, tenant: TENANT, day: "20261123", uplink: keptUplink(START + 60_000, 2) });
  await seal.sealAll();
  const segments = [...(await segmentsIn(databases)), ...(await segmentsIn(databases, "202612"))];
  assert.equal(
    segments.map(({ seq, count, before }) => [seq, count, before]),
    [
      [0, 1, 0],
      [1, 1, 1],
    ],
  );
  assert.is(segments[1]?.prev?.id, segments[0]?._id);
  assert.is(seal.waiting(), 0);
  await databases.close();
});

test("where another life of this machine wrote on, a failed write is tried again in its own chain", async () => {
  const databases = openMemoryDatabases();
  // The other one counted its starts on: its epoch comes later in the order of names.
  const other = openSealer(databases, epochOf(9));
  await other.resume(TENANT);
  other.add({ n: 1, tenant: TENANT, day: "20261123", uplink: keptUplink(START, 1) });
  let isFailing = false;
  const seal = openSealer(
    {
      ...databases,
      async open(name) {
        const database = await databases.open(name);
        const put: typeof database.put = (doc) =>
          isFailing && name.includes("-tele-")
            ? Promise.reject(new Error("disk full"))
            : database.put(doc);
        return { ...database, put };
      },
    },
    epochOf(2),
  );
  await seal.resume(TENANT);
  await other.sealAll();
  const heard = (n: number) => ({
    n,
    tenant: TENANT,
    day: "20261123",
    uplink: keptUplink(START, n),
  });
  seal.add(heard(2));
  await seal.sealAll();
  isFailing = true;
  seal.add(heard(3));
  assert.instance(await seal.sealAll().catch((error: unknown) => error), Error);
  isFailing = false;
  await seal.sealAll();
  assert.is(seal.waiting(), 0);
  const own = (await segmentsIn(databases)).filter(({ epoch }) => epoch === epochOf(2));
  assert.equal(
    own.map(({ seq, inbox: { from } }) => [seq, from]),
    [
      [0, 2],
      [1, 3],
    ],
  );
  assert.is(own[1]?.prev?.id, own[0]?._id);
  await databases.close();
});

test("a community whose database fails does not hold up the others", async () => {
  const databases = openMemoryDatabases();
  const other = "hillside" as typeof TENANT;
  const broken = losingAnswers(databases, (name) => name.startsWith(`t-${TENANT}-tele`));
  const seal = openSealer(broken, epochOf(1));
  for (const [i, tenant] of [TENANT, other].entries()) {
    await seal.resume(tenant);
    seal.add({ n: i + 1, tenant, day: "20261123", uplink: keptUplink(START, i) });
  }
  await seal.sealAll().catch(() => undefined);
  assert.is(seal.waiting(other), 0);
  await databases.close();
});

test("sealing goes on when the clock steps back, and soon when the hub is back", async () => {
  for (const isStep of [true, false]) {
    const databases = openMemoryDatabases();
    const clock = steerableClock(START);
    let patienceMs = 300_000;
    const seal = sealer({
      databases,
      clock,
      writer: WRITER,
      epoch: epochOf(1),
      patienceMs: () => patienceMs,
      onSealed: () => undefined,
      log,
    });
    await seal.resume(TENANT);
    const stop = new AbortController();
    const running = seal.run(stop.signal);
    if (isStep) clock.set(Date.UTC(2027, 0));
    seal.add({ n: 1, tenant: TENANT, day: "20261123", uplink: keptUplink(START, 1) });
    if (isStep) clock.set(START);
    else await clock.advance(20_000);
    assert.is(seal.waiting(), 1);
    if (!isStep) patienceMs = 15_000;
    for (let i = 0; i < 15 && seal.waiting() > 0; i++) await clock.advance(1_000);
    assert.is(seal.waiting(), 0, isStep ? "clock" : "hub");
    stop.abort();
    await running;
    await databases.close();
  }
});

test("a start that lost its counter still begins an epoch after all the others", async () => {
  const databases = openMemoryDatabases();
  const seal = openSealer(databases, epochOf(7));
  await seal.resume(TENANT);
  seal.add({ n: 1, tenant: TENANT, day: "20261123", uplink: keptUplink(START, 1) });
  await seal.sealAll();
  assert.equal(
    (await chainEnds(databases, WRITER)).map(({ starts }) => starts),
    [7],
  );
  await databases.close();
});

test.run();
