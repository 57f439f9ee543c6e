/** `use-is-slow`: true once waiting has lasted 200 ms: before that, nothing should blink. */
import { useEffect, useState } from "preact/hooks";
import { slowAfterMs } from "./use-answer.ts";

export function useIsSlow(isWaiting: boolean): boolean {
  const [isSlow, setIsSlow] = useState(false);
  useEffect(() => {
    setIsSlow(false);
    if (!isWaiting) return undefined;
    const timer = setTimeout(() => setIsSlow(true), slowAfterMs);
    return () => clearTimeout(timer);
  }, [isWaiting]);
  return isWaiting && isSlow;
}
