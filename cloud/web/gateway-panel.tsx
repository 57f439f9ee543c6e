/** `gateway-panel`: one gateway beside the list: how far it is in step, what it serves, and how it is shut out. */
import { useEffect, useState } from "preact/hooks";
import type { ComponentChildren } from "preact";
import type { GatewayRow } from "#shared/api/admin.ts";
import { get } from "#shared/web/api-client.ts";
import { Badge } from "#shared/web/components/badge.tsx";
import { Button } from "#shared/web/components/button.tsx";
import { HubTroubleMeans, HubTroubleNotice } from "#shared/web/components/hub-trouble-notice.tsx";
import { LeftBehindNotice } from "#shared/web/components/left-behind-notice.tsx";
import { Notice } from "#shared/web/components/notice.tsx";
import { Skeleton } from "#shared/web/components/skeleton.tsx";
import { useAnswer } from "#shared/web/components/use-answer.ts";
import { When } from "#shared/web/components/when.tsx";
import { language } from "#shared/web/language.ts";
import { waitText } from "#shared/web/moments.ts";
import { bytesText } from "./bytes-text.ts";
import { changes } from "./changes.ts";
import { ClaimCodes } from "./claim-codes.tsx";
import { count } from "./counts.ts";
import { GatewayBadge, isAway, mayChangeGateways } from "./gateway-badge.tsx";
import { Refused } from "./refused.tsx";
import { SidePanel } from "./side-panel.tsx";
import { speech } from "./speech.ts";
import { WithdrawGateway } from "./withdraw-gateway.tsx";

export interface GatewayPanelProps {
  readonly id: string;
  close(): void;
  changed(): void;
}

export function GatewayPanel({ id, close, changed }: GatewayPanelProps) {
  const { words } = speech;
  const { value, why, isSlow, reload } = useAnswer<GatewayRow>(
    `/gateways/${encodeURIComponent(id)}`,
    get,
  );
  const turn = changes.gateways.value;
  useEffect(reload, [turn]);
  return (
    <SidePanel label={value?.name ?? id} title={value?.name ?? ""} id={id} close={close}>
      {value === undefined ? (
        why === undefined ? (
          isSlow && <Skeleton heights={[88, 160]} />
        ) : why.code === "not_found" ? (
          <Notice title={words.gateways.gone} />
        ) : (
          <Refused why={why} again={reload} />
        )
      ) : (
        <Details
          row={value}
          changed={() => {
            reload();
            changed();
          }}
        />
      )}
    </SidePanel>
  );
}

function Details({ row, changed }: { readonly row: GatewayRow; changed(): void }) {
  const { gateways: says } = speech.words;
  const [isOpen, setIsOpen] = useState<"withdraw" | "replace">();
  const { sync, withdrawn } = row;
  const mayChange = mayChangeGateways();
  const when = (at: string | null) => (at === null ? "–" : <When at={at} />);
  const facts: [string, ComponentChildren][] = [
    [says.seen, when(row.last_seen_at)],
    [says.connected, sync === null || isAway(row) ? "–" : when(sync.connected_since)],
    [says.success, sync === null ? "–" : when(sync.last_success_at)],
    [
      says.waiting,
      row.waiting === null
        ? "–"
        : row.waiting === 0
          ? says.nothing
          : `${count(row.waiting)} · ${bytesText(sync?.waiting_bytes ?? 0)}`,
    ],
    [says.complete, sync === null ? "–" : when(sync.complete_until)],
  ];
  if (sync?.last_away) {
    const { from, to, trouble, sentence } = sync.last_away;
    facts.push([
      says.lastAway,
      <>
        <When at={from} /> · {waitText(Date.parse(to) - Date.parse(from), language.value)}
        <br />
        <span class="small muted">
          <HubTroubleMeans trouble={trouble} sentence={sentence} />
        </span>
      </>,
    ]);
  }
  if (sync?.eta_ms) facts.push([says.eta, says.minutes(count(Math.ceil(sync.eta_ms / 60_000)))]);
  if (sync?.asked) facts.push([says.asked, count(sync.asked)]);
  if (sync?.denied) facts.push([says.denied, count(sync.denied)]);
  facts.push([says.version, row.version ?? "–"]);
  return (
    <>
      <div>
        <GatewayBadge row={row} />
      </div>
      {withdrawn !== null && (
        <p class="small">
          {withdrawn.why === "replaced" ? says.wasReplaced : says.wasWithdrawn}{" "}
          <When at={withdrawn.at} />
        </p>
      )}
      {sync?.has_twin === true && <Notice title={says.twinTitle} text={says.twinText} />}
      {sync !== null && sync.last_error !== null && (
        <HubTroubleNotice
          title={says.lastError}
          trouble={sync.trouble}
          sentence={sync.last_error}
        />
      )}
      {withdrawn === null && (
        <LeftBehindNotice
          named={row.left_behind}
          others={sync?.left_behind ?? 0}
          pageOf={(device) => `/devices/${device}`}
        />
      )}
      <dl class="panel-facts">
        {facts.map(([name, fact]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{fact}</dd>
          </div>
        ))}
      </dl>
      <section>
        <h3>{says.communities}</h3>
        <ul class="gateway-communities">
          {row.communities.map(({ id, name, is_current: isCurrent }) => (
            <li key={id}>
              <span>{name}</span>
              {isCurrent !== null && (
                <Badge tone={isCurrent ? "ok" : "warn"}>
                  {isCurrent ? says.current : says.pending}
                </Badge>
              )}
            </li>
          ))}
        </ul>
      </section>
      {withdrawn !== null && withdrawn.exposed.length > 0 && (
        <section>
          <h3>{says.exposedTitle}</h3>
          <p class="small muted">{says.exposedText}</p>
          <ul class="gateway-communities">
            {withdrawn.exposed.map(({ device, demand }) => (
              <li key={device}>
                <a class="mono small" href={`/devices/${device}`}>
                  {device}
                </a>
                <span class="small">{demand === "rejoin" ? says.rejoin : says.newKey}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
      {mayChange && withdrawn === null && (
        <div class="panel-actions">
          <Button onClick={() => setIsOpen("replace")}>{says.replace}</Button>
          <Button onClick={() => setIsOpen("withdraw")}>{says.withdraw}</Button>
        </div>
      )}
      {isOpen === "replace" && <ClaimCodes replaces={row} close={() => setIsOpen(undefined)} />}
      {isOpen === "withdraw" && (
        <WithdrawGateway gateway={row} close={() => setIsOpen(undefined)} withdrawn={changed} />
      )}
    </>
  );
}
