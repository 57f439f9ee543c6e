/**
 * One identity, two lives: a gateway that goes back to an image of its disk, and a disk that was cloned
 * and runs twice. Whatever either life acknowledged is on the hub once, also when the power goes in between.
 */
import { rm } from "node:fs/promises";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { databaseName } from "#shared/model/database-names.ts";
import { GatewayId } from "#shared/model/ids.ts";
import { systemScope } from "#shared/model/scope.ts";
import { openWorld, type Machine, type World } from "#scripts/year/world.ts";

export const timeoutMs = 60_000;

const test = suite<{ world: World }>("two lives of a gateway");

test.before.each(async (context) => {
  context.world = await openWorld({
    startMs: Date.UTC(2026, 4, 4),
    devices: 2,
    chance: Math.random,
    // What is to be sealed is sealed by hand: when the power goes, something waits.
    sealOnlineMs: 30_000,
  });
});
test.after.each(({ world }) => world.close());

const drained = (world: World, ...machines: Machine[]) =>
  world.until("all of it on the hub", async () => {
    for (const { edge } of machines) await edge.settle();
    if (machines.every(({ edge }) => edge.hub().isReached && edge.waiting() === 0)) return true;
    world.clock.jump(1_000);
    return false;
  });
const hear = async (machine: Machine, device: number, times: number) => {
  for (let n = 0; n < times; n++) await machine.hear(device);
};
const returned = (world: World, times = 1) =>
  world.until("its other life is noticed", () => {
    const told = world.logged.filter((line) => line.includes("that were not here"));
    return told.length >= times;
  });
/** The power goes: what lies on the disk just now is what the next start finds. */
const powerCut = async (world: World, machine: Machine) => {
  const disk = world.place(`${machine.name}-disk`);
  await world.copy(machine.folder, disk);
  machine.line.weather = { kind: "down" };
  machine.line.cut();
  await machine.stop();
  await rm(machine.folder, { recursive: true });
  await world.copy(disk, machine.folder);
  await rm(disk, { recursive: true });
  machine.line.weather = { kind: "fair" };
  await machine.start();
};
const allOnce = async (world: World) => {
  const found = await world.onHub();
  assert.equal(
    [...world.heard].filter((key) => found.get(key) !== 1).map((key) => [key, found.get(key)]),
    [],
  );
};

/** What is sealed, what waits and what comes later goes through two power cuts, each of it once. */
async function throughPowerCuts(world: World, machine: Machine, device: number) {
  await hear(machine, device, 3);
  await machine.edge.settle();
  await hear(machine, device, 2);
  await powerCut(world, machine);
  await drained(world, machine);
  await hear(machine, device, 2);
  await drained(world, machine);
  await powerCut(world, machine);
  await drained(world, machine);
  await allOnce(world);
}

test("an old image of a disk runs on, and nothing is lost or doubled when the power goes", async ({
  world,
}) => {
  const a = await world.machine("a");
  await hear(a, 0, 3);
  await drained(world, a);
  await a.stop();
  const image = world.place("image");
  await world.copy(a.folder, image);
  await a.start();
  await hear(a, 0, 20);
  await drained(world, a);
  await a.stop();
  await rm(a.folder, { recursive: true });
  await world.copy(image, a.folder);
  a.line.weather = { kind: "down" };
  await a.start();
  await hear(a, 1, 3);
  a.line.weather = { kind: "fair" };
  await returned(world);
  await throughPowerCuts(world, a, 1);
  const { gateways } = world.hub.hub;
  const id = GatewayId.parse(a.edge.gatewayId);
  assert.not.ok(gateways.hasTwin(id), "there is one machine");
  await world.until("its word counts", () => {
    world.clock.jump(1_000);
    return gateways.report(id)?.waiting === 0;
  });
});

test("an image that is older than what the hub keeps of segments holds up nothing that is new", async ({
  world,
}) => {
  const a = await world.machine("a");
  await hear(a, 0, 2);
  await drained(world, a);
  // Sealed and not sent when the image is made.
  a.line.weather = { kind: "down" };
  a.line.cut();
  await hear(a, 0, 2);
  await a.stop();
  const image = world.place("image");
  await world.copy(a.folder, image);
  a.line.weather = { kind: "fair" };
  await a.start();
  const may = databaseName.tele(world.tenant, "202605");
  const isKept = async () => (await world.hub.hub.databases.names()).includes(may);
  for (let month = 0; month < 6; month++) {
    await hear(a, 0, 1);
    await drained(world, a);
    world.clock.jump(31 * 86_400_000);
  }
  await hear(a, 0, 1);
  await drained(world, a);
  await world.until("its month is history", async () => {
    world.clock.jump(600_000);
    return !(await isKept());
  });
  const alarms = world.logged.filter((line) => line.includes("not in step"));
  assert.equal(alarms, [], "that a month became history is no trouble");
  await a.stop();
  await rm(a.folder, { recursive: true });
  await world.copy(image, a.folder);
  await a.start();
  await hear(a, 1, 3);
  await drained(world, a);
  await world.until("all is well", () => {
    world.clock.jump(1_000);
    return a.edge.hub().trouble === null;
  });
  const found = await world.onHub();
  const fresh = [...world.heard].filter((key) => key.includes("00000001/"));
  assert.equal(
    fresh.map((key) => found.get(key)),
    [1, 1, 1],
  );
});

test("a cloned disk runs twice; when one is off for good the other goes on, and both's readings are there once", async ({
  world,
}) => {
  const a = await world.machine("a");
  await hear(a, 0, 3);
  await drained(world, a);
  await a.stop();
  const clone = world.place("clone");
  await world.copy(a.folder, clone);
  await a.start();
  // Over the line the other one was claimed over.
  const b = await world.machine("b", { folder: clone, claim: false });
  await hear(a, 0, 10);
  await hear(b, 1, 4);
  await drained(world, a, b);
  const { gateways } = world.hub.hub;
  const id = GatewayId.parse(a.edge.gatewayId);
  await world.until("two machines are told of", () => {
    world.clock.jump(1_000);
    return gateways.hasTwin(id);
  });
  await hear(b, 1, 30);
  await drained(world, a, b);
  await b.stop();
  await hear(a, 0, 2);
  // Once a day it is compared what either side has.
  world.clock.jump(86_400_000);
  await returned(world);
  await throughPowerCuts(world, a, 0);
  world.clock.jump(3_600_000);
  assert.not.ok(gateways.hasTwin(id), "it is over");
  assert.is((await world.hub.hub.gateways.list(systemScope("test"))).length, 1);
});

test.run();
