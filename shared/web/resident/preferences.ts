/** `preferences`: how this browser's reader likes the page. */
import { waterUnits, type WaterUnit } from "../quantities.ts";
import { storedChoice } from "../stored-choice.ts";

export const waterUnit = storedChoice<WaterUnit>("water", waterUnits, "m3");
/** First-visit sentences: shown until read. */
export const hints = storedChoice("hints", ["open", "read"] as const, "open");
