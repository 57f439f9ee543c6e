/** `sandbox-gauge`: what is counted about a sandbox, for Prometheus: numbers, never a script's name. */
import { Gauge, type Registry } from "prom-client";
import type { SandboxStats } from "./sandbox.ts";

export function sandboxGauge(registers: Registry[], stats: () => SandboxStats): void {
  const gauge = new Gauge({
    name: "riser_sandbox",
    help: "Decoders' sandbox since the start: calls, failed and waiting ones, workers started and killed, scripts that stay out",
    labelNames: ["what"],
    registers,
    collect() {
      const { quarantined, ...counts } = stats();
      for (const [what, value] of Object.entries({ ...counts, quarantined: quarantined.length }))
        gauge.set({ what }, value);
    },
  });
}
