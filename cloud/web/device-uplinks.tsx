/** `device-uplinks`: what was heard on the air, byte by byte, with what it was read as beside it. */
import type { DeviceDetails, UplinkRow } from "#shared/api/admin.ts";
import { CopyButton } from "#shared/web/components/copy-button.tsx";
import { SignalBars } from "#shared/web/components/signal-bars.tsx";
import { language } from "#shared/web/language.ts";
import { timeOrDate } from "#shared/web/moments.ts";
import { speech } from "./speech.ts";
import { valueText } from "./values.ts";

export function DeviceUplinks({
  device,
  today,
}: {
  readonly device: DeviceDetails;
  readonly today: string;
}) {
  const { words } = speech;
  return (
    <section class="panel-part">
      <h3>{words.device.uplinks}</h3>
      {device.uplinks.length === 0 ? (
        <p class="small muted">{words.device.noUplinks}</p>
      ) : (
        <ol class="uplinks">
          {device.uplinks.map((uplink, i) => (
            <li
              key={`${uplink.writer} ${uplink.session} ${uplink.f_cnt} ${uplink.heard_at} ${i}`}
              class="uplink"
            >
              <Heard
                uplink={uplink}
                when={timeOrDate(uplink.heard_at, today, device.zone, language.value)}
              />
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}

function Heard({ uplink, when }: { uplink: UplinkRow; when: string }) {
  const { words } = speech;
  const {
    f_cnt: fCnt,
    f_port: fPort,
    payload_hex: payloadHex,
    undecoded,
    values,
    rssi,
    snr,
    via,
  } = uplink;
  return (
    <>
      <p class="uplink-head">
        <span class="number">{when}</span>
        <span class="muted">
          {words.device.frame(
            fCnt === null ? "–" : String(fCnt),
            fPort === null ? "–" : String(fPort),
          )}
        </span>
        <span class="muted">{via}</span>
        {rssi !== null && <SignalBars rssi={rssi} snr={snr} />}
      </p>
      <div class="uplink-body">
        <p class="uplink-raw">
          <span class="spoken">{words.device.raw}: </span>
          <code class="mono">{payloadHex.replaceAll(/(..)/g, "$1 ").trim()}</code>
          {payloadHex !== "" && (
            <CopyButton text={payloadHex} label={words.device.copy} done={words.device.copied} />
          )}
        </p>
        {undecoded === null ? (
          <dl class="uplink-values">
            {values.map((value) => (
              <div key={value.register}>
                <dt>{value.title}</dt>
                <dd>{valueText(value)}</dd>
              </div>
            ))}
          </dl>
        ) : (
          <p class="uplink-undecoded">
            <strong>{words.device.undecoded}.</strong> {undecoded}
          </p>
        )}
      </div>
    </>
  );
}
