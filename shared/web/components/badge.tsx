/** `badge`: a state as a word with a mark; the colour only helps. */
import type { ComponentChildren } from "preact";
import "./badge.css";

export type Tone = "ok" | "warn" | "bad" | "plain";

export function Badge({
  tone,
  children,
}: {
  readonly tone: Tone;
  readonly children: ComponentChildren;
}) {
  return (
    <span class={`badge badge-${tone}`}>
      <span class="badge-mark" aria-hidden="true" />
      {children}
    </span>
  );
}
