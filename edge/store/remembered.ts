/**
 * `remembered`: a few numbers about what lies in the databases, in a file beside them, so that after
 * damage it can be told what is missing and no place in the order of uplinks is used twice.
 *
 * A memory and never the record: it may lag behind.
 *
 * History: 1 = first release.
 */
import { open, readFile, rename } from "node:fs/promises";
import { z } from "zod";
import { HubTrouble } from "#shared/api/gateway-talk.ts";
import { timeEvidence } from "#shared/model/events/clock-correction.ts";
import { DeviceId, Epoch, TenantName } from "#shared/model/ids.ts";
import { At } from "#shared/model/site.ts";
import { UnvouchedEpoch } from "./epochs.ts";

const ChainEnd = z.object({
  id: z.string(),
  digest: z.string(),
  sealedN: z.number(),
  uplinks: z.number(),
  month: z.string(),
  starts: z.number(),
});

const HubTroubleTold = HubTrouble.extend({ sentence: z.string() });

const Remembered = z.object({
  v: z.literal(1),
  /** The last place given to an uplink. */
  lastN: z.number().int(),
  /** By community: the newest segment that the hub certainly has. */
  confirmed: z.record(TenantName, ChainEnd),
  /** By community: the newest segment there was here. */
  ends: z.record(TenantName, ChainEnd),
  /** How far the databases were written that nothing else tells of; by name. */
  seqs: z.record(z.string(), z.number()),
  /** Uplinks of unknown devices that are kept, by device. */
  strangers: z.record(DeviceId, z.number()),
  /** The ledger's sums, by reason. */
  sums: z.record(z.string(), z.number()),
  /** Lives in which nobody vouched for the time, oldest first; the present one last while it is one. */
  unvouched: z.array(UnvouchedEpoch),
  /** Corrections that are known and not in every community's events yet. */
  corrections: z.array(
    z.object({ epoch: Epoch, addMs: z.number(), evidence: z.enum(timeEvidence), at: At }),
  ),
  /** By how much the clock was wrong in earlier lives, oldest first: what strangers said then waits longer than the lives. */
  known: z.array(z.object({ epoch: Epoch, addMs: z.number() })).default([]),
  /** Databases that were set aside and when, epoch ms: for the page, until somebody has looked. */
  setAside: z.array(z.object({ name: z.string(), reason: z.string(), atMs: z.number() })),
  /** Since when the hub is away and why, and the last time it was, epoch ms. */
  hubAway: z
    .object({
      awaySinceMs: z.number().nullable(),
      trouble: HubTroubleTold.nullable(),
      lastAway: z
        .object({ fromMs: z.number(), toMs: z.number(), trouble: HubTroubleTold })
        .nullable(),
    })
    .optional(),
});
export type Remembered = z.infer<typeof Remembered>;

export const nothingRemembered: Remembered = {
  v: 1,
  lastN: 0,
  confirmed: {},
  ends: {},
  seqs: {},
  strangers: {},
  sums: {},
  unvouched: [],
  corrections: [],
  known: [],
  setAside: [],
};

/** What the file says; nothing when there is none or it is damaged. */
export async function recall(file: string): Promise<Remembered> {
  try {
    return Remembered.parse(JSON.parse(await readFile(file, "utf8")));
  } catch {
    return nothingRemembered;
  }
}

/** Durable when resolved; a cut at any moment leaves the old one or the new one. */
export async function remember(file: string, remembered: Remembered): Promise<void> {
  const handle = await open(`${file}.new`, "w", 0o600);
  try {
    await handle.writeFile(JSON.stringify(remembered));
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(`${file}.new`, file);
}
