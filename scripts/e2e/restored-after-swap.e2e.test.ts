/** A hub that comes back from a backup which is older than a swap: what the old machine had brought is on the new one. */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { GatewayId } from "#shared/model/ids.ts";
import { openWorld, type Machine } from "#scripts/year/world.ts";

export const timeoutMs = 60_000;

test("what a machine brought before another took its place is brought again by that one", async () => {
  const world = await openWorld({
    startMs: Date.UTC(2026, 4, 4),
    devices: 1,
    chance: Math.random,
    sealOnlineMs: 30_000,
  });
  const drained = (machine: Machine) =>
    world.until("all of it on the hub", async () => {
      await machine.edge.settle();
      world.clock.jump(1_000);
      return machine.edge.hub().isReached && machine.edge.waiting() === 0;
    });
  try {
    const a = await world.machine("a");
    await a.hear(0);
    await drained(a);
    await world.stopHub();
    const folder = join(world.hubFolder, "databases");
    await world.copy(folder, world.place("backup"));
    await world.startHub();
    for (let n = 0; n < 3; n++) {
      await a.hear(0);
      await drained(a);
    }
    const mine = await a.edge.segments(world.tenant);
    const oldId = GatewayId.parse(a.edge.gatewayId);
    const c = await world.machine("c", { replaces: oldId });
    await world.until("the old one is told", () => {
      world.clock.jump(1_000);
      return a.withdrawn !== undefined;
    });
    await a.stop();
    await c.hear(0);
    await drained(c);
    await world.until("its past is on the new one", async () => {
      world.clock.jump(5_000);
      const there = await c.edge.segments(world.tenant);
      return [...mine].every((id) => there.has(id));
    });
    await world.stopHub();
    await rm(folder, { recursive: true });
    await world.copy(world.place("backup"), folder);
    await world.startHub();
    const { gateways } = world.hub.hub;
    assert.ok(gateways.isRevoked(oldId), "the old one is out from the first question on");
    const troubles = new Set<string>();
    await world.until("the new one is not known", () => {
      world.clock.jump(1_000);
      const code = c.edge.hub().trouble?.code;
      if (code !== undefined) troubles.add(code);
      return code === "not_claimed";
    });
    assert.not.ok(troubles.has("not_understood"), "it is told what it is from the beginning");
    await world.claim(c, oldId);
    await drained(c);
    const lost = async () => {
      const found = await world.onHub();
      return [...world.heard].filter((key) => found.get(key) !== 1);
    };
    await world.until("all of it is there again, once", async () => {
      world.clock.jump(1_000);
      return (await lost()).length === 0;
    });
  } finally {
    await world.close();
  }
});

test.run();
