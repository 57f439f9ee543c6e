/**
 * `claim-codes`: a code with which a new gateway comes in, shown once, as text and as a picture for the
 * installer's phone; and the codes that are still open.
 */
import { useState } from "preact/hooks";
import { renderSVG } from "uqr";
import type { GatewayRow } from "#shared/api/admin.ts";
import type { CommunityRow } from "#shared/api/communities.ts";
import type { Page } from "#shared/api/envelope.ts";
import type { ClaimMade, ClaimRow } from "#shared/api/gateway-admin.ts";
import { claimLabel } from "#shared/model/claim-label.ts";
import { getPage, post, remove } from "#shared/web/api-client.ts";
import { Button } from "#shared/web/components/button.tsx";
import { CopyButton } from "#shared/web/components/copy-button.tsx";
import { Dialog } from "#shared/web/components/dialog.tsx";
import { TextField } from "#shared/web/components/text-field.tsx";
import { useAnswer } from "#shared/web/components/use-answer.ts";
import { language } from "#shared/web/language.ts";
import { CODE_LIVES } from "./code-lives.ts";
import { Refused } from "./refused.tsx";
import { ClaimSteps } from "./claim-steps.tsx";
import { speech } from "./speech.ts";

export interface ClaimCodesProps {
  /** The machine whose place the new one takes. */
  readonly replaces?: Pick<GatewayRow, "id" | "name">;
  close(): void;
}

/** A day that lies ahead, in the reader's own time. */
const dayText = (at: string) =>
  new Intl.DateTimeFormat(language.value, { dateStyle: "medium" }).format(new Date(at));

export function ClaimCodes({ replaces, close }: ClaimCodesProps) {
  const { words } = speech;
  const { gateways: says } = words;
  const [made, setMade] = useState<ClaimMade>();
  const title = replaces === undefined ? says.claimTitle : says.replaceTitle(replaces.name);
  return (
    <Dialog title={title} closeText={words.frame.close} close={close}>
      {made === undefined ? (
        <>
          <NewCode replaces={replaces} made={setMade} />
          {replaces === undefined && <OpenCodes />}
        </>
      ) : (
        <Made claim={made} close={close} />
      )}
    </Dialog>
  );
}

function NewCode({
  replaces,
  made,
}: {
  readonly replaces: ClaimCodesProps["replaces"];
  made(claim: ClaimMade): void;
}) {
  const { words } = speech;
  const { gateways: says } = words;
  const known = useAnswer<Page<CommunityRow>>("/customers?limit=500", getPage);
  const [communities, setCommunities] = useState<readonly string[]>([]);
  const [label, setLabel] = useState("");
  const [days, setDays] = useState<number>(7);
  const [isBusy, setIsBusy] = useState(false);
  const [failure, setFailure] = useState("");
  const isReady = replaces !== undefined || communities.length > 0;
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (isBusy) return;
    if (!isReady) return setFailure(says.chooseOne);
    setFailure("");
    setIsBusy(true);
    const answer = await post<ClaimMade>("/gateways/claims", {
      communities,
      days,
      label: label.trim(),
      ...(replaces === undefined ? {} : { replaces: replaces.id }),
    });
    setIsBusy(false);
    if (answer.ok) made(answer.value);
    else setFailure(answer.why.code === "offline" ? words.failed.offline : words.failed.broken);
  };
  return (
    <form class="new-community" onSubmit={submit} noValidate>
      <p class="small muted">{replaces === undefined ? says.claimLead : says.replaceLead}</p>
      {replaces === undefined && (
        <fieldset class="new-community-groups">
          <legend>{says.claimFor}</legend>
          {known.why !== undefined && <Refused why={known.why} again={known.reload} />}
          {known.value?.data.length === 0 && <p class="small muted">{says.noCommunity}</p>}
          {known.value?.data.map(({ id, name }) => (
            <label key={id}>
              <input
                type="checkbox"
                checked={communities.includes(id)}
                onChange={({ currentTarget }) =>
                  setCommunities(
                    currentTarget.checked
                      ? [...communities, id]
                      : communities.filter((one) => one !== id),
                  )
                }
              />
              {name}
            </label>
          ))}
        </fieldset>
      )}
      <TextField
        name="label"
        label={says.label}
        hint={says.labelHint}
        value={label}
        change={setLabel}
        autocomplete="off"
      />
      <label class="new-community-owner">
        <span>{says.goodFor}</span>
        <select value={days} onChange={({ currentTarget }) => setDays(Number(currentTarget.value))}>
          {CODE_LIVES.map((one) => (
            <option key={one} value={one}>
              {says.days(String(one), one === 1)}
            </option>
          ))}
        </select>
      </label>
      <p class="text-field-trouble" role="alert">
        {failure}
      </p>
      <div class="dialog-actions">
        <Button weight="main" type="submit" aria-disabled={isBusy}>
          {isBusy ? says.making : says.makeCode}
        </Button>
      </div>
    </form>
  );
}

function Made({ claim, close }: { readonly claim: ClaimMade; close(): void }) {
  const { gateways: says, device } = speech.words;
  const { code, expires_at: until } = claim;
  const label = claimLabel(location.origin, code);
  const picture = `data:image/svg+xml,${encodeURIComponent(renderSVG(label, { border: 2 }))}`;
  return (
    <div class="new-community claim-made">
      <p>{says.onceOnly}</p>
      <p class="claim-code mono">
        {code}
        <CopyButton text={code} label={device.copy} done={device.copied} />
      </p>
      <img src={picture} alt={says.codeAsPicture} width="160" height="160" />
      <p class="small muted">
        {says.goodUntil} {dayText(until)}
      </p>
      <ClaimSteps />
      <div class="dialog-actions">
        <Button onClick={() => print()}>{says.print}</Button>
        <Button weight="main" onClick={close}>
          {says.done}
        </Button>
      </div>
    </div>
  );
}

function OpenCodes() {
  const { gateways: says } = speech.words;
  const { value, reload } = useAnswer<Page<ClaimRow>>("/gateways/claims?limit=100", getPage);
  const open = value?.data.filter(({ used_by: usedBy }) => usedBy === null) ?? [];
  const [isBusy, setIsBusy] = useState("");
  if (open.length === 0) return null;
  const callBack = async (id: string) => {
    setIsBusy(id);
    await remove(`/gateways/claims/${encodeURIComponent(id)}`);
    setIsBusy("");
    reload();
  };
  return (
    <section class="claim-open">
      <h3>{says.openCodes}</h3>
      <ul class="gateway-communities">
        {open.map(({ id, label, communities, expires_at: until }) => (
          <li key={id}>
            <div class="cell-two">
              <span>{label || communities.map(({ name }) => name).join(", ")}</span>
              <span class="tiny muted">
                {says.goodUntil} {dayText(until)}
              </span>
            </div>
            <Button
              aria-label={says.callBackNamed(label)}
              aria-disabled={isBusy === id}
              onClick={() => void callBack(id)}
            >
              {says.callBack}
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}
