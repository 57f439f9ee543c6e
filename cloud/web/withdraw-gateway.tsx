/** `withdraw-gateway`: a gateway is shut out for good: what happens then, and its name typed by hand before. */
import { useState } from "preact/hooks";
import type { GatewayRow } from "#shared/api/admin.ts";
import type { GatewayEnd } from "#shared/api/gateway-admin.ts";
import { post } from "#shared/web/api-client.ts";
import { Button } from "#shared/web/components/button.tsx";
import { Dialog } from "#shared/web/components/dialog.tsx";
import { TextField } from "#shared/web/components/text-field.tsx";
import { speech } from "./speech.ts";

export interface WithdrawGatewayProps {
  readonly gateway: Pick<GatewayRow, "id" | "name">;
  close(): void;
  withdrawn(): void;
}

export function WithdrawGateway({ gateway, close, withdrawn }: WithdrawGatewayProps) {
  const { words } = speech;
  const { gateways: says, deletion } = words;
  const [typed, setTyped] = useState("");
  const [isBusy, setIsBusy] = useState(false);
  const [failure, setFailure] = useState("");
  const mayGo = typed.trim() === gateway.name.trim() && !isBusy;
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (!mayGo) return;
    setIsBusy(true);
    const answer = await post<GatewayEnd>(`/gateways/${encodeURIComponent(gateway.id)}/revoke`);
    setIsBusy(false);
    if (answer.ok) {
      withdrawn();
      close();
    } else setFailure(answer.why.code === "offline" ? words.failed.offline : words.failed.broken);
  };
  return (
    <Dialog title={says.withdrawTitle(gateway.name)} closeText={words.frame.close} close={close}>
      <form class="new-community" onSubmit={submit} noValidate>
        <ul class="small">
          {[says.withdrawRefused, says.withdrawWiped, says.withdrawRejoin].map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
        <TextField
          name="confirm"
          label={says.typeName(gateway.name)}
          value={typed}
          change={setTyped}
          autocomplete="off"
        />
        <p class="text-field-trouble" role="alert">
          {failure}
        </p>
        <div class="dialog-actions">
          <Button onClick={close}>{deletion.cancel}</Button>
          <Button weight="main" type="submit" aria-disabled={!mayGo} disabled={!mayGo}>
            {isBusy ? says.withdrawing : says.withdraw}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
