/** What is kept for the next start may be damaged, cut off or gone: the gateway starts all the same. */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { suite } from "uvu";
import * as assert from "uvu/assert";

export const timeoutMs = 60_000;

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const START = join(ROOT, "edge", "start.cjs");
const test = suite<{ folder: string }>("start");

test.before.each(async (context) => {
  context.folder = await mkdtemp(join(tmpdir(), "riser-start-"));
});
test.after.each(({ folder }) => rm(folder, { recursive: true }));

/** A program with code enough for some pages of a file. */
const PROGRAM = `let sum = 0;
${Array.from({ length: 800 }, (_, i) => `function f${i}(a) { return { k${i}: a + ${i} }.k${i}; }\nsum += f${i}(1);`).join("\n")}
console.log(sum);
`;
const SAYS = "320400\n";
const whole = (text: string) =>
  `${text}// whole: ${createHash("sha256").update(text).digest("hex")}\n`;
const run = (...args: readonly string[]) => {
  const { stdout, status, signal } = spawnSync(process.execPath, args, {
    encoding: "utf8",
    env: { ...process.env, EDGE_PORT: "no port" },
  });
  return { stdout, how: signal ?? status };
};

test("kept code of which a page is empty, or that was cut off, ends no start and is made anew", async ({
  folder,
}) => {
  const program = join(folder, "program.cjs");
  const kept = `${program}.v8`;
  await writeFile(program, whole(PROGRAM));
  assert.equal(run(START, program), { stdout: SAYS, how: 0 });
  const good = await readFile(kept);
  const half = Math.floor(good.length / 2);
  for (const bad of [Buffer.from(good).fill(0, half, half + 4_096), good.subarray(0, half)]) {
    await writeFile(kept, bad);
    assert.equal(run(START, program), { stdout: SAYS, how: 0 });
    assert.is((await readFile(kept)).length, good.length, "it is whole again");
  }
  assert.equal((await readdir(folder)).sort(), ["program.cjs", "program.cjs.v8"]);
});

test("a program that was cut off, damaged or cleared away is not run", async ({ folder }) => {
  const program = join(folder, "program.cjs");
  const text = whole(PROGRAM);
  for (const bad of [text.slice(0, 9_000), text.replace("k700", "k7\0\0"), ""]) {
    await writeFile(program, bad);
    assert.equal(run(START, program), { stdout: "", how: 76 });
  }
  await rm(program);
  assert.equal(run(START, program), { stdout: "", how: 76 });
});

test("the supervisor makes the program anew where it was cut off", async ({ folder }) => {
  await cp(join(ROOT, "edge"), join(folder, "edge"), { recursive: true });
  for (const name of ["shared", "package.json", "package-lock.json", "tsconfig.json"])
    await symlink(join(ROOT, name), join(folder, name));
  await mkdir(join(folder, "node_modules"));
  for (const name of await readdir(join(ROOT, "node_modules")))
    if (name !== ".cache")
      await symlink(join(ROOT, "node_modules", name), join(folder, "node_modules", name));
  const { programPlace } = (await import(
    pathToFileURL(join(folder, "edge", "bundle.mjs")).href
  )) as { programPlace(): string };
  await mkdir(join(folder, "node_modules", ".cache", "riser"), { recursive: true });
  await writeFile(programPlace(), whole(PROGRAM).slice(0, 9_000));
  const { how } = run(join(folder, "edge", "supervised.mjs"));
  assert.is(how, 1, "the gateway itself says that there is no such port");
  assert.match(await readFile(programPlace(), "utf8"), /\n\/\/ whole: [0-9a-f]{64}\n$/);
});

test.run();
