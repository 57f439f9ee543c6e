/** `device-readings`: what a device measured in the last 48 hours. */
import type { DeviceDetails } from "#shared/api/admin.ts";
import { LineSpark } from "#shared/web/components/line-spark.tsx";
import { language } from "#shared/web/language.ts";
import { timeOrDate } from "#shared/web/moments.ts";
import { valueOf } from "#shared/web/quantities.ts";
import { speech } from "./speech.ts";
import { mainValue, valueText } from "./values.ts";

const WINDOW_MS = 48 * 3_600_000;
/** Readings further apart than this are not joined. */
const BREAK_MS = 6 * 3_600_000;

export function DeviceReadings({
  device,
  today,
}: {
  readonly device: DeviceDetails;
  readonly today: string;
}) {
  const { words } = speech;
  const { readings, kind, zone } = device;
  const points = readings
    .flatMap(({ at, values }) => {
      const value = mainValue(kind, values);
      return value === undefined ? [] : [{ atMs: Date.parse(at), value: valueOf(value) }];
    })
    .toReversed();
  const toMs = points.at(-1)?.atMs ?? 0;
  return (
    <section class="panel-part">
      <h3>{words.device.readings}</h3>
      {readings.length === 0 ? (
        <p class="small muted">{words.device.noReadings}</p>
      ) : (
        <>
          {points.length > 2 && (
            <LineSpark
              points={points}
              fromMs={toMs - WINDOW_MS}
              toMs={toMs}
              height={72}
              breakMs={BREAK_MS}
              label={words.device.readings}
            />
          )}
          <div class="panel-table" tabIndex={0} role="region" aria-label={words.device.readings}>
            <table>
              <thead>
                <tr>
                  <th scope="col">{words.device.time}</th>
                  <th scope="col">{words.device.values}</th>
                </tr>
              </thead>
              <tbody>
                {readings.map(({ at, time_source: timeSource, values }, i) => {
                  const main = mainValue(kind, values);
                  const others = values.filter((value) => value !== main);
                  return (
                    <tr key={`${at} ${i}`}>
                      <th scope="row" title={words.device.estimated(timeSource)}>
                        {timeOrDate(at, today, zone, language.value)}
                      </th>
                      <td>
                        {main === undefined ? "–" : valueText(main)}
                        {others.map((value) => (
                          <span key={value.register} class="muted tiny">
                            {" · "}
                            {value.title} {valueText(value)}
                          </span>
                        ))}
                      </td>
                    </tr>
                  );
                })}
              </tbody>
            </table>
          </div>
        </>
      )}
    </section>
  );
}
