/**
 * `window`: a stretch of a device's life that somebody may see, and the installation it lies in.
 */
import type { Unit } from "#shared/model/registers.ts";
import type { DeviceDoc } from "#shared/model/site.ts";
import type { Multiplier } from "./index-series.ts";

/** What a counter showed when somebody read it off: n × 10^scale, in the register's own unit without another. */
export interface ReadOff {
  readonly n: number;
  readonly scale: number;
  readonly unit?: Unit | undefined;
}

/** One installation of a device: indexes outside it belong to another home. */
export interface Mounted {
  readonly fromMs: number;
  /** Exclusive; Infinity while it is mounted. */
  readonly toMs: number;
  /** At mounting and at removal. */
  readonly start?: ReadOff;
  readonly end?: ReadOff;
  readonly multiplier?: Multiplier | undefined;
}

/** Epoch ms, `toMs` exclusive (Infinity: open). */
export interface Window {
  readonly fromMs: number;
  readonly toMs: number;
  readonly mounted: Mounted;
}

/** The window of one who sees everything of a device. */
export const everything: Window = {
  fromMs: -Infinity,
  toMs: Infinity,
  mounted: { fromMs: -Infinity, toMs: Infinity },
};

export const isInside = (windows: readonly Window[], time: number) =>
  windows.some(({ fromMs, toMs }) => fromMs <= time && time < toMs);

/** True when all of `inner` lies in one of the windows. */
export const isWithin = (windows: readonly Window[], inner: Window) =>
  windows.some(({ fromMs, toMs }) => fromMs <= inner.fromMs && inner.toMs <= toMs);

export type Installation = DeviceDoc["installations"][number];

/** An installation as `site` and the hub's master write it. */
export function mountedOf(installation: Installation): Mounted {
  const { from, to, scale, startN, endN, indexUnit: unit, multiplier } = installation;
  const readOff = (n: number | undefined) =>
    scale === undefined || n === undefined ? undefined : { n, scale, unit };
  const [start, end] = [readOff(startN), readOff(endN)];
  return {
    fromMs: Date.parse(from),
    toMs: to === undefined ? Infinity : Date.parse(to),
    ...(start ? { start } : {}),
    ...(end ? { end } : {}),
    ...(multiplier ? { multiplier } : {}),
  };
}

/** The whole of an installation. */
export function windowOf(installation: Installation): Window {
  const mounted = mountedOf(installation);
  return { fromMs: mounted.fromMs, toMs: mounted.toMs, mounted };
}
