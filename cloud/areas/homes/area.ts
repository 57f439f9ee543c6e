/**
 * `homes`: residents on the hub: what their gateway shows in the building, with the same answers.
 *
 * Everything is asked in a resident's own scope: the reading store gives their windows and nothing
 * else. Under assistance only homes of the organization it runs in are seen.
 */
import { streamSSE } from "hono/streaming";
import { z } from "zod";
import type { AreaParts } from "#cloud/api/area-parts.ts";
import { route, type Area } from "#cloud/api/route.ts";
import { homes as homesOf } from "#shared/access/homes.ts";
import { Consumption, Me, Overview } from "#shared/api/resident.ts";
import { Fault } from "#shared/model/fault.ts";
import { InstallationId, UnitId } from "#shared/model/ids.ts";
import { viewOf, viewsOf } from "./own-homes.ts";
import { addToHousehold, endOfHousehold, household, inviteToHousehold } from "./household.ts";

/** Something is said at least this often; news of a home come no more often. */
const BEAT_MS = 20_000;
const LIFE_MS = 600_000;

const HomeParams = z.object({ unit: UnitId });

/** The hub itself is what a gateway may be cut off from: here it is always reached. */
const freshness = () => ({
  is_hub_reached: true,
  hub_away_since: null,
  waiting: 0,
  is_keeping: true,
});

const shown = ({ readings, hub }: AreaParts) => homesOf({ readings, clock: hub.clock, freshness });

const me = route({
  method: "get",
  path: "/me/homes",
  right: "signed-in",
  title: "The homes one lives or lived in, as the gateway's own page is told.",
  answer: { data: Me },
  open: (parts) => {
    const homes = shown(parts);
    return async ({ asker }): Promise<Me> => {
      const { firstName, language } = asker.person;
      const views = await viewsOf(parts, asker);
      return {
        first_name: firstName,
        language,
        homes: views.flatMap((view) => homes.me(view).homes),
      };
    };
  },
});

const overview = route({
  method: "get",
  path: "/me/homes/:unit/overview",
  right: "signed-in",
  title: "A home today and this month.",
  params: HomeParams,
  answer: { data: Overview },
  open: (parts) => {
    const homes = shown(parts);
    return async ({ params, asker }) =>
      homes.overview(await viewOf(parts, asker, params.unit), params.unit);
  },
});

const consumption = route({
  method: "get",
  path: "/me/homes/:unit/meters/:meter/consumption",
  right: "signed-in",
  title: "What a meter counted in one's own time, by hour, day or month.",
  params: HomeParams.extend({ meter: InstallationId }),
  query: z.object({
    from: z.string().max(20),
    to: z.string().max(20),
    by: z.enum(["hour", "day", "month"]),
  }),
  answer: { data: Consumption },
  open: (parts) => {
    const homes = shown(parts);
    return async ({ params: { unit, meter }, query: { from, to, by }, asker }) =>
      homes.consumption(await viewOf(parts, asker, unit), unit, meter, { from, to, step: by });
  },
});

const live = route({
  method: "get",
  path: "/me/homes/:unit/live",
  right: "signed-in",
  title: "An event stream: which meter of the home was heard, and how fresh its data are.",
  params: HomeParams,
  answer: { file: ["text/event-stream"] },
  open: (parts) => {
    const homes = shown(parts);
    const { hub, stopping } = parts;
    const { clock } = hub;
    return async ({ params: { unit }, asker, isStillIn, c }) => {
      await viewOf(parts, asker, unit);
      return streamSSE(c, async (stream) => {
        const over = new AbortController();
        const end = () => over.abort();
        stream.onAbort(end);
        stopping.addEventListener("abort", end, { once: true });
        const untilMs = clock.now() + LIFE_MS;
        let before: string | null | undefined;
        try {
          while (!over.signal.aborted && clock.now() < untilMs && (await isStillIn())) {
            const view = await viewOf(parts, asker, unit);
            const now = await homes.overview(view, unit);
            const { last_reading_at: lastReadingAt } = now.freshness;
            if (before !== undefined && lastReadingAt !== before)
              for (const { meter_id: meterId, index, gauge } of now.meters) {
                const at = index?.at ?? gauge?.at;
                if (at === lastReadingAt)
                  await stream.writeSSE({
                    event: "reading",
                    data: JSON.stringify({ meterId, at }),
                  });
              }
            before = lastReadingAt;
            await stream.writeSSE({ event: "freshness", data: JSON.stringify(now.freshness) });
            await clock.sleep(BEAT_MS, over.signal);
          }
        } finally {
          stopping.removeEventListener("abort", end);
        }
      });
    };
  },
});

const agree = route({
  method: "put",
  path: "/me/homes/:unit/hours",
  right: "signed-in",
  title: "Whether one wants to be shown hours, where the community asks each resident.",
  params: HomeParams,
  body: z.strictObject({ agreed: z.boolean() }),
  answer: { none: true },
  assisted: "never",
  open: (parts) => {
    const { hub } = parts;
    return async ({ params, body, asker, trail }) => {
      const { scope } = await viewOf(parts, asker, params.unit);
      const membership = asker.person.memberships.find(
        ({ residentId }) => residentId === scope.residentId,
      );
      if (membership?.on.kind !== "community") throw new Fault("not_found", "no such home here");
      const { communityId } = membership.on;
      trail.note({
        what: body.agreed ? "hours.agree" : "hours.refuse",
        communityId,
        organizationId: membership.organizationId,
        forWhom: asker.id,
      });
      const own = { kind: "system", part: "homes" } as const;
      const record = await hub.residents.find(own, scope.residentId);
      const { hoursAgreedAt: _, ...rest } = record;
      const at = new Date(hub.clock.now()).toISOString();
      await hub.residents.save(own, membership.organizationId, [
        { ...rest, hoursSaidAt: at, ...(body.agreed && { hoursAgreedAt: at }) },
      ]);
      await hub.adopt(await hub.communities.find(own, communityId));
    };
  },
});

export const homes: Area = {
  name: "homes",
  title: "Residents: their own homes",
  routes: [
    me,
    overview,
    consumption,
    live,
    agree,
    household,
    addToHousehold,
    inviteToHousehold,
    endOfHousehold,
  ],
};
