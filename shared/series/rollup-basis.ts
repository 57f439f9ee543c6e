/**
 * `rollup-basis`: what a community's rollup was made with beside its segments: which decoder is in
 * force for each device, and by how much the clocks of epochs were wrong.
 *
 * When one of them is another now, the devices it concerns are derived anew from their segments.
 * Which are under way stands in the document, so that a cut in the middle begins them again.
 *
 * History: 1 = first release.
 */
import type { ClockCorrectionDoc } from "#shared/model/events/clock-correction.ts";
import type { DeviceId, TenantName } from "#shared/model/ids.ts";
import type { KeptUplink } from "#shared/model/kept-uplink.ts";
import type { SeriesStore, StoredDoc } from "./series-store.ts";

/** Ms to add to times marked `unset`, by `{writer}:{epoch}`. */
export type Corrections = ReadonlyMap<string, number>;

/** From a community's clock corrections, all writers'. */
export async function correctionsIn(
  docs: AsyncIterable<Pick<ClockCorrectionDoc, "writer" | "epoch" | "addMs">>,
): Promise<Corrections> {
  const corrections = new Map<string, number>();
  for await (const { writer, epoch, addMs } of docs) corrections.set(`${writer}:${epoch}`, addMs);
  return corrections;
}

export interface Basis {
  readonly editions: ReadonlyMap<DeviceId, string>;
  readonly corrections: Corrections;
}

interface BasisDoc extends StoredDoc {
  readonly type: "basis";
  readonly v: 1;
  readonly editions: Readonly<Record<string, string>>;
  readonly corrections: Readonly<Record<string, number>>;
  /** Devices whose days are not whole just now. */
  readonly again: readonly DeviceId[];
}

export const basisId = (tenant: TenantName) => `basis:${tenant}`;

export interface HeldBasis extends Basis {
  readonly again: ReadonlySet<DeviceId>;
}

export async function basisOf(
  store: SeriesStore,
  tenant: TenantName,
): Promise<HeldBasis | undefined> {
  const doc = await store.get<BasisDoc>(basisId(tenant));
  return (
    doc && {
      editions: new Map(Object.entries(doc.editions) as [DeviceId, string][]),
      corrections: new Map(Object.entries(doc.corrections)),
      again: new Set(doc.again),
    }
  );
}

export async function writeBasis(
  store: SeriesStore,
  tenant: TenantName,
  { editions, corrections, again }: HeldBasis,
): Promise<void> {
  const old = await store.get<BasisDoc>(basisId(tenant));
  const doc: BasisDoc = {
    ...(old?._rev === undefined ? {} : { _rev: old._rev }),
    _id: basisId(tenant),
    type: "basis",
    v: 1,
    editions: inOrder(editions),
    corrections: inOrder(corrections),
    again: [...again].sort(),
  };
  const [written] = await store.bulk([doc]);
  if (!written?.ok) throw new Error(`the basis of ${tenant} could not be written`);
}

const inOrder = <T>(map: ReadonlyMap<string, T>): Record<string, T> =>
  Object.fromEntries([...map].sort(([a], [b]) => (a < b ? -1 : 1)));

/**
 * The editions of now, and of devices that are not named any more the ones they had: who left the
 * community keeps what was made of their uplinks.
 */
export function editionsFrom(old: Basis, now: Basis["editions"] | undefined): Basis["editions"] {
  return now ? new Map([...old.editions, ...now]) : old.editions;
}

/** What is another now than it was. */
export function changesOf(
  old: Basis,
  now: Basis,
): { readonly devices: ReadonlySet<DeviceId>; readonly epochs: ReadonlySet<string> } {
  return {
    devices: differing(old.editions, now.editions),
    epochs: differing(old.corrections, now.corrections),
  };
}

function differing<K extends string, T>(a: ReadonlyMap<K, T>, b: ReadonlyMap<K, T>): Set<K> {
  const keys = new Set<K>();
  for (const [key, value] of b) if (a.get(key) !== value) keys.add(key);
  for (const key of a.keys()) if (!b.has(key)) keys.add(key);
  return keys;
}

/**
 * The uplinks of an epoch in right time, as far as it is known; who they are stays. Somebody else's
 * time is never touched: it only tells whether the clock was wrong still when it was heard.
 */
export function inRightTime(
  uplinks: readonly KeptUplink[],
  epoch: string,
  corrections: Corrections,
): readonly KeptUplink[] {
  const addMs = corrections.get(epoch);
  if (addMs === undefined) return uplinks;
  return uplinks.map((uplink) => {
    const { time, timeSource } = uplink;
    const heardAt = uplink.heardAt + addMs;
    if (timeSource === "unset") return { ...uplink, time: time + addMs, heardAt };
    return Math.abs(time - heardAt) < Math.abs(time - uplink.heardAt)
      ? { ...uplink, heardAt }
      : uplink;
  });
}
