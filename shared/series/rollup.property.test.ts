import { suite } from "uvu";
import * as assert from "uvu/assert";
import fc from "fast-check";
import type { DeviceId, Epoch, TenantName, WriterId } from "#shared/model/ids.ts";
import type { KeptUplink } from "#shared/model/kept-uplink.ts";
import type { Redecoder } from "#shared/model/redecoder.ts";
import type { SegmentDoc } from "#shared/model/segment.ts";
import { keptUplink } from "#shared/testing/kept-uplinks.ts";
import { mapSource, mapStore, type MapSource, type MapStore } from "#shared/testing/map-store.ts";
import { holds } from "#shared/testing/property.ts";
import { steerableClock, type SteerableClock } from "#shared/testing/steerable-clock.ts";
import { rollupWorker, type RollupWorker } from "./rollup-worker.ts";
import { packSegment } from "./segment.ts";

const test = suite("rollup, in whatever order things come");
const TENANT = "riverside" as TenantName;
const START = Date.UTC(2026, 10, 1, 22);
const HOUR = 3_600_000;
const WRITERS = ["gw-00112233445566aa", "hub-0011223344556677"] as WriterId[];
const EPOCHS = ["00000001-0123456789abcdef", "00000002-0123456789abcdef"] as Epoch[];
const DEVICES = [1, 2, 3].map((n) => `70b3d57ed000000${n}` as DeviceId);

/** What a gateway and the hub heard in two epochs: copies, history, undecoded, a clock at 1970. */
function segments(): SegmentDoc[] {
  const docs: SegmentDoc[] = [];
  for (const [w, writer] of WRITERS.entries())
    for (const [e, epoch] of EPOCHS.entries()) {
      const uplinks = Array.from({ length: 24 }, (_, i): KeptUplink => {
        const isUnset = w === 0 && e === 1 && i < 8;
        const at = isUnset ? i * HOUR : START + (e * 24 + i) * HOUR;
        return keptUplink(at, 1000 + i, {
          deviceId: DEVICES[i % 3] as DeviceId,
          fCnt: e * 100 + i,
          payload: Uint8Array.of(e, i),
          via: w === 0 ? "lorawan" : "chirpstack-v4",
          timeSource: isUnset ? "unset" : w === 0 ? "gateway" : "server",
          ...(i % 7 === 3 ? { readings: [], undecoded: "cut short" } : {}),
          ...(i % 5 === 2
            ? {
                readings: Array.from({ length: 4 }, (__, k) => ({
                  time: START - k * HOUR,
                  values: [
                    { register: "8-0:1.0.0" as const, n: 900 - k, scale: -3, unit: "m3" as const },
                  ],
                })),
              }
            : {}),
        });
      });
      for (let i = 0; i < uplinks.length; i += 5) {
        const place = {
          writer,
          epoch,
          seq: i / 5,
          prev: null,
          before: i,
          inbox: { from: i, to: i },
        };
        docs.push(packSegment(place, uplinks.slice(i, i + 5)));
      }
    }
  return docs;
}

/** What may change while segments come. */
interface World {
  corrections: ReadonlyMap<string, number>;
  edition: number;
}
const LAST: World = { corrections: new Map([[`${WRITERS[0]}:${EPOCHS[1]}`, START]]), edition: 2 };

function redecoder(world: World): Redecoder {
  return {
    editions: async () =>
      new Map(DEVICES.map((id, i) => [id, i === 0 ? `own@${world.edition}` : "fixed@1"])),
    again: async (_tenant, uplinks) =>
      uplinks.map((uplink) =>
        uplink.deviceId !== DEVICES[0] || world.edition < 2
          ? uplink
          : {
              ...uplink,
              undecoded: null,
              readings: [
                {
                  values: [
                    { register: "8-0:1.0.0", n: uplink.payload[1] ?? 0, scale: 0, unit: "m3" },
                  ],
                },
              ],
            },
      ),
    onChange: () => undefined,
  };
}

/** One life of the process. */
function live(store: MapStore, tele: MapSource, world: World, clock: SteerableClock) {
  const stopping = new AbortController();
  let stumbled = () => {};
  const hasStumbled = new Promise<void>((resolve) => (stumbled = resolve));
  const worker: RollupWorker = rollupWorker({
    tenant: TENANT,
    teleDatabases: async () => [tele],
    roll: store,
    redecoder: redecoder(world),
    corrections: async () => world.corrections,
    clock,
    tally: { refused: (reason) => assert.unreachable(reason) },
    signal: stopping.signal,
    log: { warn: () => stumbled() },
  });
  return {
    worker,
    /** Resolves when a write failed. */
    hasStumbled,
    async end() {
      stopping.abort();
      await worker.done;
    },
  };
}

const ALL = segments();

async function inOneGo(): Promise<string> {
  const [store, tele] = [mapStore(), mapSource("t-riverside-tele-202611")];
  for (const doc of ALL) tele.arrive(doc);
  const { worker, end } = live(store, tele, LAST, steerableClock());
  await worker.caughtUp();
  await end();
  return store.contents();
}

/** What happens between two looks. */
type Move =
  | { readonly does: "arrive"; readonly which: readonly number[] }
  | { readonly does: "restart" | "learn the time" | "mend the decoder" }
  | {
      readonly does: "lose power";
      readonly afterWrites: number;
      readonly learns: "nothing" | "the time" | "the decoder";
      readonly which: readonly number[];
    };

const move: fc.Arbitrary<Move> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      does: fc.constant("arrive" as const),
      which: fc.array(fc.nat({ max: ALL.length - 1 }), { minLength: 1, maxLength: 8 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      does: fc.constantFrom(
        "restart" as const,
        "learn the time" as const,
        "mend the decoder" as const,
      ),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      does: fc.constant("lose power" as const),
      afterWrites: fc.nat({ max: 6 }),
      learns: fc.constantFrom("nothing" as const, "the time" as const, "the decoder" as const),
      which: fc.array(fc.nat({ max: ALL.length - 1 }), { minLength: 1, maxLength: 8 }),
    }),
  },
);

/** What the rollup holds when all facts are there at last. */
async function after(moves: readonly Move[]): Promise<string> {
  const [store, tele] = [mapStore(), mapSource("t-riverside-tele-202611")];
  const world: World = { corrections: new Map(), edition: 1 };
  let life = live(store, tele, world, steerableClock());
  const restart = async () => {
    await life.end();
    store.failAfter = undefined;
    life = live(store, tele, world, steerableClock());
  };
  for (const one of moves) {
    if ("which" in one) for (const i of one.which) tele.arrive(ALL[i] as SegmentDoc);
    if (one.does === "learn the time") world.corrections = LAST.corrections;
    else if (one.does === "mend the decoder") world.edition = LAST.edition;
    else if (one.does === "restart") await restart();
    if (one.does === "lose power") {
      store.failAfter = one.afterWrites;
      if (one.learns === "the time") world.corrections = LAST.corrections;
      if (one.learns === "the decoder") world.edition = LAST.edition;
      await Promise.race([life.worker.caughtUp(), life.hasStumbled]);
      await restart();
    } else await life.worker.caughtUp();
  }
  for (const doc of ALL.toReversed()) tele.arrive(doc);
  Object.assign(world, LAST);
  await life.worker.caughtUp();
  await life.end();
  return store.contents();
}

test("any order, repetition, cut and restart of the same facts ends in the same bytes", async () => {
  const wanted = await inOneGo();
  assert.ok(wanted.includes("day:riverside:"), "there is something to compare");
  await holds(
    fc.asyncProperty(fc.array(move, { maxLength: 12 }), async (moves) =>
      assert.is(await after(moves), wanted),
    ),
    { numRuns: 40 },
  );
});

test("a decoder that is mended after a cut between two writes is asked of all that was written", async () => {
  const wanted = await inOneGo();
  for (let afterWrites = 0; afterWrites <= 8; afterWrites++)
    for (const which of [[0], [0, 17]])
      assert.is(
        await after([
          { does: "lose power", afterWrites, learns: "the time", which },
          { does: "lose power", afterWrites: 0, learns: "the decoder", which: [0] },
        ]),
        wanted,
        `cut after ${afterWrites}`,
      );
});

test.run();
