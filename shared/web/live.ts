/**
 * `live`: one event stream per tab, opened again whenever it falls.
 *
 * The browser reconnects by itself after a broken line but gives up after a refusal; here it
 * comes back with growing waits. Must never be the only source of a number: who listens asks
 * the API again.
 */
import { signal, type ReadonlySignal } from "@preact/signals";

export interface LiveStream {
  /** False when it has been down for longer than a change of stream takes, until it is open again. */
  readonly isOpen: ReadonlySignal<boolean>;
  close(): void;
}

/** Servers end a stream now and then: that alone is no news. */
const GRACE_MS = 6_000;
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;

/** Listens on `path` below `/api/v1`; `onOpen` is called after each reconnection, not at first. */
export function openLive(
  path: string,
  events: Readonly<Record<string, (data: unknown) => void>>,
  onOpen: () => void,
): LiveStream {
  const isOpen = signal(true);
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let grace: ReturnType<typeof setTimeout> | undefined;
  let waitMs = FIRST_WAIT_MS;
  let isAgain = false;

  const open = () => {
    source = new EventSource(`/api/v1${path}`);
    source.onopen = () => {
      waitMs = FIRST_WAIT_MS;
      clearTimeout(grace);
      grace = undefined;
      isOpen.value = true;
      if (isAgain) onOpen();
      isAgain = true;
    };
    source.onerror = () => {
      isAgain = true;
      grace ??= setTimeout(() => (isOpen.value = false), GRACE_MS);
      source?.close();
      timer = setTimeout(open, waitMs);
      waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS);
    };
    for (const [name, heard] of Object.entries(events))
      source.addEventListener(name, (event) => {
        try {
          heard(JSON.parse((event as MessageEvent<string>).data));
        } catch {
          // A message that is no JSON tells nothing; the next one will.
        }
      });
  };
  open();
  return {
    isOpen,
    close: () => {
      clearTimeout(timer);
      clearTimeout(grace);
      source?.close();
    },
  };
}
