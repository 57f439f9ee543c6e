/**
 * `gateway-watch`: what a gateway that has a token asks beside replication: is there news (it waits
 * for an answer, so that nobody has to ask often), a month's databases that are missing, and what
 * the hub has of it.
 *
 * A question waits no longer than a feed may: whoever is revoked meanwhile learns nothing more.
 */
import { Hono } from "hono";
import type { z } from "zod";
import { communitiesOf, talkTo } from "#cloud/hub/gateway-talk.ts";
import { readBody } from "#cloud/hub/bounded-body.ts";
import type { Hub } from "#cloud/hub/hub.ts";
import { keepSegments, lackingSegments } from "#cloud/hub/keep-segments.ts";
import { FEED_LIFE_MS } from "#cloud/hub/sync-door.ts";
import { isFrozen } from "#cloud/hub/months.ts";
import { success } from "#shared/api/envelope.ts";
import {
  Heirs,
  Held,
  Lacking,
  MissingMonth,
  Returned,
  Watch,
  type HeldMonth,
  type Inherited,
  type Talk,
} from "#shared/api/gateway-talk.ts";
import { verifyGatewayToken, type GatewayToken } from "#shared/auth/gateway-token.ts";
import type { Database } from "#shared/couch/database.ts";
import { heldDigest } from "#shared/couch/held-digest.ts";
import { databaseName } from "#shared/model/database-names.ts";
import { Fault } from "#shared/model/fault.ts";
import type { GatewayId, TenantName } from "#shared/model/ids.ts";
import { systemScope } from "#shared/model/scope.ts";
import { parseSegmentId } from "#shared/model/segment.ts";

export interface GatewayWatchOptions {
  readonly hub: Hub;
  /** Aborts when the hub stops. */
  readonly stopping: AbortSignal;
  readonly onReport: (token: GatewayToken) => void;
}

const scope = systemScope("gateway-watch");
/** Many writes in a row are one piece of news. */
const GATHER_MS = 1_000;
/** Another process of the hub may have written: looked at by itself this often. */
const LOOK_MS = 25_000;

export function gatewayWatch({ hub, stopping, onReport }: GatewayWatchOptions): Hono {
  const admit = async (request: Request): Promise<GatewayToken> => {
    const text = /^Bearer ([\w.-]{1,8192})$/i.exec(request.headers.get("authorization") ?? "")?.[1];
    if (text === undefined) throw new Fault("unauthorized", "a bearer token is needed");
    const nowMs = hub.clock.now();
    const keys = hub.secrets.tokenKeys.taken(nowMs);
    const token = await verifyGatewayToken(
      text,
      (kid) => keys.find((one) => one.kid === kid)?.publicKey,
      nowMs,
    );
    if (hub.gateways.isRevoked(token.gatewayId))
      throw new Fault("unauthorized", "this gateway was revoked");
    // A hub that came back from a backup may have forgotten it while its token still holds.
    const known = await hub.gateways.list(scope);
    if (!known.some(({ gatewayId }) => gatewayId === token.gatewayId))
      throw new Fault("unauthorized", "this gateway is not known here");
    return token;
  };
  const bodyOf = async <T>(request: Request, schema: z.ZodType<T>): Promise<T> => {
    const parsed = schema.safeParse(await request.json().catch(() => undefined));
    if (!parsed.success)
      throw new Fault("invalid", "The question has not the form it should have.");
    return parsed.data;
  };
  const own = async ({ gatewayId }: GatewayToken, tenant: TenantName) => {
    const gateway = await hub.gateways.find(scope, gatewayId);
    if (!(await communitiesOf(hub, gateway)).some((one) => one.tenant === tenant))
      throw new Fault("forbidden", "no such community for this gateway");
  };

  /** A machine of a community that is let in no more; also one that this hub forgot in a restore. */
  const isWithdrawn = async (tenant: TenantName, gatewayId: GatewayId): Promise<boolean> => {
    if (!hub.gateways.isRevoked(gatewayId)) return false;
    const gateway = (await hub.gateways.list(scope)).find((one) => one.gatewayId === gatewayId);
    const all = await hub.communities.list(scope);
    const community = all.find((one) => one.tenant === tenant);
    return (
      community !== undefined && (gateway?.communities.includes(community.communityId) ?? true)
    );
  };
  const ownWithdrawn = async (token: GatewayToken, tenant: TenantName, writer: GatewayId) => {
    await own(token, tenant);
    // One that is let in brings its own, and nobody else does.
    if (writer !== token.gatewayId && !(await isWithdrawn(tenant, writer)))
      throw new Fault("forbidden", "no such machine was withdrawn from this community");
  };

  /** What is to be said when it is something new, or when the wait is over. */
  const news = async (token: GatewayToken, asked: Watch, gone: AbortSignal): Promise<Talk> => {
    const untilMs =
      hub.clock.now() + Math.min(asked.waitMs, FEED_LIFE_MS, token.expMs - hub.clock.now());
    const off = AbortSignal.any([gone, stopping]);
    for (;;) {
      const woken = new AbortController();
      // Before looking: what is written while we look must not be missed.
      const leave = hub.moved.listen(token.tenants, () => woken.abort());
      try {
        if (hub.gateways.isRevoked(token.gatewayId))
          throw new Fault("unauthorized", "this gateway was revoked");
        const talk = await talkTo(hub, token.gatewayId);
        const leftMs = untilMs - hub.clock.now();
        if (talk.version !== asked.version || leftMs <= 0 || off.aborted) return talk;
        await hub.clock.sleep(Math.min(leftMs, LOOK_MS), AbortSignal.any([off, woken.signal]));
      } finally {
        leave();
      }
      if (woken.signal.aborted && !off.aborted) await hub.clock.sleep(GATHER_MS, off);
    }
  };

  return new Hono()
    .post("/watch", async (c) => {
      c.header("cache-control", "no-store");
      const token = await admit(c.req.raw);
      const asked = await bodyOf(c.req.raw, Watch);
      hub.gateways.seen(token.gatewayId);
      if (asked.report) hub.gateways.reported(token.gatewayId, asked.report);
      onReport(token);
      return c.json(success(await news(token, asked, c.req.raw.signal)));
    })
    .post("/months", async (c) => {
      const token = await admit(c.req.raw);
      const { tenant, month } = await bodyOf(c.req.raw, MissingMonth);
      await own(token, tenant);
      const isNew = await hub.months.make(tenant, month);
      const isHistory = !isNew && (await isFrozen(hub.databases, tenant, month));
      return c.json(success({ isNew, isHistory }));
    })
    .post("/held", async (c) => {
      const token = await admit(c.req.raw);
      const { tenant } = await bodyOf(c.req.raw, Held);
      await own(token, tenant);
      const held: HeldMonth[] = [];
      for (const month of hub.months.list(tenant))
        for (const kind of ["tele", "events"] as const) {
          const database = await hub.databases.openExisting(databaseName[kind](tenant, month));
          if (!database) continue;
          const prefix = `${kind === "tele" ? "s" : "e"}:${token.gatewayId}:`;
          held.push({ month, kind, ...(await heldDigest(database, prefix)) });
        }
      return c.json(success(held));
    })
    .post("/inherited", async (c) => {
      const token = await admit(c.req.raw);
      const { tenant, writers: asked } = await bodyOf(c.req.raw, Heirs);
      await own(token, tenant);
      const writers = [];
      for (const writer of asked) if (await isWithdrawn(tenant, writer)) writers.push(writer);
      const held: Inherited["months"] = [];
      for (const month of hub.months.list(tenant)) {
        const database = await hub.databases.openExisting(databaseName.tele(tenant, month));
        for (const writer of database ? writers : []) {
          const { digest } = await heldDigest(database as Database, `s:${writer}:`);
          held.push({ writer, month, digest });
        }
      }
      return c.json(success({ writers, months: held } satisfies Inherited));
    })
    .post("/lacking", async (c) => {
      const token = await admit(c.req.raw);
      const { tenant, month, writer, ids } = await bodyOf(c.req.raw, Lacking);
      await ownWithdrawn(token, tenant, writer);
      const some = ids.filter((id) => parseSegmentId(id)?.writer === (writer as string));
      return c.json(success(await lackingSegments(hub, { tenant, month }, some)));
    })
    .post("/returned", async (c) => {
      const token = await admit(c.req.raw);
      const parsed = Returned.safeParse(await readBody(c.req.raw));
      if (!parsed.success)
        throw new Fault("invalid", "The question has not the form it should have.");
      const { tenant, month, writer, docs } = parsed.data;
      await ownWithdrawn(token, tenant, writer);
      const { segments } = await keepSegments(hub, writer, { tenant, month }, docs);
      return c.json(success({ segments }));
    });
}
