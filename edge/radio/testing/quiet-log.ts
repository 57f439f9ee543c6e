/** `quiet-log`: for tests: a log that can be read back. */
import type { Log } from "../log.ts";

export interface QuietLog extends Log {
  readonly lines: { readonly level: string; readonly fields: object; readonly message: string }[];
}

export function quietLog(): QuietLog {
  const lines: QuietLog["lines"] = [];
  const at = (level: string) => (fields: object, message: string) =>
    void lines.push({ level, fields, message });
  return { lines, info: at("info"), warn: at("warn"), error: at("error") };
}
