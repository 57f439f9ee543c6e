/**
 * `resident-double`: the residents' API without a gateway behind it, for tests of the pages.
 *
 * Everything it answers goes through the schemas of `#shared/api/resident.ts`, so it cannot drift
 * from what the real routes say. Must never be reached from a running program.
 */
import { Hono } from "hono";
import { streamSSE } from "hono/streaming";
import { success } from "#shared/api/envelope.ts";
import { toProblem } from "#shared/api/problem.ts";
import {
  Consumption,
  type Freshness,
  Me,
  Overview,
  OwnSettings,
  OwnSettingsChange,
  SignIn,
} from "#shared/api/resident.ts";
import { Fault } from "#shared/model/fault.ts";
import {
  inventedConsumption,
  inventedPoints,
  type InventedMeter,
  type InventedTime,
} from "./invented-use.ts";

/** What the double shows; change it between two looks. */
export interface ResidentState {
  now: string;
  /** Local date of `now`. */
  today: string;
  isSignedIn: boolean;
  language: "en" | "es" | "de" | "fr";
  homes: ("now" | "former" | "second")[];
  /** Which meters a home has; `silent` ones never reported. */
  meters: "all" | "none" | "silent";
  freshness: Freshness;
  /** What the resident set for themselves. */
  settings: OwnSettings;
  /** The next requests fail with this. */
  failure: "unavailable" | "too_many" | "internal" | undefined;
  /** Answers wait this long, ms. */
  delayMs: number;
  /** Added to each index: what a new reading brought. */
  extra: number;
}

export const rightCode = "K7QF9M2XTR4B8HZC";
const ZONE = "Europe/Zurich";
const meters: readonly InventedMeter[] = [
  {
    meterId: "i-0cold0water0000",
    kind: "cold_water",
    name: "Cold water",
    hourly: 22,
    scale: -3,
    unit: "m3",
  },
  {
    meterId: "i-0hot00water0000",
    kind: "hot_water",
    name: "Hot water",
    hourly: 9,
    scale: -3,
    unit: "m3",
  },
  { meterId: "i-0heat0000000000", kind: "heat", name: "Heat", hourly: 9, scale: -1, unit: "kWh" },
  {
    meterId: "i-0power000000000",
    kind: "electricity",
    name: "Electricity",
    hourly: 62,
    scale: -2,
    unit: "kWh",
  },
];
const gaugeId = "i-0temperature000";

export function residentState(): ResidentState {
  return {
    now: "2026-11-23T09:42:00Z",
    today: "2026-11-23",
    isSignedIn: true,
    language: "en",
    homes: ["now"],
    meters: "all",
    freshness: {
      last_reading_at: "2026-11-23T09:42:00Z",
      is_hub_reached: true,
      is_keeping: true,
      hub_away_since: null,
      waiting: 0,
    },
    settings: {
      language: "en",
      hours: { is_asked: true, is_agreed: false },
      is_waiting: false,
      is_refused: false,
    },
    failure: undefined,
    delayMs: 0,
    extra: 0,
  };
}

const HOMES = {
  now: { unit_id: "u-home3b0000000000", name: "Home 3B", building: "House A", from: "2026-02-01" },
  former: {
    unit_id: "u-home1c0000000000",
    name: "Home 1C",
    building: "House A",
    from: "2024-05-01",
    to: "2026-03-16",
  },
  second: {
    unit_id: "u-home7a0000000000",
    name: "Home 7A",
    building: "House B",
    from: "2025-01-01",
  },
} as const;

function timeOf(state: ResidentState, home: { from: string; to?: string }): InventedTime {
  return {
    zone: ZONE,
    now: state.now,
    from: home.from,
    ...(home.to === undefined ? {} : { to: home.to }),
    gap: ["2026-11-13T23:00:00Z", "2026-11-15T23:00:00Z"],
    interpolated: ["2026-11-17", "2026-11-12"],
  };
}

/** Routes to mount at `/`; `say` sends an event to every open stream. */
export function residentDouble(state: ResidentState): {
  app: Hono;
  say: (event: string, data: unknown) => void;
} {
  const listeners = new Set<(event: string, data: unknown) => void>();
  const app = new Hono().basePath("/api/v1");
  app.onError((error, c) => {
    const problem = toProblem(error);
    return c.json(problem, problem.status as 500, { "content-type": "application/problem+json" });
  });
  app.use("*", async (c, next) => {
    if (state.delayMs > 0) await new Promise((resolve) => setTimeout(resolve, state.delayMs));
    if (state.failure === "internal") throw new Error("on purpose");
    if (state.failure !== undefined && !c.req.path.endsWith("/sign-in"))
      throw new Fault(state.failure, "on purpose");
    if (!state.isSignedIn && !c.req.path.endsWith("/sign-in"))
      throw new Fault("unauthorized", "sign in first");
    await next();
  });
  const me = () =>
    Me.parse({
      first_name: "Ana",
      language: state.language,
      homes: state.homes.map((which) => ({
        ...HOMES[which],
        community: "Riverside",
        zone: ZONE,
        brand: { name: "Riverside" },
      })),
    });
  app.post("/sign-in", async (c) => {
    const { code } = SignIn.parse(await c.req.json());
    if (state.failure === "too_many") throw new Fault("too_many", "wait", { retryAfterMs: 90_000 });
    if (code.replaceAll("-", "") !== rightCode) throw new Fault("unauthorized", "wrong code");
    state.isSignedIn = true;
    return c.json(success(me()));
  });
  app.post("/sign-out", (c) => {
    state.isSignedIn = false;
    return c.body(null, 204);
  });
  app.get("/me", (c) => c.json(success(me())));
  app.get("/me/settings", (c) => c.json(success(OwnSettings.parse(state.settings))));
  app.put("/me/settings", async (c) => {
    const { language, hours } = OwnSettingsChange.parse(await c.req.json());
    state.settings.language = language ?? state.settings.language;
    state.settings.hours.is_agreed = hours ?? state.settings.hours.is_agreed;
    Object.assign(state.settings, { is_waiting: true, is_refused: false });
    return c.json(success(OwnSettings.parse(state.settings)));
  });
  const homeOf = (unitId: string) => {
    const which = state.homes.find((one) => HOMES[one].unit_id === unitId);
    if (which === undefined) throw new Fault("not_found", "no such home");
    return HOMES[which];
  };
  app.get("/me/homes/:unitId/overview", (c) =>
    c.json(success(Overview.parse(overview(state, timeOf(state, homeOf(c.req.param("unitId"))))))),
  );
  app.get("/me/homes/:unitId/meters/:meterId/consumption", (c) => {
    const time = timeOf(state, homeOf(c.req.param("unitId")));
    const meter = meters.find(({ meterId }) => meterId === c.req.param("meterId"));
    if (meter === undefined) throw new Fault("not_found", "no such meter");
    const { from = "", to = "", by = "day" } = c.req.query();
    return c.json(
      success(Consumption.parse(inventedConsumption(meter, time, { from, to, by: by as "day" }))),
    );
  });
  app.get("/me/homes/:unitId/live", (c) =>
    streamSSE(c, async (stream) => {
      const tell = (event: string, data: unknown) =>
        void stream.writeSSE({ event, data: JSON.stringify(data) });
      listeners.add(tell);
      tell("freshness", state.freshness);
      await new Promise<void>((resolve) => stream.onAbort(resolve));
      listeners.delete(tell);
    }),
  );
  return { app, say: (event, data) => listeners.forEach((tell) => tell(event, data)) };
}

function overview(state: ResidentState, time: InventedTime): unknown {
  const { today } = state;
  const month = `${today.slice(0, 7)}-01`;
  const isNow = time.to === undefined || time.to > today;
  const cards = meters.map((meter) => {
    const isSilent = state.meters === "silent" || !isNow;
    const day = inventedConsumption(meter, time, { from: today, to: nextDay(today), by: "hour" });
    const running = day.periods.find(({ quality }) => quality === "running");
    if (running !== undefined) running.n = (running.n ?? 0) + state.extra;
    return {
      meter_id: meter.meterId,
      kind: meter.kind,
      name: meter.name,
      index: isSilent
        ? null
        : { n: 812_347 + state.extra, scale: meter.scale, unit: meter.unit, at: time.now },
      gauge: null,
      today: isSilent ? null : { ...day, total: (day.total ?? 0) + state.extra },
      month: isSilent
        ? null
        : inventedConsumption(meter, time, { from: month, to: "2026-12-01", by: "day" }),
      points: [],
    };
  });
  const points = inventedPoints(time);
  const temperature = {
    meter_id: gaugeId,
    kind: "temperature",
    name: "Living room",
    index: null,
    gauge: { n: Math.round((points.at(-1)?.value ?? 0) * 10), scale: -1, unit: "C", at: time.now },
    today: null,
    month: null,
    points,
  };
  return {
    now: time.now,
    today,
    zone: time.zone,
    meters:
      state.meters === "none"
        ? []
        : isNow && state.meters === "all"
          ? [...cards, temperature]
          : cards,
    freshness: state.freshness,
  };
}

function nextDay(date: string): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
}
