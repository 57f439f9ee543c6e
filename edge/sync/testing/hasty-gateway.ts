/**
 * `hasty-gateway`: a whole gateway as a process of its own that waits a twentieth as long as it
 * would, for tests of its way to the hub: whom it believes is decided when a process starts
 * (`NODE_EXTRA_CA_CERTS`). Settings come from the environment; a line of JSON says when it is up.
 */
import { randomBytes } from "node:crypto";
import { Hono } from "hono";
import { systemClock, type Clock } from "#shared/model/clock.ts";
import { readConfig } from "#edge/config.ts";
import { startEdge } from "#edge/edge.ts";

const say = (level: string) => (about: object, message: string) =>
  void process.stderr.write(`${level} ${message} ${JSON.stringify(about)}\n`);
const clock: Clock = { ...systemClock, sleep: (ms, off) => systemClock.sleep(ms / 20, off) };

const edge = await startEdge(readConfig(), {
  clock,
  random: randomBytes,
  log: { info: () => undefined, warn: say("warn"), error: say("error") },
  pages: async () => new Hono(),
  version: "test",
});
process.stdout.write(`${JSON.stringify({ url: edge.url, mqttPort: edge.mqttPort })}\n`);
// Whoever started it closes its input, or is gone.
process.stdin.resume().once("end", () => void edge.stop().then(() => process.exit(0)));
