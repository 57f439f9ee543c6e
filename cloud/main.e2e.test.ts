import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { loadExample } from "./hub-stand.ts";

const MAIN = fileURLToPath(new URL("./main.ts", import.meta.url));

interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly error: string;
}

function start(folder: string, ...words: string[]) {
  const child = spawn(process.execPath, ["--import", "tsx", MAIN, ...words], {
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      HUB_DATA: join(folder, "hub"),
      HUB_PORT: "0",
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const said = { out: "", error: "" };
  child.stdout.on("data", (chunk: Buffer) => (said.out += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (said.error += chunk.toString()));
  const ended = new Promise<Ran>((resolve) =>
    child.on("close", (code) => resolve({ code, ...said })),
  );
  const says = (pattern: RegExp) =>
    new Promise<string>((resolve, reject) => {
      const look = () => {
        const found = pattern.exec(said.out)?.[1];
        if (found !== undefined) resolve(found);
      };
      child.stdout.on("data", look);
      child.on("close", () =>
        reject(new Error(`it ended before it said ${pattern}: ${said.error}`)),
      );
      look();
    });
  return { child, ended, says, said };
}

const test = suite<{ folder: string }>("the hub as a program");
test.before(async (context) => {
  context.folder = await mkdtemp(join(tmpdir(), "riser-main-"));
});
test.after(async ({ folder }) => {
  await rm(folder, { recursive: true, force: true });
});

test("says how it is used, and ends with 2 when it was not", async ({ folder }) => {
  const help = await start(folder, "load", "--help").ended;
  assert.is(help.code, 0);
  assert.match(help.out, "HUB_DATA");
  assert.is(help.error, "");
  const wrong = await start(folder, "explode").ended;
  assert.is(wrong.code, 2);
  assert.match(wrong.error, "npm run hub");
});

test("serves, obeys commands of other processes, and stops cleanly", async ({ folder }) => {
  const file = join(folder, "load.json");
  await writeFile(file, JSON.stringify(loadExample("riverside")));
  const hub = start(folder);
  const url = await hub.says(/^Riser hub: (\S+)$/m);
  const link = await hub.says(/(\S+\/setup#token=\S{43})/);
  assert.ok(link.startsWith(url));
  assert.is((await fetch(`${url}/health`)).status, 200);
  assert.is((await fetch(`${url}/devices`)).status, 200, "the pages are served");

  const loaded = await start(folder, "load", file, "--json").ended;
  assert.is(loaded.code, 0, loaded.error);
  assert.is(JSON.parse(loaded.out).codes.length, 3);
  const again = await start(folder, "load", join(folder, "nowhere.json")).ended;
  assert.is(again.code, 1);
  assert.match(again.error, /nowhere\.json cannot be read/);
  const second = await start(folder, "serve").ended;
  assert.is(second.code, 1);
  assert.match(second.error, "running on this folder already");

  hub.child.kill("SIGTERM");
  const ended = await hub.ended;
  assert.is(ended.code, 0, ended.error);
  assert.not.match(ended.error, /token=|Quintanilla|[0-9A-Z]{4}(-[0-9A-Z]{4}){3}/);

  const next = await start(folder, "setup-link").ended;
  assert.is(next.code, 0, "and the folder is free again");
});

test.run();
