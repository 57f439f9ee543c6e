/** `process-memory`: how much of the machine's memory a supervised gateway holds, by the system's word. */
import type { ChildProcess } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

/** Of a supervisor's children the gateway; what bundles it at its first start is one, too. */
const GATEWAY = /\bstart\.cjs\b|\bmain\.ts\b/;

/** Resident bytes of a supervisor and of the gateway it started, 0 before it did, by the system's word. */
export function memoryOf({ pid }: ChildProcess): { runtime: number; supervisor: number } {
  const read = (of: number, what: string) => readFileSync(`/proc/${of}/${what}`, "utf8");
  const rss = (of: number) => Number(/VmRSS:\s+(\d+)/.exec(read(of, "status"))?.[1]) * 1024;
  const held = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const isChild = new RegExp(`^PPid:\\s+${pid}$`, "m").test(read(Number(name), "status"));
        return isChild && GATEWAY.test(read(Number(name), "cmdline")) ? [rss(Number(name))] : [];
      } catch {
        return [];
      }
    });
  return { runtime: Math.max(0, ...held), supervisor: rss(pid ?? 0) };
}
