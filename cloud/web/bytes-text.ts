/** `bytes-text`: an amount of data for people. */
import { language } from "#shared/web/language.ts";

/** `4 kB`, `1.3 MB`, in the reader's way of writing numbers. */
export function bytesText(bytes: number): string {
  const number = new Intl.NumberFormat(language.value);
  return bytes < 1e6
    ? `${number.format(Math.ceil(bytes / 1e3))} kB`
    : `${number.format(Math.round(bytes / 1e5) / 10)} MB`;
}
