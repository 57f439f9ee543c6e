/**
 * `use-answer`: what the API says about a path, kept while the next answer is on its way.
 *
 * Nothing blinks: an older answer stays until the new one is there, and waiting shows only when
 * it lasts. Must never ask twice for the same thing at once.
 */
import { useEffect, useRef, useState } from "preact/hooks";
import type { Answer, Refusal } from "../api-client.ts";

export const slowAfterMs = 200;

export interface Asked<T> {
  /** The newest answer for this path, or an older one of it. */
  readonly value: T | undefined;
  /** Why the newest question failed; `value` may still hold an older answer. */
  readonly why: Refusal | undefined;
  /** True once the first answer takes longer than 200 ms. */
  readonly isSlow: boolean;
  reload(): void;
}

/**
 * Asks `ask(key)` now, whenever `key` changes and on `reload`. With `keep`, the answer of the key
 * before stays until the new one comes.
 */
export function useAnswer<T>(
  key: string,
  ask: (key: string, signal: AbortSignal) => Promise<Answer<T>>,
  keep = false,
): Asked<T> {
  const [heard, setHeard] = useState<{ key: string; value?: T; why?: Refusal }>({ key });
  const [turn, setTurn] = useState(0);
  const [isSlow, setIsSlow] = useState(false);
  const asking = useRef(ask);
  asking.current = ask;

  useEffect(() => {
    const stop = new AbortController();
    const timer = setTimeout(() => setIsSlow(true), slowAfterMs);
    asking
      .current(key, stop.signal)
      .then((answer) => {
        if (stop.signal.aborted) return;
        clearTimeout(timer);
        setIsSlow(false);
        setHeard((before) =>
          answer.ok
            ? { key, value: answer.value }
            : {
                key,
                why: answer.why,
                ...(before.key === key && before.value !== undefined
                  ? { value: before.value }
                  : {}),
              },
        );
      })
      .catch(() => undefined);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [key, turn]);

  const isOfKey = heard.key === key;
  return {
    value: isOfKey || keep ? heard.value : undefined,
    why: isOfKey ? heard.why : undefined,
    isSlow: isSlow && !(isOfKey && heard.value !== undefined),
    reload: () => setTurn((n) => n + 1),
  };
}
