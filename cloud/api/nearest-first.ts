/** `nearest-first`: the names that somebody who misspelt one may have meant, the likeliest first. */

/** Names by how many letters have to be typed, left out or exchanged; those equally far as they came. */
export const nearestFirst = (given: string, names: readonly string[]): string[] =>
  names
    .map((name) => ({ name, far: distance(given.toLowerCase(), name) }))
    .sort((a, b) => a.far - b.far)
    .map(({ name }) => name);

/** Levenshtein's, row by row. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (const [i, letter] of a.split("").entries()) {
    const next = [i + 1];
    for (const [j, other] of b.split("").entries())
      next.push(
        Math.min(
          (row[j] as number) + (letter === other ? 0 : 1),
          (row[j + 1] as number) + 1,
          (next[j] as number) + 1,
        ),
      );
    row = next;
  }
  return row.at(-1) as number;
}
