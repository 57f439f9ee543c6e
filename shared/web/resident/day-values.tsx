/** `day-values`: the values of today for what has no counter: a line and its table. */
import table from "lucide-static/icons/table-2.svg";
import { useState } from "preact/hooks";
import { Button } from "../components/button.tsx";
import { Icon } from "../components/icon.tsx";
import { LineSpark } from "../components/line-spark.tsx";
import { language } from "../language.ts";
import { clockTime, localeOf, spanTitle, timeOrDate } from "../moments.ts";
import { indexText, number, symbolOf } from "../quantities.ts";
import { dayBorders } from "./day-borders.ts";
import { lineBreakMs, type DayLineProps } from "./day-line.tsx";
import { speech } from "./speech.ts";

export function DayValues({ meter, gauge, today, zone }: DayLineProps) {
  const { words } = speech;
  const locale = localeOf(language.value);
  const [isTableOpen, setIsTableOpen] = useState(false);
  const symbol = symbolOf(gauge.unit);
  const digits = Math.max(0, -gauge.scale);
  const values = meter.points.map(({ value }) => value);
  const title = spanTitle("day", today, language.value);
  const { fromMs, toMs } = dayBorders(today, zone);
  const range =
    values.length < 2
      ? ""
      : words.home.lowHigh(
          number(Math.min(...values), digits, locale),
          `${number(Math.max(...values), digits, locale)} ${symbol}`,
        );
  return (
    <div class="through-time">
      <div class="picture">
        <div class="readout">
          <p class="readout-number">
            {indexText(gauge, locale)}
            <span class="unit">{symbol}</span>
          </p>
          <p class="readout-label">
            {title}, {timeOrDate(gauge.at, today, zone, language.value)}
          </p>
          <p class="readout-detail">{range}</p>
        </div>
        {values.length > 1 && (
          <LineSpark
            points={meter.points.map(({ at, value }) => ({ atMs: Date.parse(at), value }))}
            fromMs={fromMs}
            toMs={toMs}
            height={184}
            breakMs={lineBreakMs}
            label={range}
          />
        )}
        <div class="day-hours tiny muted" aria-hidden="true">
          {["00", "06", "12", "18", "24"].map((hour) => (
            <span key={hour}>{hour}</span>
          ))}
        </div>
      </div>
      {values.length > 0 && (
        <div class="acts">
          <Button aria-expanded={isTableOpen} onClick={() => setIsTableOpen(!isTableOpen)}>
            <Icon of={table} size={18} />
            {words.meter.table}
          </Button>
        </div>
      )}
      {isTableOpen && (
        <div
          class="values"
          tabIndex={0}
          role="region"
          aria-label={`${words.meter.table}, ${title}`}
        >
          <table>
            <thead>
              <tr>
                <th scope="col">{words.meter.time}</th>
                <th scope="col" class="amount">
                  {symbol}
                </th>
              </tr>
            </thead>
            <tbody>
              {meter.points.toReversed().map(({ at, value }) => (
                <tr key={at}>
                  <th scope="row">{clockTime(at, zone, language.value)}</th>
                  <td class="amount">{number(value, digits, locale)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </div>
  );
}
