/**
 * `delete-community`: what goes with a community, and its name typed by hand before it goes. The
 * dangerous button is never the one that Enter presses by itself: it waits for the name.
 */
import { useState } from "preact/hooks";
import type { CommunityRow, DeletionPreview } from "#shared/api/communities.ts";
import { get, remove } from "#shared/web/api-client.ts";
import { Button } from "#shared/web/components/button.tsx";
import { Dialog } from "#shared/web/components/dialog.tsx";
import { TextField } from "#shared/web/components/text-field.tsx";
import { useAnswer } from "#shared/web/components/use-answer.ts";
import { count } from "./counts.ts";
import { speech } from "./speech.ts";

export interface DeleteCommunityProps {
  readonly community: Pick<CommunityRow, "id" | "name">;
  close(): void;
  deleted(): void;
}

export function DeleteCommunity({ community, close, deleted }: DeleteCommunityProps) {
  const { words } = speech;
  const { deletion: says } = words;
  const { id, name } = community;
  const { value } = useAnswer<DeletionPreview>(
    `/customers/${encodeURIComponent(id)}/deletion`,
    get,
  );
  const [typed, setTyped] = useState("");
  const [isBusy, setIsBusy] = useState(false);
  const [failure, setFailure] = useState("");
  const owned = value?.sub_communities.length ?? 0;
  const mayGo = value !== undefined && owned === 0 && typed.trim() === name.trim() && !isBusy;
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (!mayGo) return;
    setIsBusy(true);
    const answer = await remove(`/customers/${encodeURIComponent(id)}`, { confirm: typed });
    setIsBusy(false);
    if (answer.ok) {
      deleted();
      close();
    } else setFailure(answer.why.code === "offline" ? words.failed.offline : words.failed.broken);
  };
  return (
    <Dialog title={says.removeTitle(name)} closeText={words.frame.close} close={close}>
      <form class="new-community" onSubmit={submit} noValidate>
        {value !== undefined && (
          <>
            <p>{says.goes}</p>
            <ul class="small">
              <li>
                {says.lost(count(value.units), count(value.tenancies), count(value.readings))}
              </li>
              <li>{says.people(count(value.memberships), count(value.people_who_go))}</li>
              <li>{says.devices(count(value.devices), count(value.gateways.length))}</li>
            </ul>
            <p class="small muted">
              {owned > 0 ? says.owns(count(owned)) : says.undoFor(count(value.undo_days))}
            </p>
          </>
        )}
        <TextField
          name="confirm"
          label={says.type(name)}
          value={typed}
          change={setTyped}
          autocomplete="off"
        />
        <p class="text-field-trouble" role="alert">
          {failure}
        </p>
        <div class="dialog-actions">
          <Button onClick={close}>{says.cancel}</Button>
          <Button weight="main" type="submit" aria-disabled={!mayGo} disabled={!mayGo}>
            {isBusy ? says.removing : says.removeButton}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
