/**
 * `control-socket`: how a command speaks with the hub that runs on the same folder.
 *
 * A unix socket that its owner alone may open; what it can do is on no public port. Loading and
 * enrolling go through it, because only one process may hold the databases.
 */
import { chmod, unlink } from "node:fs/promises";
import { createServer, request, type IncomingMessage, type Server } from "node:http";
import { join } from "node:path";
import { toProblem } from "#shared/api/problem.ts";
import { Fault, isFault } from "#shared/model/fault.ts";
import { commands, isCommandName, type CommandName } from "./commands.ts";
import type { Hub } from "../hub.ts";
import { jsonOf } from "../load/load.ts";

/** A file of a community of 5,000 homes is some 10 MB. */
const MOST_BYTES = 256_000_000;
/** Longest path of a unix socket on Linux, less the final zero. */
const MOST_PATH = 107;

export function socketPath(dataFolder: string): string {
  const path = join(dataFolder, "control.sock");
  if (Buffer.byteLength(path) > MOST_PATH)
    throw new Fault("invalid", `HUB_DATA: the path is too long for a socket in it (${path})`);
  return path;
}

/** To be asked before the folder is opened. @throws Fault "conflict" when a hub listens there already */
export async function checkNobodyListens(path: string): Promise<void> {
  if (await isAnswering(path))
    throw new Fault("conflict", "A hub is running on this folder already (HUB_DATA).");
}

/** Opens the socket at `path`; a left-over of a hub that was killed is replaced. */
export async function listen(
  hub: Hub,
  path: string,
  log: { error(about: object, message: string): void },
): Promise<{ close(): Promise<void> }> {
  await unlink(path).catch(ignoreMissing);
  let before: Promise<unknown> = Promise.resolve();
  const server = createServer((incoming, answer) => {
    const say = (status: number, body: unknown) => {
      answer.writeHead(status, { "content-type": "application/json" });
      answer.end(JSON.stringify(body));
    };
    // One after the other: two loads at once would not see each other's installations.
    const obeyed = before.then(() => obey(hub, incoming));
    before = obeyed.catch(() => {});
    obeyed.then(
      (result) => say(200, { result }),
      (error: unknown) => {
        const problem = toProblem(error);
        if (!isFault(error))
          log.error({ error, command: incoming.url }, "a command of the control socket failed");
        say(
          problem.status,
          isFault(error) ? { fault: { code: error.code, message: error.message } } : { problem },
        );
      },
    );
  });
  await new Promise<void>((resolve, reject) => {
    // From the first moment for its owner alone.
    const mask = process.umask(0o177);
    server.once("error", reject);
    server.listen(path, resolve);
    process.umask(mask);
  });
  await chmod(path, 0o600);
  return { close: () => closeServer(server) };
}

async function obey(hub: Hub, incoming: IncomingMessage): Promise<unknown> {
  const name = (incoming.url ?? "").slice(1);
  if (incoming.method !== "POST" || !isCommandName(name))
    throw new Fault("not_found", "There is no such command.");
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MOST_BYTES) throw new Fault("too_large", "The file is too large.");
    chunks.push(chunk);
  }
  return commands[name](
    hub,
    jsonOf(Buffer.concat(chunks).toString("utf8"), "The request") as never,
  );
}

/**
 * Asks the hub that listens at `path`. Undefined when none does.
 *
 * @throws the Fault it answers with
 */
export async function ask(
  path: string,
  name: CommandName,
  asked: unknown,
): Promise<{ result: unknown } | undefined> {
  const answer = await post(path, name, JSON.stringify(asked));
  if (answer === undefined) return undefined;
  const said = JSON.parse(answer) as { result?: unknown; fault?: { code: never; message: string } };
  if (said.fault) throw new Fault(said.fault.code, said.fault.message);
  if (!("result" in said)) throw new Error("The running hub failed: its log says how.");
  return { result: said.result };
}

const isAnswering = async (path: string) =>
  (await post(path, "", "").catch(() => "")) !== undefined;

function post(path: string, name: string, body: string): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ socketPath: path, path: `/${name}`, method: "POST" }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
      incoming.on("error", reject);
      incoming.on("end", () => resolve(Buffer.concat(chunks).toString("utf8")));
    });
    outgoing.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT" || error.code === "ECONNREFUSED") resolve(undefined);
      else reject(error);
    });
    outgoing.end(body);
  });
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
  });
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== "ENOENT") throw error;
}
