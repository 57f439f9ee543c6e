import { suite } from "uvu";
import * as assert from "uvu/assert";
import { builtIn } from "#shared/devices/decode-uplink.ts";
import { findDecoder } from "#shared/devices/list.ts";
import { Fault } from "#shared/model/fault.ts";
import type { DeviceId, TenantName } from "#shared/model/ids.ts";
import type { KeptUplink } from "#shared/model/kept-uplink.ts";
import type { Refusal } from "#shared/model/refusals.ts";
import type { TimeSource, Uplink } from "#shared/model/uplink.ts";
import { keptUplink } from "#shared/testing/kept-uplinks.ts";
import { openMemoryDatabases } from "#shared/testing/memory-databases.ts";
import { steerableClock } from "#shared/testing/steerable-clock.ts";
import { siteExample, TENANT, WATER_1A } from "#shared/testing/site-example.ts";
import { readSite, type Site } from "#shared/access/site.ts";
import { sites } from "./sites.ts";
import { intake, type IntakeOptions } from "#shared/keep/intake.ts";
import { sourceSessions } from "#shared/keep/source-sessions.ts";

const test = suite("intake");
const NOW = Date.UTC(2026, 10, 23, 12);
const DAY = 86_400_000;
const nothingBefore = async () => undefined;

async function exampleSite(): Promise<Site> {
  const databases = openMemoryDatabases();
  const database = await databases.open("site");
  await database.bulk(await siteExample());
  const site = await readSite(database);
  await databases.close();
  return site as Site;
}
/** The example as another community's, which holds the meter in `[from, to)`. */
function held(site: Site, tenant: string, from: string, to?: string): Site {
  const device = site.devices.get(WATER_1A);
  if (!device) throw new Error("no meter");
  const period = to === undefined ? { from } : { from, to };
  return {
    ...site,
    tenant: tenant as TenantName,
    devices: new Map([[WATER_1A, { ...device, held: [period] }]]),
  };
}

/** An intake that writes down what it keeps and refuses. */
async function exampleIntake(
  known: ReturnType<typeof sites>,
  parts: Partial<Pick<IntakeOptions, "clock" | "decodersOf">> = {},
) {
  const kept: KeptUplink[] = [];
  const refused: Refusal[] = [];
  const databases = openMemoryDatabases();
  const ear = intake({
    sites: known,
    decodersOf: () => (model) => {
      const decoder = findDecoder(model);
      return decoder && builtIn(decoder);
    },
    clock: steerableClock(NOW),
    ...parts,
    inbox: {
      keep: async (_tenant, uplink) => {
        kept.push(uplink);
        return "kept";
      },
    },
    strangers: { keep: async () => undefined },
    sightings: { saw: () => undefined },
    sessions: sourceSessions(await databases.open("local"), nothingBefore),
    tally: { refused: (reason) => refused.push(reason) },
    onOutcome: () => undefined,
  });
  return { ear, kept, refused, close: () => databases.close() };
}

test("a device that moved is each community's in its time, and the next one's in between", async () => {
  const site = await exampleSite();
  const first = held(site, "first", "2026-01-01T00:00:00Z", "2026-06-01T00:00:00Z");
  const second = held(site, "second", "2026-08-01T00:00:00Z", "2026-10-01T00:00:00Z");
  for (const order of [
    [first, second],
    [second, first],
  ]) {
    const known = sites();
    for (const one of order) known.set(one, new Map());
    const at = (month: number, day = 1) =>
      known.holder(WATER_1A, Date.UTC(2026, month - 1, day))?.site.tenant;
    assert.equal(
      [at(1), at(3), at(6), at(7), at(8), at(9)],
      ["first", "first", "second", "second", "second", "second"],
    );
    assert.is(at(12), undefined, "given back: nobody's until somebody holds it again");
    assert.is(known.holder(WATER_1A, 0)?.site.tenant, "first");
  }
});

test("a time that cannot be is replaced by this gateway's and counted; everything else is kept as told", async () => {
  const known = sites();
  known.set(await exampleSite(), new Map());
  const { ear, kept, refused, close } = await exampleIntake(known);
  const times = [NaN, Infinity, 1e18, -1, NOW + 0.5, NOW - 400 * DAY];
  for (const [i, time] of times.entries())
    await ear.hear({ ...keptUplink(NOW, i, { fCnt: i }), via: "custom", time, heardAt: NOW });
  assert.equal(
    kept.map(({ time }) => time),
    [NOW, NOW, NOW, NOW, NOW, NOW - 400 * DAY],
  );
  assert.is(refused.filter((reason) => reason === "message_invalid").length, 5);
  await close();
});

test("a counter that falls begins a session only by the sender's own time", async () => {
  const databases = openMemoryDatabases();
  const local = await databases.open("local");
  const hear = async (timeSource: TimeSource, deviceId: string) => {
    const sessions = sourceSessions(local, nothingBefore);
    const names: (string | null)[] = [];
    for (const [i, fCnt] of [10, 11, 10, 11, 12].entries()) {
      const uplink: Uplink = keptUplink(NOW + i * 1000, 1, {
        fCnt,
        session: "26011bda",
        timeSource,
        deviceId: deviceId as DeviceId,
      });
      names.push((await sessions.name(uplink)).session);
    }
    return names;
  };
  const [one, two] = ["26011bda", "26011bda.1"];
  assert.equal(await hear("server", "0000000000000001"), [one, one, two, two, two]);
  // Sent again after a broken connection, with the time it came at: a repeat, not a new session.
  assert.equal(await hear("gateway", "0000000000000002"), [one, one, one, one, one]);
  await databases.close();
});

test("a decoder that hangs holds nobody's acknowledgement up: the bytes are kept and wait for it", async () => {
  const site = await exampleSite();
  const known = sites();
  const own = { ...site, devices: new Map(site.devices) };
  const meter = site.devices.get(WATER_1A);
  if (!meter) throw new Error("no meter");
  own.devices.set(WATER_1A, { ...meter, model: "own/hangs" });
  known.set(own, new Map());
  const clock = steerableClock(NOW);
  const { ear, kept, refused, close } = await exampleIntake(known, {
    clock,
    decodersOf: () => () => ({ name: "own/hangs@1", decode: () => new Promise(() => {}) }),
  });
  const heard = ear.hear(keptUplink(NOW, 1));
  await clock.advance(500);
  assert.is(await heard, "kept");
  assert.is(kept[0]?.decoder, null, "not yet asked");
  assert.match(kept[0]?.undecoded ?? "", /did not answer in time/);
  assert.equal(refused, ["decoder_busy"]);
  await close();
});

test("an uplink whose decoder cannot be asked just now is kept raw as well", async () => {
  const known = sites();
  known.set(await exampleSite(), new Map());
  const { ear, kept, close } = await exampleIntake(known, {
    decodersOf: () => () => ({
      name: "own/any@1",
      decode: () => Promise.reject(new Fault("unavailable", "closed")),
    }),
  });
  assert.is(await ear.hear(keptUplink(NOW, 1)), "kept");
  assert.is(kept[0]?.decoder, null);
  await close();
});

test("the meter of the example is the example's", async () => {
  const known = sites();
  known.set(await exampleSite(), new Map());
  assert.is(known.holder(WATER_1A, NOW)?.site.tenant, TENANT);
  assert.is(known.holder("ffffffffffffffff" as DeviceId, NOW), undefined);
});

test.run();
