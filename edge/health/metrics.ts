/**
 * `metrics`: what this gateway counts, for Prometheus at `/metrics`. Numbers only: no device, no person.
 */
import { Counter, Gauge, Registry, collectDefaultMetrics } from "prom-client";
import { refusals, type Refusal, type Tally } from "#shared/model/refusals.ts";
import type { Kept } from "#shared/keep/ear.ts";

/** Asked when somebody reads the metrics. */
export interface Gauges {
  /** Sealed or not, not confirmed by the hub. */
  waiting(): number;
  unsealed(): number;
  strangers(): number;
  isHubReached(): boolean;
  syncedWrites(): number;
}

export interface Metrics extends Tally {
  heard(outcome: Kept, via: string): void;
  sealed(uplinks: number): void;
  heardElsewhere(): void;
  /** The sum of all refusals of a reason so far. */
  refusedSoFar(reason: Refusal): number;
  readonly kept: number;
  text(): Promise<string>;
  readonly contentType: string;
}

export function metrics(gauges: Gauges): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const refused = new Counter({
    name: "riser_refused_total",
    help: "What was heard and not taken as a reading, by reason",
    labelNames: ["reason"],
    registers,
  });
  const uplinks = new Counter({
    name: "riser_uplinks_total",
    help: "Uplinks by what became of them",
    labelNames: ["outcome", "via"],
    registers,
  });
  const sealed = new Counter({
    name: "riser_sealed_uplinks_total",
    help: "Uplinks put into segments",
    registers,
  });
  const elsewhere = new Counter({
    name: "riser_heard_elsewhere_total",
    help: "Further copies of a frame, heard by another antenna",
    registers,
  });
  for (const reason of Object.keys(refusals)) refused.inc({ reason }, 0);
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read());
      },
    });
  gauge("riser_waiting_uplinks", "Kept here and not confirmed by the hub", gauges.waiting);
  gauge("riser_unsealed_uplinks", "In the inbox and in no segment yet", gauges.unsealed);
  gauge("riser_strangers", "Uplinks kept of devices that no community has", gauges.strangers);
  gauge("riser_hub_reached", "1 while the hub is reached", () => (gauges.isHubReached() ? 1 : 0));
  gauge("riser_synced_writes", "Synced writes (fdatasync) since the start", gauges.syncedWrites);
  const counts = new Map<Refusal, number>();
  let kept = 0;
  return {
    refused(reason, count = 1) {
      counts.set(reason, (counts.get(reason) ?? 0) + count);
      refused.inc({ reason }, count);
    },
    heard(outcome, via) {
      if (outcome === "kept") kept++;
      uplinks.inc({ outcome, via });
    },
    sealed: (count) => sealed.inc(count),
    heardElsewhere: () => elsewhere.inc(),
    refusedSoFar: (reason) => counts.get(reason) ?? 0,
    get kept() {
      return kept;
    },
    text: () => registry.metrics(),
    contentType: registry.contentType,
  };
}
