/**
 * `backlog`: a community of meters for a bench, and what its gateway has sealed and rolled up in its time
 * away, written into the gateway's folder as the gateway would have left it.
 */
import { randomBytes } from "node:crypto";
import { openLevelDatabases } from "#shared/couch/leveldb.ts";
import { builtIn } from "#shared/devices/decode-uplink.ts";
import { findDecoder } from "#shared/devices/list.ts";
import { redecoder } from "#shared/devices/redecoder.ts";
import { systemClock } from "#shared/model/clock.ts";
import { databaseName, monthOf, parseDatabaseName } from "#shared/model/database-names.ts";
import type { DeviceId, Epoch, TenantName, WriterId } from "#shared/model/ids.ts";
import type { SegmentDoc } from "#shared/model/segment.ts";
import { rollupWorker } from "#shared/series/rollup-worker.ts";
import { packSegment } from "#shared/series/segment.ts";
import { keptUplink } from "#shared/testing/kept-uplinks.ts";

export const BACKLOG_EPOCH = "00000001-0123456789abcdef" as Epoch;
export const PER_SEGMENT = 200;
const MODEL = "milesight/em300-th";

const log = { debug: () => {}, info: () => {}, warn: () => {}, error: console.error };

/** @param own 8 hex digits, another text for each community */
export const euiOf = (own: string, meter: number) => `${own}${meter.toString(16).padStart(8, "0")}`;

export interface Meters {
  readonly tenant: TenantName;
  readonly own: string;
  readonly meters: number;
  readonly everyMs: number;
}

export interface Away extends Meters {
  readonly writer: WriterId;
  readonly sinceMs: number;
  /** How often each meter spoke. */
  readonly rounds: number;
}

/** The community as `load` takes it. */
export const communityOf = ({ tenant, own, meters, everyMs }: Meters) => ({
  name: tenant,
  tenant_name: tenant,
  zone: "Europe/Madrid",
  language: "es",
  units: [{ name: "1", tenancies: [] }],
  devices: Array.from({ length: meters }, (_, meter) => ({
    dev_eui: euiOf(own, meter),
    name: `Meter ${meter}`,
    model: MODEL,
    kind: "temperature",
    expected_interval_s: everyMs / 1000,
    installations: [{ unit: "1", from: "2026-01-01T00:00:00Z" }],
  })),
});

/** Writes what a gateway has sealed and rolled up in its time away. */
export async function leaveBacklog(folder: string, away: Away): Promise<{ segments: number }> {
  const { tenant, own, meters, everyMs, writer, sinceMs, rounds } = away;
  const databases = await openLevelDatabases({ folder, isSparing: true });
  let chain = { seq: 0, prev: null as { id: string; digest: string } | null, before: 0 };
  for (let round = 0; round < rounds; round++) {
    const atMs = sinceMs + round * everyMs;
    const docs: SegmentDoc[] = [];
    for (let first = 0; first < meters; first += PER_SEGMENT) {
      const uplinks = Array.from({ length: Math.min(PER_SEGMENT, meters - first) }, (_, i) => {
        const meter = first + i;
        return keptUplink(
          atMs + Math.floor((meter * everyMs) / meters),
          1_000 * meter + round * 3 + (meter % 7),
          {
            deviceId: euiOf(own, meter) as DeviceId,
            session: `26${meter.toString(16).padStart(6, "0")}-000001`,
            fCnt: round,
            payload: new Uint8Array(randomBytes(12)),
          },
        );
      });
      const { seq, prev, before } = chain;
      const count = uplinks.length;
      const inbox = { from: before + 1, to: before + count };
      const doc = packSegment({ writer, epoch: BACKLOG_EPOCH, seq, prev, before, inbox }, uplinks);
      docs.push(doc);
      chain = {
        seq: seq + 1,
        prev: { id: doc._id, digest: doc.digest },
        before: before + count,
      };
    }
    await (await databases.open(databaseName.tele(tenant, monthOf(atMs)))).bulk(docs);
  }
  await rolledUp(databases, away);
  await databases.close();
  return { segments: chain.seq };
}

/** With the decoders the gateway has in force, as its own worker did: another basis would be derived anew. */
async function rolledUp(
  databases: Awaited<ReturnType<typeof openLevelDatabases>>,
  { tenant, own, meters }: Meters,
): Promise<void> {
  const decoder = findDecoder(MODEL);
  if (!decoder) throw new Error(`no decoder of ${MODEL}`);
  const find = () => builtIn(decoder);
  const models = new Map(
    Array.from({ length: meters }, (_, meter) => [euiOf(own, meter) as DeviceId, MODEL]),
  );
  const stopping = new AbortController();
  const worker = rollupWorker({
    tenant,
    teleDatabases: async () =>
      Promise.all(
        (await databases.names())
          .filter((name) => parseDatabaseName(name)?.kind === "tele")
          .map((name) => databases.open(name)),
      ),
    roll: await databases.openShelf(databaseName.roll),
    redecoder: redecoder(async () => ({ models, find })),
    batchSegments: 800,
    clock: systemClock,
    tally: { refused: (reason) => console.error(`refused: ${reason}`) },
    signal: stopping.signal,
    log,
  });
  await worker.caughtUp();
  stopping.abort();
  await worker.done;
}
