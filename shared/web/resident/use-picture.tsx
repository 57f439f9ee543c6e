/** `use-picture`: the number, the bars, and what lighter and hatched bars mean. */
import { useState } from "preact/hooks";
import type { Consumption, Quality } from "#shared/api/resident.ts";
import { BarChart } from "../components/bar-chart.tsx";
import { Legend, type LegendItem } from "../components/legend.tsx";
import { language } from "../language.ts";
import { shift, type LocalDate, type Span } from "../local-dates.ts";
import { localeOf, spanTitle } from "../moments.ts";
import { amountIn, number, valueOf } from "../quantities.ts";
import { compare, unitOfAmount, unitOfPeriods } from "./amounts.ts";
import { comparedWith } from "./compared-with.ts";
import { knownHow } from "./known-how.ts";
import { periodName, tickName } from "./period-names.ts";
import { waterUnit } from "./preferences.ts";
import { speech } from "./speech.ts";

export interface UsePictureProps {
  readonly use: Consumption;
  readonly before: Consumption | undefined;
  readonly span: Span;
  readonly date: LocalDate;
  readonly today: LocalDate;
}

const explained = ["interpolated", "running", "gap"] as const satisfies readonly Quality[];

export function UsePicture({ use, before, span, date }: UsePictureProps) {
  const { words } = speech;
  const locale = localeOf(language.value);
  const [chosen, choose] = useState<number>();
  const unit = unitOfPeriods(use, waterUnit.value);
  const inUnit = (n: number | null | undefined, scale: number) =>
    n === null || n === undefined ? null : valueOf({ n, scale }) * unit.factor;
  const isLike = before !== undefined && before.unit === use.unit && before.periods.length > 0;
  const bars = use.periods.map((period, i) => ({
    value: inUnit(period.n, use.scale),
    quality: period.quality,
    before: isLike && span !== "day" ? inUnit(before.periods[i]?.n, before.scale) : null,
    tick: tickName(period, span, language.value),
  }));
  const period = chosen === undefined ? undefined : use.periods[chosen];
  const running = use.periods.find(({ quality }) => quality === "running");
  const title = spanTitle(span, date, language.value);
  const name =
    period === undefined
      ? running === undefined
        ? words.meter.total
        : words.meter.soFar
      : periodName(period, span, use.zone, language.value);
  const n = period === undefined ? use.total : period.n;
  const shown = unitOfAmount(n ?? 0, use, waterUnit.value);
  const detail =
    period !== undefined
      ? period.quality === "measured" && period.marks.length === 0
        ? ""
        : knownHow(period, words)
      : use.total === null
        ? words.meter.nothing
        : totalDetail();
  const amount = n === null ? "–" : amountIn(shown, { n, scale: use.scale }, locale);

  function totalDetail(): string {
    if (before !== undefined) {
      const found = compare(use, before);
      if (found !== undefined) {
        const than = comparedWith(before, found, span, shift(span, date, -1), language.value);
        const percent = new Intl.NumberFormat(locale, { style: "percent" }).format(
          Math.abs(found.change),
        );
        if (Math.abs(found.change) < 0.015) return words.meter.same(than);
        return found.change < 0 ? words.meter.less(percent, than) : words.meter.more(percent, than);
      }
    }
    if (use.completeness < 1 && use.completeness > 0)
      return words.meter.partly(
        new Intl.NumberFormat(locale, { style: "percent" }).format(
          Math.floor(use.completeness * 100) / 100,
        ),
      );
    return "";
  }

  const legend: LegendItem[] = explained
    .filter((quality) =>
      use.periods.some((one) => one.quality === quality && (one.n !== null || quality === "gap")),
    )
    .map((quality) => ({ quality, text: words.meter.qualities[quality] }));
  if (bars.some((bar) => bar.before !== null))
    legend.push({
      quality: "before",
      text: spanTitle(span, shift(span, date, -1), language.value),
    });
  const tickDigits = (value: number) =>
    Number.isInteger(value) ? 0 : Number.isInteger(value * 10) ? 1 : 2;
  return (
    <>
      <div class="readout">
        <p class="readout-number">
          {amount}
          {n !== null && <span class="unit">{shown.symbol}</span>}
        </p>
        <p class="readout-label">{name}</p>
        <p class="readout-detail">{detail}</p>
      </div>
      <BarChart
        bars={bars}
        height={184}
        label={words.meter.chart(title)}
        said={`${period === undefined ? title : name}: ${n === null ? words.meter.noNumber : `${amount} ${shown.symbol}`} ${detail}`}
        tickText={(value) => `${number(value, tickDigits(value), locale)} ${unit.symbol}`}
        chosen={chosen}
        choose={choose}
      />
      <Legend items={legend} />
    </>
  );
}
