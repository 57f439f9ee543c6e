/** `process-memory`: how much of the machine's memory a supervised gateway holds, by the system's word. */
import type { ChildProcess } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

/** Resident bytes of a supervisor and of the process it started, by the system's word. */
export function memoryOf({ pid }: ChildProcess): { runtime: number; supervisor: number } {
  const statusOf = (of: number) => readFileSync(`/proc/${of}/status`, "utf8");
  const rss = (of: number) => Number(/VmRSS:\s+(\d+)/.exec(statusOf(of))?.[1]) * 1024;
  const held = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const isChild = new RegExp(`^PPid:\\s+${pid}$`, "m").test(statusOf(Number(name)));
        return isChild ? [rss(Number(name))] : [];
      } catch {
        return [];
      }
    });
  // What bundles the gateway at its first start is a child of the supervisor, too, and the smaller one.
  return { runtime: Math.max(0, ...held), supervisor: rss(pid ?? 0) };
}
