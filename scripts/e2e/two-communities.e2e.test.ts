/** One gateway for two communities, one of which goes while the gateway is away. */
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { devEui } from "#cloud/hub-stand.ts";
import { deleteCommunity, restoreCommunity } from "#cloud/hub/deletion.ts";
import { enrol } from "#cloud/hub/enrol.ts";
import { load } from "#cloud/hub/load/load.ts";
import type { TenantName } from "#shared/model/ids.ts";
import { systemScope, type HubScope } from "#shared/model/scope.ts";
import { openWorld, type Machine, type World } from "#scripts/year/world.ts";

export const timeoutMs = 60_000;

const test = suite<{ world: World; a: Machine; other: TenantName }>("two communities of a gateway");
const DAY_MS = 86_400_000;
const system = systemScope("test");

test.before.each(async (context) => {
  const world = await openWorld({
    startMs: Date.UTC(2026, 4, 4),
    devices: 1,
    chance: Math.random,
    sealOnlineMs: 30_000,
  });
  const a = await world.machine("a");
  const other = `hill-${world.tenant.slice(5)}` as TenantName;
  await load(world.hub.hub, {
    organization: { name: "Acme" },
    communities: [
      {
        name: "Hillside",
        tenant_name: other,
        zone: "Europe/Madrid",
        language: "en",
        units: [{ name: "1A", tenancies: [] }],
        devices: [
          {
            dev_eui: devEui(other, 0),
            name: "Room",
            model: "milesight/em300-th",
            kind: "temperature",
            expected_interval_s: 3600,
            installations: [{ unit: "1A", from: "2025-01-01T00:00:00Z" }],
          },
        ],
      },
    ],
  });
  const identity: unknown = JSON.parse(await readFile(join(a.folder, "gateway.json"), "utf8"));
  await enrol(world.hub.hub, identity, { communities: [other] });
  Object.assign(context, { world, a, other });
});
test.after.each(({ world }) => world.close());

const knows = async ({ edge }: Machine, tenant: TenantName) => {
  const health = (await (await fetch(`${edge.url}/health`)).json()) as { sites: object };
  return Object.hasOwn(health.sites, tenant);
};
const told = (world: World, what: string, isSo: () => boolean | Promise<boolean>) =>
  world.until(what, async () => {
    if (await isSo()) return true;
    world.clock.jump(1_000);
    return false;
  });
const drained = async (world: World, { edge }: Machine) => {
  await edge.settle();
  await told(world, "all of it on the hub", () => edge.hub().isReached && edge.waiting() === 0);
};
const communityOf = async (world: World, tenant: TenantName) => {
  const found = (await world.hub.hub.communities.list(system)).find((one) => one.tenant === tenant);
  if (!found) throw new Error("there is no such community");
  return found;
};
const scopeOf = ({ organizationId }: { organizationId: string }) =>
  ({ kind: "organization", organizationId, by: "p-1" }) as unknown as HubScope;
/** By the hub's own chore. */
const destroyed = (world: World, tenant: TenantName) =>
  told(world, "it is destroyed", () => {
    const { journal } = world.hub.hub;
    return journal.isDenied("tenant", tenant) && !journal.isDenied("closed", tenant);
  });
const onDisk = async ({ folder }: Machine, tenant: TenantName) =>
  (await readdir(join(folder, "db"))).filter((name) => name.includes(tenant));

test("one that is erased while the gateway is away leaves nothing there, after a restart without the hub neither", async ({
  world,
  a,
  other,
}) => {
  await told(world, "both are known", async () => knows(a, other));
  await a.hear(0);
  await a.hearOf(other, 0);
  await drained(world, a);
  const community = await communityOf(world, other);
  a.line.weather = { kind: "down" };
  a.line.cut();
  await deleteCommunity(world.hub.hub, scopeOf(community), community.communityId);
  world.clock.jump(31 * DAY_MS);
  await a.hear(0);
  await a.hearOf(other, 0);
  await destroyed(world, other);
  a.line.weather = { kind: "fair" };
  await told(world, "it is gone", async () => (await onDisk(a, other)).length === 0);
  const metrics = await a.edge.metrics.text();
  assert.match(metrics, /^riser_refused_total\{reason="community_erased"\} 1$/m, "it was counted");
  a.line.weather = { kind: "down" };
  a.line.cut();
  await a.stop();
  await a.start();
  await a.edge.settle();
  assert.equal(await onDisk(a, other), []);
  a.line.weather = { kind: "fair" };
  await drained(world, a);
  assert.not.ok(await knows(a, other));
  // The days are counted in which it was heard last.
  const counted = async () => {
    const days = [];
    for await (const one of a.edge.events.read(world.tenant, "count")) days.push(one.day);
    return days.length;
  };
  for (let days = 0; days < 2; days++) {
    const before = await counted();
    await a.hear(0);
    world.clock.jump(DAY_MS);
    await told(world, "a day is counted", async () => (await counted()) > before);
  }
  assert.equal(await onDisk(a, other), []);
});

test("one of which only events or others' readings are here goes with a later word, too", async ({
  world,
  a,
  other,
}) => {
  await told(world, "both are known", async () => knows(a, other));
  await a.edge.events.append(other, "site-sign-in", "s-1", {
    at: new Date(world.clock.now()).toISOString(),
    by: "installer",
    way: "setup-code",
    result: "in",
    count: 1,
  });
  await drained(world, a);
  const community = await communityOf(world, other);
  await deleteCommunity(world.hub.hub, scopeOf(community), community.communityId);
  await told(world, "its site is gone", async () => !(await knows(a, other)));
  assert.ok((await onDisk(a, other)).length > 0);
  await a.stop();
  await a.start();
  world.clock.jump(31 * DAY_MS);
  await destroyed(world, other);
  let left: string[] = [];
  await world.until(
    () => `it is gone: ${left.join()}`,
    async () => {
      world.clock.jump(1_000);
      left = await onDisk(a, other);
      return left.length === 0;
    },
  );
});

test("one that was deleted and is brought back has all that was heard meanwhile, once", async ({
  world,
  a,
  other,
}) => {
  await told(world, "both are known", async () => knows(a, other));
  await a.hearOf(other, 0);
  await drained(world, a);
  a.line.weather = { kind: "down" };
  a.line.cut();
  await a.hearOf(other, 0);
  const community = await communityOf(world, other);
  await deleteCommunity(world.hub.hub, scopeOf(community), community.communityId);
  a.line.weather = { kind: "fair" };
  await told(world, "its site is gone", async () => !(await knows(a, other)));
  // Nobody's just now.
  await a.hearOf(other, 0);
  await a.stop();
  await a.start();
  world.clock.jump(DAY_MS);
  await restoreCommunity(world.hub.hub, scopeOf(community), community.communityId);
  await told(world, "it is known again", async () => knows(a, other));
  await told(world, "all is there", async () => {
    await a.edge.settle();
    return (await world.onHub(other)).size === 3;
  });
  assert.equal([...(await world.onHub(other)).values()], [1, 1, 1]);
});

test.run();
