/** `gateway-badge`: whether a gateway is here, away, or let in no more. */
import type { GatewayRow } from "#shared/api/admin.ts";
import { GATEWAY_AWAY_MS } from "#shared/model/gateway-states.ts";
import { serverNow } from "#shared/web/api-client.ts";
import { Badge } from "#shared/web/components/badge.tsx";
import { session } from "./session.ts";
import { speech } from "./speech.ts";

/** Whether who is signed in makes claim codes and shuts gateways out. */
export function mayChangeGateways(): boolean {
  const now = session.value;
  return now.is === "in" && now.operator.rights.includes("gateways.write");
}

export function isAway({ last_seen_at: at }: Pick<GatewayRow, "last_seen_at">): boolean {
  return at === null || serverNow() - Date.parse(at) > GATEWAY_AWAY_MS;
}

export function GatewayBadge({ row }: { readonly row: GatewayRow }) {
  const { gateways: says } = speech.words;
  if (row.withdrawn !== null) return <Badge tone="bad">{says.withdrawn}</Badge>;
  return <Badge tone={isAway(row) ? "bad" : "ok"}>{isAway(row) ? says.away : says.here}</Badge>;
}
