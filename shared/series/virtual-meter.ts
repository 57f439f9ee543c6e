/**
 * `virtual-meter`: a meter that is computed from others when it is asked for: the main meter minus
 * its submeters is what is lost in between; the meters of a home, one after the other, are one that
 * goes on across an exchange.
 *
 * Nothing of it is stored. A period in which a member has no number has none either: what is not
 * known of a part is not known of the whole, and is never taken for zero.
 */
import { orderedMarks, type Mark } from "#shared/model/marks.ts";
import type { Quality } from "#shared/model/quality.ts";
import type { Unit } from "#shared/model/registers.ts";
import type { ConsumptionAnswer } from "./reading-store.ts";

export interface VirtualMember {
  /** 1 adds, −1 takes away. */
  readonly sign: 1 | -1;
  /** The stretch in which it is a member, epoch ms, `toMs` exclusive. */
  readonly fromMs: number;
  readonly toMs: number;
  /** Asked with a window of just that stretch; undefined when it was never read. All of the same stretches. */
  readonly answer: ConsumptionAnswer | undefined;
}

export interface VirtualPeriod {
  readonly fromMs: number;
  readonly toMs: number;
  readonly label: string;
  readonly n: number | null;
  readonly quality: Quality;
  readonly marks: readonly Mark[];
}

export interface VirtualConsumption {
  readonly unit: Unit;
  readonly scale: number;
  readonly periods: readonly VirtualPeriod[];
  /** Null as soon as one member that belongs to the whole has no total. */
  readonly total: number | null;
  readonly isInterpolated: boolean;
}

/** Worse ones go before better ones: a whole is known no better than its worst part. */
const WORST: readonly Quality[] = ["gap", "future", "running", "interpolated", "measured"];

/** Undefined when no member was ever read, or when they count what cannot be added. */
export function virtualConsumption(
  members: readonly VirtualMember[],
): VirtualConsumption | undefined {
  const answers = members.flatMap(({ answer }) => answer ?? []);
  const [first] = answers;
  if (!first || answers.some(({ unit }) => unit !== first.unit)) return undefined;
  const scale = Math.min(...answers.map((answer) => answer.scale));
  const inScale = (n: number, { scale: from }: ConsumptionAnswer) => n * 10 ** (from - scale);
  const periods = first.periods.map(({ fromMs, toMs, label }, i): VirtualPeriod => {
    const marks: Mark[] = [];
    const qualities: Quality[] = [];
    let n: number | null = 0;
    for (const member of membersIn(members, fromMs, toMs)) {
      const { answer, sign } = member;
      const period = answer?.periods[i];
      marks.push(...(period?.marks ?? []));
      if (answer && period && period.n !== null) {
        qualities.push(period.quality);
        if (n !== null) n += sign * inScale(period.n, answer);
      } else {
        qualities.push(period && period.quality !== "outside" ? period.quality : "gap");
        n = null;
        if (period?.quality !== "future") marks.push("incomplete");
      }
    }
    if (qualities.length === 0)
      return { fromMs, toMs, label, n: null, quality: "outside", marks: [] };
    const quality = WORST.find((one) => qualities.includes(one)) ?? "gap";
    return { fromMs, toMs, label, n, quality, marks: orderedMarks(marks) };
  });
  const begin = first.periods[0]?.fromMs ?? 0;
  const end = first.periods.at(-1)?.toMs ?? 0;
  let total: number | null = 0;
  for (const { answer, sign } of membersIn(members, begin, end))
    if (answer && answer.total !== null && total !== null)
      total += sign * inScale(answer.total, answer);
    else total = null;
  return {
    unit: first.unit,
    scale,
    periods,
    total,
    isInterpolated: answers.some((answer) => answer.isInterpolated),
  };
}

const membersIn = (members: readonly VirtualMember[], fromMs: number, toMs: number) =>
  members.filter((one) => one.fromMs < toMs && fromMs < one.toMs);
