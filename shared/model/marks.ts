/**
 * `marks`: what is out of the ordinary about a meter's index in a stretch of time, in the words of
 * the operator. Residents see words of their own, made from the same names.
 *
 * What is marked is kept raw all the same; a mark says why a number is not simply the difference
 * of two readings, or how much to trust it.
 */
export const marks = {
  rollover: "The counter went past its last digit and began again at zero; the use is counted on",
  exchange: "The meter was exchanged; the use is counted on across it",
  reset: "The index fell to another value; nothing is counted for that step",
  jump: "The index rose by more than the meter can pass; nothing is counted for that step",
  wrong_unit: "The index changed by a factor of ten, a hundred or a thousand, as if its unit did",
  spike: "A value that fits neither the ones before nor the ones after it is left out",
  dip: "The index fell a little and came back; the higher value is held meanwhile",
  backflow: "The index fell a little and stayed there; the difference is negative",
  negative: "An index below zero is left out",
  absurd: "An index beyond what the counter can show is left out",
  unit_changed: "Values in a unit that cannot be compared with the others are left out",
  clock: "Readings with a time that has not come, or before the year 2000, are left out",
  history: "Readings that the meter told later, out of its own memory",
  late: "Readings that came after the period was closed have changed it",
  incomplete: "One of the meters this is computed from has no number here",
} as const;
export type Mark = keyof typeof marks;
export const markIds = Object.keys(marks) as [Mark, ...Mark[]];

/** In the order of the list, each once. */
export function orderedMarks(some: Iterable<Mark>): Mark[] {
  const wanted = new Set(some);
  return markIds.filter((mark) => wanted.has(mark));
}
