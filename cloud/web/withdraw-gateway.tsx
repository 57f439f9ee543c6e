/** `withdraw-gateway`: a gateway is shut out for good: what happens then, and its name typed by hand before. */
import type { GatewayRow } from "#shared/api/admin.ts";
import { post } from "#shared/web/api-client.ts";
import { speech } from "./speech.ts";
import { TypedConfirmation } from "./typed-confirmation.tsx";

export interface WithdrawGatewayProps {
  readonly gateway: Pick<GatewayRow, "id" | "name">;
  close(): void;
  withdrawn(): void;
}

export function WithdrawGateway({ gateway, close, withdrawn }: WithdrawGatewayProps) {
  const { gateways: says } = speech.words;
  const { id, name } = gateway;
  return (
    <TypedConfirmation
      title={says.withdrawTitle(name)}
      name={name}
      ask={says.typeName(name)}
      button={says.withdraw}
      busy={says.withdrawing}
      act={() => post(`/gateways/${encodeURIComponent(id)}/revoke`)}
      done={withdrawn}
      close={close}
    >
      <ul class="small">
        {[says.withdrawRefused, says.withdrawWiped, says.withdrawRejoin].map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </TypedConfirmation>
  );
}
