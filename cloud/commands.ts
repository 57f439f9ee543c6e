/**
 * `commands`: the hub's command line: reads what is asked, has the hub do it (the running one, or
 * the folder itself when none runs) and prints the answer.
 */
import { readFile, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { Fault, isFault } from "#shared/model/fault.ts";
import type { Config } from "./config.ts";
import { checkPassphrase } from "./hub/backup/backup-file.ts";
import { restoreBackup } from "./hub/backup/restore-backup.ts";
import { ask, checkNobodyListens, socketPath } from "./hub/control/control-socket.ts";
import { commands, type Answered, type Asked, type CommandName } from "./hub/control/commands.ts";
import { jsonOf, type Loaded } from "./hub/load/load.ts";
import type { TakenFile } from "./hub/take-in.ts";
import { journalFolderOf, openEngine, openFolder, secretsFolder, type World } from "./open-hub.ts";

type Print = (text: string) => void;

/** False when there is no such command, or its words are not right. */
export async function runCommand(
  config: Config,
  world: World,
  words: readonly string[],
  print: Print,
): Promise<boolean> {
  const parsed = parse(words);
  if (!parsed) return false;
  const { command, file, flags } = parsed;
  const have = <N extends CommandName>(name: N, asked: Asked<N>) =>
    obey(config, world, name, asked);
  if (command === "load" && file !== undefined) {
    const {
      json = false,
      "new-codes": newCodes = false,
      "new-organization": newOrganization = false,
    } = flags;
    const loaded = await have("load", { file: await read(file), newCodes, newOrganization });
    print(
      json ? `${JSON.stringify({ codes: loaded.codes.map(withoutCommunity) })}\n` : table(loaded),
    );
    return true;
  }
  if (command === "enrol" && file !== undefined) {
    const { community = [], name } = flags;
    const done = await have("enrol", { gateway: await read(file), communities: community, name });
    print(`${done.gatewayId} is enrolled for ${done.communities.join(", ")}\n`);
    return true;
  }
  if (command === "claim-code" && file === undefined) {
    const { community = [], name, replaces } = flags;
    const { code, expiresAt } = await have("claim-code", {
      communities: community,
      name,
      replaces,
    });
    print(`${code}   good once, until ${expiresAt}\n`);
    return true;
  }
  if (command === "revoke" && file !== undefined) {
    const { gatewayId, exposed } = await have("revoke", { gateway: file });
    print(`${gatewayId} is let in no more\n`);
    for (const { deviceId, demand } of exposed)
      print(
        `  ${deviceId}  ${demand === "new-key" ? "needs a new root key" : "has to join again"}\n`,
      );
    return true;
  }
  if (command === "take-in" && file !== undefined) {
    const taken = await have("take-in", { path: resolve(file) });
    for (const { file: name, outcome } of taken) print(`${toldOf(name, outcome)}\n`);
    if (taken.some(({ outcome }) => "refused" in outcome)) process.exitCode = 1;
    return true;
  }
  if (command === "rotate-key" && file === undefined) {
    await have("rotate-key", { atOnce: flags.now ?? false });
    print("a new key signs gateways' tokens" + (flags.now ? "\n" : " in three minutes\n"));
    return true;
  }
  if (command === "create-admin" && file === undefined && flags.email !== undefined) {
    const made = await have("create-admin", {
      email: flags.email,
      firstName: flags["first-name"],
      lastName: flags["last-name"],
      organization: flags.organization,
      hubUrl: addressOf(config),
    });
    print(
      made.url === null
        ? `${flags.email} is an operator of ${made.organization} now, and signs in as before\n`
        : `${made.url}\n  opens once, until ${made.expiresAt}: there they choose their password\n`,
    );
    return true;
  }
  if (command === "backup" && file !== undefined) {
    const passphrase = await passphraseOf(flags["passphrase-file"]);
    const path = resolve(file);
    const made = await watched(path, print, () =>
      have("backup", { path, passphrase, secretsFolder: resolve(secretsFolder(config)) }),
    );
    print(
      `${made.path}: ${made.docs} documents of ${made.databases} databases, ${megabytes(made.bytes)}\n` +
        `The deny journal is not in it: back up ${resolve(journalFolderOf(config))} on its own.\n`,
    );
    return true;
  }
  if (command === "restore" && file !== undefined) {
    const passphrase = await passphraseOf(flags["passphrase-file"]);
    await checkNobodyListens(socketPath(config.dataFolder));
    const gate = { isRevoked: () => true };
    let toldMs = 0;
    const restored = await restoreBackup({
      path: resolve(file),
      passphrase,
      secretsFolder: secretsFolder(config),
      journalFolder: journalFolderOf(config),
      open: async () => {
        const engine = await openEngine(config, gate, world.clock);
        return { databases: engine.databases, close: () => engine.close() };
      },
      progress(databases, docs) {
        if (world.clock.now() - toldMs < 1_000) return;
        toldMs = world.clock.now();
        print(`  ${databases} databases, ${docs} documents\n`);
      },
    });
    print(
      `The hub of ${restored.at} is back: ${restored.docs} documents of ${restored.databases} databases.\n` +
        "Start it: who was shut out since stays out by the deny journal, and gateways bring what is missing.\n",
    );
    return true;
  }
  if (command === "doctor" && file === undefined) {
    const { dataFolder, journalFolder, couchdbUrl, url, host, smtp } = config;
    const found = await have("doctor", {
      dataFolder: resolve(dataFolder),
      journalFolder,
      couchdbUrl: couchdbUrl === undefined ? undefined : "set",
      url,
      host,
      smtp,
    });
    if (flags.json ?? false) print(`${JSON.stringify({ findings: found })}\n`);
    else
      for (const { is, what, says, todo } of found)
        print(
          `${{ ok: "ok  ", warn: "WARN", bad: "BAD " }[is]}  ${what}: ${says}\n${todo === undefined ? "" : `        ${todo}\n`}`,
        );
    if (found.some(({ is }) => is === "bad")) process.exitCode = 1;
    return true;
  }
  if (command === "setup-link" && file === undefined) {
    const { add = false, organization } = flags;
    const link = await have("setup-link", { add, organization });
    print(`${addressOf(config)}${link}\n`);
    return true;
  }
  return false;
}

function parse(words: readonly string[]) {
  try {
    const { values, positionals } = parseArgs({
      args: [...words],
      allowPositionals: true,
      options: {
        json: { type: "boolean" },
        "new-codes": { type: "boolean" },
        "new-organization": { type: "boolean" },
        community: { type: "string", multiple: true },
        name: { type: "string" },
        replaces: { type: "string" },
        now: { type: "boolean" },
        add: { type: "boolean" },
        organization: { type: "string" },
        email: { type: "string" },
        "first-name": { type: "string" },
        "last-name": { type: "string" },
        "passphrase-file": { type: "string" },
      },
    });
    const [command, file, ...more] = positionals;
    return more.length > 0 ? undefined : { command, file, flags: values };
  } catch {
    return undefined;
  }
}

const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;

function addressOf({ url, host, port }: Config): string {
  return url ?? `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
}

/** @throws Fault "invalid" for none, or one that is too short */
async function passphraseOf(path: string | undefined): Promise<string> {
  if (path === undefined)
    throw new Fault(
      "invalid",
      "A backup holds people's data and keys: it is sealed with a passphrase. --passphrase-file <file>",
    );
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    throw new Fault("invalid", `${path} cannot be read: ${error.code ?? error.message}`);
  });
  checkPassphrase(text);
  return text.trim();
}

/** Says now and then how much is written, while `work` goes on in the running hub. */
async function watched<T>(path: string, print: Print, work: () => Promise<T>): Promise<T> {
  const timer = setInterval(() => {
    stat(`${path}.part`).then(
      ({ size }) => print(`  ${megabytes(size)}\n`),
      () => {},
    );
  }, 2_000);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}

async function read(path: string): Promise<unknown> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    throw new Fault("invalid", `${path} cannot be read: ${error.code ?? error.message}`);
  });
  return jsonOf(text, path);
}

/** Through the running hub's socket; without one, on the folder itself. */
async function obey<N extends CommandName>(
  config: Config,
  world: World,
  name: N,
  asked: Asked<N>,
): Promise<Answered<N>> {
  const answered = await ask(socketPath(config.dataFolder), name, asked);
  if (answered) return answered.result as Answered<N>;
  const { engine, hub } = await openFolder(config, world);
  try {
    return (await commands[name](hub, asked as never)) as Answered<N>;
  } catch (error) {
    if (isFault(error)) throw error;
    throw new Error(`${name} failed`, { cause: error });
  } finally {
    await engine.close();
  }
}

const withoutCommunity = ({ tenant_name, unit, resident, ref, code }: Loaded["codes"][number]) => ({
  tenant_name,
  unit,
  resident,
  ref,
  code,
});

/** What was loaded, and a line per resident with a new code. */
function table({ codes, communities, written }: Loaded): string {
  const lines = communities.map(
    ({ tenant_name, units, residents, devices }) =>
      `${tenant_name}: ${units} units, ${residents} residents, ${devices} devices`,
  );
  lines.push(written === 0 ? "nothing has changed" : `${written} documents written`);
  if (codes.length > 0) {
    const rows = [
      ["community", "unit", "resident", "code"],
      ...codes.map(({ community, unit, resident, code }) => [community, unit, resident, code]),
    ];
    const widths = [0, 1, 2, 3].map((i) =>
      Math.max(...rows.map((row) => (row[i] as string).length)),
    );
    lines.push("", "Access codes, shown only now:", "");
    for (const row of rows)
      lines.push(
        row
          .map((cell, i) => cell.padEnd(widths[i] as number))
          .join("  ")
          .trimEnd(),
      );
  }
  return `${lines.join("\n")}\n`;
}

/** What became of a sealed file. */
function toldOf(file: string, outcome: TakenFile["outcome"]): string {
  if ("refused" in outcome) return `NOT TAKEN  ${file}: ${outcome.refused}`;
  const { community, known } = outcome;
  const here = (what: string) => (known === 0 ? "" : `, ${known} ${what} were here`);
  if ("requests" in outcome)
    return `ok         ${file}: ${outcome.requests} changes made at ${community} taken in and answered${here("changes")}`;
  const { uplinks, segments, isLate } = outcome;
  const late = isLate ? " (their month is history: they make a further version of it)" : "";
  return `ok         ${file}: ${uplinks} uplinks in ${segments} segments of ${community} taken in${late}${here("segments")}`;
}
