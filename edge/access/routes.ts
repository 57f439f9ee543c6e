/**
 * `routes`: the residents' API on the gateway, as `shared/api/resident.ts` describes it.
 */
import { Hono } from "hono";
import { getCookie, setCookie, deleteCookie } from "hono/cookie";
import { bodyLimit } from "hono/body-limit";
import { streamSSE } from "hono/streaming";
import type { MiddlewareHandler } from "hono";
import { z } from "zod";
import { success } from "#shared/api/envelope.ts";
import { OwnSettingsChange, SignIn } from "#shared/api/resident.ts";
import type { Clock } from "#shared/model/clock.ts";
import { Fault } from "#shared/model/fault.ts";
import type { KeptNews } from "./kept-news.ts";
import type { Homes } from "#shared/access/homes.ts";
import type { OwnSettingsKeeper } from "./own-settings.ts";
import { SIGN_IN_MS, type SignedIn, type SignIns } from "./sign-ins.ts";

export interface ResidentRoutesOptions {
  readonly signIns: SignIns;
  readonly homes: Homes;
  readonly settings: OwnSettingsKeeper;
  readonly news: KeptNews;
  readonly clock: Clock;
  /** Where a request came from, for slowing down guesses. */
  readonly addressOf: (env: unknown) => string;
}

interface Variables {
  Variables: { who: SignedIn };
}

export const COOKIE = "riser_signin";
const Asked = z.object({
  from: z.string().max(20),
  to: z.string().max(20),
  by: z.enum(["hour", "day", "month"]),
});
/** Live news of a home at most this often. */
const NEWS_MS = 1_000;
/** A feed says something at least this often, so that a dead one is noticed. */
const BEAT_MS = 20_000;
/** A feed ends by then and the page opens a new one: who lost the right to it does not keep it. */
const FEED_MS = 10 * 60_000;

export function residentRoutes({
  signIns,
  homes,
  settings,
  news,
  clock,
  addressOf,
}: ResidentRoutesOptions): Hono<Variables> {
  const app = new Hono<Variables>();
  const signedIn: MiddlewareHandler<Variables> = async (c, next) => {
    const who = await signIns.find(getCookie(c, COOKIE));
    if (!who) throw new Fault("unauthorized", "Please sign in.");
    c.set("who", who);
    c.header("cache-control", "no-store");
    await next();
  };

  app.post(
    "/sign-in",
    bodyLimit({
      maxSize: 1_000,
      onError: () => {
        throw new Fault("too_large", "That is too long.");
      },
    }),
    async (c) => {
      const parsed = SignIn.safeParse(await c.req.json().catch(() => undefined));
      if (!parsed.success) throw new Fault("invalid", "A code is missing.");
      const { token, signedIn: who } = await signIns.signIn(parsed.data.code, addressOf(c.env));
      // Not Secure: on the building's own network there is no certificate, and browsers drop such cookies there.
      setCookie(c, COOKIE, token, {
        path: "/",
        httpOnly: true,
        sameSite: "Lax",
        maxAge: SIGN_IN_MS / 1000,
      });
      return c.json(success(homes.me(who)));
    },
  );
  app.post("/sign-out", async (c) => {
    await signIns.signOut(getCookie(c, COOKIE));
    deleteCookie(c, COOKIE, { path: "/" });
    return c.body(null, 204);
  });
  app.get("/me", signedIn, (c) => c.json(success(homes.me(c.var.who))));
  app.get("/me/settings", signedIn, (c) => c.json(success(settings.of(c.var.who))));
  app.put(
    "/me/settings",
    signedIn,
    bodyLimit({
      maxSize: 1_000,
      onError: () => {
        throw new Fault("too_large", "That is too long.");
      },
    }),
    async (c) => {
      const parsed = OwnSettingsChange.safeParse(await c.req.json().catch(() => undefined));
      if (!parsed.success)
        throw new Fault("invalid", "`language` is en, es, de or fr; `hours` is true or false.");
      return c.json(success(await settings.change(c.var.who, parsed.data)));
    },
  );
  app.get("/me/homes/:unitId/overview", signedIn, async (c) =>
    c.json(success(await homes.overview(c.var.who, c.req.param("unitId")))),
  );
  app.get("/me/homes/:unitId/meters/:meterId/consumption", signedIn, async (c) => {
    const parsed = Asked.safeParse(c.req.query());
    if (!parsed.success)
      throw new Fault(
        "invalid",
        "`from`, `to` and `by` are needed: dates such as 2026-11-23, and hour, day or month",
      );
    const { from, to, by } = parsed.data;
    const { unitId, meterId } = c.req.param();
    return c.json(
      success(await homes.consumption(c.var.who, unitId, meterId, { from, to, step: by })),
    );
  });
  app.get("/me/homes/:unitId/live", signedIn, async (c) => {
    const { who } = c.var;
    let { last_reading_at: lastReadingAt } = (await homes.overview(who, c.req.param("unitId")))
      .freshness;
    const devices = homes.devicesOf(who, c.req.param("unitId"));
    return streamSSE(c, async (stream) => {
      const heard = new Map<string, number>();
      let wake = new AbortController();
      const stop = news.listen((tenant, uplink) => {
        const meterId = tenant === who.scope.tenant ? devices.get(uplink.deviceId) : undefined;
        if (meterId === undefined) return;
        heard.set(meterId, uplink.time);
        wake.abort();
      });
      const unfresh = news.onFreshness(() => wake.abort());
      stream.onAbort(() => wake.abort());
      const untilMs = clock.now() + FEED_MS;
      try {
        while (!stream.aborted && !stream.closed && clock.now() < untilMs) {
          const told = [...heard];
          heard.clear();
          for (const [meterId, time] of told)
            await stream.writeSSE({
              event: "reading",
              data: JSON.stringify({ meterId, at: new Date(time).toISOString() }),
            });
          const newest = Math.max(
            Date.parse(lastReadingAt ?? "") || -Infinity,
            ...told.map(([, time]) => time),
          );
          if (Number.isFinite(newest)) lastReadingAt = new Date(newest).toISOString();
          await stream.writeSSE({
            event: "freshness",
            data: JSON.stringify(homes.freshness(who, lastReadingAt)),
          });
          await clock.sleep(NEWS_MS);
          if (!wake.signal.aborted) await clock.sleep(BEAT_MS, wake.signal);
          wake = new AbortController();
        }
      } finally {
        stop();
        unfresh();
      }
    });
  });
  return app;
}
