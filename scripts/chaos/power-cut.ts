/**
 * `tsx scripts/chaos/power-cut.ts [cuts] [seed] [--unsynced] [--json] [--try]`: power cuts (200 unless told) at
 * random moments while a gateway hears 400 uplinks a second. Prints a table; exits 1 when an
 * acknowledged uplink is lost or doubled, 3 with a line `NOT TRIED: …` where this machine cannot do it.
 *
 * The work is done in a mount namespace of its own: whatever ends it, its mounts and loop devices end with it.
 */
import { spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { helpIfAsked } from "#scripts/help.ts";
import { SYSTEM_PATH } from "./power-cut-disk.ts";

const NOT_TRIED = 3;
const UNSHARE = "unshare";
const USAGE = `tsx scripts/chaos/power-cut.ts [cuts] [seed] [--unsynced] [--json] [--try]

Cuts a gateway's power again and again and compares what it holds with what it acknowledged.
--unsynced takes the syncs away from its store: it must lose then, or the cuts prove nothing.
--json prints one object instead of the table. --try only says whether this machine can do it. Needs root, a loop device and ext4.`;

helpIfAsked(USAGE);
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { unsynced: { type: "boolean" }, json: { type: "boolean" }, try: { type: "boolean" } },
});
const cuts = Number(positionals[0] ?? 200);
const seed = Number(positionals[1] ?? Date.now() >>> 0);
if (!Number.isInteger(cuts) || cuts < 1 || !Number.isInteger(seed) || positionals.length > 2) {
  console.error(USAGE);
  process.exit(2);
}

const env = { ...process.env, PATH: SYSTEM_PATH };
const whyNot = whyNotHere();
if (whyNot !== undefined) {
  console.log(`NOT TRIED: power cut (${whyNot})`);
  process.exitCode = NOT_TRIED;
} else {
  const inside = spawn(
    UNSHARE,
    [
      "--mount",
      process.execPath,
      "--import",
      import.meta.resolve("tsx"),
      "--import",
      import.meta.resolve("#scripts/demo/end-with-parent.mjs"),
      fileURLToPath(new URL("power-cut-inside.ts", import.meta.url)),
      JSON.stringify({
        cuts,
        seed,
        isUnsynced: values.unsynced ?? false,
        isJson: values.json ?? false,
        isTrial: values.try ?? false,
      }),
    ],
    { env, stdio: ["pipe", "inherit", "inherit"] },
  );
  // Ctrl-C reaches both; this one waits until the other has tidied up.
  process.on("SIGINT", () => undefined);
  process.on("SIGTERM", () => inside.kill("SIGTERM"));
  inside.on("exit", (code, signal) => (process.exitCode = signal === null ? (code ?? 1) : 1));
}

function whyNotHere(): string | undefined {
  if (process.platform !== "linux") return "it needs Linux";
  if (process.getuid?.() !== 0) return "it needs root";
  if (!existsSync("/dev/loop-control")) return "there are no loop devices";
  const { error, status, stderr } = spawnSync(UNSHARE, ["--mount", process.execPath, "--version"], {
    env,
    encoding: "utf8",
  });
  if (error) return "unshare is not installed";
  return status === 0 ? undefined : `no mount namespace: ${stderr.trim()}`;
}
