/** `search`: words as somebody types them, each to be found somewhere in a thing's text. */
export function wordsOf(q: string | undefined): string[] {
  return (q ?? "")
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
}

export const hasWords = (text: string, words: readonly string[]): boolean =>
  words.every((word) => text.includes(word));
