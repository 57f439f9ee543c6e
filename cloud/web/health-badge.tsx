/** `health-badge`: how regularly a device is heard, as a word. */
import type { Health } from "#shared/api/admin.ts";
import { Badge, type Tone } from "#shared/web/components/badge.tsx";
import { count } from "./counts.ts";
import { speech } from "./speech.ts";

const TONES = {
  never: "plain",
  healthy: "ok",
  late: "warn",
  lost: "bad",
} as const satisfies Record<Health, Tone>;

/** With `n`, how many are so. */
export function HealthBadge({ health, n }: { readonly health: Health; readonly n?: number }) {
  return (
    <Badge tone={TONES[health]}>
      {speech.words.health[health]}
      {n !== undefined && <span class="number">{count(n)}</span>}
    </Badge>
  );
}
