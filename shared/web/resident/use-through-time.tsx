/** `use-through-time`: the use of one meter in a day, month or year, with arrows through time. */
import chevronLeft from "lucide-static/icons/chevron-left.svg";
import chevronRight from "lucide-static/icons/chevron-right.svg";
import download from "lucide-static/icons/download.svg";
import table from "lucide-static/icons/table-2.svg";
import { useEffect, useState } from "preact/hooks";
import type { Consumption, MeterCard } from "#shared/api/resident.ts";
import { get } from "../api-client.ts";
import { Button } from "../components/button.tsx";
import { Icon } from "../components/icon.tsx";
import { Notice } from "../components/notice.tsx";
import { Segmented } from "../components/segmented.tsx";
import { Skeleton } from "../components/skeleton.tsx";
import { useAnswer } from "../components/use-answer.ts";
import { language } from "../language.ts";
import {
  addDays,
  bounds,
  shift,
  spans,
  stepOf,
  type LocalDate,
  type Span,
} from "../local-dates.ts";
import { spanTitle } from "../moments.ts";
import { go, query } from "../place.ts";
import { consumptionPath } from "./consumption-path.ts";
import { exportUse } from "./export-use.ts";
import { meterLink } from "./links.ts";
import type { Home } from "./session.ts";
import { speech } from "./speech.ts";
import { UsePicture } from "./use-picture.tsx";
import { UseTable } from "./use-table.tsx";

export interface UseThroughTimeProps {
  readonly home: Home;
  readonly meter: MeterCard;
  readonly today: LocalDate;
  readonly turn: number;
}

export function UseThroughTime({ home, meter, today, turn }: UseThroughTimeProps) {
  const { words } = speech;
  const lastDay = home.to !== undefined && home.to <= today ? addDays(home.to, -1) : today;
  const asked = query.value.get("span");
  const span: Span = spans.find((one) => one === asked) ?? "day";
  const askedDate = query.value.get("date") ?? "";
  const date = /^\d{4}-\d\d-\d\d$/.test(askedDate) ? askedDate : lastDay;
  const show = (next: Span, at: LocalDate) => {
    const within = at < home.from ? home.from : at > lastDay ? lastDay : at;
    go(
      meterLink(home.unit_id, meter.meter_id, next, within === lastDay ? undefined : within),
      "replace",
    );
  };

  const pathOf = (at: LocalDate) =>
    consumptionPath(home.unit_id, meter.meter_id, bounds(span, at), stepOf[span]);
  const { value, why, isSlow, reload } = useAnswer<Consumption>(pathOf(date), get, true);
  const { value: before } = useAnswer<Consumption>(pathOf(shift(span, date, -1)), get);
  const [isTableOpen, setIsTableOpen] = useState(false);
  useEffect(() => {
    if (turn > 0) reload();
  }, [turn]);

  const shownFrom = value?.periods[0]?.label.slice(0, span === "day" ? 0 : 7) ?? "";
  const isStale =
    span !== "day" &&
    value !== undefined &&
    !shownFrom.startsWith(date.slice(0, span === "year" ? 4 : 7));
  const title = spanTitle(span, date, language.value);
  return (
    <div class="through-time">
      <Segmented
        name="span"
        legend={words.meter.span}
        value={span}
        options={spans.map((one) => ({ value: one, text: words.meter.spans[one] }))}
        choose={(next) => show(next, date)}
      />
      <div class="time-steps">
        <Button
          weight="bare"
          isIcon
          aria-label={words.meter.earlier}
          disabled={bounds(span, date).from <= home.from}
          onClick={() => show(span, shift(span, date, -1))}
        >
          <Icon of={chevronLeft} />
        </Button>
        <h2 aria-live="polite">{title}</h2>
        <Button
          weight="bare"
          isIcon
          aria-label={words.meter.later}
          disabled={bounds(span, date).to > lastDay}
          onClick={() => show(span, shift(span, date, 1))}
        >
          <Icon of={chevronRight} />
        </Button>
      </div>
      {why !== undefined && (
        <Notice
          tone="bad"
          title={
            why.code === "offline" || why.code === "unavailable"
              ? words.failed.offline
              : words.failed.broken
          }
        >
          <Button onClick={reload}>{words.failed.again}</Button>
        </Notice>
      )}
      {value === undefined ? (
        isSlow && <Skeleton heights={[396]} />
      ) : (
        <>
          <div class={isStale && isSlow ? "picture picture-stale" : "picture"}>
            <UsePicture
              key={`${span} ${date}`}
              use={value}
              before={before}
              span={span}
              date={date}
              today={today}
            />
          </div>
          <div class="acts">
            <Button aria-expanded={isTableOpen} onClick={() => setIsTableOpen(!isTableOpen)}>
              <Icon of={table} size={18} />
              {words.meter.table}
            </Button>
            <Button onClick={() => exportUse({ use: value, span, home, words, title })}>
              <Icon of={download} size={18} />
              {words.meter.export}
            </Button>
          </div>
          {isTableOpen && <UseTable use={value} span={span} title={title} />}
        </>
      )}
    </div>
  );
}
