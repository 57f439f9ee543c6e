/** `health-badge`: how regularly a device is heard, as a word. */
import type { Health } from "#shared/api/admin.ts";
import { Badge, type Tone } from "#shared/web/components/badge.tsx";
import { speech } from "./speech.ts";

const TONES = {
  never: "plain",
  healthy: "ok",
  late: "warn",
  lost: "bad",
} as const satisfies Record<Health, Tone>;

export function HealthBadge({ health }: { readonly health: Health }) {
  return <Badge tone={TONES[health]}>{speech.words.health[health]}</Badge>;
}
