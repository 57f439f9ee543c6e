/**
 * `upload-file`: a file of a community's residents or meters: what would become of its rows, and
 * then, on a click, that. Nothing is written before it was looked at.
 */
import { useEffect, useRef, useState } from "preact/hooks";
import type { CommunityRow } from "#shared/api/communities.ts";
import type { Page } from "#shared/api/envelope.ts";
import type { RowOutcome, UploadRow } from "#shared/api/uploads.ts";
import { get, getPage, sendFile, type Answer, type Refusal } from "#shared/web/api-client.ts";
import { Button } from "#shared/web/components/button.tsx";
import { Dialog } from "#shared/web/components/dialog.tsx";
import { Segmented } from "#shared/web/components/segmented.tsx";
import { count } from "./counts.ts";
import { speech } from "./speech.ts";
import "./new-community.css";

export interface UploadFileProps {
  readonly community: Pick<CommunityRow, "id" | "name">;
  /** Residents are for those alone who may write of people. */
  readonly mayPeople: boolean;
  close(): void;
  uploaded(upload: UploadRow): void;
}

type Kind = "residents" | "devices";
/** How often is asked how far it is, ms. */
const ASK_MS = 300;
/** Rows that cannot be, told one by one. */
const MOST_TOLD = 20;

export function UploadFile({ community, mayPeople, close, uploaded }: UploadFileProps) {
  const { words } = speech;
  const { upload: says } = words;
  const [kind, setKind] = useState<Kind>(mayPeople ? "residents" : "devices");
  const [file, setFile] = useState<File>();
  const [tried, setTried] = useState<UploadRow>();
  const [failed, setFailed] = useState<Page<RowOutcome>>();
  const [why, setWhy] = useState<Refusal>();
  const [isBusy, setIsBusy] = useState(false);
  const isGone = useRef(false);
  useEffect(() => () => void (isGone.current = true), []);

  const send = async (what: Kind, from: File, isTrial: boolean): Promise<UploadRow | undefined> => {
    const query = new URLSearchParams({
      community: community.id,
      file_name: from.name.slice(0, 120),
      dry_run: String(isTrial),
    });
    let answer: Answer<UploadRow> = await sendFile(`/uploads/${what}?${query.toString()}`, from);
    while (answer.ok && answer.value.state === "running" && !isGone.current) {
      await new Promise((resolve) => setTimeout(resolve, ASK_MS));
      answer = await get(`/uploads/${answer.value.id}`);
    }
    if (isGone.current) return undefined;
    setWhy(answer.ok ? undefined : answer.why);
    return answer.ok ? answer.value : undefined;
  };
  const look = async (what: Kind, from: File | undefined) => {
    setKind(what);
    setFile(from);
    setTried(undefined);
    setFailed(undefined);
    if (from === undefined) return;
    setIsBusy(true);
    const found = await send(what, from, true);
    setTried(found);
    if (found !== undefined && found.failed > 0) {
      const rows = await getPage<RowOutcome>(
        `/uploads/${found.id}/rows?outcome=failed&limit=${MOST_TOLD}`,
      );
      if (rows.ok) setFailed(rows.value);
    }
    setIsBusy(false);
  };
  const good = tried?.state === "done" ? tried.created + tried.updated : 0;
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (isBusy || file === undefined || good === 0) return;
    setIsBusy(true);
    const done = await send(kind, file, false);
    setIsBusy(false);
    if (done === undefined) return;
    uploaded(done);
    close();
  };
  const template = `/api/v1/uploads/${kind}/template?format=xlsx`;
  return (
    <Dialog title={says.action(community.name)} closeText={words.frame.close} close={close}>
      <form class="new-community" onSubmit={submit} noValidate>
        {mayPeople && (
          <Segmented
            name="kind"
            legend={says.kind}
            options={[
              { value: "residents", text: says.residents },
              { value: "devices", text: says.devices },
            ]}
            value={kind}
            choose={(one) => void look(one, undefined)}
          />
        )}
        <a href={template} download>
          {says.template}
        </a>
        <label class="new-community-owner">
          <span>{says.file}</span>
          <input
            key={kind}
            type="file"
            accept=".csv,.txt,.xlsx,text/csv"
            disabled={isBusy}
            onChange={({ currentTarget }) => void look(kind, currentTarget.files?.[0])}
          />
        </label>
        <p role="status">
          {isBusy && (tried === undefined ? says.checking : says.busy)}
          {!isBusy &&
            tried !== undefined &&
            says.outcome(
              count(tried.created),
              count(tried.updated),
              count(tried.unchanged + tried.skipped),
              count(tried.failed),
            )}
        </p>
        {tried?.notes.map((note) => (
          <p key={note} class="small muted" lang="en">
            {note}
          </p>
        ))}
        {failed !== undefined && (
          <ul class="small upload-failed" tabIndex={0} aria-label={says.failed}>
            {failed.data.map(({ line, errors }) => (
              <li key={line}>
                {says.line(count(line))}{" "}
                <span lang="en">
                  {errors.map(({ column, message }) => `${column} ${message}`.trim()).join("; ")}
                </span>
              </li>
            ))}
            {failed.total > failed.data.length && (
              <li>{says.more(count(failed.total - failed.data.length))}</li>
            )}
          </ul>
        )}
        {why !== undefined && (
          <p class="text-field-trouble" role="alert">
            {why.code === "offline" ? words.failed.offline : says.refused}{" "}
            <span lang="en">{why.detail}</span>
          </p>
        )}
        <div class="dialog-actions">
          <Button onClick={close}>{words.deletion.cancel}</Button>
          <Button weight="main" type="submit" aria-disabled={isBusy || good === 0}>
            {says.button(count(good))}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
