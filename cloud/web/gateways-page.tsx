/** `gateways-page`: the machines in the buildings: how far each is in step with the hub, and how new ones come in. */
import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { GatewayRow } from "#shared/api/admin.ts";
import type { Page } from "#shared/api/envelope.ts";
import { gatewayStates } from "#shared/model/gateway-states.ts";
import { getPage } from "#shared/web/api-client.ts";
import { Badge } from "#shared/web/components/badge.tsx";
import { Button } from "#shared/web/components/button.tsx";
import { Notice } from "#shared/web/components/notice.tsx";
import { Segmented } from "#shared/web/components/segmented.tsx";
import { useAnswer } from "#shared/web/components/use-answer.ts";
import { useList } from "#shared/web/components/use-list.ts";
import { When } from "#shared/web/components/when.tsx";
import { WindowedTable, type Column } from "#shared/web/components/windowed-table.tsx";
import { go, match, path, query } from "#shared/web/place.ts";
import { bytesText } from "./bytes-text.ts";
import { changes } from "./changes.ts";
import { ClaimCodes } from "./claim-codes.tsx";
import { latePage } from "./late-page.tsx";
import { count } from "./counts.ts";
import { GatewayBadge, mayChangeGateways } from "./gateway-badge.tsx";
import { GatewayPanel } from "./gateway-panel.tsx";
import { ListPage } from "./list-page.tsx";
import { speech } from "./speech.ts";

type State = (typeof gatewayStates)[number];
interface Filter {
  readonly q: string;
  readonly state: State | "";
}

function filterOf(said: URLSearchParams): Filter {
  const state = said.get("state") as State | null;
  return {
    q: said.get("q") ?? "",
    state: state !== null && gatewayStates.includes(state) ? state : "",
  };
}

function textOf({ q, state }: Filter): string {
  const said = new URLSearchParams();
  if (state !== "") said.set("state", state);
  if (q !== "") said.set("q", q);
  return said.size > 0 ? `?${said}` : "";
}

const linkOf = (filter: Filter, id?: string) =>
  `/gateways${id === undefined ? "" : `/${encodeURIComponent(id)}`}${textOf(filter)}`;

const ClaimSheetPage = latePage(
  async () => (await import("./claim-sheet-page.tsx")).ClaimSheetPage,
);

export function GatewaysPage() {
  return path.value === "/gateways/claims" ? <ClaimSheetPage /> : <GatewayList />;
}

function GatewayList() {
  const { words } = speech;
  const { gateways: says } = words;
  const filter = filterOf(query.value);
  const key = `/gateways${textOf(filter)}`;
  const list = useList<GatewayRow>(key, changes.gateways.value);
  const [isClaiming, setIsClaiming] = useState(false);
  const open = match("/gateways/:id")?.["id"];
  const mayClaim = mayChangeGateways();
  const isFiltered = textOf(filter) !== "";
  const claim = mayClaim && (
    <Button weight="main" onClick={() => setIsClaiming(true)}>
      {says.claim}
    </Button>
  );
  return (
    <>
      <ListPage
        title={says.title}
        countText={list.total === undefined ? undefined : count(list.total)}
        filters={
          <>
            <Filters filter={filter} claim={claim} />
            <Pending filter={filter} turn={changes.gateways.value} />
          </>
        }
        beside={isClaiming && <ClaimCodes close={() => setIsClaiming(false)} />}
        total={list.total}
        why={list.why}
        again={list.reload}
        empty={
          isFiltered ? (
            <Notice title={says.noMatch}>
              <Button onClick={() => go("/gateways")}>{words.devices.clear}</Button>
            </Notice>
          ) : (
            <Notice title={says.emptyTitle} text={says.emptyText}>
              {claim}
            </Notice>
          )
        }
      >
        <WindowedTable
          label={says.title}
          total={list.total ?? 0}
          columns={columns(filter)}
          rowAt={list.rowAt}
          keyOf={({ id }) => id}
          linkOf={({ id }) => linkOf(filter, id)}
          follow={go}
          openKey={open}
          need={list.need}
          listKey={key}
        />
      </ListPage>
      {open !== undefined && (
        <GatewayPanel key={open} id={open} close={() => go(linkOf(filter))} changed={list.reload} />
      )}
    </>
  );
}

function Filters({
  filter,
  claim,
}: {
  readonly filter: Filter;
  readonly claim: ComponentChildren;
}) {
  const { gateways: says, devices, conservation, claimSheet } = speech.words;
  const show = (change: Partial<Filter>) => go(linkOf({ ...filter, ...change }), "replace");
  return (
    <div class="filters">
      <input
        type="search"
        class="gateways-search"
        value={filter.q}
        placeholder={says.search}
        aria-label={says.search}
        autocomplete="off"
        onInput={({ currentTarget }) => show({ q: currentTarget.value })}
      />
      <Segmented<State | "">
        name="state"
        legend={devices.status}
        value={filter.state}
        options={[
          { value: "", text: devices.all },
          { value: "here", text: says.here },
          { value: "away", text: says.away },
          { value: "withdrawn", text: says.withdrawn },
        ]}
        choose={(state) => show({ state })}
      />
      <a href="/conservation">{conservation.link}</a>
      {claim && <a href="/gateways/claims">{claimSheet.link}</a>}
      {claim}
    </div>
  );
}

/** On how many gateways what the hub was told has not arrived yet. */
function Pending({ filter, turn }: { readonly filter: Filter; readonly turn: number }) {
  const { gateways: says } = speech.words;
  const { value, reload } = useAnswer<Page<GatewayRow>>("/gateways?state=pending&limit=1", getPage);
  useEffect(reload, [turn]);
  const many = value?.total ?? 0;
  if (many === 0 && filter.state !== "pending") return null;
  return (
    <p class="small" role="status">
      {says.pendingOn(count(many), many === 1)}{" "}
      <a href={linkOf({ ...filter, state: filter.state === "pending" ? "" : "pending" })}>
        {filter.state === "pending" ? says.showAll : says.showThem}
      </a>
    </p>
  );
}

function columns(filter: Filter): Column<GatewayRow>[] {
  const { gateways: says, devices } = speech.words;
  return [
    {
      key: "name",
      title: says.name,
      class: "col-device",
      cell: ({ name, id, communities }) => (
        <div class="cell-two">
          <a href={linkOf(filter, id)}>{name}</a>
          <span class="tiny muted">{communities.map((one) => one.name).join(", ") || id}</span>
        </div>
      ),
    },
    {
      key: "here",
      title: devices.status,
      class: "col-health",
      cell: (row) => <GatewayBadge row={row} />,
    },
    {
      key: "seen",
      title: says.seen,
      class: "col-seen",
      cell: ({ last_seen_at: lastSeenAt }) =>
        lastSeenAt === null ? <span class="muted">{says.never}</span> : <When at={lastSeenAt} />,
    },
    {
      key: "complete",
      title: says.complete,
      class: "col-seen",
      cell: ({ sync }) =>
        sync === null || sync.complete_until === null ? (
          <span class="muted">–</span>
        ) : (
          <When at={sync.complete_until} />
        ),
    },
    {
      key: "waiting",
      title: says.waiting,
      class: "col-count",
      cell: ({ waiting, sync }) =>
        waiting === null ? (
          "–"
        ) : (
          <div class="cell-two">
            <span class="number">{count(waiting)}</span>
            {sync !== null && sync.waiting_bytes > 0 && (
              <span class="tiny muted">{bytesText(sync.waiting_bytes)}</span>
            )}
          </div>
        ),
    },
    {
      key: "site",
      title: says.site,
      class: "col-where",
      cell: ({ communities, withdrawn }) => {
        if (withdrawn !== null) return <span class="muted">–</span>;
        const isBehind = communities.some(({ is_current: isCurrent }) => isCurrent === false);
        const isKnown = communities.some(({ is_current: isCurrent }) => isCurrent !== null);
        if (isBehind) return <Badge tone="warn">{says.pending}</Badge>;
        return <span class="muted">{isKnown ? says.current : "–"}</span>;
      },
    },
  ];
}
