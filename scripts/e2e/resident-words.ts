/** `resident-words`: the residents' pages in the language of one of them. */
import { de } from "#shared/web/words/de.ts";
import { en, type Words } from "#shared/web/words/en.ts";
import { es } from "#shared/web/words/es.ts";
import { fr } from "#shared/web/words/fr.ts";
import type { Building } from "#scripts/demo/building.ts";

const words = { en, es, de, fr } satisfies Record<string, Words>;

export function wordsOf({ load }: Building, ref: string): Words {
  const resident = load.communities[0]?.residents?.find((one) => one.ref === ref);
  return words[resident?.language ?? "en"];
}
