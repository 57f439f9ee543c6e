import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Doc } from "#shared/couch/database.ts";
import { systemClock, type Clock } from "#shared/model/clock.ts";
import { databaseName } from "#shared/model/database-names.ts";
import type { HubTroubleCode } from "#shared/model/hub-troubles.ts";
import type { Epoch, TenantName, UnitId, WriterId } from "#shared/model/ids.ts";
import type { SegmentDoc } from "#shared/model/segment.ts";
import { packSegment } from "#shared/series/segment.ts";
import { keptUplink } from "#shared/testing/kept-uplinks.ts";
import { openMemoryDatabases } from "#shared/testing/memory-databases.ts";
import { siteExample, TENANT } from "#shared/testing/site-example.ts";
import { sites } from "#edge/site/sites.ts";
import { chainEnd, type ChainEnd } from "#shared/keep/chain.ts";
import { hubLine } from "./hub-line.ts";
import { hubPlace } from "./hub-place.ts";
import { hubLink, type HubAway, type HubLink } from "./hub-link.ts";
import { identityIn, type Identity } from "./identity.ts";
import { siteKeeper } from "./site-keeper.ts";
import { tinyHub, type Mischief } from "./testing/tiny-hub.ts";

const test = suite("hub link");
const OTHER = "hillside" as TenantName;
const EPOCH = "00000001-0123456789abcdef" as Epoch;
const log = { info: () => undefined, warn: () => undefined };

let folder: string;
let identity: Identity;
/** What the link told whoever runs it. */
const erased: TenantName[] = [];
const rolledBack: number[] = [];
test.before(async () => {
  folder = await mkdtemp(join(tmpdir(), "riser-link-"));
  identity = await identityIn(folder);
});
test.after(() => rm(folder, { recursive: true }));

/** A gateway's databases, which outlive the process that a `link` stands for. */
function machine() {
  const databases = openMemoryDatabases();
  const writer = identity.gatewayId as string as WriterId;
  return {
    databases,
    async segment(tenant: TenantName, seq: number, month = "202611") {
      const end = await chainEnd(databases, tenant, writer);
      const place = {
        writer,
        epoch: EPOCH,
        seq,
        prev: end ? { id: end.id, digest: end.digest } : null,
        before: end?.uplinks ?? 0,
        inbox: { from: seq + 1, to: seq + 1 },
      };
      const database = await databases.open(databaseName.tele(tenant, month));
      await database.put(packSegment(place, [keptUplink(Date.UTC(2026, 10, 23), seq)]));
    },
    /** Full segments, as after a long time away. */
    async backlog(tenant: TenantName, segments: number, month = "202611") {
      const database = await databases.open(databaseName.tele(tenant, month));
      for (let seq = 0; seq < segments; seq++) {
        const from = seq * 200;
        const uplinks = Array.from({ length: 200 }, (_, i) =>
          keptUplink(Date.UTC(2026, 10, 1) + (from + i) * 60_000, from + i),
        );
        const place = {
          writer,
          epoch: EPOCH,
          seq,
          prev: null,
          before: from,
          inbox: { from: from + 1, to: from + 200 },
        };
        await database.put(packSegment(place, uplinks));
      }
    },
    /** Starts a link, works with it, and stops it. */
    async run<T>(
      hubUrl: string,
      tenants: readonly TenantName[],
      work: (about: { link: HubLink; known: ReturnType<typeof sites> }) => Promise<T>,
      away: { now?: HubAway } = {},
      counted?: () => number,
    ): Promise<T> {
      const local = await databases.open(databaseName.local);
      await databases.open(databaseName.gateway(identity.gatewayId));
      const known = sites();
      const ends = new Map<TenantName, ChainEnd | undefined>();
      for (const tenant of tenants) ends.set(tenant, await chainEnd(databases, tenant, writer));
      const keeper = siteKeeper({
        databases,
        local,
        sites: known,
        identity,
        prepare: async () => undefined,
        log,
      });
      await keeper.load();
      const stopping = new AbortController();
      /** Waits a hundredth, so that backing off costs no test a second. */
      const clock: Clock = { ...systemClock, sleep: (ms, off) => systemClock.sleep(ms / 100, off) };
      const place = await hubPlace(folder, hubUrl);
      const line = hubLine();
      const waiting = () =>
        [...ends].reduce(
          (sum, [tenant, end]) =>
            sum + (end?.uplinks ?? 0) - (link.confirmed(tenant)?.uplinks ?? 0),
          0,
        );
      const link: HubLink = hubLink({
        place,
        fetch: line.fetch,
        identity,
        databases,
        local,
        siteKeeper: keeper,
        chainEnds: () => ends,
        beforePush: async () => undefined,
        clock,
        chance: () => 0.5,
        pollMs: 100,
        tally: { refused: () => undefined },
        waiting: counted ?? waiting,
        about: () => ({
          version: "test",
          epoch: EPOCH,
          startedAt: "2026-11-26T08:00:00.000Z",
          sites: {},
          holds: [],
        }),
        onConfirmed: () => undefined,
        onErased: async (tenant) => void erased.push(tenant),
        beforeReturned: async () => undefined,
        onRolledBack: (_tenant, documents) => void rolledBack.push(documents),
        onWithdrawn: () => undefined,
        ...(away.now && { before: away.now }),
        onChange: (now) => void (away.now = now),
        onHubTime: () => undefined,
        log,
      });
      const running = link.run(stopping.signal);
      try {
        return await work({ link, known });
      } finally {
        stopping.abort();
        await running;
        line.close();
      }
    },
  };
}
const until = async (isSo: () => boolean | Promise<boolean>, what: string) => {
  for (const endMs = Date.now() + 5_000; !(await isSo()); await systemClock.sleep(5))
    if (Date.now() > endMs) throw new Error(`in vain: ${what}`);
};
async function withHub(
  work: (hub: Awaited<ReturnType<typeof tinyHub>>) => Promise<void>,
): Promise<void> {
  const hub = await tinyHub();
  for (const tenant of [TENANT, OTHER])
    for (const month of ["202611", "202612"])
      await hub.databases.open(databaseName.tele(tenant, month));
  await hub.databases.open(databaseName.gateway(identity.gatewayId));
  try {
    await work(hub);
  } finally {
    await hub.stop();
  }
}
const community = (tenant: TenantName, generation = 1) => ({
  tenant,
  name: tenant,
  site: databaseName.site(tenant, generation),
});
async function project(
  hub: Awaited<ReturnType<typeof tinyHub>>,
  generation: number,
  tenant = TENANT,
) {
  const docs = (await siteExample(generation)).map((doc) =>
    doc.type === "site" ? { ...doc, tenant } : doc,
  );
  await (await hub.databases.open(databaseName.site(tenant, generation))).bulk(docs);
}
const segmentsAt = async (hub: Awaited<ReturnType<typeof tinyHub>>, tenant: TenantName) =>
  (await hub.databases.open(databaseName.tele(tenant, "202611"))).list<SegmentDoc & Doc>({
    from: "s:",
  });

test("a site comes down, segments go up, and both are said to be there", async () => {
  await withHub(async (hub) => {
    await project(hub, 1);
    hub.told.communities = [community(TENANT)];
    const box = machine();
    await box.segment(TENANT, 0);
    await box.run(hub.url, [TENANT], async ({ link, known }) => {
      await until(() => link.state().lastSuccessMs !== null, "a whole round");
      assert.is(known.get(TENANT)?.devices.size, 3);
      assert.is(link.confirmed(TENANT)?.uplinks, 1);
    });
    assert.is((await segmentsAt(hub, TENANT)).length, 1);
    // Started again without a hub, it still knows what the hub has.
    await box.run("http://127.0.0.1:1", [TENANT], async ({ link, known }) => {
      await until(() => link.state().trouble !== null, "away");
      assert.is(link.confirmed(TENANT)?.uplinks, 1);
      assert.is(known.get(TENANT)?.devices.size, 3);
    });
    await box.databases.close();
  });
});

test("a community that was never heard of leaves no doubt until when all is on the hub", async () => {
  await withHub(async (hub) => {
    await project(hub, 1);
    await project(hub, 1, OTHER);
    hub.told.communities = [community(TENANT), community(OTHER)];
    const box = machine();
    await box.segment(TENANT, 0);
    await box.run(hub.url, [TENANT, OTHER], async ({ link }) => {
      await until(() => link.state().lastSuccessMs !== null, "a whole round");
      await until(() => link.state().completeUntilMs !== null, "said");
    });
    // Without the hub it is as long as the other was heard.
    await box.segment(TENANT, 1);
    await box.run("http://127.0.0.1:1", [TENANT, OTHER], async ({ link }) => {
      await until(() => link.state().trouble !== null, "away");
      assert.is(link.state().completeUntilMs, link.confirmed(TENANT)?.untilMs);
    });
    await box.databases.close();
  });
});

test("what one community has too many there hides nothing that another still has to bring", async () => {
  await withHub(async (hub) => {
    await project(hub, 1);
    await project(hub, 1, OTHER);
    hub.told.communities = [community(TENANT), community(OTHER)];
    let release = () => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    const isOthers = (path: string) =>
      path.includes(`${OTHER}-tele`) && path.endsWith("_bulk_docs");
    hub.told.answering = async (path) => (isOthers(path) ? held : undefined);
    const box = machine();
    for (const tenant of [TENANT, OTHER]) await box.segment(tenant, 0);
    await box.run(
      hub.url,
      [TENANT, OTHER],
      async ({ link }) => {
        await until(() => link.confirmed(TENANT)?.uplinks === 1, "one of them is there");
        assert.ok(link.state().isReached);
        assert.is(link.state().completeUntilMs, null);
        release();
        await until(() => link.state().completeUntilMs !== null, "both are there");
      },
      {},
      () => -1,
    );
    await box.databases.close();
  });
});

test("a gateway that hears nothing says that nothing is missing", async () => {
  await withHub(async (hub) => {
    await project(hub, 1);
    hub.told.communities = [community(TENANT)];
    const box = machine();
    const startMs = Date.now();
    await box.run(hub.url, [TENANT], async ({ link }) => {
      await until(() => (link.state().completeUntilMs ?? 0) >= startMs, "all until now");
    });
    await box.databases.close();
  });
});

test("whatever answers in the hub's place, the link says so, and goes on when it is over", async () => {
  await withHub(async (hub) => {
    await project(hub, 1);
    hub.told.communities = [community(TENANT)];
    const box = machine();
    await box.segment(TENANT, 0);
    const page = { type: "text/html", body: "<h1>Welcome to our Wi-Fi</h1>" };
    const onSync = (status: number, body: string): Mischief => {
      return (path) => (path.startsWith("/sync") ? { status, body } : undefined);
    };
    const json = (status: number, body: string): Mischief => {
      return () => ({ status, body });
    };
    const evils: [string, HubTroubleCode, Mischief][] = [
      ["a page for all", "captive_portal", () => ({ status: 200, ...page })],
      ["another way", "captive_portal", () => ({ status: 302, ...page })],
      ["500", "hub_restarting", json(500, '{"error":"x","reason":"y"}')],
      ["no JSON", "captive_portal", json(200, "{")],
      ["another shape", "captive_portal", json(200, '{"data":{"access_token":7}}')],
      ["an endless body", "captive_portal", json(200, "x".repeat(3_000_000))],
      ["a stranger's no", "captive_portal", json(401, '{"error":"unauthorized"}')],
      ["not enrolled", "not_claimed", json(401, '{"status":401,"detail":"unknown"}')],
      ["shut out", "shut_out", json(403, '{"status":403,"detail":"withdrawn"}')],
      ["too fast", "too_many", json(429, '{"status":429,"detail":"slow","retry_after_ms":30}')],
      ["the hub's own", "hub_failing", json(503, '{"status":503,"detail":"later"}')],
      [
        "sync broken",
        "hub_restarting",
        (path) => (path.startsWith("/sync") ? { status: 502, ...page } : undefined),
      ],
      ["sync fails", "hub_failing", onSync(500, '{"error":"x","reason":"IO error: the hub\'s"}')],
      ["sync refuses", "token_refused", onSync(401, '{"error":"unauthorized"}')],
      ["nothing makes sense", "captive_portal", onSync(200, "[]")],
    ];
    await box.run(hub.url, [TENANT], async ({ link, known }) => {
      for (const [what, code, mischief] of evils) {
        hub.told.mischief = mischief;
        // Something to fetch: what nobody asks for cannot fail.
        const site = await hub.databases.open(databaseName.site(TENANT, 1));
        await site.put({ _id: `unit:${what}`, v: 1, type: "unit" });
        await until(() => !link.state().isReached && link.state().trouble !== null, what);
        assert.is(link.state().trouble?.code, code, what);
        hub.told.mischief = () => undefined;
        await until(() => link.state().isReached && link.state().trouble === null, `${what}, over`);
        // By now the hub can be told why it was not.
        const { lastAway } = link.state();
        assert.is(lastAway?.trouble.code, code, what);
        assert.ok(lastAway && lastAway.fromMs <= lastAway.toMs);
        assert.is(known.get(TENANT)?.devices.size, 3);
      }
    });
    await box.databases.close();
  });
});

test("since when the hub is away, and why it was, is known after a restart too", async () => {
  await withHub(async (hub) => {
    await project(hub, 1);
    hub.told.communities = [community(TENANT)];
    const box = machine();
    const away: { now?: HubAway } = {};
    const nowhere = "http://127.0.0.1:1";
    await box.run(nowhere, [], async () => until(() => away.now !== undefined, "away"), away);
    const { awaySinceMs, trouble } = away.now as HubAway;
    assert.is(trouble?.code, "not_listening");
    await box.run(
      nowhere,
      [],
      async ({ link }) => {
        assert.is(link.state().awaySinceMs, awaySinceMs, "since before this start");
        assert.is(link.state().trouble?.code, "not_listening");
      },
      away,
    );
    const check = async ({ link }: { link: HubLink }) => {
      await until(() => link.state().isReached, "reached");
      const { lastAway } = link.state();
      assert.equal([lastAway?.fromMs, lastAway?.trouble.code], [awaySinceMs, "not_listening"]);
    };
    await box.run(hub.url, [], check, away);
    await box.run(hub.url, [], check, away);
    await box.databases.close();
  });
});

test("a community the hub has trouble with does not hold up the others", async () => {
  for (const broken of [databaseName.site(TENANT, 1), databaseName.tele(TENANT, "202611")])
    await withHub(async (hub) => {
      await project(hub, 1);
      await project(hub, 1, OTHER);
      hub.told.communities = [community(TENANT), community(OTHER)];
      hub.told.mischief = (path) =>
        path.includes(broken)
          ? { status: 403, body: '{"error":"forbidden","reason":"not yours"}' }
          : undefined;
      const box = machine();
      for (const tenant of [TENANT, OTHER]) await box.segment(tenant, 0);
      await box.run(hub.url, [TENANT, OTHER], async ({ link, known }) => {
        await until(() => link.confirmed(OTHER)?.uplinks === 1, `the other, without ${broken}`);
        assert.ok(known.get(OTHER));
        await until(() => link.state().trouble !== null, "said");
        assert.is(link.state().trouble?.code, "community_refused");
        // Nor does it make the gateway deaf to what is new.
        for (const news of ["u-00000000000000n1", "u-00000000000000n2"] as UnitId[]) {
          const site = await hub.databases.open(databaseName.site(OTHER, 1));
          const [home] = await site.list({ from: "unit:", to: "unit:\uffff", limit: 1 });
          const { _rev, ...like } = home as Doc & { _rev: string };
          await site.put({ ...like, _id: `unit:${news}`, unitId: news });
          await until(() => known.get(OTHER)?.units.has(news) === true, news);
        }
      });
      assert.is((await segmentsAt(hub, OTHER)).length, 1);
      await box.databases.close();
    });
});

test("a segment the hub refused is never called confirmed, not by a later round or start either", async () => {
  await withHub(async (hub) => {
    await project(hub, 1);
    hub.told.communities = [community(TENANT)];
    hub.told.refuses = (id) => (id.endsWith("00000001") ? "not like this" : undefined);
    const box = machine();
    for (const seq of [0, 1, 2]) await box.segment(TENANT, seq);
    for (let start = 0; start < 2; start++)
      await box.run(hub.url, [TENANT], async ({ link }) => {
        await until(() => link.state().lastSuccessMs !== null, "a whole round");
        const rounds = hub.told.asked.length;
        await until(() => hub.told.asked.length > rounds + 8, "further rounds");
        assert.is(link.confirmed(TENANT), undefined);
      });
    assert.is((await segmentsAt(hub, TENANT)).length, 2, "the others are there");
    await box.databases.close();
  });
});

test("what was refused of a community that is erased is not told of any more; what was refused is offered again when the hub came back from a backup", async () => {
  await withHub(async (hub) => {
    await project(hub, 1);
    await project(hub, 1, OTHER);
    hub.told.communities = [community(TENANT), community(OTHER)];
    hub.told.refuses = (id) => (id.startsWith("s:") ? "not like this" : undefined);
    const box = machine();
    for (const tenant of [TENANT, OTHER]) await box.segment(tenant, 0);
    await box.run(hub.url, [TENANT, OTHER], async ({ link }) => {
      await until(() => link.state().denied === 2, "both are refused");
      hub.told.communities = [community(TENANT)];
      hub.told.erased = [OTHER];
      await until(() => link.state().denied === 1, "the other's is gone");
      hub.told.refuses = () => undefined;
      hub.told.life = "another";
      await until(() => link.confirmed(TENANT)?.uplinks === 1, "it is taken now");
      assert.is(link.state().denied, 0);
    });
    await box.databases.close();
  });
});

test("a generation that was cut off half-way is not taken for the site after a restart", async () => {
  await withHub(async (hub) => {
    await project(hub, 1);
    hub.told.communities = [community(TENANT, 1)];
    const box = machine();
    await box.run(hub.url, [], async ({ known }) => {
      await until(() => known.get(TENANT) !== undefined, "the first");
    });
    // The second came as far as its first document when the power went.
    const half = await box.databases.open(databaseName.site(TENANT, 2));
    await half.put((await siteExample(2))[0] as Doc);
    await box.run("http://127.0.0.1:1", [], async ({ known }) => {
      assert.is(known.get(TENANT)?.generation, 1);
      assert.is(known.get(TENANT)?.devices.size, 3);
    });
    await project(hub, 2);
    hub.told.communities = [community(TENANT, 2)];
    await box.run(hub.url, [], async ({ known }) => {
      await until(() => known.get(TENANT)?.generation === 2, "the second");
      assert.is(known.get(TENANT)?.devices.size, 3);
    });
    assert.not((await box.databases.names()).includes(databaseName.site(TENANT, 1)));
    await box.databases.close();
  });
});

test("the hub's word is which generation counts, also when it goes back and forth", async () => {
  await withHub(async (hub) => {
    await project(hub, 1);
    await project(hub, 2);
    const box = machine();
    await box.run(hub.url, [], async ({ known }) => {
      for (const generation of [2, 1, 2]) {
        hub.told.communities = [community(TENANT, generation)];
        await until(() => known.get(TENANT)?.generation === generation, `${generation}`);
      }
    });
    await box.databases.close();
  });
});

test("a community that is taken away goes whole, and comes back whole", async () => {
  await withHub(async (hub) => {
    await project(hub, 1);
    const box = machine();
    await box.segment(TENANT, 0);
    await box.run(hub.url, [TENANT], async ({ known }) => {
      for (const is of [true, false, true]) {
        hub.told.communities = is ? [community(TENANT)] : [];
        await until(() => (known.get(TENANT) !== undefined) === is, String(is));
        const names = await box.databases.names();
        assert.ok(names.includes(databaseName.tele(TENANT, "202611")), "readings stay");
      }
      assert.is(known.get(TENANT)?.devices.size, 3);
    });
    await box.databases.close();
  });
});

test("a hub that takes a connection and says nothing does not hold up a stop", async () => {
  const silent = createServer(() => undefined);
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
  const asked = new Promise((resolve) => silent.once("connection", resolve));
  const box = machine();
  const { port } = silent.address() as AddressInfo;
  let stoppedMs = 0;
  await box.run(`http://127.0.0.1:${port}`, [], async () => {
    await asked;
    stoppedMs = Date.now();
  });
  assert.ok(
    Date.now() - stoppedMs < 5_000,
    "at once, not after the question's own fifteen seconds",
  );
  silent.close();
  await box.databases.close();
});

/** As after a backup or a disk image of an earlier day was brought back. */
async function backToTheFirstTwo(databases: ReturnType<typeof openMemoryDatabases>) {
  const name = databaseName.tele(TENANT, "202611");
  const docs = await (await databases.open(name)).list({ from: "s:", limit: 2 });
  await databases.destroy(name);
  const again = await databases.open(name);
  for (const { _rev, ...doc } of docs) await again.put(doc);
}

test("what the hub lost goes there again, and what came from elsewhere under our name comes back", async () => {
  await withHub(async (hub) => {
    await project(hub, 1);
    hub.told.communities = [community(TENANT)];
    const box = machine();
    for (const seq of [0, 1, 2, 3]) await box.segment(TENANT, seq);
    await box.run(hub.url, [TENANT], async ({ link }) => {
      await until(() => link.confirmed(TENANT)?.uplinks === 4, "confirmed");
      // A backup is brought back on the hub: two of four are gone, and its life is another one.
      await backToTheFirstTwo(hub.databases);
      hub.told.life = "two";
      await until(async () => (await segmentsAt(hub, TENANT)).length === 4, "all four again");
      assert.equal(rolledBack, []);
    });
    // This machine goes back to an old image of its disk: two of its segments are only on the hub.
    await backToTheFirstTwo(box.databases);
    await box.run(hub.url, [TENANT], async () => {
      await until(() => rolledBack.length > 0, "noticed");
      assert.equal(rolledBack, [2]);
      rolledBack.length = 0;
    });
    await box.databases.close();
  });
});

test("a month that the hub lost altogether is made there and filled again", async () => {
  await withHub(async (hub) => {
    await project(hub, 1);
    hub.told.communities = [community(TENANT)];
    const box = machine();
    for (const seq of [0, 1]) await box.segment(TENANT, seq);
    await box.run(hub.url, [TENANT], ({ link }) =>
      until(() => link.confirmed(TENANT)?.uplinks === 2, "confirmed"),
    );
    await hub.databases.destroy(databaseName.tele(TENANT, "202611"));
    await box.segment(TENANT, 2);
    await box.run(hub.url, [TENANT], ({ link }) =>
      until(() => link.confirmed(TENANT)?.uplinks === 3, "confirmed again"),
    );
    assert.is((await segmentsAt(hub, TENANT)).length, 3);
    await box.databases.close();
  });
});

test("months that the hub never had are made there, and each segment is brought once", async () => {
  await withHub(async (hub) => {
    await project(hub, 1);
    hub.told.communities = [community(TENANT)];
    const box = machine();
    for (const seq of [0, 1]) await box.segment(TENANT, seq, "202610");
    for (const seq of [2, 3, 4]) await box.segment(TENANT, seq);
    await box.run(hub.url, [TENANT], ({ link }) =>
      until(() => link.confirmed(TENANT)?.uplinks === 5, "confirmed"),
    );
    const brought = hub.told.brought.filter((id) => id.startsWith("s:"));
    assert.is(brought.length, 5);
    assert.is(new Set(brought).size, 5);
    await box.databases.close();
  });
});

test("siblings' segments come down, each once, and other things under such names do not", async () => {
  await withHub(async (hub) => {
    await project(hub, 1);
    hub.told.communities = [community(TENANT)];
    hub.told.hasSiblings = true;
    const far = await hub.databases.open(databaseName.tele(TENANT, "202611"));
    const place = { writer: "gw-00000000000000aa" as WriterId, epoch: EPOCH, prev: null };
    for (const seq of [0, 1])
      await far.put(
        packSegment({ ...place, seq, before: seq, inbox: { from: seq, to: seq } }, [
          keptUplink(Date.UTC(2026, 10, 23), seq),
        ]),
      );
    await far.put({ _id: "note", v: 1, type: "note" });
    const box = machine();
    await box.segment(TENANT, 0);
    const near = await box.databases.open(databaseName.tele(TENANT, "202611"));
    await box.run(hub.url, [TENANT], async () => {
      await until(async () => (await near.ids()).length === 3, "the sibling's two and ours");
      await far.put(
        packSegment({ ...place, seq: 2, before: 2, inbox: { from: 2, to: 2 } }, [
          keptUplink(Date.UTC(2026, 10, 23), 2),
        ]),
      );
      await until(async () => (await near.ids()).length === 4, "the newest");
    });
    assert.not((await near.ids()).includes("note"));
    await box.databases.close();
  });
});

test("a request that is too large is halved until it fits, and one that never fits waits as a dead letter", async () => {
  await withHub(async (hub) => {
    await project(hub, 1);
    hub.told.communities = [community(TENANT)];
    const box = machine();
    await box.backlog(TENANT, 30);
    hub.told.mostBytes = 40_000;
    await box.run(hub.url, [TENANT], ({ link }) =>
      until(() => link.confirmed(TENANT)?.uplinks === 6_000, "all, in small pieces"),
    );
    assert.is((await segmentsAt(hub, TENANT)).length, 30);
    hub.told.mostBytes = 500;
    await box.segment(TENANT, 30);
    await box.run(hub.url, [TENANT], async ({ link }) => {
      await until(() => link.state().denied === 1, "one that does not fit");
      assert.is(link.confirmed(TENANT)?.uplinks, 6_000);
    });
    // The limit is lifted; at the next start it is offered again.
    hub.told.mostBytes = Infinity;
    await box.run(hub.url, [TENANT], async ({ link }) => {
      await until(
        () => link.state().denied === 0 && link.confirmed(TENANT)?.uplinks === 6_001,
        "in",
      );
    });
    await box.databases.close();
  });
});

test("after a long time away the newest goes up before the backlog is through", async () => {
  await withHub(async (hub) => {
    await project(hub, 1);
    hub.told.communities = [community(TENANT)];
    const box = machine();
    await box.backlog(TENANT, 60);
    let asked = 0;
    // The newest goes first; then the line is cut.
    hub.told.mischief = (path) =>
      path.endsWith("/_bulk_docs") && ++asked > 1
        ? { status: 503, body: '{"error":"x","reason":"y"}' }
        : undefined;
    const newest = async () => (await segmentsAt(hub, TENANT)).at(-1)?._id ?? "";
    await box.run(hub.url, [TENANT], () =>
      until(async () => (await newest()).endsWith(":00000059"), "the newest segment on the hub"),
    );
    assert.ok((await segmentsAt(hub, TENANT)).length < 60, "the backlog is still here");
    hub.told.mischief = () => undefined;
    await box.run(hub.url, [TENANT], ({ link }) =>
      until(() => link.confirmed(TENANT)?.uplinks === 12_000, "all of it confirmed"),
    );
    assert.is((await segmentsAt(hub, TENANT)).length, 60);
    await box.databases.close();
  });
});

test.run();
