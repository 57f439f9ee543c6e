/** `claim-routes`: codes with which new gateways come in: one, or many for labels; called back until used. */
import { z } from "zod";
import type { CommunityDoc } from "#cloud/hub/hub.ts";
import type { AreaParts } from "#cloud/api/area-parts.ts";
import { Paging } from "#cloud/api/paging.ts";
import { route } from "#cloud/api/route.ts";
import type { ClaimDoc } from "#cloud/hub/gateway-claims.ts";
import { ClaimMade, ClaimRow, NewClaim } from "#shared/api/gateway-admin.ts";
import { shownClaimCode } from "#shared/model/claim-code.ts";
import { Fault } from "#shared/model/fault.ts";
import type { HubScope } from "#shared/model/scope.ts";
import { toCsv } from "#shared/web/csv.ts";

const DAY_MS = 86_400_000;
const MOST_AT_ONCE = 1000;

const idOf = ({ _id }: ClaimDoc) => _id.slice("claim:".length);

function claimRow(claim: ClaimDoc, communities: readonly CommunityDoc[]): ClaimRow {
  return {
    id: idOf(claim),
    label: claim.label,
    communities: communities
      .filter(({ communityId }) => claim.communities.includes(communityId))
      .map(({ communityId, name }) => ({ id: communityId, name })),
    created_at: claim.createdAt,
    expires_at: claim.expiresAt,
    used_by: claim.usedBy ?? null,
    replaces: claim.replaces ?? null,
  };
}

/** Checks that all that is named lies in reach, before anything is made. */
async function prepared({ hub }: Pick<AreaParts, "hub">, scope: HubScope, asked: NewClaim) {
  const all = await hub.communities.list(scope);
  const old =
    asked.replaces === undefined ? undefined : await hub.gateways.find(scope, asked.replaces);
  const named = asked.communities.map((name) => {
    const found = all.find(({ communityId, tenant }) => communityId === name || tenant === name);
    if (!found) throw new Fault("not_found", "There is no such community here.");
    return found.communityId;
  });
  const communities = [...new Set([...named, ...(old?.communities ?? [])])];
  if (communities.length === 0)
    throw new Fault("invalid", "A code is for one community at least.", {
      fields: { communities: "at least one" },
    });
  const first = all.find(({ communityId }) => communityId === communities[0]);
  return {
    organizationId: scope.organizationId,
    communities,
    label: asked.label || (old?.name ?? first?.name ?? ""),
    lifeMs: asked.days * DAY_MS,
    replaces: old?.gatewayId,
  };
}

export const listClaims = route({
  method: "get",
  path: "/gateways/claims",
  right: "gateways.read",
  title: "Claim codes that were made, newest first; the codes themselves are never told again.",
  query: Paging,
  answer: { rows: ClaimRow },
  open:
    ({ hub }) =>
    async ({ scope, query: { limit, offset } }) => {
      const communities = await hub.communities.list(scope);
      const all = await hub.gatewayClaims.list(scope);
      return {
        rows: all.slice(offset, offset + limit).map((claim) => claimRow(claim, communities)),
        total: all.length,
      };
    },
});

export const makeClaim = route({
  method: "post",
  path: "/gateways/claims",
  right: "gateways.claim",
  title: "A new claim code, shown once: good for one gateway and for some days.",
  body: NewClaim,
  answer: { status: 201, data: ClaimMade },
  isSecret: true,
  open:
    ({ hub }) =>
    async ({ scope, body, trail }) => {
      const wanted = await prepared({ hub }, scope, body);
      const { claim, code } = await hub.gatewayClaims.make(scope, wanted);
      trail.note({
        what: "claim.create",
        communityId: wanted.communities.length === 1 ? (wanted.communities[0] ?? null) : null,
        target: { type: "claim", id: idOf(claim), name: claim.label },
      });
      const made: ClaimMade = {
        ...claimRow(claim, await hub.communities.list(scope)),
        code: shownClaimCode(code),
      };
      return made;
    },
});

const Line = z.object({ community: z.string().min(1), label: z.string().max(120) });

/** `community;label` per line, with or without these words as the first. */
function lines(text: string): z.infer<typeof Line>[] {
  const found: z.infer<typeof Line>[] = [];
  for (const [n, line] of text
    .replace(/^\uFEFF/, "")
    .split(/\r?\n/)
    .entries()) {
    if (line.trim() === "") continue;
    const [community = "", label = ""] = line
      .split(/[;,\t]/)
      .map((cell) => cell.trim().replace(/^"(.*)"$/, "$1"));
    if (n === 0 && community.toLowerCase() === "community") continue;
    const parsed = Line.safeParse({ community, label });
    if (!parsed.success)
      throw new Fault("invalid", `Line ${n + 1}: a line is community;label.`, { line: n + 1 });
    found.push(parsed.data);
  }
  if (found.length === 0) throw new Fault("invalid", "The file has no line with a community.");
  if (found.length > MOST_AT_ONCE)
    throw new Fault("invalid", `A file makes at most ${MOST_AT_ONCE} codes.`);
  return found;
}

export const makeManyClaims = route({
  method: "post",
  path: "/gateways/claims/csv",
  right: "gateways.claim",
  title:
    "Many claim codes from a file of `community;label` lines; answers a file with the codes, for labels. All or none.",
  query: z.object({ days: z.coerce.number().int().min(1).max(180).default(90) }),
  upload: { types: ["text/csv", "text/plain"], mostBytes: 1_000_000 },
  answer: { file: ["text/csv"] },
  isSecret: true,
  open:
    ({ hub }) =>
    async ({ scope, query: { days }, trail, c }) => {
      const asked = lines(await c.req.text());
      const wanted = [];
      for (const { community, label } of asked)
        wanted.push(await prepared({ hub }, scope, { communities: [community], label, days }));
      const all = await hub.communities.list(scope);
      const rows: string[][] = [["community", "label", "code", "expires_at"]];
      for (const one of wanted) {
        const { claim, code } = await hub.gatewayClaims.make(scope, one);
        const tenant = all.find(({ communityId }) => communityId === one.communities[0])?.tenant;
        rows.push([tenant ?? "", one.label, shownClaimCode(code), claim.expiresAt]);
      }
      trail.note({ what: "claim.create", after: { count: wanted.length } });
      return c.body(toCsv(rows), 200, {
        "content-type": "text/csv; charset=utf-8",
        "content-disposition": 'attachment; filename="claim-codes.csv"',
      });
    },
});

export const callBackClaim = route({
  method: "delete",
  path: "/gateways/claims/:id",
  right: "gateways.claim",
  title: "Calls back a claim code that no gateway used.",
  params: z.object({ id: z.string().regex(/^[0-9a-f]{32}$/) }),
  answer: { none: true },
  open:
    ({ hub }) =>
    async ({ scope, params: { id }, trail }) => {
      const claim = await hub.gatewayClaims.callBack(scope, id);
      trail.note({ what: "claim.delete", target: { type: "claim", id, name: claim.label } });
    },
});
