/** `speech`: the words of the residents' pages, one file per language, fetched when needed. */
import { lexicon } from "../language.ts";
import type { Words } from "../words/en.ts";

export const speech = lexicon<Words>({
  en: async () => (await import("../words/en.ts")).en,
  es: async () => (await import("../words/es.ts")).es,
  de: async () => (await import("../words/de.ts")).de,
  fr: async () => (await import("../words/fr.ts")).fr,
});
