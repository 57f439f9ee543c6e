/** `gateways`: the machines at the sites: how they come in, how they are doing, and how they are shut out. */
import { z } from "zod";
import { Paging } from "#cloud/api/paging.ts";
import { route, type Area } from "#cloud/api/route.ts";
import { withdraw } from "#cloud/hub/withdraw.ts";
import { GatewayRow } from "#shared/api/admin.ts";
import { ChangedGateway, GatewayEnd, GatewaysAsked } from "#shared/api/gateway-admin.ts";
import { Fault } from "#shared/model/fault.ts";
import { GatewayId } from "#shared/model/ids.ts";
import type { HubScope } from "#shared/model/scope.ts";
import {
  callBackClaim,
  checkClaims,
  listClaims,
  makeClaim,
  makeClaims,
  makeManyClaims,
} from "./claim-routes.ts";
import { gatewayRow } from "./gateway-row.ts";
import { wanted } from "./wanted.ts";
import type { GatewayDoc } from "./gateway-store.ts";

const Named = z.object({ id: GatewayId });

/** Who acts on a machine has to reach all it works for. @throws Fault "forbidden" */
function reachWhole(scope: HubScope, { communities }: GatewayDoc): void {
  if (scope.kind === "organization") return;
  if (!communities.every((id) => scope.communityIds.has(id)))
    throw new Fault("forbidden", "This gateway also works for communities that are not yours.");
}

const list = route({
  method: "get",
  path: "/gateways",
  right: "gateways.read",
  title: "Gateways, in the order they came in.",
  query: Paging.extend(GatewaysAsked.shape),
  answer: { rows: GatewayRow },
  open:
    (parts) =>
    async ({ scope, query: { limit, offset, ...asked } }) => {
      const communities = await parts.hub.communities.list(scope);
      const all = await wanted(parts.hub, await parts.hub.gateways.list(scope), communities, asked);
      const rows = all
        .slice(offset, offset + limit)
        .map((gateway) => gatewayRow(parts, scope, gateway, communities));
      return { rows: await Promise.all(rows), total: all.length };
    },
});

const one = route({
  method: "get",
  path: "/gateways/:id",
  right: "gateways.read",
  title: "One gateway.",
  params: Named,
  answer: { data: GatewayRow },
  open:
    (parts) =>
    async ({ scope, params: { id } }) => {
      const gateway = await parts.hub.gateways.find(scope, id);
      return gatewayRow(parts, scope, gateway, await parts.hub.communities.list(scope));
    },
});

const rename = route({
  method: "patch",
  path: "/gateways/:id",
  right: "gateways.write",
  title: "Gives a gateway another name.",
  params: Named,
  body: ChangedGateway,
  answer: { data: GatewayRow },
  open:
    (parts) =>
    async ({ scope, params: { id }, body: { name }, trail }) => {
      const { hub } = parts;
      const old = await hub.gateways.find(scope, id);
      reachWhole(scope, old);
      await hub.gateways.change(scope, id, (now) => ({ ...now, name }));
      trail.note({
        what: "gateway.rename",
        target: { type: "gateway", id, name },
        before: { name: old.name },
        after: { name },
      });
      const gateway = await hub.gateways.find(scope, id);
      return gatewayRow(parts, scope, gateway, await hub.communities.list(scope));
    },
});

const revoke = route({
  method: "post",
  path: "/gateways/:id/revoke",
  right: "gateways.write",
  title:
    "Shuts a gateway out at once and for good. Answers which devices' keys lay on it and what has to become of them.",
  params: Named,
  answer: { data: GatewayEnd },
  open:
    ({ hub }) =>
    async ({ scope, params: { id }, trail }) => {
      const gateway = await hub.gateways.find(scope, id);
      reachWhole(scope, gateway);
      const { withdrawn, exposed = [], name } = await withdraw(hub, scope, id, "revoked");
      trail.note({ what: "gateway.revoke", target: { type: "gateway", id, name } });
      const end: GatewayEnd = {
        at: withdrawn?.at ?? "",
        why: withdrawn?.why ?? "revoked",
        exposed: exposed.map(({ deviceId, demand }) => ({ device: deviceId, demand })),
      };
      return end;
    },
});

export const gateways: Area = {
  name: "gateways",
  title: "The machines at the sites",
  routes: [
    list,
    one,
    rename,
    revoke,
    listClaims,
    makeClaim,
    checkClaims,
    makeClaims,
    makeManyClaims,
    callBackClaim,
  ],
};
