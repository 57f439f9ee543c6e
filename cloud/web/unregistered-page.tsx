/** `unregistered-page`: devices that are heard and that nobody registered. */
import type { SightingRow } from "#shared/api/admin.ts";
import { CopyButton } from "#shared/web/components/copy-button.tsx";
import { Notice } from "#shared/web/components/notice.tsx";
import { SignalBars } from "#shared/web/components/signal-bars.tsx";
import { useList } from "#shared/web/components/use-list.ts";
import { When } from "#shared/web/components/when.tsx";
import { WindowedTable, type Column } from "#shared/web/components/windowed-table.tsx";
import { changes } from "./changes.ts";
import { count } from "./counts.ts";
import { ListPage } from "./list-page.tsx";
import { speech } from "./speech.ts";

export function UnregisteredPage() {
  const { words } = speech;
  const list = useList<SightingRow>("/unregistered", changes.unregistered.value);
  const { unregistered } = words;
  const columns: Column<SightingRow>[] = [
    {
      key: "device",
      title: unregistered.device,
      class: "col-device",
      cell: ({ dev_eui: deviceId, guess, rssi, snr }) => (
        <>
          <span class="cell-id">
            <span class="mono">{deviceId}</span>
            <CopyButton text={deviceId} label={words.device.copy} done={words.device.copied} />
          </span>
          <span class="cell-narrow cell-signal tiny muted">
            {rssi !== null && <SignalBars rssi={rssi} snr={snr} />} {guess?.model}
          </span>
        </>
      ),
    },
    {
      key: "guess",
      title: unregistered.guess,
      class: "col-where",
      cell: ({ guess }) =>
        guess === null ? (
          <span class="muted">{unregistered.noGuess}</span>
        ) : (
          <div class="cell-two">
            <span>{guess.model}</span>
            <span class="tiny muted">{guess.values.join(" · ")}</span>
          </div>
        ),
    },
    {
      key: "last",
      title: unregistered.last,
      class: "col-seen col-stays",
      cell: ({ last_at: lastAt }) => <When at={lastAt} />,
    },
    {
      key: "first",
      title: unregistered.first,
      class: "col-seen",
      cell: ({ first_at: firstAt }) => <When at={firstAt} />,
    },
    {
      key: "count",
      title: unregistered.count,
      class: "col-count",
      cell: (row) => count(row.count),
    },
    {
      key: "signal",
      title: unregistered.signal,
      class: "col-signal",
      cell: ({ rssi, snr }) =>
        rssi === null ? <span class="muted">–</span> : <SignalBars rssi={rssi} snr={snr} />,
    },
    {
      key: "gateway",
      title: unregistered.gateway,
      class: "col-gateway",
      cell: ({ gateway_id: gatewayId, via }) => (
        <div class="cell-two">
          <span class="mono">{gatewayId}</span>
          <span class="tiny muted">{via}</span>
        </div>
      ),
    },
  ];
  return (
    <ListPage
      title={unregistered.title}
      lead={list.total === 0 ? undefined : unregistered.lead}
      countText={list.total === undefined ? undefined : count(list.total)}
      filters={<a href="/mappings">{speech.words.mappings.link}</a>}
      total={list.total}
      why={list.why}
      again={list.reload}
      empty={<Notice title={unregistered.emptyTitle} text={unregistered.emptyText} />}
    >
      <WindowedTable
        label={unregistered.title}
        total={list.total ?? 0}
        columns={columns}
        rowAt={list.rowAt}
        keyOf={({ dev_eui: deviceId, gateway_id: gatewayId }) => `${deviceId} ${gatewayId}`}
        need={list.need}
        listKey="unregistered"
      />
    </ListPage>
  );
}
