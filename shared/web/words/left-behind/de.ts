/** `de`: Funksitzungen, die auf der Maschine am Platz einer anderen nicht weitergingen, auf Deutsch. */
import type { LeftBehindWords } from "./en.ts";

export const de: LeftBehindWords = {
  title: (many, isOne) =>
    isOne
      ? "Die Funksitzung eines Zählers konnte nicht übergeben werden; er muss neu beitreten"
      : `Die Funksitzungen von ${many} Zählern konnten nicht übergeben werden; sie müssen neu beitreten`,
  text: "Bis dahin wird nichts Neues von ihnen gelesen. Manche treten nach einiger Zeit von selbst bei; die anderen bitte aus- und einschalten, oder ihren Knopf oder Magneten benutzen.",
  reasons: {
    session_damaged: "kam beschädigt an",
    session_foreign_key: "für einen anderen Hub versiegelt",
    session_newer: "von einem neueren Programm geschrieben",
    session_other_key: "mit einem anderen Schlüssel als dem jetzigen gemacht",
  },
};
