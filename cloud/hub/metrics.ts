/** `metrics`: what this hub counts, for Prometheus at `/metrics`. Numbers only: no device, no person. */
import { Counter, Gauge, Registry, collectDefaultMetrics } from "prom-client";
import { sandboxGauge } from "#shared/devices/sandbox/sandbox-gauge.ts";
import type { SandboxStats } from "#shared/devices/sandbox/sandbox.ts";
import { refusals, type Refusal, type Tally } from "#shared/model/refusals.ts";

/** Asked when somebody reads the metrics. */
export interface Gauges {
  communities(): Promise<number>;
  devices(): Promise<number>;
  gateways(): Promise<number>;
  unregistered(): Promise<number>;
  /** What gateways that are not withdrawn said last. */
  gatewaysSaid(): Promise<GatewaysSaid>;
  sandbox(): SandboxStats;
}

export interface GatewaysSaid {
  /** Have not spoken for some minutes. */
  readonly away: number;
  /** Uplinks, and about how many bytes of them, that wait on gateways. */
  readonly waiting: number;
  readonly waitingBytes: number;
  /** Documents that this hub refused and that are set aside there. */
  readonly denied: number;
  /** Identities that two machines speak with. */
  readonly twins: number;
}

export interface Metrics extends Tally {
  heard(outcome: "kept" | "repeat" | "stranger", via: string): void;
  rolledUp(counts: { uplinks: number; readings: number }): void;
  /** Months whose raw time is over and of which a part may still be somewhere else. */
  monthsWaiting(many: number): void;
  tokenIssued(): void;
  tokenRefused(): void;
  signInFailed(): void;
  refusedSoFar(reason: Refusal): number;
  text(): Promise<string>;
  readonly contentType: string;
}

export function metrics(gauges: Gauges): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const counter = (name: string, help: string) => new Counter({ name, help, registers });
  const gauge = (name: string, help: string, read: () => Promise<number>) =>
    new Gauge({
      name,
      help,
      registers,
      async collect() {
        this.set(await read());
      },
    });
  const refused = new Counter({
    name: "riser_refused_total",
    help: "What came and was not taken, by reason",
    labelNames: ["reason"],
    registers,
  });
  for (const reason of Object.keys(refusals)) refused.inc({ reason }, 0);
  const waiting = new Gauge({
    name: "riser_months_waiting",
    help: "Months past their raw time whose segments stay because a gateway may hold a part of them",
    registers,
  });
  const heard = new Counter({
    name: "riser_webhook_uplinks_total",
    help: "Uplinks that webhooks brought, by what became of them and the format they came in",
    labelNames: ["outcome", "via"],
    registers,
  });
  const uplinks = counter("riser_rolled_up_uplinks_total", "Uplinks taken from segments");
  const readings = counter("riser_rolled_up_readings_total", "Readings taken from segments");
  const issued = counter("riser_gateway_tokens_total", "Access tokens given to gateways");
  const denied = counter("riser_gateway_tokens_refused_total", "Assertions that were refused");
  const failed = counter("riser_sign_in_failures_total", "Sign-ins that failed");
  gauge("riser_communities", "Communities", gauges.communities);
  gauge("riser_devices", "Registered devices", gauges.devices);
  gauge("riser_gateways", "Enrolled gateways", gauges.gateways);
  gauge("riser_unregistered_devices", "Heard and not registered", gauges.unregistered);
  const said = new Gauge({
    name: "riser_gateways_said",
    help: "What gateways said last: away ones, uplinks and bytes that wait there, refused documents, identities with two machines",
    labelNames: ["what"],
    registers,
    async collect() {
      for (const [what, value] of Object.entries(await gauges.gatewaysSaid()))
        said.set({ what }, value);
    },
  });
  sandboxGauge(registers, gauges.sandbox);
  const counts = new Map<Refusal, number>();
  return {
    refused(reason, count = 1) {
      counts.set(reason, (counts.get(reason) ?? 0) + count);
      refused.inc({ reason }, count);
    },
    heard: (outcome, via) => heard.inc({ outcome, via }),
    rolledUp(counted) {
      uplinks.inc(counted.uplinks);
      readings.inc(counted.readings);
    },
    monthsWaiting: (many) => waiting.set(many),
    tokenIssued: () => issued.inc(),
    tokenRefused: () => denied.inc(),
    signInFailed: () => failed.inc(),
    refusedSoFar: (reason) => counts.get(reason) ?? 0,
    text: () => registry.metrics(),
    contentType: registry.contentType,
  };
}
