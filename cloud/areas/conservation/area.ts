/** `conservation`: whether everything gateways kept is here, and what they say was lost. */
import { z } from "zod";
import { route, type Area } from "#cloud/api/route.ts";
import type { Compared } from "#cloud/hub/conservation.ts";
import { CommunityGiven } from "#shared/api/communities.ts";
import { Conservation, meaningOf, type LossRow } from "#shared/api/conservation.ts";

const MOST_LINES = 500;
/** Days shown of each gateway. */
const DAYS = 120;

const compare = route({
  method: "get",
  path: "/conservation",
  right: "gateways.read",
  title:
    "Compares what a community's gateways wrote with what is here: chains, digests, counts per day and device.",
  query: z.object({ community: CommunityGiven }),
  answer: { data: Conservation },
  open:
    ({ hub, conservations }) =>
    async ({ scope, query }) => {
      const community = await hub.communities.find(scope, query.community);
      const gateways = await hub.gateways.list(scope);
      const names = new Map<string, string>(
        gateways.map(({ gatewayId, name }) => [gatewayId, name]),
      );
      const compared = await conservations.of(community.tenant);
      const answer: Conservation = {
        community: community.communityId,
        is_whole: compared.isWhole,
        chains: compared.chains.map((chain) => ({
          writer: chain.writer,
          name: names.get(chain.writer) ?? null,
          segments: chain.segments,
          uplinks: chain.uplinks,
          before: chain.before,
          holes: chain.holes.slice(0, MOST_LINES).map((hole) => ({ ...hole })),
          forks: chain.forks.slice(0, MOST_LINES),
          damaged: chain.damaged.slice(0, MOST_LINES),
          days: chain.days.slice(-DAYS).map(({ devices, ...day }) => ({
            ...day,
            devices: devices.map(({ deviceId, counted, held }) => ({
              device: deviceId,
              counted,
              held,
            })),
          })),
        })),
        ledger: rowsOf(compared.ledger).slice(0, MOST_LINES),
      };
      return answer;
    },
});

export const conservation: Area = {
  name: "conservation",
  title: "Proof that nothing was lost",
  routes: [compare],
};

function rowsOf(pages: Compared["ledger"]): LossRow[] {
  const at = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString());
  return pages.flatMap(({ at: written, writer, lines }) =>
    lines.map(({ reason, deviceId, count, fromMs, toMs, about }) => ({
      at: written,
      writer,
      reason,
      meaning: meaningOf(reason),
      device: deviceId,
      count,
      from: at(fromMs),
      to: at(toMs),
      about: about ?? null,
    })),
  );
}
