/** `counts`: whole numbers and shares in the language's own writing. */
import { language } from "#shared/web/language.ts";
import { localeOf } from "#shared/web/moments.ts";
import { number } from "#shared/web/quantities.ts";

export function count(n: number): string {
  return number(n, 0, localeOf(language.value));
}

/** A share as percent, rounded down so that 100 % means all. */
export function percent(share: number): string {
  const format = new Intl.NumberFormat(localeOf(language.value), { style: "percent" });
  return format.format(Math.floor(share * 100) / 100);
}
