/** `devices-page`: every device with what it said last, and a panel with the one that is open. */
import x from "lucide-static/icons/x.svg";
import type { DeviceRow } from "#shared/api/admin.ts";
import type { CommunityRow } from "#shared/api/communities.ts";
import { getPage } from "#shared/web/api-client.ts";
import type { Page } from "#shared/api/envelope.ts";
import { Button } from "#shared/web/components/button.tsx";
import { Icon } from "#shared/web/components/icon.tsx";
import { MeterIcon } from "#shared/web/components/meter-icon.tsx";
import { Notice } from "#shared/web/components/notice.tsx";
import { Segmented } from "#shared/web/components/segmented.tsx";
import { SignalBars } from "#shared/web/components/signal-bars.tsx";
import { useAnswer } from "#shared/web/components/use-answer.ts";
import { useList } from "#shared/web/components/use-list.ts";
import { When } from "#shared/web/components/when.tsx";
import { WindowedTable, type Column } from "#shared/web/components/windowed-table.tsx";
import { go, match, query } from "#shared/web/place.ts";
import { changes } from "./changes.ts";
import { count } from "./counts.ts";
import { DevicePanel } from "./device-panel.tsx";
import { devicesFilter, devicesLink, filterText, type DevicesFilter } from "./devices-filter.ts";
import { HealthBadge } from "./health-badge.tsx";
import { ListPage } from "./list-page.tsx";
import { speech } from "./speech.ts";
import { mainText } from "./values.ts";

export function DevicesPage() {
  const { words } = speech;
  const filter = devicesFilter(query.value);
  const key = `/devices${filterText(filter)}`;
  const list = useList<DeviceRow>(key, changes.devices.value);
  const open = match("/devices/:devEui")?.["devEui"];
  const isFiltered = filterText(filter) !== "";
  return (
    <>
      <ListPage
        title={words.devices.title}
        countText={
          list.total === undefined
            ? undefined
            : words.devices.count(count(list.total), list.total === 1)
        }
        filters={<Filters filter={filter} />}
        total={list.total}
        why={list.why}
        again={list.reload}
        empty={
          isFiltered ? (
            <Notice title={words.devices.noMatchTitle} text={words.devices.noMatchText}>
              <Button onClick={() => go("/devices")}>{words.devices.clear}</Button>
            </Notice>
          ) : (
            <Notice title={words.devices.emptyTitle} text={words.devices.emptyText} />
          )
        }
      >
        <WindowedTable
          label={words.devices.title}
          total={list.total ?? 0}
          columns={columns(filter)}
          rowAt={list.rowAt}
          keyOf={({ dev_eui }) => dev_eui}
          linkOf={({ dev_eui }) => devicesLink(filter, dev_eui)}
          follow={go}
          openKey={open}
          need={list.need}
          listKey={key}
        />
      </ListPage>
      {open !== undefined && (
        <DevicePanel key={open} devEui={open} close={() => go(devicesLink(filter))} />
      )}
    </>
  );
}

function columns(filter: DevicesFilter): Column<DeviceRow>[] {
  const { devices } = speech.words;
  return [
    {
      key: "name",
      title: devices.name,
      class: "col-device",
      cell: (row) => (
        <div class="cell-device">
          <MeterIcon kind={row.kind} size={18} />
          <div class="cell-two">
            <a href={devicesLink(filter, row.dev_eui)}>{row.device_name}</a>
            <span class="mono tiny muted">{row.dev_eui}</span>
          </div>
        </div>
      ),
    },
    {
      key: "where",
      title: devices.where,
      class: "col-where",
      cell: ({ community, unit }) => (
        <div class="cell-two">
          <span>{unit === null ? <span class="muted">{devices.noUnit}</span> : unit.name}</span>
          <span class="tiny muted">{community?.name ?? "–"}</span>
        </div>
      ),
    },
    {
      key: "health",
      title: devices.health,
      class: "col-health",
      cell: ({ health }) => <HealthBadge health={health} />,
    },
    {
      key: "reading",
      title: devices.reading,
      class: "col-reading",
      cell: (row) => (
        <>
          <span class="number">{mainText(row) ?? <span class="muted">–</span>}</span>
          <span class="cell-narrow">
            <HealthBadge health={row.health} />
          </span>
        </>
      ),
    },
    {
      key: "seen",
      title: devices.seen,
      class: "col-seen",
      cell: ({ last_seen_at: lastSeenAt }) =>
        lastSeenAt === null ? <span class="muted">{devices.never}</span> : <When at={lastSeenAt} />,
    },
    {
      key: "signal",
      title: devices.signal,
      class: "col-signal",
      cell: ({ radio }) =>
        radio === null || radio.rssi === null ? (
          <span class="muted">–</span>
        ) : (
          <SignalBars rssi={radio.rssi} snr={radio.snr} sf={radio.sf} />
        ),
    },
  ];
}

function Filters({ filter }: { filter: DevicesFilter }) {
  const { words } = speech;
  const { value } = useAnswer<Page<CommunityRow>>("/customers?limit=100", getPage);
  const show = (change: Partial<DevicesFilter>) =>
    go(devicesLink({ ...filter, ...change }), "replace");
  const communities = value?.data ?? [];
  return (
    <div class="filters">
      {communities.length > 1 && (
        <select
          class="filter"
          aria-label={words.devices.community}
          value={filter.community}
          onChange={({ currentTarget }) => show({ community: currentTarget.value })}
        >
          <option value="">{words.devices.allCommunities}</option>
          {communities.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      )}
      <Segmented
        name="status"
        legend={words.devices.status}
        value={filter.status}
        options={[
          { value: "" as const, text: words.devices.all },
          { value: "online" as const, text: words.devices.online },
          { value: "offline" as const, text: words.devices.offline },
        ]}
        choose={(status) => show({ status })}
      />
      {filter.q !== "" && (
        <button
          type="button"
          class="chip"
          aria-label={`${words.devices.clearSearch}: ${filter.q}`}
          onClick={() => show({ q: "" })}
        >
          {words.devices.searchIs(filter.q)}
          <Icon of={x} size={14} />
        </button>
      )}
    </div>
  );
}
