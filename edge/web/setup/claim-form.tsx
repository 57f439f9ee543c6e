/**
 * `claim-form`: the hub's address and a claim code, typed or scanned into either field; they may wait for the
 * internet.
 */
import { useState } from "preact/hooks";
import type { SetupState } from "#shared/api/gateway-setup.ts";
import { readClaimLabel } from "#shared/model/claim-label.ts";
import { post } from "#shared/web/api-client.ts";
import { Button } from "#shared/web/components/button.tsx";
import { TextField } from "#shared/web/components/text-field.tsx";
import { speech } from "./words.ts";

export function ClaimForm({
  state,
  claimed,
}: {
  readonly state: SetupState;
  readonly claimed: (state: SetupState) => void;
}) {
  const { words } = speech;
  const [hub, setHub] = useState(state.hub.url ?? "");
  const [code, setCode] = useState("");
  const [trouble, setTrouble] = useState<string>();
  /** A scanner types a label into whichever field is in use. */
  const typed = (own: (text: string) => void) => (text: string) => {
    const label = readClaimLabel(text);
    if (!label) return own(text);
    setHub(label.hub);
    setCode(label.code);
  };
  const send = async (event: SubmitEvent) => {
    event.preventDefault();
    const answer = await post<SetupState>("/setup/claim", { hub, code });
    if (!answer.ok) return setTrouble(words.failed);
    setTrouble(undefined);
    setCode("");
    claimed(answer.value);
  };
  return (
    <section>
      <h2>{words.claimTitle}</h2>
      <p class="muted">{words.claimLead}</p>
      <form class="setup-form" onSubmit={send} noValidate>
        <TextField
          label={words.hub}
          name="hub"
          value={hub}
          autocomplete="url"
          change={typed(setHub)}
          required
        />
        <TextField
          label={words.claimCode}
          name="claim"
          value={code}
          autocomplete="off"
          trouble={trouble}
          change={typed(setCode)}
          required
        />
        <Button weight="main" type="submit">
          {words.claim}
        </Button>
      </form>
    </section>
  );
}
