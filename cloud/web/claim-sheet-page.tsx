/**
 * `claim-sheet-page`: claim codes for many gateways: a file or pasted rows, each row's outcome before
 * anything is made, then the codes, shown once.
 */
import { useEffect, useState } from "preact/hooks";
import type { ClaimCheck, ClaimMade } from "#shared/api/gateway-admin.ts";
import { post, sendFile, type Refusal } from "#shared/web/api-client.ts";
import { Button } from "#shared/web/components/button.tsx";
import { ClaimCheckTable } from "./claim-check-table.tsx";
import { ClaimLabels } from "./claim-labels.tsx";
import { CODE_LIVES } from "./code-lives.ts";
import { count } from "./counts.ts";
import { speech } from "./speech.ts";

export function ClaimSheetPage() {
  const { claimSheet: says, gateways } = speech.words;
  const [text, setText] = useState("");
  const [file, setFile] = useState<File>();
  const [days, setDays] = useState<number>(90);
  const [checked, setChecked] = useState<ClaimCheck>();
  const [made, setMade] = useState<readonly ClaimMade[]>();
  const [isBusy, setIsBusy] = useState(false);
  const [why, setWhy] = useState<Refusal>();
  useEffect(() => {
    if (made === undefined) return undefined;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener("beforeunload", ask);
    return () => removeEventListener("beforeunload", ask);
  }, [made]);

  const change = (change: { readonly text?: string; readonly file?: File | undefined }) => {
    if (change.text !== undefined) setText(change.text);
    if ("file" in change) setFile(change.file);
    setChecked(undefined);
    setWhy(undefined);
  };
  const check = async (event: SubmitEvent) => {
    event.preventDefault();
    if (isBusy) return;
    setIsBusy(true);
    const answer = await sendFile<ClaimCheck>("/gateways/claims/check", file ?? new Blob([text]));
    setIsBusy(false);
    setWhy(answer.ok ? undefined : answer.why);
    setChecked(answer.ok ? answer.value : undefined);
  };
  const good = checked?.rows.filter(({ problems }) => problems.length === 0) ?? [];
  const make = async () => {
    if (isBusy || good.length === 0) return;
    setIsBusy(true);
    const answer = await post<ClaimMade[]>("/gateways/claims/many", {
      days,
      claims: good.map(({ label, communities }) => ({
        label,
        communities: communities.map(({ id }) => id),
      })),
    });
    setIsBusy(false);
    setWhy(answer.ok ? undefined : answer.why);
    if (answer.ok) setMade(answer.value);
  };

  if (made !== undefined)
    return (
      <div class="claim-sheet">
        <ClaimLabels claims={made} />
      </div>
    );
  return (
    <div class="claim-sheet">
      <header>
        <a href="/gateways">{gateways.title}</a>
        <h1>{says.title}</h1>
        <p class="muted">{says.lead}</p>
      </header>
      <form class="claim-sheet-form" onSubmit={check} noValidate>
        <label class="claim-sheet-rows">
          <span>{says.rows}</span>
          <textarea
            class="mono"
            rows={8}
            spellcheck={false}
            value={text}
            disabled={file !== undefined}
            placeholder={says.example}
            onInput={({ currentTarget }) => change({ text: currentTarget.value })}
          />
        </label>
        <div class="claim-sheet-tools">
          <label class="button button-plain claim-sheet-file">
            <input
              key={file?.name}
              class="spoken"
              type="file"
              accept=".csv,.txt,.xlsx,text/csv"
              onChange={({ currentTarget }) => change({ file: currentTarget.files?.[0] })}
            />
            {file?.name ?? says.file}
          </label>
          {file !== undefined && (
            <Button onClick={() => change({ file: undefined })}>{says.noFile}</Button>
          )}
          <label class="new-community-owner">
            <span>{gateways.goodFor}</span>
            <select
              value={days}
              onChange={({ currentTarget }) => setDays(Number(currentTarget.value))}
            >
              {CODE_LIVES.map((one) => (
                <option key={one} value={one}>
                  {gateways.days(String(one), one === 1)}
                </option>
              ))}
            </select>
          </label>
          <Button
            weight={checked === undefined ? "main" : "plain"}
            type="submit"
            aria-disabled={isBusy || (file === undefined && text.trim() === "")}
          >
            {isBusy && checked === undefined ? says.checking : says.check}
          </Button>
        </div>
      </form>
      {why !== undefined && <Wrong why={why} />}
      {checked !== undefined && (
        <section class="claim-sheet-outcome">
          <p role="status">
            {says.good(count(good.length), count(checked.rows.length))}
            {good.length < checked.rows.length && ` ${says.goOn}`}
          </p>
          {checked.notes.map((note) => (
            <p key={note} class="small muted" lang="en">
              {note}
            </p>
          ))}
          <ClaimCheckTable rows={checked.rows} />
          {good.length > 0 && (
            <Button weight="main" aria-disabled={isBusy} onClick={() => void make()}>
              {isBusy ? gateways.making : says.make(count(good.length), good.length === 1)}
            </Button>
          )}
        </section>
      )}
    </div>
  );
}

/** What the hub says of a whole file is for whoever made it. */
function Wrong({ why: { code, detail } }: { readonly why: Refusal }) {
  const { claimSheet: says, failed } = speech.words;
  const isFile = code === "invalid" || code === "too_large";
  const isAway = code === "offline" || code === "unavailable";
  return (
    <div role="alert">
      <p>
        {isFile
          ? says.wrongFile
          : code === "not_found"
            ? says.changed
            : isAway
              ? failed.offline
              : failed.broken}
      </p>
      {isFile && (
        <p class="small muted" lang="en">
          {detail}
        </p>
      )}
    </div>
  );
}
