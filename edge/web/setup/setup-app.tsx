/** `setup-app`: an installer's page on the gateway: opened with the device's code, it shows the hub, and takes a claim. */
import { useEffect, useState } from "preact/hooks";
import type { SetupState } from "#shared/api/gateway-setup.ts";
import { get, post, type Refusal } from "#shared/web/api-client.ts";
import { Badge } from "#shared/web/components/badge.tsx";
import { Button } from "#shared/web/components/button.tsx";
import { LeftBehindNotice } from "#shared/web/components/left-behind-notice.tsx";
import { Notice } from "#shared/web/components/notice.tsx";
import { TextField } from "#shared/web/components/text-field.tsx";
import { When } from "#shared/web/components/when.tsx";
import { Antennas } from "./antennas.tsx";
import { ClaimForm } from "./claim-form.tsx";
import { SitePart } from "./site-part.tsx";
import { SyncState } from "./sync-state.tsx";
import { speech } from "./words.ts";
import "./setup.css";

const AGAIN_MS = 5_000;

export function SetupApp() {
  const { words } = speech;
  const [state, setState] = useState<SetupState>();
  const [isOpen, setIsOpen] = useState(false);
  const [code, setCode] = useState("");
  const [trouble, setTrouble] = useState<string>();

  const look = async () => {
    const answer = await get<SetupState>("/setup/state");
    if (answer.ok) {
      setState(answer.value);
      setIsOpen(true);
    } else if (answer.why.code === "unauthorized") setIsOpen(false);
  };
  useEffect(() => void look(), []);
  useEffect(() => {
    if (!isOpen) return undefined;
    const timer = setInterval(() => void look(), AGAIN_MS);
    return () => clearInterval(timer);
  }, [isOpen]);

  const saidOf = (why: Refusal) =>
    why.code === "unauthorized" ? words.wrong : why.code === "too_many" ? words.slow : words.failed;
  const open = async (event: SubmitEvent) => {
    event.preventDefault();
    const answer = await post<SetupState>("/setup/sign-in", { code });
    if (!answer.ok) return setTrouble(saidOf(answer.why));
    setTrouble(undefined);
    setState(answer.value);
    setIsOpen(true);
    setCode("");
  };
  const close = async () => {
    await post("/setup/sign-out");
    setIsOpen(false);
    setState(undefined);
  };

  if (!isOpen || !state)
    return (
      <main class="setup">
        <h1>{words.title}</h1>
        <p class="muted">{words.lead}</p>
        <form class="setup-form" onSubmit={open} noValidate>
          <TextField
            label={words.setupCode}
            name="code"
            value={code}
            autocomplete="off"
            trouble={trouble}
            change={setCode}
            required
          />
          <Button weight="main" type="submit">
            {words.open}
          </Button>
        </form>
      </main>
    );
  return (
    <main class="setup">
      <header class="setup-head">
        <h1>{state.name ?? words.gateway}</h1>
        <Badge tone={state.hub.url === null ? "plain" : state.hub.is_reached ? "ok" : "bad"}>
          {state.hub.url === null ? words.noHub : state.hub.is_reached ? words.reached : words.away}
        </Badge>
      </header>
      <p class="muted tiny mono">
        {state.gateway_id} · {words.version} {state.version}
      </p>
      {state.hub.has_twin && <Notice tone="bad" title={words.twin} />}
      {state.claim === "refused" && (
        <Notice tone="bad" title={words.refused} text={words.refusedText}>
          <p class="tiny" lang="en">
            {state.claim_refused}
          </p>
        </Notice>
      )}
      {state.claim === "waiting" && <Notice title={words.waiting} />}
      {state.keys_unopened.length > 0 && (
        <Notice
          tone="bad"
          title={words.keysUnopened(state.keys_unopened.join(", "))}
          text={words.keysUnopenedText}
        />
      )}
      <LeftBehindNotice named={state.left_behind} />
      {state.hub.url === null && <ClaimForm state={state} claimed={setState} />}
      <SitePart />
      <Antennas state={state} />
      {state.hub.url !== null && (
        <>
          <SyncState state={state} />
          <ClaimForm state={state} claimed={setState} />
        </>
      )}
      {state.communities.length > 0 && (
        <section>
          <h2>{words.communities}</h2>
          <ul class="setup-list">
            {state.communities.map(({ name, projected_at: projectedAt }) => (
              <li key={name}>
                {name}{" "}
                <span class="muted tiny">
                  {words.siteOf} <When at={projectedAt} />
                </span>
              </li>
            ))}
          </ul>
        </section>
      )}
      <Button onClick={close}>{words.signOut}</Button>
    </main>
  );
}
