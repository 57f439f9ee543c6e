/** The short form of `scripts/chaos/power-cut.ts`: three cuts, and one that must lose. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";

export const timeoutMs = 180_000;

const END_WITH_PARENT = import.meta.resolve("#scripts/demo/end-with-parent.mjs");
const PROGRAM = fileURLToPath(new URL("../chaos/power-cut.ts", import.meta.url));
const NOT_TRIED = 3;

async function cut(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const child = spawn(
    process.execPath,
    [
      "--import",
      import.meta.resolve("tsx"),
      "--import",
      END_WITH_PARENT,
      PROGRAM,
      ...args,
      "--json",
    ],
    { env: { ...process.env, ...env }, stdio: ["pipe", "pipe", "pipe"] },
  );
  const [stdout, stderr, [status]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "exit") as Promise<[number | null]>,
  ]);
  return { status, stdout: stdout.trim(), stderr };
}

interface Outcome {
  readonly seed: number;
  readonly cuts: number;
  readonly acknowledged: number;
  readonly lost: number;
  readonly doubled: number;
  readonly wrong: number;
  readonly finds: readonly string[];
}

test("a machine that cannot cut its own power says so and why", async () => {
  const { status, stdout } = await cut(["1"], { PATH: "" });
  assert.is(status, NOT_TRIED);
  assert.match(stdout, /^NOT TRIED: power cut \(\S.*\)$/);
});

const trial = await cut(["--try"]);
if (trial.status === NOT_TRIED) process.on("exit", () => console.log(trial.stdout));
else {
  test("a store without its syncs loses in a power cut: the cuts prove something", async () => {
    const { status, stdout, stderr } = await cut(["1", "1", "--unsynced"]);
    const { acknowledged, lost, finds } = JSON.parse(stdout || "{}") as Outcome;
    assert.is(status, 1, stderr);
    assert.ok(acknowledged > 0);
    assert.ok(lost > 0, finds.join("\n"));
  });

  test("three power cuts lose no acknowledged uplink and double none", async () => {
    const { status, stdout, stderr } = await cut(["3"]);
    const { seed, cuts, acknowledged, ...found } = JSON.parse(stdout || "{}") as Outcome;
    assert.is(cuts, 3, stderr);
    const { lost, doubled, wrong, finds } = found;
    assert.equal({ lost, doubled, wrong }, { lost: 0, doubled: 0, wrong: 0 }, finds.join("\n"));
    assert.is(status, 0);
    console.log(
      `seed ${seed}: ${cuts} cuts, ${acknowledged} acknowledged, none lost, none doubled`,
    );
  });
}

test.run();
