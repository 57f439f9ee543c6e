/** `communities-page`: the operator's customers and how their meters are. */
import type { CommunityRow } from "#shared/api/communities.ts";
import { Badge } from "#shared/web/components/badge.tsx";
import { Notice } from "#shared/web/components/notice.tsx";
import { useList } from "#shared/web/components/use-list.ts";
import { When } from "#shared/web/components/when.tsx";
import { WindowedTable, type Column } from "#shared/web/components/windowed-table.tsx";
import { go } from "#shared/web/place.ts";
import { changes } from "./changes.ts";
import { count } from "./counts.ts";
import { HealthBadge } from "./health-badge.tsx";
import { healthOrder } from "./health-order.ts";
import { ListPage } from "./list-page.tsx";
import { speech } from "./speech.ts";

const linkOf = ({ id }: CommunityRow) => `/devices?community=${encodeURIComponent(id)}`;

export function CommunitiesPage() {
  const { words } = speech;
  const list = useList<CommunityRow>("/customers", changes.devices.value);
  const { communities } = words;
  const columns: Column<CommunityRow>[] = [
    {
      key: "name",
      title: communities.name,
      class: "col-device",
      cell: (row) => (
        <div class="cell-two">
          <a href={linkOf(row)}>{row.name}</a>
          <span class="mono tiny muted">
            {row.tenant_name}
            {!row.is_active && ` · ${communities.inactive}`}
          </span>
        </div>
      ),
    },
    {
      key: "units",
      title: communities.units,
      class: "col-count",
      cell: ({ units }) => count(units),
    },
    {
      key: "residents",
      title: communities.residents,
      class: "col-count",
      cell: ({ residents }) => count(residents),
    },
    {
      key: "devices",
      title: communities.devices,
      class: "col-count col-stays",
      cell: ({ devices }) => count(devices),
    },
    {
      key: "health",
      title: communities.health,
      class: "col-healths",
      cell: ({ health }) => (
        <span class="cell-healths">
          {healthOrder
            .filter((one) => (health[one] ?? 0) > 0)
            .map((one) => (
              <HealthBadge key={one} health={one} n={health[one] ?? 0} />
            ))}
        </span>
      ),
    },
    {
      key: "gateways",
      title: communities.gateways,
      class: "col-count",
      cell: ({ gateways }) =>
        gateways.length === 0 ? <Badge tone="plain">0</Badge> : count(gateways.length),
    },
    {
      key: "last",
      title: communities.last,
      class: "col-seen",
      cell: ({ lastReadingAt, zone }) =>
        lastReadingAt === null ? (
          <span class="muted">–</span>
        ) : (
          <When at={lastReadingAt} zone={zone} />
        ),
    },
  ];
  return (
    <ListPage
      title={communities.title}
      countText={list.total === undefined ? undefined : count(list.total)}
      total={list.total}
      why={list.why}
      again={list.reload}
      empty={<Notice title={communities.emptyTitle} text={communities.emptyText} />}
    >
      <WindowedTable
        label={communities.title}
        total={list.total ?? 0}
        columns={columns}
        rowAt={list.rowAt}
        keyOf={({ id }) => id}
        linkOf={linkOf}
        follow={go}
        need={list.need}
        listKey="communities"
      />
    </ListPage>
  );
}
