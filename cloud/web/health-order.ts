/** `health-order`: in which order states of health stand side by side: well first. */
import type { Health } from "#shared/api/admin.ts";

export const healthOrder = [
  "healthy",
  "late",
  "lost",
  "never",
] as const satisfies readonly Health[];
