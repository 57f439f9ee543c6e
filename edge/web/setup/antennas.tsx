/** `antennas`: who brings radio frames here, and who would like to and is not let in. */
import type { SetupState } from "#shared/api/gateway-setup.ts";
import { Badge } from "#shared/web/components/badge.tsx";
import { When } from "#shared/web/components/when.tsx";
import { speech } from "./words.ts";

export function Antennas({
  state: { antennas, knocking, udp_port: udpPort },
}: {
  readonly state: SetupState;
}) {
  const { site: words } = speech.words;
  return (
    <section>
      <h2>{words.antennas}</h2>
      {antennas.length === 0 && (
        <p class="muted small">
          {udpPort === null ? words.noRadio : words.noAntennas(String(udpPort))}
        </p>
      )}
      <ul class="setup-rows">
        {antennas.map(({ eui, address, last_heard_at: lastHeardAt, packets }) => (
          <li key={eui}>
            <span>
              <span class="mono">{eui}</span>
              <br />
              <span class="muted tiny">
                {address} · {words.heard} <When at={lastHeardAt} />
              </span>
            </span>
            <Badge tone={packets > 0 ? "ok" : "plain"}>{words.packets(packets)}</Badge>
          </li>
        ))}
        {knocking.map(({ address, eui, last_heard_at: lastHeardAt }) => (
          <li key={address}>
            <span>
              <span class="mono">{eui ?? address}</span>
              <br />
              <span class="muted tiny">
                {words.knocks(address)} <When at={lastHeardAt} />
              </span>
            </span>
            <Badge tone="bad">{words.shutOut}</Badge>
          </li>
        ))}
      </ul>
    </section>
  );
}
