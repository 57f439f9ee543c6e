/** `speech`: the words of the operator's pages, one file per language, fetched when needed. */
import { lexicon } from "#shared/web/language.ts";
import type { Words } from "./words/en.ts";

export const speech = lexicon<Words>({
  en: async () => (await import("./words/en.ts")).en,
  es: async () => (await import("./words/es.ts")).es,
  de: async () => (await import("./words/de.ts")).de,
  fr: async () => (await import("./words/fr.ts")).fr,
});
