/**
 * `index-stories`: what meters tell over months, told by fast-check: steady use, silence, rollovers,
 * resets, exchanges, spikes, dips, jumps, history told late. For property tests.
 */
import fc from "fast-check";

const HOUR = 3_600_000;

/** One stretch of a story. */
type Chapter =
  | {
      readonly does: "counts";
      readonly hours: number;
      readonly perHour: number;
      readonly minute: number;
    }
  | { readonly does: "is silent"; readonly hours: number }
  | {
      readonly does: "resets" | "spikes" | "jumps" | "changes unit";
      readonly to: number;
      readonly many: number;
    }
  | { readonly does: "dips" | "slips back"; readonly by: number }
  | { readonly does: "counts nothing"; readonly hours: number };

export interface Story {
  readonly chapters: readonly Chapter[];
  readonly startMs: number;
  readonly startN: number;
  readonly modulus: number | undefined;
}

export interface Told {
  readonly time: number;
  readonly n: number;
}

const chapter: fc.Arbitrary<Chapter> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      does: fc.constant("counts" as const),
      hours: fc.integer({ min: 1, max: 200 }),
      perHour: fc.nat({ max: 4_000 }),
      minute: fc.nat({ max: 59 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      does: fc.constant("is silent" as const),
      hours: fc.integer({ min: 1, max: 300 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      does: fc.constantFrom(
        "resets" as const,
        "spikes" as const,
        "jumps" as const,
        "changes unit" as const,
      ),
      to: fc.nat({ max: 99_999_999 }),
      many: fc.integer({ min: 1, max: 5 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      does: fc.constantFrom("dips" as const, "slips back" as const),
      by: fc.integer({ min: 1, max: 60 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      does: fc.constant("counts nothing" as const),
      hours: fc.integer({ min: 1, max: 90 }),
    }),
  },
);

/** Stories that begin somewhere in the year that begins at `yearMs`, an index in litres. */
export function stories(yearMs: number): fc.Arbitrary<Story> {
  return fc.record({
    chapters: fc.array(chapter, { minLength: 1, maxLength: 14 }),
    startMs: fc.integer({ min: 0, max: 300 * 24 * HOUR }).map((ms) => yearMs + ms),
    startN: fc.nat({ max: 99_999_999 }),
    modulus: fc.option(fc.constant(100_000_000), { nil: undefined }),
  });
}

/** The readings a story comes to, in order of time, one per time. */
export function tell({ chapters, startMs, startN, modulus = Infinity }: Story): Told[] {
  const told: Told[] = [];
  let [time, n] = [startMs, startN];
  const say = (value: number) => {
    told.push({ time, n: value });
    time += HOUR;
  };
  for (const one of chapters)
    if (one.does === "counts")
      for (let i = 0; i < one.hours; i++) {
        const shiftMs = one.minute * 60_000;
        time += shiftMs;
        say(n);
        time -= shiftMs;
        // Uneven, but a function of the story alone.
        n = (n + Math.floor((one.perHour * ((i * 7 + one.hours) % 5)) / 4)) % modulus;
      }
    else if (one.does === "is silent") time += one.hours * HOUR;
    else if (one.does === "counts nothing") for (let i = 0; i < one.hours; i++) say(n);
    else if (one.does === "slips back") n = Math.max(0, n - one.by);
    else if (one.does === "spikes") for (let i = 0; i < one.many; i++) say(one.to + i);
    else if (one.does === "dips") say(Math.max(0, n - one.by));
    else if (one.does === "changes unit") n = Math.floor(n / 1_000);
    else if ("to" in one)
      n = one.does === "jumps" ? Math.min(n + one.to, 99_999_999) : one.to % 5_000;
  const byTime = new Map(told.map((point) => [point.time, point]));
  return [...byTime.values()].sort((a, b) => a.time - b.time);
}
