/**
 * `runs`: a set of sequence numbers as stretches without holes, `[[0, 57], [60, 61]]`.
 *
 * How far a rollup has come with one writer's epoch. Stays small, because writers leave no holes.
 */
export type Runs = readonly (readonly [from: number, to: number])[];

/** True when `seq` is in one of the runs. */
export function hasSeq(runs: Runs, seq: number): boolean {
  return runs.some(([from, to]) => from <= seq && seq <= to);
}

/** The runs with `seqs` added, joined where they touch, in order. */
export function addSeqs(runs: Runs, seqs: Iterable<number>): Runs {
  const all = runs.map(([from, to]) => [from, to] as [number, number]);
  for (const seq of seqs) all.push([seq, seq]);
  all.sort((a, b) => a[0] - b[0]);
  const joined: [number, number][] = [];
  for (const [from, to] of all) {
    const last = joined.at(-1);
    if (last && from <= last[1] + 1) last[1] = Math.max(last[1], to);
    else joined.push([from, to]);
  }
  return joined;
}
