/** `disk-space`: how much a folder's file system has left, asked of the system at most once a second. */
import { statfs } from "node:fs/promises";

const FRESH_MS = 1_000;

export interface DiskSpace {
  /** Bytes this process may still write. */
  free(): Promise<number>;
}

export function diskSpace(folder: string): DiskSpace {
  let asked: { readonly atMs: number; readonly bytes: Promise<number> } | undefined;
  return {
    free() {
      const nowMs = performance.now();
      if (!asked || nowMs - asked.atMs > FRESH_MS) {
        const bytes = statfs(folder).then(({ bavail, bsize }) => bavail * bsize);
        asked = { atMs: nowMs, bytes };
      }
      return asked.bytes;
    },
  };
}
