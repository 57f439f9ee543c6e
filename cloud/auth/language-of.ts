/** `language-of`: somebody's language as it is chosen now, or as it was; with when: a later choice stands. */
import type { Clock } from "#shared/model/clock.ts";
import type { PersonDoc } from "./people-store.ts";

export function languageOf(
  { clock }: { readonly clock: Pick<Clock, "now"> },
  { language, languageSetAt }: Pick<PersonDoc, "language" | "languageSetAt">,
  chosen: PersonDoc["language"] | undefined,
): Pick<PersonDoc, "language" | "languageSetAt"> {
  if (chosen !== undefined)
    return { language: chosen, languageSetAt: new Date(clock.now()).toISOString() };
  return { language, ...(languageSetAt === undefined ? {} : { languageSetAt }) };
}
