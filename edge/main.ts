/**
 * `main`: the gateway as a program. Ties configuration, clock, randomness and log to `edge.ts`.
 */
import { appendFile, mkdir, readFile } from "node:fs/promises";
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import type { JWK } from "jose";
import { pino } from "pino";
import { hashSecret } from "#shared/auth/secret-hash.ts";
import { newToken } from "#shared/auth/opaque-token.ts";
import { systemClock } from "#shared/model/clock.ts";
import { Fault, isFault } from "#shared/model/fault.ts";
import { readConfig, settings, type EdgeConfig } from "./config.ts";
import { startEdge } from "./edge.ts";
import { claimCommand } from "./setup/claim-command.ts";
import { serveWithdrawn } from "./setup/serve-withdrawn.ts";
import { setupCodeIn } from "./setup/setup-code.ts";
import { wipe, withdrawnIn } from "./setup/withdrawn.ts";
import { identityIn } from "./sync/identity.ts";
import { edgeSite } from "./web/edge-site.ts";

/** Told to `supervised.mjs`, and to a service manager that restarts on failure. */
const START_AGAIN = 75;
/** What waits is sealed, if the damaged database lets it be. */
const STOP_WITHIN_MS = 3_000;

const HELP = `riser-edge: the gateway

  npm run edge                        hear, keep, show and replicate until stopped
  npm run edge -- claim <hub> <code>  connect to a hub, with a claim code its operator made; also before there is internet
  npm run edge -- setup-code          print the code that opens the setup page
  npm run edge -- identity            print this gateway's public keys, for enrolment on the hub
  npm run edge -- mqtt-user <name>    let a client publish to the embedded broker; prints its password once
  npm run edge -- station-token <eui> let a Basics Station connect; prints its token once
  npm run edge -- --help              this text

Settings (environment):
${Object.entries(settings)
  .map(
    ([name, { about, default: value }]) =>
      `  ${name.padEnd(18)}${about}${value === "" ? "" : ` [${value}]`}`,
  )
  .join("\n")}
`;

async function run(config: EdgeConfig): Promise<void> {
  const { version } = JSON.parse(
    await readFile(new URL("../package.json", import.meta.url), "utf8"),
  ) as { version: string };
  const log = pino({ level: config.logLevel, base: null, errorKey: "error" });
  const startAgain = (why: object, message: string) => {
    log.fatal(why, message);
    process.exit(START_AGAIN);
  };
  // PouchDB throws where nobody can catch it, and answers nothing from then on.
  process.on("uncaughtException", (error) => startAgain({ error }, "unexpected; starting again"));
  const before = await withdrawnIn(config.dataFolder, systemClock);
  if (before) return void (await serveWithdrawn(before, config));
  const starting = startEdge(config, {
    onWithdrawn: (statement) => {
      const end = async () => {
        const running = await starting;
        const sealingKey = running.hubFace()?.sealing as JWK | undefined;
        await running.stop();
        const { dataFolder: folder } = config;
        const identity = await identityIn(folder);
        const mark = await wipe({ folder, identity, statement, sealingKey, clock: systemClock });
        log.warn({ ...statement, unsent: mark.unsent }, "withdrawn: people and keys are gone");
        await serveWithdrawn(mark, config);
      };
      end().catch((error: unknown) =>
        startAgain({ error }, "withdrawing stumbled; starting again"),
      );
    },
    onBroken: (name, reason) => {
      const giveUp = setTimeout(
        () => startAgain({ name, reason }, "starting again"),
        STOP_WITHIN_MS,
      );
      starting
        .then((running) => running.stop())
        .catch((error: unknown) => log.warn({ error }, "not stopped in order"))
        .finally(() => {
          clearTimeout(giveUp);
          startAgain({ name, reason }, "starting again, to set a damaged database aside");
        });
    },
    clock: systemClock,
    random: randomBytes,
    log,
    pages: edgeSite,
    version,
  });
  const edge = await starting;
  // Its supervisor is gone: nobody would start it again.
  if (process.connected) process.once("disconnect", () => process.kill(process.pid, "SIGTERM"));
  process.stdout.write(`Riser gateway ${edge.gatewayId}: pages at ${edge.url}\n`);
  if (edge.hub().hubUrl === null || edge.setupCode.isNew)
    process.stdout.write(`Setup page: ${edge.url}/setup with the code ${edge.setupCode.shown}\n`);
  let isStopping = false;
  const stop = async (signal: string) => {
    if (isStopping) return;
    isStopping = true;
    log.info({ signal }, "stopping");
    await edge.stop();
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

async function addMqttUser(config: EdgeConfig, name: string | undefined): Promise<void> {
  if (!config.broker)
    throw new Fault(
      "invalid",
      "MQTT_PORT and MQTT_USERS_FILE must be set: without them there is no broker",
    );
  if (name === undefined || !/^[^:\s+#/]{1,64}$/.test(name)) return usage();
  const password = newToken(randomBytes);
  await appendFile(config.broker.usersFile, `${name}:${await hashSecret(password)}\n`, {
    mode: 0o600,
  });
  process.stdout.write(`${password}\n`);
}

/** Gives a Basics Station a new token: it is printed once, only its hash is kept. */
async function addStationToken(config: EdgeConfig, name: string | undefined): Promise<void> {
  const file = config.station?.tokensFile;
  if (file === undefined)
    throw new Fault("invalid", "STATION_PORT and STATION_TOKENS_FILE say where tokens are kept");
  const eui = name?.replaceAll(/[:-]/g, "").toLowerCase() ?? "";
  if (!/^[0-9a-f]{16}$/.test(eui)) return usage();
  const token = newToken(randomBytes);
  await appendFile(file, `${eui}:${await hashSecret(token)}\n`, { mode: 0o600 });
  process.stdout.write(`${token}\n`);
}

function usage(): void {
  process.stderr.write(HELP);
  process.exitCode = 2;
}

async function main([command = "serve", ...rest]: readonly string[]): Promise<void> {
  if (command === "--help" || command === "-h" || command === "help")
    return void process.stdout.write(HELP);
  const config = readConfig();
  if (command === "serve") return run(config);
  if (command === "identity") {
    await identityIn(config.dataFolder);
    return void process.stdout.write(
      await readFile(join(config.dataFolder, "gateway.json"), "utf8"),
    );
  }
  if (command === "claim")
    return claimCommand(config.dataFolder, config.hubUrl, rest, {
      clock: systemClock,
      say: (line) => void process.stdout.write(`${line}\n`),
    });
  if (command === "setup-code") {
    await mkdir(config.dataFolder, { recursive: true, mode: 0o700 });
    const { shown } = await setupCodeIn(config.dataFolder, randomBytes);
    return void process.stdout.write(`${shown}\n`);
  }
  if (command === "station-token") return addStationToken(config, rest[0]);
  if (command === "mqtt-user") return addMqttUser(config, rest[0]);
  usage();
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(
    `${isFault(error) ? error.message : ((error as Error).stack ?? String(error))}\n`,
  );
  process.exitCode = 1;
});
