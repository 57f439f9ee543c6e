/**
 * `holding`: which community holds a device, and when. Pure.
 *
 * Held stretches never overlap and stand oldest first. A reading belongs to the community that
 * holds the device at reading time; where none does just then, to the one that holds it next.
 */
import type { CommunityId } from "#shared/model/ids.ts";

export interface Held {
  readonly communityId: CommunityId;
  /** ISO 8601 UTC. */
  readonly from: string;
  /** Exclusive; absent while it goes on. */
  readonly to?: string | undefined;
}

/** Hands a device on at `at`: to a community, or with null back to the organization. Empty stretches fall away. */
export function handedOn(
  held: readonly Held[],
  communityId: CommunityId | null,
  at: string,
): Held[] {
  const last = held.at(-1);
  if (last && last.to === undefined && last.communityId === communityId) return [...held];
  const before = held.flatMap((one): Held[] => {
    if (one.from >= at) return [];
    return one.to === undefined || one.to > at ? [{ ...one, to: at }] : [one];
  });
  return communityId === null ? before : [...before, { communityId, from: at }];
}

/** Epoch ms stretches of a device's readings that are a community's: each reaches back to the one before it. */
export function readingsOf(
  held: readonly Held[],
  communityId: CommunityId,
): { readonly fromMs: number; readonly toMs: number }[] {
  return held.flatMap((one, i) => {
    if (one.communityId !== communityId) return [];
    const before = held[i - 1]?.to;
    return [
      {
        fromMs: before === undefined ? -Infinity : Date.parse(before),
        toMs: one.to === undefined ? Infinity : Date.parse(one.to),
      },
    ];
  });
}
