/** `sandbox-figures`: what is counted about a sandbox, as numbers for metrics. */
import type { SandboxStats } from "./sandbox.ts";

/** By what they count; scripts that stay out are a number here, never a name. */
export function sandboxFigures({ quarantined, ...counts }: SandboxStats): Record<string, number> {
  return { ...counts, quarantined: quarantined.length };
}
