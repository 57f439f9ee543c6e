/**
 * `source-memory`: what a format has to remember of its senders from one message to the next: the
 * names a Sparkplug node tied to numbers at its birth, what Home Assistant said of a topic.
 *
 * Small, plain JSON, without persons. Whoever gives it keeps it over a restart.
 */
export interface SourceMemory {
  /** What was remembered under `key`, or undefined. Never changed by the caller. */
  recall(key: string): unknown;
  /** Under a key that begins with `~` only until the next start. */
  remember(key: string, value: unknown): void;
}
