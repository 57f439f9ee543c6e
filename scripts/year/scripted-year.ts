/**
 * `scripted-year`: a year of two gateways and their hub, with all that goes wrong in one: outages
 * of minutes and of 45 days, a line that loses three pieces in a hundred, keys that rotate, a hub
 * brought back from a backup, a gateway on an old disk image, a machine that takes another's place,
 * one that is stolen. At the end every reading that was acknowledged is on the hub exactly once.
 */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { withdraw } from "#cloud/hub/withdraw.ts";
import { databaseName } from "#shared/model/database-names.ts";
import { GatewayId } from "#shared/model/ids.ts";
import { systemScope } from "#shared/model/scope.ts";
import { openWorld, type Machine, type World } from "./world.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const scope = systemScope("year");

export interface YearOptions {
  readonly couchdbUrl?: string | undefined;
  /** Readings per device and day; 1 in the short form. */
  readonly perDay: number;
  readonly devices: number;
  readonly chance: () => number;
  readonly say?: (line: string) => void;
}

export interface YearOutcome {
  readonly readings: number;
  readonly gateways: number;
}

export async function scriptedYear(options: YearOptions): Promise<YearOutcome> {
  const { perDay, devices, chance, say = () => undefined, couchdbUrl } = options;
  // CouchDB looks at its own clock: to it no token of the year may have ended already. On the first of
  // a month, so that no month is frozen before the end.
  const startMs = couchdbUrl === undefined ? Date.UTC(2026, 0, 1) : nextMonthMs(Date.now());
  const world = await openWorld({ startMs, devices, chance, couchdbUrl });
  const { clock } = world;
  const half = Math.ceil(devices / 2);
  const firstHalf = Array.from({ length: half }, (_, n) => n);
  const secondHalf = Array.from({ length: devices - half }, (_, n) => half + n);
  const bad = { kind: "bad", cutShare: 0.03, delayMs: 10 } as const;

  /** So many days pass; what is heard, is heard. */
  const days = async (count: number, ...machines: [Machine, readonly number[]][]) => {
    for (let step = 0; step < count * perDay; step++) {
      clock.jump(DAY_MS / perDay);
      for (const [machine, mine] of machines) for (const device of mine) await machine.hear(device);
      // Time enough to seal and to send, while there is a line.
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };
  const drained = (...machines: Machine[]) =>
    world.until(
      `all of ${machines.map(({ name }) => name).join()} on the hub`,
      () => {
        for (const { edge } of machines)
          if (!edge.hub().isReached || edge.waiting() > 0) {
            // Waits that grew during an outage are long; the year does not stand still for them.
            clock.jump(20_000);
            return false;
          }
        return true;
      },
      90_000,
    );
  const chapter = (title: string) =>
    say(
      `${new Date(clock.now()).toISOString().slice(0, 10)} ${title}: ${world.heard.size} readings`,
    );

  try {
    const a = await world.machine("a");
    const b = await world.machine("b");
    await drained(a, b);
    chapter("two gateways claimed");
    a.line.weather = bad;
    b.line.weather = bad;
    await days(10, [a, firstHalf], [b, secondHalf]);
    await drained(a, b);

    chapter("an outage of minutes");
    a.line.weather = { kind: "down" };
    a.line.cut();
    clock.jump(10 * 60_000);
    for (const device of firstHalf) await a.hear(device);
    a.line.weather = bad;

    chapter("keys rotate");
    await world.hub.hub.rotateTokenKeys();
    clock.jump(4 * 60_000);
    await days(3, [a, firstHalf], [b, secondHalf]);
    await drained(a, b);

    chapter("a line that swallows everything, and one where a portal answers");
    a.line.weather = { kind: "black-hole" };
    a.line.cut();
    b.line.weather = { kind: "portal" };
    b.line.cut();
    await days(4, [a, firstHalf], [b, secondHalf]);
    a.line.weather = bad;
    a.line.cut();
    b.line.weather = bad;
    b.line.cut();
    await drained(a, b);

    chapter("the hub is backed up; then one gateway is away for 45 days");
    const backup = world.place("backup");
    await world.stopHub();
    if (couchdbUrl === undefined) await world.copy(join(world.hubFolder, "databases"), backup);
    await world.startHub();
    b.line.weather = { kind: "down" };
    b.line.cut();
    await days(45, [a, firstHalf], [b, secondHalf]);
    b.line.weather = bad;
    await drained(a, b);
    await wholeOnBothSides(world, a, b);

    chapter("the hub loses its data and is restored from the backup");
    await world.stopHub();
    if (couchdbUrl === undefined) {
      await rm(join(world.hubFolder, "databases"), { recursive: true });
      await world.copy(backup, join(world.hubFolder, "databases"));
    }
    await world.startHub();
    if (couchdbUrl !== undefined) {
      const month = new Date(clock.now()).toISOString().slice(0, 7).replace("-", "");
      await world.hub.hub.databases.destroy(databaseName.tele(world.tenant, month));
    }
    await days(2, [a, firstHalf], [b, secondHalf]);
    await world.until(
      "what the hub lost is there again",
      async () => {
        clock.jump(60_000);
        return (await missing(world)).length === 0;
      },
      90_000,
    );

    chapter("a gateway goes back to an image of its disk");
    await drained(a, b);
    await a.stop();
    const image = world.place("image");
    await world.copy(a.folder, image);
    await a.start();
    await days(5, [a, firstHalf], [b, secondHalf]);
    await drained(a, b);
    await a.stop();
    await rm(a.folder, { recursive: true });
    await world.copy(image, a.folder);
    await a.start();
    await world.until("the old image is noticed", () => {
      clock.jump(20_000);
      return world.logged.some((line) => line.includes("that were not here"));
    });
    await days(2, [a, firstHalf], [b, secondHalf]);
    await drained(a, b);

    const oldId = GatewayId.parse(a.edge.gatewayId);
    assert.not.ok(world.hub.hub.gateways.hasTwin(oldId), "an old image is no second machine");

    chapter("another machine takes its place");
    const c = await world.machine("c", { replaces: oldId });
    await world.until("the old one is told", () => {
      clock.jump(20_000);
      return a.withdrawn !== undefined;
    });
    assert.is(a.withdrawn?.why, "replaced");
    c.line.weather = bad;
    await days(10, [c, firstHalf], [b, secondHalf]);
    await drained(c, b);
    await wholeOnBothSides(world, c, b);

    chapter("one is stolen");
    await withdraw(world.hub.hub, scope, GatewayId.parse(b.edge.gatewayId), "revoked");
    await world.until("the thief is told", () => {
      clock.jump(20_000);
      return b.withdrawn !== undefined;
    });
    await world.stopHub();
    await world.startHub();
    assert.ok(world.hub.hub.gateways.isRevoked(GatewayId.parse(b.edge.gatewayId)));

    chapter("the year ends");
    await days(30, [c, firstHalf]);
    await drained(c);
    const found = await world.onHub();
    const gone = await missing(world);
    if (gone.length > 0) {
      say(`missing ${gone.join(" ")}`);
      for (const key of gone) say(world.notes.get(key) ?? "?");
      for (const { name, edge } of [c]) {
        const metrics = (await edge.metrics.text()).split("\n");
        say(
          `${name} ${metrics.filter((line) => /^riser_(refused|uplinks|strangers|unsealed|waiting)/.test(line) && !line.endsWith(" 0")).join("; ")}`,
        );
      }
    }
    assert.equal(gone, [], "every reading that was acknowledged is on the hub");
    const twice = [...found].filter(([, times]) => times !== 1);
    if (twice.length > 0)
      say(JSON.stringify(await world.whereIs(twice.map(([key]) => key).slice(0, 6)), null, 1));
    assert.equal(twice.slice(0, 5), [], "and none of them twice");
    return { readings: found.size, gateways: 3 };
  } finally {
    await world.close();
  }
}

function nextMonthMs(ms: number): number {
  const date = new Date(ms);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
}

/** What was acknowledged and is not on the hub. */
async function missing(world: World): Promise<string[]> {
  const found = await world.onHub();
  return [...world.heard].filter((key) => !found.has(key));
}

/** Both gateways have what both wrote. */
async function wholeOnBothSides(world: World, ...machines: Machine[]): Promise<void> {
  for (const machine of machines) {
    let lacks: string[] = [];
    await world.until(
      () => `${machine.name} has its sibling's segments; it lacks ${lacks.slice(0, 5).join(" ")}`,
      async () => {
        world.clock.jump(20_000);
        const own = await machine.edge.segments(world.tenant);
        lacks = [...(await hubSegments(world))].filter((id) => !own.has(id));
        return lacks.length === 0;
      },
      60_000,
    );
  }
}

async function hubSegments(world: World): Promise<Set<string>> {
  const ids = new Set<string>();
  for (const database of await world.hub.hub.months.tele(world.tenant))
    for (const id of await database.ids({ from: "s:", to: "s:\uffff" })) ids.add(id);
  return ids;
}
