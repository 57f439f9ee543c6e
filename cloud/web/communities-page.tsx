/** `communities-page`: the operator's customers and how their meters are. */
import type { CommunityRow } from "#shared/api/communities.ts";
import type { UploadRow } from "#shared/api/uploads.ts";
import plus from "lucide-static/icons/plus.svg";
import trash from "lucide-static/icons/trash-2.svg";
import upload from "lucide-static/icons/upload.svg";
import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { post } from "#shared/web/api-client.ts";
import { Badge } from "#shared/web/components/badge.tsx";
import { Button } from "#shared/web/components/button.tsx";
import { Icon } from "#shared/web/components/icon.tsx";
import { Notice } from "#shared/web/components/notice.tsx";
import { useList } from "#shared/web/components/use-list.ts";
import { When } from "#shared/web/components/when.tsx";
import { WindowedTable, type Column } from "#shared/web/components/windowed-table.tsx";
import { go, query } from "#shared/web/place.ts";
import { changes } from "./changes.ts";
import { count } from "./counts.ts";
import { HealthBadge } from "./health-badge.tsx";
import { healthOrder } from "./health-order.ts";
import { ListPage } from "./list-page.tsx";
import { UndoToast } from "./undo-toast.tsx";
import { session } from "./session.ts";
import { speech } from "./speech.ts";

const linkOf = ({ id }: CommunityRow) => `/devices?community=${encodeURIComponent(id)}`;

export function CommunitiesPage() {
  const { words } = speech;
  const now = session.value;
  const may = (right: string) => now.is === "in" && now.operator.rights.includes(right);
  const [dialog, setDialog] = useState<Shown | undefined>(
    // Led here to make the first one.
    () => (query.peek().has("new") && may("communities.write") ? { is: "new" } : undefined),
  );
  const [toast, setToast] = useState<{ text: string; undo?: () => void }>();
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
      cell: ({ last_reading_at: lastReadingAt, zone }) =>
        lastReadingAt === null ? (
          <span class="muted">–</span>
        ) : (
          <When at={lastReadingAt} zone={zone} />
        ),
    },
  ];
  const deleted = ({ id, name }: CommunityRow) => {
    list.reload();
    const undo = async () => {
      const answer = await post(`/customers/${encodeURIComponent(id)}/restore`);
      setToast({ text: answer.ok ? words.deletion.restored(name) : words.failed.broken });
      list.reload();
    };
    setToast({ text: words.deletion.removed(name), undo: () => void undo() });
  };
  const uploaded = ({ name }: CommunityRow, { id, created, updated, can_undo }: UploadRow) => {
    list.reload();
    const undo = async () => {
      const answer = await post(`/uploads/${id}/undo`);
      setToast({ text: answer.ok ? words.upload.undone : words.failed.broken });
      list.reload();
    };
    setToast({
      text: words.upload.done(name, count(created + updated)),
      ...(can_undo ? { undo: () => void undo() } : {}),
    });
  };
  if (may("communities.delete") || may("devices.upload"))
    columns.push({
      key: "actions",
      title: words.deletion.actions,
      class: "col-count",
      cell: (row) => (
        <>
          {may("devices.upload") && (
            <Button
              weight="bare"
              isIcon
              aria-label={words.upload.action(row.name)}
              onClick={() => setDialog({ is: "upload", row })}
            >
              <Icon of={upload} />
            </Button>
          )}
          {may("communities.delete") && (
            <Button
              weight="bare"
              isIcon
              aria-label={words.deletion.remove(row.name)}
              onClick={() => setDialog({ is: "delete", row })}
            >
              <Icon of={trash} />
            </Button>
          )}
        </>
      ),
    });
  return (
    <ListPage
      title={communities.title}
      filters={
        may("communities.write") && (
          <div class="filters">
            <Button weight="main" onClick={() => setDialog({ is: "new" })}>
              <Icon of={plus} /> {words.newCommunity.add}
            </Button>
          </div>
        )
      }
      beside={
        <>
          {dialog !== undefined && (
            <CommunityDialog
              of={dialog}
              close={() => setDialog(undefined)}
              added={list.reload}
              deleted={deleted}
              uploaded={uploaded}
              mayPeople={may("people.write")}
            />
          )}
          {toast && (
            <UndoToast
              text={toast.text}
              undoText={words.deletion.undo}
              closeText={words.frame.close}
              undo={toast.undo}
              close={() => setToast(undefined)}
            />
          )}
        </>
      }
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

type Shown =
  | { readonly is: "new" }
  | { readonly is: "delete" | "upload"; readonly row: CommunityRow };

interface CommunityDialogProps {
  readonly of: Shown;
  readonly mayPeople: boolean;
  close(): void;
  added(): void;
  deleted(community: CommunityRow): void;
  uploaded(community: CommunityRow, upload: UploadRow): void;
}

/** The dialogs are fetched when somebody opens one. */
function CommunityDialog(props: CommunityDialogProps) {
  const { of, mayPeople, close, added, deleted, uploaded } = props;
  const [shown, setShown] = useState<ComponentType>();
  useEffect(() => {
    const open = async () => {
      if (of.is === "new") {
        const { NewCommunity } = await import("./new-community.tsx");
        setShown(() => () => <NewCommunity close={close} added={added} />);
      } else if (of.is === "upload") {
        const { UploadFile } = await import("./upload-file.tsx");
        setShown(() => () => (
          <UploadFile
            community={of.row}
            mayPeople={mayPeople}
            close={close}
            uploaded={(upload) => uploaded(of.row, upload)}
          />
        ));
      } else {
        const { DeleteCommunity } = await import("./delete-community.tsx");
        setShown(() => () => (
          <DeleteCommunity community={of.row} close={close} deleted={() => deleted(of.row)} />
        ));
      }
    };
    void open();
  }, [of]);
  const Shown = shown;
  return Shown ? <Shown /> : null;
}
