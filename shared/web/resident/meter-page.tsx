/** `meter-page`: one meter through time: by hour, day and month, as a picture, a table and a file. */
import arrowLeft from "lucide-static/icons/arrow-left.svg";
import type { MeterCard, Overview } from "#shared/api/resident.ts";
import { Icon } from "../components/icon.tsx";
import { MeterIcon } from "../components/meter-icon.tsx";
import { language } from "../language.ts";
import { localeOf, timeOrDate } from "../moments.ts";
import { indexSymbol, indexText } from "../quantities.ts";
import { DayValues } from "./day-values.tsx";
import { homeLink } from "./links.ts";
import type { Home } from "./session.ts";
import { speech } from "./speech.ts";
import { UseThroughTime } from "./use-through-time.tsx";
import "./meter-page.css";

export interface MeterPageProps {
  readonly home: Home;
  readonly meter: MeterCard;
  readonly overview: Overview;
  /** Grows when new readings came: what is shown is asked for again. */
  readonly turn: number;
}

export function MeterPage({ home, meter, overview, turn }: MeterPageProps) {
  const { words } = speech;
  const { today, zone } = overview;
  const { index } = meter;
  return (
    <article class="meter-page">
      <a class="meter-page-back" href={homeLink(home.unit_id)}>
        <Icon of={arrowLeft} size={18} />
        {home.name}
      </a>
      <div class="meter-page-head">
        <h1>
          <MeterIcon kind={meter.kind} size={24} />
          {words.kinds[meter.kind]}
        </h1>
        {index && (
          <p class="meter-page-index">
            <span class="muted">{words.home.index} </span>
            {indexText(index, localeOf(language.value))} {indexSymbol(index)}
            <span class="muted"> · {timeOrDate(index.at, today, zone, language.value)}</span>
          </p>
        )}
      </div>
      {meter.gauge === null ? (
        <UseThroughTime home={home} meter={meter} today={today} turn={turn} />
      ) : (
        <DayValues meter={meter} gauge={meter.gauge} home={home} today={today} zone={zone} />
      )}
    </article>
  );
}
