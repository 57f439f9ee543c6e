/** `conservation-map`: a gateway's days as a calendar of squares, a week a column, with a table behind it. */
import type { ConservationDay } from "#shared/api/conservation.ts";
import { language } from "#shared/web/language.ts";
import { localeOf } from "#shared/web/moments.ts";
import { count } from "./counts.ts";
import { speech } from "./speech.ts";

/** A state is a mark as well as a colour. */
const MARKS = { agrees: "", differs: "≠", open: "·" } as const;
const DAY_MS = 86_400_000;

const startOf = ({ day }: ConservationDay) =>
  Date.UTC(Number(day.slice(0, 4)), Number(day.slice(4, 6)) - 1, Number(day.slice(6)));

function dateText(ms: number): string {
  return new Intl.DateTimeFormat(localeOf(language.value), {
    weekday: "short",
    day: "numeric",
    month: "short",
    year: "numeric",
    timeZone: "UTC",
  }).format(ms);
}

export function ConservationMap({ days }: { readonly days: readonly ConservationDay[] }) {
  const { conservation } = speech.words;
  if (days.length === 0) return <p class="muted small">{conservation.noDays}</p>;
  const first = startOf(days[0] as ConservationDay);
  // Monday is the first row.
  const weekday = (ms: number) => (new Date(ms).getUTCDay() + 6) % 7;
  const firstMonday = first - weekday(first) * DAY_MS;
  const told = (day: ConservationDay) =>
    `${dateText(startOf(day))}: ${conservation.states[day.state]}, ${conservation.dayTold(
      count(day.held),
      day.counted === null ? "–" : count(day.counted),
    )}`;
  const differing = days.filter(({ state }) => state === "differs");
  return (
    <>
      <div class="conservation-map" role="img" aria-label={conservation.mapLabel(days.length)}>
        {days.map((day) => {
          const ms = startOf(day);
          const place = {
            gridRow: weekday(ms) + 1,
            gridColumn: Math.floor((ms - firstMonday) / (7 * DAY_MS)) + 1,
          };
          return (
            <span
              key={day.day}
              class={`conservation-day conservation-${day.state}`}
              style={place}
              title={told(day)}
              aria-hidden="true"
            >
              {MARKS[day.state]}
            </span>
          );
        })}
      </div>
      <ul class="conservation-legend small muted">
        {(["agrees", "differs", "open"] as const).map((state) => (
          <li key={state}>
            <span class={`conservation-day conservation-${state}`} aria-hidden="true">
              {MARKS[state]}
            </span>{" "}
            {conservation.states[state]}
          </li>
        ))}
      </ul>
      {differing.map((day) => (
        <p key={day.day} class="small">
          {told(day)}
          {day.devices.length > 0 && ": "}
          {day.devices
            .map(({ device, counted, held }) => `${device} ${count(held)}/${count(counted)}`)
            .join(", ")}
        </p>
      ))}
      <details>
        <summary class="small">{conservation.table}</summary>
        <div class="conservation-scroll" tabIndex={0} role="region" aria-label={conservation.table}>
          <table class="conservation-table">
            <thead>
              <tr>
                <th>{conservation.day}</th>
                <th class="conservation-number">{conservation.counted}</th>
                <th class="conservation-number">{conservation.held}</th>
                <th>{conservation.state}</th>
              </tr>
            </thead>
            <tbody>
              {days.toReversed().map((day) => (
                <tr key={day.day}>
                  <td>{dateText(startOf(day))}</td>
                  <td class="conservation-number number">
                    {day.counted === null ? "–" : count(day.counted)}
                  </td>
                  <td class="conservation-number number">{count(day.held)}</td>
                  <td>{conservation.states[day.state]}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </>
  );
}
