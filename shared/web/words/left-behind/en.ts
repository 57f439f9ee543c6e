/** `en`: radio sessions that did not go on with the machine that took another's place, in English. The other languages have the same keys. */
import type { LeftBehindReason } from "#shared/model/left-behind.ts";

/** Read at the gateway and at the hub alike. */
export interface LeftBehindWords {
  title(many: string, isOne: boolean): string;
  /** What that means and what to do. */
  readonly text: string;
  /** How it came, said of one meter. */
  readonly reasons: Readonly<Record<LeftBehindReason, string>>;
}

export const en: LeftBehindWords = {
  title: (many, isOne) =>
    isOne
      ? "One meter's radio session could not be handed over; it must join anew"
      : `${many} meters' radio sessions could not be handed over; they must join anew`,
  text: "Until then nothing new is read of them. Some join by themselves after a while; switch the others off and on, or use their button or magnet.",
  reasons: {
    session_damaged: "arrived damaged",
    session_foreign_key: "sealed for another hub",
    session_newer: "written by a newer program",
    session_other_key: "made with another key than its present one",
  },
};
