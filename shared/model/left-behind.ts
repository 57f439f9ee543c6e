/**
 * `left-behind`: radio sessions that do not go on with the machine that takes another's place, and
 * why: a closed list. Their devices have to join anew. For pages too: no schemas here.
 */
import type { DeviceId } from "./ids.ts";
import type { Refusal } from "./refusals.ts";

/** Each is counted under this name. */
export const leftBehindReasons = [
  "session_damaged",
  "session_foreign_key",
  "session_newer",
  "session_other_key",
] as const satisfies readonly Refusal[];
export type LeftBehindReason = (typeof leftBehindReasons)[number];

export interface LeftBehind {
  readonly deviceId: DeviceId;
  readonly why: LeftBehindReason;
}
