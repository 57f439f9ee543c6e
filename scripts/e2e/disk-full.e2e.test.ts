/** The short form of `scripts/chaos/disk-full.ts`: LevelDB runs into the end of a small disk, once. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";

export const timeoutMs = 120_000;

const PROGRAM = fileURLToPath(new URL("../chaos/disk-full.ts", import.meta.url));
const NOT_TRIED = 3;

test("a full disk: residents read on, nothing is told to be kept that is not, and it goes on by itself", async () => {
  const child = spawn(
    process.execPath,
    [
      "--import",
      import.meta.resolve("tsx"),
      "--import",
      import.meta.resolve("#scripts/demo/end-with-parent.mjs"),
      PROGRAM,
      "1",
      "1",
    ],
    { stdio: ["pipe", "pipe", "inherit"] },
  );
  const [said, [status]] = await Promise.all([
    text(child.stdout),
    once(child, "exit") as Promise<[number | null]>,
  ]);
  if (status === NOT_TRIED) process.on("exit", () => console.log(said.trim()));
  else assert.is(status, 0, said);
  console.log(said.trim());
});

test.run();
