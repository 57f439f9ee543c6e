/** `device-panel`: one device beside the list: its counter, its readings, and its uplinks as heard. */
import { useEffect, useRef } from "preact/hooks";
import type { DeviceDetails } from "#shared/api/admin.ts";
import { get } from "#shared/web/api-client.ts";
import { MeterIcon } from "#shared/web/components/meter-icon.tsx";
import { Notice } from "#shared/web/components/notice.tsx";
import { SignalBars } from "#shared/web/components/signal-bars.tsx";
import { Skeleton } from "#shared/web/components/skeleton.tsx";
import { useAnswer } from "#shared/web/components/use-answer.ts";
import { When } from "#shared/web/components/when.tsx";
import { language } from "#shared/web/language.ts";
import { localDateOf, localeOf, timeOrDate } from "#shared/web/moments.ts";
import { indexSymbol, indexText } from "#shared/web/quantities.ts";
import { serverNow } from "#shared/web/api-client.ts";
import { changes } from "./changes.ts";
import { DeviceEvents } from "./device-events.tsx";
import { DeviceReadings } from "./device-readings.tsx";
import { DeviceUplinks } from "./device-uplinks.tsx";
import { HealthBadge } from "./health-badge.tsx";
import { Refused } from "./refused.tsx";
import { SidePanel } from "./side-panel.tsx";
import { speech } from "./speech.ts";
import { mainValue } from "./values.ts";

export function DevicePanel({ devEui, close }: { readonly devEui: string; close(): void }) {
  const { words } = speech;
  const { value, why, isSlow, reload } = useAnswer<DeviceDetails>(
    `/devices/${encodeURIComponent(devEui)}?include=telemetry`,
    get,
  );
  const turn = changes.devices.value;
  const seenTurn = useRef(turn);
  useEffect(() => {
    if (turn !== seenTurn.current) reload();
    seenTurn.current = turn;
  }, [turn]);
  return (
    <SidePanel
      label={value?.device_name ?? devEui}
      title={
        <>
          {value && <MeterIcon kind={value.kind} />}
          {value?.device_name ?? ""}
        </>
      }
      id={devEui}
      close={close}
    >
      {value === undefined ? (
        why === undefined ? (
          isSlow && <Skeleton heights={[88, 160, 240]} />
        ) : why.code === "not_found" ? (
          <Notice title={words.device.gone} />
        ) : (
          <Refused why={why} again={reload} />
        )
      ) : (
        <Details device={value} />
      )}
    </SidePanel>
  );
}

function Details({ device }: { device: DeviceDetails }) {
  const { words } = speech;
  const { last_reading: lastReading, radio, zone } = device;
  const main = lastReading === null ? undefined : mainValue(device.kind, lastReading.values);
  const today = localDateOf(new Date(serverNow()), zone);
  return (
    <>
      <div class="panel-value">
        <div>
          <p class="panel-number">
            {main === undefined ? "–" : indexText(main, localeOf(language.value))}
            {main !== undefined && <span class="unit">{indexSymbol(main)}</span>}
          </p>
          <p class="small muted">
            {lastReading === null
              ? words.device.noReading
              : `${main?.title ?? ""}, ${words.device.of(timeOrDate(main?.at ?? lastReading.at, today, zone, language.value))}`}
          </p>
        </div>
        <HealthBadge health={device.health} />
      </div>
      <dl class="panel-facts">
        <div>
          <dt>{words.device.community}</dt>
          <dd>{device.community?.name ?? "–"}</dd>
        </div>
        <div>
          <dt>{words.device.unit}</dt>
          <dd>{device.unit?.name ?? words.devices.noUnit}</dd>
        </div>
        <div>
          <dt>{words.device.seen}</dt>
          <dd>
            {device.last_seen_at === null ? (
              words.devices.never
            ) : (
              <When at={device.last_seen_at} zone={zone} />
            )}
          </dd>
        </div>
        <div>
          <dt>{words.device.signal}</dt>
          <dd class="panel-signal">
            {radio === null || radio.rssi === null ? (
              "–"
            ) : (
              <SignalBars rssi={radio.rssi} snr={radio.snr} sf={radio.sf} />
            )}
            {radio !== null && radio.sf !== null && <span class="muted">SF{radio.sf}</span>}
          </dd>
        </div>
        <div>
          <dt>{words.device.type}</dt>
          <dd>{device.device_type}</dd>
        </div>
        <div>
          <dt>{words.device.via}</dt>
          <dd>{device.via ?? "–"}</dd>
        </div>
      </dl>
      <DeviceReadings device={device} today={today} />
      <DeviceEvents device={device} today={today} />
      <DeviceUplinks device={device} today={today} />
      <p class="tiny muted">{words.device.zone(zone)}</p>
    </>
  );
}
