/** `former-month`: the last month a former resident lived here, where others see today. */
import type { Consumption, MeterCard } from "#shared/api/resident.ts";
import { get } from "../api-client.ts";
import { Spark } from "../components/spark.tsx";
import { useAnswer } from "../components/use-answer.ts";
import { language } from "../language.ts";
import { bounds } from "../local-dates.ts";
import { localeOf, spanTitle } from "../moments.ts";
import { amountIn } from "../quantities.ts";
import { unitOfAmount } from "./amounts.ts";
import { consumptionPath } from "./consumption-path.ts";
import { meterLink } from "./links.ts";
import type { Home } from "./session.ts";
import { waterUnit } from "./preferences.ts";
import { speech } from "./speech.ts";

export interface FormerMonthProps {
  readonly meter: MeterCard;
  readonly home: Home;
  readonly lastDay: string;
}

export function FormerMonth({ meter, home, lastDay }: FormerMonthProps) {
  const { words } = speech;
  const path = consumptionPath(home.unit_id, meter.meter_id, bounds("month", lastDay), "day");
  const { value } = useAnswer<Consumption>(path, get);
  const month = spanTitle("month", lastDay, language.value);
  const unit =
    value === undefined ? undefined : unitOfAmount(value.total ?? 0, value, waterUnit.value);
  const total = value?.total;
  return (
    <a class="meter-card-row" href={meterLink(home.unit_id, meter.meter_id, "month", lastDay)}>
      <div class="total">
        <p class="total-number">
          {value === undefined || total === undefined || total === null || unit === undefined
            ? "–"
            : amountIn(unit, { n: total, scale: value.scale }, localeOf(language.value))}
          {unit !== undefined && total !== null && <span class="unit">{unit.symbol}</span>}
        </p>
        <p class="total-label">{month}</p>
      </div>
      {value !== undefined && (
        <Spark
          bars={value.periods.map(({ n, quality }) => ({ value: n, quality }))}
          height={48}
          label={words.home.lastMonth(month)}
        />
      )}
    </a>
  );
}
