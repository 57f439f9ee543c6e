/**
 * `hasty-gateway`: whole gateways in a process of their own, for tests of their way to the hub: whom a
 * process believes is decided when it starts (`NODE_EXTRA_CA_CERTS`). They wait a twentieth as long as
 * they would, and a fifth of a second at most.
 *
 * A line of JSON on standard input is the settings of one; a line of JSON says when it is up. All end
 * with the input.
 */
import { randomBytes } from "node:crypto";
import { createInterface } from "node:readline";
import { Hono } from "hono";
import { systemClock, type Clock } from "#shared/model/clock.ts";
import { readConfig } from "#edge/config.ts";
import { startEdge, type Edge } from "#edge/edge.ts";

const say = (level: string) => (about: object, message: string) =>
  void process.stderr.write(`${level} ${message} ${JSON.stringify(about)}\n`);
const clock: Clock = {
  ...systemClock,
  sleep: (ms, off) => systemClock.sleep(Math.min(ms / 20, 200), off),
};

const running: Edge[] = [];
for await (const line of createInterface({ input: process.stdin })) {
  const edge = await startEdge(readConfig(JSON.parse(line) as Record<string, string>), {
    clock,
    random: randomBytes,
    log: { info: () => undefined, warn: say("warn"), error: say("error") },
    pages: async () => new Hono(),
    version: "test",
  });
  running.push(edge);
  process.stdout.write(`${JSON.stringify({ url: edge.url, mqttPort: edge.mqttPort })}\n`);
}
for (const edge of running) await edge.stop();
process.exit(0);
