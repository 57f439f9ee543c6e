/**
 * `power-cut-gateway`: a whole gateway as a process of its own, loaded ahead of time: it starts when
 * its settings come as a line of JSON on standard input. Prints a line when it is loaded, and its MQTT port
 * when it is up.
 *
 * Without pages: bundling them takes longer than all the rest of a start.
 */
import { randomBytes } from "node:crypto";
import { createInterface } from "node:readline";
import { Hono } from "hono";
import { pino } from "pino";
import { readConfig } from "#edge/config.ts";
import { startEdge } from "#edge/edge.ts";
import { systemClock } from "#shared/model/clock.ts";

const log = pino({ level: "warn", base: null, errorKey: "error" }, pino.destination(2));
const lines = createInterface({ input: process.stdin });
// Whoever started it is gone.
lines.once("close", () => process.exit(1));
lines.once("line", (line) => {
  startEdge(readConfig(JSON.parse(line) as Record<string, string>), {
    clock: systemClock,
    random: randomBytes,
    log,
    pages: async () => new Hono(),
    version: "power-cut",
  }).then(
    (edge) => {
      process.stdout.write(`${edge.mqttPort}\n`);
      process.on("SIGTERM", () => {
        edge.stop().then(
          () => process.exit(0),
          (error: unknown) => {
            log.fatal({ error }, "stopping failed");
            process.exit(1);
          },
        );
      });
    },
    (error: unknown) => {
      log.fatal({ error }, "the gateway did not start");
      process.exit(1);
    },
  );
});
process.stdout.write("loaded\n");
