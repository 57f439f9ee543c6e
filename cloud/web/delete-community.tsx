/** `delete-community`: what goes with a community, and its name typed by hand before it goes. */
import type { CommunityRow, DeletionPreview } from "#shared/api/communities.ts";
import { get, remove } from "#shared/web/api-client.ts";
import { useAnswer } from "#shared/web/components/use-answer.ts";
import { count } from "./counts.ts";
import { speech } from "./speech.ts";
import { TypedConfirmation } from "./typed-confirmation.tsx";

export interface DeleteCommunityProps {
  readonly community: Pick<CommunityRow, "id" | "name">;
  close(): void;
  deleted(): void;
}

export function DeleteCommunity({ community, close, deleted }: DeleteCommunityProps) {
  const { deletion: says } = speech.words;
  const { id, name } = community;
  const path = `/customers/${encodeURIComponent(id)}`;
  const { value } = useAnswer<DeletionPreview>(`${path}/deletion`, get);
  const owned = value?.sub_communities.length ?? 0;
  return (
    <TypedConfirmation
      title={says.removeTitle(name)}
      name={name}
      ask={says.type(name)}
      button={says.removeButton}
      busy={says.removing}
      mayGo={value !== undefined && owned === 0}
      act={(confirm) => remove(path, { confirm })}
      done={deleted}
      close={close}
    >
      {value !== undefined && (
        <>
          <p>{says.goes}</p>
          <ul class="small">
            <li>{says.lost(count(value.units), count(value.tenancies), count(value.readings))}</li>
            <li>{says.people(count(value.memberships), count(value.people_who_go))}</li>
            <li>{says.devices(count(value.devices), count(value.gateways.length))}</li>
          </ul>
          <p class="small muted">
            {owned > 0 ? says.owns(count(owned)) : says.undoFor(count(value.undo_days))}
          </p>
        </>
      )}
    </TypedConfirmation>
  );
}
