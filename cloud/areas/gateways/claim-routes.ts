/** `claim-routes`: codes with which new gateways come in: one, or many for labels; called back until used. */
import { z } from "zod";
import type { CommunityDoc } from "#cloud/hub/hub.ts";
import type { AreaParts } from "#cloud/api/area-parts.ts";
import { Paging } from "#cloud/api/paging.ts";
import { route } from "#cloud/api/route.ts";
import type { ClaimDoc } from "#cloud/hub/gateway-claims.ts";
import type { Trail } from "#cloud/api/trail.ts";
import { ClaimCheck, ClaimMade, ClaimRow, NewClaim, NewClaims } from "#shared/api/gateway-admin.ts";
import { shownClaimCode } from "#shared/model/claim-code.ts";
import { Fault } from "#shared/model/fault.ts";
import type { HubScope } from "#shared/model/scope.ts";
import { XLSX_TYPE } from "#shared/sheets/write-xlsx.ts";
import { toCsv } from "#shared/web/csv.ts";
import { readClaimSheet, takenNames } from "./claim-sheet.ts";

const DAY_MS = 86_400_000;

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
async function prepared(
  { hub }: Pick<AreaParts, "hub">,
  scope: HubScope,
  all: readonly CommunityDoc[],
  asked: NewClaim,
) {
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

async function preparedAll(
  parts: Pick<AreaParts, "hub">,
  scope: HubScope,
  asked: readonly NewClaim[],
) {
  const all = await parts.hub.communities.list(scope);
  const wanted = [];
  for (const one of asked) wanted.push(await prepared(parts, scope, all, one));
  return wanted;
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
      const all = await hub.communities.list(scope);
      const wanted = await prepared({ hub }, scope, all, body);
      const { claim, code } = await hub.gatewayClaims.make(scope, wanted);
      trail.note({
        what: "claim.create",
        communityId: wanted.communities.length === 1 ? (wanted.communities[0] ?? null) : null,
        target: { type: "claim", id: idOf(claim), name: claim.label },
      });
      const made: ClaimMade = {
        ...claimRow(claim, all),
        code: shownClaimCode(code),
      };
      return made;
    },
});

const sheet = {
  types: ["text/csv", "text/plain", XLSX_TYPE, "application/octet-stream"],
  mostBytes: 1_000_000,
};

async function checked(
  { hub }: Pick<AreaParts, "hub">,
  scope: HubScope,
  bytes: ArrayBuffer,
): Promise<ClaimCheck> {
  const gateways = (await hub.gateways.list(scope)).filter(({ withdrawn }) => !withdrawn);
  return readClaimSheet(new Uint8Array(bytes), {
    communities: await hub.communities.list(scope),
    taken: takenNames(gateways.map(({ name }) => name)),
  });
}

/** Makes them all; what is wrong with one was found out before. */
async function makeAll(
  { hub }: Pick<AreaParts, "hub">,
  scope: HubScope,
  wanted: readonly Awaited<ReturnType<typeof prepared>>[],
  trail: Trail,
): Promise<ClaimMade[]> {
  const communities = await hub.communities.list(scope);
  const made: ClaimMade[] = [];
  for (const one of wanted) {
    const { claim, code } = await hub.gatewayClaims.make(scope, one);
    made.push({ ...claimRow(claim, communities), code: shownClaimCode(code) });
  }
  const [only, ...more] = new Set(wanted.flatMap((one) => one.communities));
  trail.note({
    what: "claim.create",
    communityId: more.length === 0 ? (only ?? null) : null,
    after: { count: made.length },
  });
  return made;
}

export const checkClaims = route({
  method: "post",
  path: "/gateways/claims/check",
  right: "gateways.claim",
  title:
    "What would become of a file of gateways (CSV or XLSX: `name;communities`), row by row. Nothing is made.",
  upload: sheet,
  answer: { data: ClaimCheck },
  isHarmless: true,
  open:
    (parts) =>
    async ({ scope, c }) =>
      checked(parts, scope, await c.req.arrayBuffer()),
});

export const makeClaims = route({
  method: "post",
  path: "/gateways/claims/many",
  right: "gateways.claim",
  title: "Many claim codes at once, shown once, in the order they were asked for. All or none.",
  body: NewClaims,
  answer: { status: 201, data: z.array(ClaimMade) },
  isSecret: true,
  open:
    (parts) =>
    async ({ scope, body: { claims, days }, trail }) => {
      const wanted = await preparedAll(
        parts,
        scope,
        claims.map((claim) => ({ ...claim, days })),
      );
      return makeAll(parts, scope, wanted, trail);
    },
});

export const makeManyClaims = route({
  method: "post",
  path: "/gateways/claims/csv",
  right: "gateways.claim",
  title:
    "Many claim codes from a file of gateways (`community;label`, or `name;communities`); answers a file with the codes, for labels. All or none.",
  query: z.object({ days: z.coerce.number().int().min(1).max(180).default(90) }),
  upload: sheet,
  answer: { file: ["text/csv"] },
  isSecret: true,
  open:
    (parts) =>
    async ({ scope, query: { days }, trail, c }) => {
      const { rows: asked } = await checked(parts, scope, await c.req.arrayBuffer());
      for (const { line, problems } of asked) {
        const [problem] = problems;
        if (problem?.code === "unknown_community")
          throw new Fault("not_found", "There is no such community here.");
        if (problem)
          throw new Fault("invalid", `Line ${line}: ${problem.code} ${problem.value}`.trim(), {
            line,
          });
      }
      const wanted = await preparedAll(
        parts,
        scope,
        asked.map(({ communities, label }) => ({
          communities: communities.map(({ id }) => id),
          label,
          days,
        })),
      );
      const all = await parts.hub.communities.list(scope);
      const tenantOf = new Map<string, string>(all.map((one) => [one.communityId, one.tenant]));
      const made = await makeAll(parts, scope, wanted, trail);
      const rows = made.map(({ communities, label, code, expires_at: until }) => [
        communities.map(({ id }) => tenantOf.get(id) ?? "").join(","),
        label,
        code,
        until,
      ]);
      return c.body(toCsv([["community", "label", "code", "expires_at"], ...rows]), 200, {
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
