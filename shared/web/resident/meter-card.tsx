/** `meter-card`: one meter at a glance: today, the month, and where its counter stands. */
import chevronRight from "lucide-static/icons/chevron-right.svg";
import type { Consumption, MeterCard as Meter } from "#shared/api/resident.ts";
import { Icon } from "../components/icon.tsx";
import { MeterIcon } from "../components/meter-icon.tsx";
import { Spark } from "../components/spark.tsx";
import { language } from "../language.ts";
import { addDays } from "../local-dates.ts";
import { clockTime, localDateOf, localeOf, monthName } from "../moments.ts";
import { amountIn, indexSymbol, indexText } from "../quantities.ts";
import { lastFinished, meanOf, unitOfAmount } from "./amounts.ts";
import { DayLine } from "./day-line.tsx";
import { FormerMonth } from "./former-month.tsx";
import { meterLink } from "./links.ts";
import { waterUnit } from "./preferences.ts";
import type { Home } from "./session.ts";
import { speech } from "./speech.ts";
import "./meter-card.css";

export interface MeterCardProps {
  readonly meter: Meter;
  readonly home: Home;
  readonly today: string;
  readonly zone: string;
}

export function MeterCard({ meter, home, today, zone }: MeterCardProps) {
  const { words } = speech;
  const locale = localeOf(language.value);
  const title = words.kinds[meter.kind];
  const isFormer = home.to !== undefined && home.to <= today;
  const isEmpty = meter.today === null && meter.month === null && meter.gauge === null;
  const known = [meter.today, meter.month].find((one) => one !== null);
  const yesterday = meter.month === null ? undefined : lastFinished(meter.month);
  const mean = meter.month === null ? undefined : meanOf(meter.month);
  return (
    <article class="meter-card">
      <h2 class="meter-card-title">
        <MeterIcon kind={meter.kind} />
        {title}
        {meter.name !== "" && meter.kind === "temperature" && (
          <span class="meter-card-name">{meter.name}</span>
        )}
      </h2>
      {isFormer && home.to !== undefined ? (
        <FormerMonth meter={meter} home={home} lastDay={addDays(home.to, -1)} />
      ) : isEmpty ? (
        <div class="meter-card-empty">
          <p>{words.home.nothingYet}</p>
          <p class="small muted">{words.home.nothingYetText}</p>
        </div>
      ) : null}
      {!isFormer && meter.today && (
        <a class="meter-card-row" href={meterLink(home.unit_id, meter.meter_id, "day")}>
          <Total
            use={meter.today}
            label={words.home.today}
            detail={
              meter.index && localDateOf(meter.index.at, zone) === today
                ? words.home.upTo(clockTime(meter.index.at, zone, language.value))
                : undefined
            }
          />
          <Spark bars={barsOf(meter.today)} height={48} label={words.home.byHour} />
        </a>
      )}
      {!isFormer && meter.month && (
        <a class="meter-card-row" href={meterLink(home.unit_id, meter.meter_id, "month")}>
          <Total use={meter.month} label={monthName(today, language.value)} />
          <Spark
            bars={barsOf(meter.month)}
            height={48}
            label={words.home.byDay(monthName(today, language.value))}
          />
        </a>
      )}
      {!isFormer && meter.gauge && (
        <DayLine meter={meter} gauge={meter.gauge} home={home} today={today} zone={zone} />
      )}
      {!isFormer && known && (
        <dl class="meter-card-facts">
          {yesterday?.n !== undefined && yesterday.n !== null && meter.month && (
            <Fact name={words.home.yesterday} use={meter.month} n={yesterday.n} />
          )}
          {mean !== undefined && meter.month && (
            <Fact name={words.home.average} use={meter.month} n={mean} />
          )}
          {meter.index && (
            <div>
              <dt>{words.home.index}</dt>
              <dd>
                {indexText(meter.index, locale)}{" "}
                <span class="unit">{indexSymbol(meter.index)}</span>
              </dd>
            </div>
          )}
        </dl>
      )}
      {(isFormer || known || meter.gauge) && (
        <a
          class="meter-card-open"
          href={meterLink(home.unit_id, meter.meter_id)}
          aria-label={words.home.open(title)}
        >
          <Icon of={chevronRight} />
        </a>
      )}
    </article>
  );
}

/** The total of a stretch, large, with what it is the total of. */
function Total({
  use,
  label,
  detail,
}: {
  use: Consumption;
  label: string;
  detail?: string | undefined;
}) {
  const locale = localeOf(language.value);
  const unit = unitOfAmount(use.total ?? 0, use, waterUnit.value);
  return (
    <div class="total">
      <p class="total-number">
        {use.total === null ? "–" : amountIn(unit, { n: use.total, scale: use.scale }, locale)}
        {use.total !== null && <span class="unit">{unit.symbol}</span>}
      </p>
      <p class="total-label">{label}</p>
      {detail !== undefined && <p class="total-detail">{detail}</p>}
    </div>
  );
}

function Fact({ name, use, n }: { name: string; use: Consumption; n: number }) {
  const unit = unitOfAmount(n, use, waterUnit.value);
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        {amountIn(unit, { n, scale: use.scale }, localeOf(language.value))}{" "}
        <span class="unit">{unit.symbol}</span>
      </dd>
    </div>
  );
}

/** Bars by their bare numbers: only their proportion is drawn. */
function barsOf({ periods }: Consumption) {
  return periods.map(({ n, quality }) => ({ value: n, quality }));
}
