/**
 * `language`: which of the four languages the page speaks, and its words, fetched when needed.
 */
import { batch, signal, type ReadonlySignal } from "@preact/signals";
import type { Language } from "#shared/api/resident.ts";
import { readChoice, writeChoice } from "./stored-choice.ts";

/** Each named in itself, as a reader looks for it. */
export const languageNames = {
  en: "English",
  es: "Español",
  de: "Deutsch",
  fr: "Français",
} as const satisfies Record<Language, string>;
const known = Object.keys(languageNames) as Language[];

const spoken = signal<Language>("en");
export const language: ReadonlySignal<Language> = spoken;

/** What the reader chose here before, when they did. */
export function chosenLanguage(): Language | undefined {
  return readChoice("language", known);
}

/** The first of the browser's languages that is spoken here, else English. */
export function browserLanguage(wanted: readonly string[] = navigator.languages): Language {
  for (const tag of wanted) {
    const found = known.find((one) => tag.toLowerCase().split("-")[0] === one);
    if (found !== undefined) return found;
  }
  return "en";
}

export interface Lexicon<W> {
  /** The words of the language spoken now; throws before the first `speak`. */
  readonly words: W;
  /** Resolves when the page speaks it; `remember` for a reader's own choice. */
  speak(next: Language, remember?: boolean): Promise<void>;
}

/** Words of a page, one loader per language. */
export function lexicon<W>(tongues: Readonly<Record<Language, () => Promise<W>>>): Lexicon<W> {
  const current = signal<W | undefined>(undefined);
  return {
    get words() {
      if (current.value === undefined) throw new Error("no language is spoken yet");
      return current.value;
    },
    async speak(next, remember = false) {
      const words = await tongues[next]();
      batch(() => {
        current.value = words;
        spoken.value = next;
      });
      document.documentElement.lang = next;
      if (remember) writeChoice("language", next);
    },
  };
}
