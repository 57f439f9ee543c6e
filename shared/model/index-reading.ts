/**
 * `index-reading`: what somebody read off a counter, kept at an installation. Pure.
 */
import { indexOf } from "#shared/model/decimal-index.ts";
import type { Unit } from "#shared/model/registers.ts";

/** What an installation keeps of its counter: both readings in one scale. */
export interface ReadOffs {
  readonly startN?: number | undefined;
  readonly endN?: number | undefined;
  readonly scale?: number | undefined;
  readonly indexUnit?: Unit | undefined;
}

/** Takes over what is told; `null` takes a reading away. Decimals of the one that stays are kept. */
export function withReadOffs(
  before: ReadOffs,
  told: {
    readonly start?: string | null | undefined;
    readonly end?: string | null | undefined;
    readonly unit?: Unit | undefined;
  },
): ReadOffs {
  const held = (n: number | undefined) =>
    n === undefined || before.scale === undefined ? undefined : { n, scale: before.scale };
  const taken = (text: string | null | undefined, n: number | undefined) =>
    text === undefined ? held(n) : text === null ? undefined : indexOf(text);
  const start = taken(told.start, before.startN);
  const end = taken(told.end, before.endN);
  const scale = Math.min(start?.scale ?? 0, end?.scale ?? 0);
  const inScale = (one: { n: number; scale: number }) => one.n * 10 ** (one.scale - scale);
  const indexUnit = told.unit ?? before.indexUnit;
  return {
    ...(start ? { startN: inScale(start) } : {}),
    ...(end ? { endN: inScale(end) } : {}),
    ...(start || end ? { scale } : {}),
    ...(indexUnit === undefined ? {} : { indexUnit }),
  };
}
