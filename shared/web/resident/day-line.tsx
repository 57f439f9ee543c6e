/** `day-line`: the value of the moment and its line through today, for what has no counter. */
import type { MeterCard } from "#shared/api/resident.ts";
import { LineSpark } from "../components/line-spark.tsx";
import { language } from "../language.ts";
import { localeOf, timeOrDate } from "../moments.ts";
import { indexText, number, symbolOf } from "../quantities.ts";
import { dayBorders } from "./day-borders.ts";
import { meterLink } from "./links.ts";
import type { Home } from "./session.ts";
import { speech } from "./speech.ts";

export interface DayLineProps {
  readonly meter: MeterCard;
  readonly gauge: NonNullable<MeterCard["gauge"]>;
  readonly home: Home;
  readonly today: string;
  readonly zone: string;
}

/** Values further apart than this are not joined. */
export const lineBreakMs = 3 * 3_600_000;

export function DayLine({ meter, gauge, home, today, zone }: DayLineProps) {
  const { words } = speech;
  const locale = localeOf(language.value);
  const values = meter.points.map(({ value }) => value);
  const symbol = symbolOf(gauge.unit);
  const digits = Math.max(0, -gauge.scale);
  const range =
    values.length < 2
      ? ""
      : words.home.lowHigh(
          number(Math.min(...values), digits, locale),
          `${number(Math.max(...values), digits, locale)} ${symbol}`,
        );
  const { fromMs, toMs } = dayBorders(today, zone);
  return (
    <>
      <a class="meter-card-row" href={meterLink(home.unit_id, meter.meter_id)}>
        <div class="total">
          <p class="total-number">
            {indexText(gauge, locale)}
            <span class="unit">{symbol}</span>
          </p>
          <p class="total-label">{words.home.now}</p>
          <p class="total-detail">{timeOrDate(gauge.at, today, zone, language.value)}</p>
        </div>
        {values.length > 1 && (
          <LineSpark
            points={meter.points.map(({ at, value }) => ({ atMs: Date.parse(at), value }))}
            fromMs={fromMs}
            toMs={toMs}
            height={64}
            breakMs={lineBreakMs}
            label={range}
          />
        )}
      </a>
      {range !== "" && <p class="meter-card-facts muted">{range}</p>}
    </>
  );
}
