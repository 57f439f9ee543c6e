/**
 * `stored-choice`: a signal whose value this browser remembers.
 *
 * Works without storage too (private windows refuse it). Must never hold anything about a person
 * or their use: only how they like the page.
 */
import { signal, type Signal } from "@preact/signals";

/** The remembered value when it is one of `allowed`, else `fallback`; writing it remembers it. */
export function storedChoice<T extends string>(
  key: string,
  allowed: readonly T[],
  fallback: T,
): Signal<T> {
  const choice = signal<T>(readChoice(key, allowed) ?? fallback);
  let isFirst = true;
  choice.subscribe((value) => {
    if (isFirst) isFirst = false;
    else writeChoice(key, value);
  });
  return choice;
}

/** The remembered value, when there is one and it is allowed. */
export function readChoice<T extends string>(key: string, allowed: readonly T[]): T | undefined {
  try {
    const kept = localStorage.getItem(`riser.${key}`);
    return allowed.find((value) => value === kept);
  } catch {
    return undefined;
  }
}

export function writeChoice(key: string, value: string): void {
  try {
    localStorage.setItem(`riser.${key}`, value);
  } catch {
    // Without storage the choice lasts as long as the page.
  }
}
