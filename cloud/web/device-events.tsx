/** `device-events`: what a counter did that is out of the ordinary: falls, jumps, values left out. */
import type { DeviceDetails } from "#shared/api/admin.ts";
import { language } from "#shared/web/language.ts";
import { localeOf, timeOrDate } from "#shared/web/moments.ts";
import { number, symbolOf, valueOf } from "#shared/web/quantities.ts";
import { speech } from "./speech.ts";

export function DeviceEvents({
  device,
  today,
}: {
  readonly device: DeviceDetails;
  readonly today: string;
}) {
  const { words } = speech;
  const { count, zone } = device;
  if (count === null || count.events.length === 0) return null;
  const digits = Math.min(3, Math.max(0, -count.scale));
  const text = (n: number) =>
    number(valueOf({ n, scale: count.scale }), digits, localeOf(language.value));
  return (
    <section class="panel-part">
      <h3>{words.device.events}</h3>
      <ul class="panel-events">
        {count.events.map(({ mark, title, from, to, before, after }) => (
          <li key={`${mark} ${from} ${to}`} class="small">
            <span class="muted">{timeOrDate(to, today, zone, language.value)}</span> {title}
            {" ("}
            {before === null ? "" : `${text(before)} → `}
            {`${text(after)} ${symbolOf(count.unit)})`}
          </li>
        ))}
      </ul>
    </section>
  );
}
