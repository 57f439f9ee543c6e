/** `sync-state`: how far this gateway and the hub are in step. */
import type { ComponentChildren } from "preact";
import type { SetupState } from "#shared/api/gateway-setup.ts";
import { HubTroubleNotice } from "#shared/web/components/hub-trouble-notice.tsx";
import { When } from "#shared/web/components/when.tsx";
import { language } from "#shared/web/language.ts";
import { speech } from "./words.ts";

export function SyncState({ state: { hub } }: { readonly state: SetupState }) {
  const { words } = speech;
  const number = new Intl.NumberFormat(language.value);
  const size = (bytes: number) =>
    bytes < 1e6
      ? `${number.format(Math.ceil(bytes / 1e3))} kB`
      : `${number.format(Math.round(bytes / 1e5) / 10)} MB`;
  const since = hub.is_reached ? hub.connected_since : hub.away_since;
  const rows: [string, ComponentChildren][] = [
    [
      hub.is_reached ? words.reached : words.away,
      since === null ? (
        "–"
      ) : (
        <span>
          {words.since} <When at={since} />
        </span>
      ),
    ],
    [words.lastSuccess, hub.last_success_at === null ? "–" : <When at={hub.last_success_at} />],
    [
      words.backlog,
      hub.waiting === 0
        ? words.nothing
        : words.backlogText(number.format(hub.waiting), size(hub.waiting_bytes)),
    ],
    [words.complete, hub.complete_until === null ? "–" : <When at={hub.complete_until} />],
  ];
  if (hub.eta_ms !== null && hub.eta_ms > 60_000)
    rows.push([words.eta, words.minutes(number.format(Math.ceil(hub.eta_ms / 60_000)))]);
  if (hub.denied > 0) rows.push([words.denied, number.format(hub.denied)]);
  return (
    <section>
      <h2>{words.syncTitle}</h2>
      <p class="mono tiny muted">{hub.url}</p>
      {hub.last_error !== null && (
        <HubTroubleNotice title={words.lastError} trouble={hub.trouble} sentence={hub.last_error} />
      )}
      <dl class="setup-facts">
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
