/**
 * `own-mounts`: runs a program in a mount namespace of its own: whatever ends it, its mounts end with it.
 */
import { spawn, spawnSync } from "node:child_process";
import { SYSTEM_PATH } from "./power-cut-disk.ts";

const UNSHARE = "unshare";
const env = () => ({ ...process.env, PATH: SYSTEM_PATH });

/** What this machine lacks for mounts, in words; undefined when it can. */
export function whyNoMounts(): string | undefined {
  if (process.platform !== "linux") return "it needs Linux";
  if (process.getuid?.() !== 0) return "it needs root";
  const tried = spawnSync(UNSHARE, ["--mount", "mount", "-t", "tmpfs", "none", "/mnt"], {
    env: env(),
    encoding: "utf8",
  });
  if (tried.error) return "unshare is not installed";
  return tried.status === 0 ? undefined : `nothing can be mounted: ${tried.stderr.trim()}`;
}

/** Runs a program of ours there; resolves with its exit code. */
export async function inOwnMounts(program: string, args: readonly string[]): Promise<number> {
  const inside = spawn(
    UNSHARE,
    [
      "--mount",
      process.execPath,
      "--import",
      import.meta.resolve("tsx"),
      "--import",
      import.meta.resolve("#scripts/demo/end-with-parent.mjs"),
      program,
      ...args,
    ],
    { env: env(), stdio: ["pipe", "inherit", "inherit"] },
  );
  process.on("SIGINT", () => undefined);
  process.on("SIGTERM", () => inside.kill("SIGTERM"));
  return new Promise((resolve) => {
    inside.on("exit", (code) => resolve(code ?? 1));
  });
}
