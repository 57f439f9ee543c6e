/**
 * `household`: who lives in a simulated home and what goes on there.
 */

/** From this moment on so many people live there; 0 = nobody. */
export interface Stay {
  /** Epoch ms. */
  readonly fromMs: number;
  readonly people: number;
}

/**
 * A home as the patterns see it. Somebody who moves out and others who move in are stays that
 * follow each other; a leak never lets an hour be zero; a silent meter counts on and says nothing.
 */
export interface Household {
  /** Oldest first; before the first one nobody lives there. */
  readonly stays: readonly Stay[];
  readonly leak?: {
    readonly fromMs: number;
    readonly toMs?: number;
    readonly litresPerHour: number;
  };
  readonly silent?: { readonly fromMs: number; readonly toMs?: number };
}

/** A household of the same people since ever. */
export function householdOf(people: number): Household {
  return { stays: [{ fromMs: 0, people }] };
}

/** How many people live there at a moment. */
export function peopleAt({ stays }: Household, ms: number): number {
  let people = 0;
  for (const stay of stays) if (stay.fromMs <= ms) people = stay.people;
  return people;
}

const isWithin = (span: { fromMs: number; toMs?: number } | undefined, ms: number) =>
  span !== undefined && ms >= span.fromMs && ms < (span.toMs ?? Infinity);

/** True while the home's meters say nothing. */
export function isSilentAt(household: Household, ms: number): boolean {
  return isWithin(household.silent, ms);
}
/** Litres an hour that run away at a moment. */
export function leakAt(household: Household, ms: number): number {
  return isWithin(household.leak, ms) ? (household.leak?.litresPerHour ?? 0) : 0;
}
