/**
 * `metrics`: what this gateway counts, for Prometheus at `/metrics`. Numbers only: no device, no person.
 */
import { Counter, Gauge, Registry, collectDefaultMetrics } from "prom-client";
import { refusals, type RefusedWhat, type Refusal, type Tally } from "#shared/model/refusals.ts";
import type { Kept } from "#shared/keep/ear.ts";
import { sandboxGauge } from "#shared/devices/sandbox/sandbox-gauge.ts";
import type { SandboxStats } from "#shared/devices/sandbox/sandbox.ts";
import type { HubState } from "#edge/sync/hub-link.ts";
import { conditions } from "./conditions.ts";

/** Asked when somebody reads the metrics. */
export interface Gauges {
  /** Sealed or not, not confirmed by the hub. */
  waiting(): number;
  unsealed(): number;
  strangers(): number;
  hub(): Pick<
    HubState,
    | "isReached"
    | "connectedSinceMs"
    | "lastSuccessMs"
    | "waitingBytes"
    | "etaMs"
    | "completeUntilMs"
    | "denied"
  >;
  syncedWrites(): number;
  /** Conditions that are shown now. */
  conditions(): readonly { readonly name: string }[];
  freeBytes(): number;
  sandbox(): SandboxStats;
}

/** What keeps count for good; the process's own counts begin with its sums. */
export interface Book {
  note(reason: Refusal, count: number, what?: RefusedWhat): void;
  sum(reason: Refusal): number;
}

export interface Metrics extends Tally {
  heard(outcome: Kept, via: string): void;
  sealed(uplinks: number): void;
  heardElsewhere(): void;
  /** The sum of all refusals of a reason since the gateway's first start. */
  refusedSoFar(reason: Refusal): number;
  readonly kept: number;
  text(): Promise<string>;
  readonly contentType: string;
}

export function metrics(gauges: Gauges, book: Book): Metrics {
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
  for (const reason of Object.keys(refusals)) refused.inc({ reason }, book.sum(reason as Refusal));
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
  gauge("riser_hub_reached", "1 while the hub is reached", () => (gauges.hub().isReached ? 1 : 0));
  /** NaN is Prometheus' word for what is not known. */
  const hubGauge = (name: string, help: string, read: (hub: ReturnType<Gauges["hub"]>) => number) =>
    gauge(`riser_hub_${name}`, help, () => read(gauges.hub()));
  const seconds = (ms: number | null) => (ms === null ? Number.NaN : ms / 1000);
  hubGauge("connected_since_seconds", "Since when the hub is reached, as a Unix time", (hub) =>
    seconds(hub.connectedSinceMs),
  );
  hubGauge(
    "last_success_seconds",
    "When the hub last took or gave something, as a Unix time",
    (hub) => seconds(hub.lastSuccessMs),
  );
  hubGauge("complete_until_seconds", "All heard until then is on the hub, as a Unix time", (hub) =>
    seconds(hub.completeUntilMs),
  );
  hubGauge("eta_seconds", "How long the backlog takes at the pace of the last minutes", (hub) =>
    seconds(hub.etaMs),
  );
  hubGauge("waiting_bytes", "About how many bytes wait for the hub", (hub) => hub.waitingBytes);
  hubGauge(
    "denied_documents",
    "Documents that the hub refused and that are set aside",
    (hub) => hub.denied,
  );
  gauge("riser_synced_writes", "Synced writes (fdatasync) since the start", gauges.syncedWrites);
  gauge("riser_disk_free_bytes", "What the disk has left", gauges.freeBytes);
  const condition = new Gauge({
    name: "riser_condition",
    help: "1 while a condition is shown to people",
    labelNames: ["condition"],
    registers,
    collect() {
      const shown = new Set(gauges.conditions().map(({ name }) => name));
      for (const name of Object.keys(conditions))
        condition.set({ condition: name }, shown.has(name) ? 1 : 0);
    },
  });
  sandboxGauge(registers, gauges.sandbox);
  let kept = 0;
  return {
    refused(reason, count = 1, what) {
      book.note(reason, count, what);
      refused.inc({ reason }, count);
    },
    heard(outcome, via) {
      if (outcome === "kept") kept++;
      uplinks.inc({ outcome, via });
    },
    sealed: (count) => sealed.inc(count),
    heardElsewhere: () => elsewhere.inc(),
    refusedSoFar: (reason) => book.sum(reason),
    get kept() {
      return kept;
    },
    text: () => registry.metrics(),
    contentType: registry.contentType,
  };
}
