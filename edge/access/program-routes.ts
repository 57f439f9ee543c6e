/**
 * `program-routes`: the reading part of the hub's API, on the gateway: devices with their state and
 * newest values, and what one of them said. The same shapes as on the hub, so that a program does
 * not care whom it asks; works without internet. Nothing can be changed here.
 */
import { Hono, type MiddlewareHandler } from "hono";
import { z } from "zod";
import { complaint } from "#shared/api/complaint.ts";
import { success } from "#shared/api/envelope.ts";
import { isIn, type Site } from "#shared/access/site.ts";
import { keyInHeaders } from "#shared/auth/key-text.ts";
import type { Clock } from "#shared/model/clock.ts";
import { Fault, isFault } from "#shared/model/fault.ts";
import { DeviceId, DevEui } from "#shared/model/ids.ts";
import { registers, type Value } from "#shared/model/registers.ts";
import type { ProgramScope } from "#shared/model/scope.ts";
import type { DeviceDoc } from "#shared/model/site.ts";
import { healthOf, lastSeenMs } from "#shared/series/health.ts";
import { nothingYet, type Latest } from "#shared/series/latest.ts";
import type { ReadingStore } from "#shared/series/reading-store.ts";
import type { Sites } from "#edge/site/sites.ts";
import { programOf } from "./programs.ts";

export interface ProgramRoutesOptions {
  readonly sites: Pick<Sites, "all">;
  readonly readings: ReadingStore;
  readonly clock: Clock;
}

const Asked = z.object({
  community: z.string().max(64).optional(),
  status: z.enum(["online", "offline", "never", "healthy", "late", "lost"]).optional(),
  q: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50),
  offset: z.coerce.number().int().min(0).default(0),
});
const READINGS_MS = 48 * 3_600_000;
const DAY_MS = 86_400_000;
const Span = z.object({ from: z.iso.datetime().optional(), to: z.iso.datetime().optional() });

interface Variables {
  Variables: { program: ProgramScope };
}
interface Item {
  readonly site: Site;
  readonly device: DeviceDoc;
}

export function programRoutes({ sites, readings, clock }: ProgramRoutesOptions): Hono<Variables> {
  const app = new Hono<Variables>();
  const withKey: MiddlewareHandler<Variables> = async (c, next) => {
    c.header("cache-control", "no-store");
    const text = keyInHeaders((name) => c.req.header(name));
    if (text === undefined) throw new Fault("unauthorized", "An API key is needed.");
    const program = programOf(sites, clock, text);
    if (!program) throw new Fault("unauthorized", "This API key opens nothing on this gateway.");
    c.set("program", program);
    await next();
  };
  /** Devices that the program's communities hold now. */
  const itemsOf = ({ tenants }: ProgramScope): Item[] =>
    sites
      .all()
      .filter(({ tenant }) => tenants.has(tenant))
      .flatMap((site) =>
        [...site.devices.values()]
          .filter(({ held }) => held.some((period) => isIn(period, clock.now())))
          .map((device) => ({ site, device })),
      );

  app.get("/devices", withKey, async (c) => {
    const { program } = c.var;
    const asked = parse(Asked, c.req.query());
    let items = itemsOf(program);
    if (asked.community !== undefined) {
      items = items.filter(({ site }) => site.tenant === asked.community);
      if (!program.tenants.has(asked.community as never))
        throw new Fault("not_found", "There is no such community here.");
    }
    const words = (asked.q ?? "").toLowerCase().split(/\s+/).filter(Boolean);
    const latest = new Map(
      await Promise.all(
        [...program.tenants].map(
          async (tenant) => [tenant, await readings.latestAll(program, tenant)] as const,
        ),
      ),
    );
    const rows = items
      .map(({ site, device }) =>
        deviceRow({ site, device }, latest.get(site.tenant)?.get(device.deviceId), clock.now()),
      )
      .filter(
        (row) =>
          (asked.status === undefined || [row.status, row.health].includes(asked.status)) &&
          words.every((word) => textOf(row).includes(word)),
      )
      .sort((a, b) => a.device_name.localeCompare(b.device_name, "en", { numeric: true }));
    const { limit, offset } = asked;
    const page = rows.slice(offset, offset + limit);
    return c.json({ ...success(page), total: rows.length, limit, offset });
  });

  const find = (program: ProgramScope, asked: string): Item => {
    const id = DevEui.safeParse(asked).data ?? DeviceId.safeParse(asked).data;
    const item = itemsOf(program).find(({ device }) => device.deviceId === id);
    if (!item) throw new Fault("not_found", "There is no such device here.");
    return item;
  };
  app.get("/devices/:dev_eui", withKey, async (c) => {
    const { program } = c.var;
    const item = find(program, c.req.param("dev_eui"));
    const { tenant } = item.site;
    const latest = await readings
      .latest(program, tenant, item.device.deviceId)
      .catch((error: unknown) => {
        if (isFault(error, "not_found")) return nothingYet;
        throw error;
      });
    return c.json(success(deviceRow(item, latest, clock.now())));
  });
  app.get("/devices/:dev_eui/readings", withKey, async (c) => {
    const { program } = c.var;
    const { site, device } = find(program, c.req.param("dev_eui"));
    const { from, to } = parse(Span, c.req.query());
    const toMs = to === undefined ? clock.now() + 1 : Date.parse(to);
    const fromMs = from === undefined ? toMs - READINGS_MS : Date.parse(from);
    if (toMs - fromMs > 32 * DAY_MS)
      throw new Fault("invalid", "At most 32 days are read at once.", {
        fields: { from: "too early" },
      });
    const rows = await readings.readings(program, site.tenant, device.deviceId, fromMs, toMs);
    return c.json(
      success(
        rows.map(({ time, timeSource, values }) => ({
          at: new Date(time).toISOString(),
          time_source: timeSource,
          values: shown(values),
        })),
      ),
    );
  });
  return app;
}

function deviceRow({ site, device }: Item, latest: Latest = nothingYet, nowMs: number) {
  const health = healthOf(latest, device.expectedIntervalMs, nowMs);
  const seenMs = lastSeenMs(latest, nowMs);
  const { reading, heard, older = [] } = latest;
  const place = device.installations.findLast((one) => isIn(one, nowMs));
  const unit = place && site.units.get(place.unitId);
  return {
    id: device.deviceId,
    dev_eui: device.deviceId,
    device_name: device.name,
    device_type: device.model,
    kind: device.kind,
    status: health === "healthy" || health === "late" ? "online" : "offline",
    health,
    is_active: true,
    community: { name: site.community.name, tenant_name: site.tenant },
    unit: unit ? { id: unit.unitId, name: unit.name } : null,
    last_seen_at: seenMs === null ? null : new Date(seenMs).toISOString(),
    last_reading: reading && {
      at: new Date(reading.time).toISOString(),
      time_source: reading.timeSource,
      values: [
        ...shown(reading.values),
        ...older.flatMap((value) =>
          shown([value]).map((one) => ({ ...one, at: new Date(value.time).toISOString() })),
        ),
      ],
    },
    radio: heard?.radio
      ? {
          rssi: heard.radio.rssi ?? null,
          snr: heard.radio.snr ?? null,
          sf: heard.radio.sf ?? null,
        }
      : null,
    via: heard?.via ?? null,
  };
}

const textOf = (row: ReturnType<typeof deviceRow>) =>
  [row.device_name, row.dev_eui, row.device_type, row.unit?.name ?? ""].join("\n").toLowerCase();

const shown = (values: readonly Value[]) =>
  values.map(({ register, n, scale, unit }) => ({
    register,
    title: registers[register]?.title ?? register,
    n,
    scale,
    unit,
  }));

function parse<T extends z.ZodType>(schema: T, query: unknown): z.infer<T> {
  const parsed = schema.safeParse(query, { error: complaint });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Fault("invalid", `${issue?.path.join(".")}: ${issue?.message}`);
}
