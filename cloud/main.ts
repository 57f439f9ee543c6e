/**
 * `main`: the hub as a program. Ties configuration, clock, randomness and log to `cloud.ts`.
 */
import { randomBytes } from "node:crypto";
import { pino } from "pino";
import { systemClock } from "#shared/model/clock.ts";
import { isFault } from "#shared/model/fault.ts";
import { startHub } from "./cloud.ts";
import { runCommand } from "./commands.ts";
import { readConfig, type Config } from "./config.ts";
import { HELP } from "./help.ts";
import { adminSite } from "./web/admin-site.ts";

async function serve(config: Config): Promise<void> {
  // On standard error: what a command prints on standard output is its answer and nothing else.
  const log = pino({ level: config.logLevel, base: null, errorKey: "error" }, pino.destination(2));
  const hub = await startHub(config, {
    clock: systemClock,
    random: randomBytes,
    log,
    pages: adminSite,
  });
  process.stdout.write(`Riser hub: ${hub.url}\n`);
  if (hub.setupLink !== undefined)
    process.stdout.write(
      `Set up the first sign-in (works once, for 24 hours): ${hub.url}${hub.setupLink}\n`,
    );
  let isStopping = false;
  const stop = async (signal: string) => {
    if (isStopping) return;
    isStopping = true;
    log.info({ signal }, "stopping");
    await hub.stop();
    process.exit(0);
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.on(signal, () => {
      stop(signal).catch((error: unknown) => {
        log.fatal({ error }, "stopping failed");
        process.exit(1);
      });
    });
}

async function main([command = "serve", ...rest]: readonly string[]): Promise<void> {
  const isHelp = [command, ...rest].some((word) => word === "--help" || word === "-h");
  if (isHelp || command === "help") return void process.stdout.write(HELP);
  const config = readConfig();
  if (command === "serve" && rest.length === 0) return serve(config);
  const world = { clock: systemClock, random: randomBytes };
  if (await runCommand(config, world, [command, ...rest], (text) => process.stdout.write(text)))
    return;
  process.stderr.write(HELP);
  process.exitCode = 2;
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(
    `${isFault(error) ? error.message : ((error as Error).stack ?? String(error))}\n`,
  );
  process.exitCode = 1;
});
