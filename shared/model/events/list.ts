/**
 * The documents of `t-{tenant}-events-{yyyymm}`: each is written once, by the writer its `_id`
 * names (`e:{writer}:…`), and says its `type` and version.
 */
import { z } from "zod";
import { ClockCorrectionDoc } from "./clock-correction.ts";
import { DailyCountDoc } from "./daily-count.ts";
import { LedgerPageDoc } from "./ledger-page.ts";

export const EventDoc = z.discriminatedUnion("type", [
  DailyCountDoc,
  ClockCorrectionDoc,
  LedgerPageDoc,
]);
export type EventDoc = z.infer<typeof EventDoc>;
