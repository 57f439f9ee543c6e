/** `gateways-page`: the machines in the buildings, when they last spoke, and what waits there. */
import type { GatewayRow } from "#shared/api/admin.ts";
import { serverNow } from "#shared/web/api-client.ts";
import { Badge } from "#shared/web/components/badge.tsx";
import { Notice } from "#shared/web/components/notice.tsx";
import { useList } from "#shared/web/components/use-list.ts";
import { When } from "#shared/web/components/when.tsx";
import { WindowedTable, type Column } from "#shared/web/components/windowed-table.tsx";
import { changes } from "./changes.ts";
import { count } from "./counts.ts";
import { ListPage } from "./list-page.tsx";
import { speech } from "./speech.ts";

/** A gateway speaks with the hub each minute; after five without a word it is away. */
const AWAY_MS = 5 * 60_000;

export function GatewaysPage() {
  const { words } = speech;
  const list = useList<GatewayRow>("/gateways", changes.gateways.value);
  const { gateways } = words;
  const isAway = ({ lastSeenAt }: GatewayRow) =>
    lastSeenAt === null || serverNow() - Date.parse(lastSeenAt) > AWAY_MS;
  const columns: Column<GatewayRow>[] = [
    {
      key: "name",
      title: gateways.name,
      class: "col-device",
      cell: ({ name, id }) => (
        <div class="cell-two">
          <strong>{name}</strong>
          <span class="mono tiny muted">{id}</span>
        </div>
      ),
    },
    {
      key: "communities",
      title: gateways.communities,
      class: "col-where",
      cell: ({ communities }) =>
        communities.map(({ name }) => name).join(", ") || <span class="muted">–</span>,
    },
    {
      key: "here",
      title: words.devices.status,
      class: "col-health",
      cell: (row) => (
        <>
          <Badge tone={isAway(row) ? "bad" : "ok"}>
            {isAway(row) ? gateways.away : gateways.here}
          </Badge>
          <span class="cell-narrow tiny muted">
            {row.lastSeenAt !== null && <When at={row.lastSeenAt} />}
          </span>
        </>
      ),
    },
    {
      key: "seen",
      title: gateways.seen,
      class: "col-seen",
      cell: ({ lastSeenAt }) =>
        lastSeenAt === null ? (
          <span class="muted">{gateways.never}</span>
        ) : (
          <When at={lastSeenAt} />
        ),
    },
    {
      key: "waiting",
      title: gateways.waiting,
      class: "col-count",
      cell: ({ waiting }) => (waiting === null ? "–" : count(waiting)),
    },
    {
      key: "kept",
      title: gateways.kept,
      class: "col-count",
      cell: ({ uplinksKept }) => (uplinksKept === null ? "–" : count(uplinksKept)),
    },
    {
      key: "version",
      title: gateways.version,
      class: "col-count",
      cell: ({ version }) => version ?? "–",
    },
  ];
  return (
    <ListPage
      title={gateways.title}
      countText={list.total === undefined ? undefined : count(list.total)}
      filters={<a href="/conservation">{words.conservation.link}</a>}
      total={list.total}
      why={list.why}
      again={list.reload}
      empty={<Notice title={gateways.emptyTitle} text={gateways.emptyText} />}
    >
      <WindowedTable
        label={gateways.title}
        total={list.total ?? 0}
        columns={columns}
        rowAt={list.rowAt}
        keyOf={({ id }) => id}
        need={list.need}
        listKey="gateways"
      />
    </ListPage>
  );
}
