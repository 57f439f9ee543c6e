import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { CommunityTalk } from "#shared/api/gateway-talk.ts";
import { databaseName } from "#shared/model/database-names.ts";
import type { Epoch, GatewayId, TenantName, WriterId } from "#shared/model/ids.ts";
import { packSegment } from "#shared/series/segment.ts";
import { keptUplink } from "#shared/testing/kept-uplinks.ts";
import { openMemoryDatabases } from "#shared/testing/memory-databases.ts";
import { TENANT } from "#shared/testing/site-example.ts";
import { historyKeeper } from "./history-keeper.ts";

const test = suite("history keeper");
const GATEWAY = "gw-00112233445566aa" as GatewayId;
const EPOCH = "00000001-0123456789abcdef" as Epoch;
const JULY = databaseName.hist(TENANT, "202607");

/** A gateway with segments 0 and 1 in July and, if it went on, 2 in August; the hub lists what it had. */
async function stand({ listed, goesOn }: { listed: number; goesOn: boolean }) {
  const databases = openMemoryDatabases();
  const seal = async (month: string, seq: number) => {
    const place = {
      writer: GATEWAY as string as WriterId,
      epoch: EPOCH,
      seq,
      prev: null,
      before: seq,
    };
    const database = await databases.open(databaseName.tele(TENANT, month));
    const inbox = { from: seq, to: seq };
    await database.put(packSegment({ ...place, inbox }, [keptUplink(Date.UTC(2026, 6, 1), seq)]));
  };
  await seal("202607", 0);
  await seal("202607", 1);
  if (goesOn) await seal("202608", 2);
  const gone: [TenantName, readonly string[]][] = [];
  const warned: string[] = [];
  const keeper = historyKeeper({
    databases,
    gatewayId: GATEWAY,
    pull: async (name) => {
      const database = await databases.open(name);
      if (name !== JULY || (await database.get("month"))) return;
      await database.put({
        _id: "month",
        type: "frozen-month",
        v: 1,
        month: "202607",
        frozenAt: "2026-11-01T00:00:00.000Z",
        devices: 1,
        segments: [{ writer: GATEWAY, epoch: EPOCH, from: 0, to: listed, uplinks: listed + 1 }],
      });
    },
    onChanged: async (tenant, months) => void gone.push([tenant, months]),
    log: { info: () => undefined, warn: (_about, message) => warned.push(message) },
  });
  const said = (version: string, history: string[]) =>
    ({ tenant: TENANT, history, historyVersion: version }) as unknown as CommunityTalk;
  return { databases, keeper, said, gone, warned, signal: new AbortController().signal };
}

const hasJuly = async ({ databases }: Awaited<ReturnType<typeof stand>>) =>
  (await databases.names()).includes(databaseName.tele(TENANT, "202607"));

test("a month the hub froze comes down, and its segments go here too", async () => {
  const one = await stand({ listed: 1, goesOn: true });
  await one.keeper.fetch(one.said("a", [JULY, "t-hillside-hist-202607"]), one.signal);
  assert.not.ok(await hasJuly(one));
  assert.equal(one.gone, [[TENANT, ["202607"]]]);
  assert.not.ok((await one.databases.names()).includes("t-hillside-hist-202607"));
  await one.keeper.fetch(one.said("a", [JULY]), one.signal);
  assert.is(one.gone.length, 1, "the same word again is no news");
  await one.databases.close();
});

test("a segment that the hub never had keeps its month, and it is said", async () => {
  const one = await stand({ listed: 0, goesOn: true });
  await one.keeper.fetch(one.said("a", [JULY]), one.signal);
  assert.ok(await hasJuly(one));
  assert.equal(one.gone, [[TENANT, []]]);
  assert.match(one.warned[0] ?? "", /without a segment that is here/);
  await one.databases.close();
});

test("the chain's last segment stays, however old it is", async () => {
  const one = await stand({ listed: 1, goesOn: false });
  await one.keeper.fetch(one.said("a", [JULY]), one.signal);
  assert.ok(await hasJuly(one));
  await one.databases.close();
});

test("history that the hub dropped is dropped here", async () => {
  const one = await stand({ listed: 1, goesOn: true });
  await one.keeper.fetch(one.said("a", [JULY]), one.signal);
  await one.keeper.fetch(one.said("b", []), one.signal);
  assert.not.ok((await one.databases.names()).includes(JULY));
  await one.databases.close();
});

test.run();
