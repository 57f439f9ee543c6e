/**
 * `admin-double`: the operator's API without a hub behind it, for tests of the pages.
 *
 * Everything it answers goes through the schemas of `#shared/api/admin.ts`, so it cannot drift
 * from what the real routes say. Must never be reached from a running program.
 */
import { Hono, type Context } from "hono";
import { streamSSE } from "hono/streaming";
import {
  CommunityRow,
  DeviceDetails,
  DeviceRow,
  GatewayRow,
  HubOverview,
  Operator,
  PasswordSignIn,
  Setup,
  SightingRow,
  type Health,
} from "#shared/api/admin.ts";
import { page, success } from "#shared/api/envelope.ts";
import { toProblem } from "#shared/api/problem.ts";
import { Fault } from "#shared/model/fault.ts";
import type { MeterKindId } from "#shared/model/meter-kinds.ts";

/** What the double shows; change it between two looks. */
export interface AdminState {
  nowMs: number;
  isSignedIn: boolean;
  devices: number;
  communities: number;
  gateways: number;
  strangers: number;
  isSetUp: boolean;
  failure: "unavailable" | "too_many" | undefined;
  delayMs: number;
  /** Added to each first value: what a new reading brought. */
  extra: number;
}

export function adminState(): AdminState {
  return {
    nowMs: Date.now(),
    isSignedIn: true,
    devices: 164,
    communities: 2,
    gateways: 2,
    strangers: 3,
    isSetUp: true,
    failure: undefined,
    delayMs: 0,
    extra: 0,
  };
}

export const rightPassword = "four words in a row";
export const setupToken = "s3tup-t0ken";

const NAMES = ["Riverside", "Lindenhof", "Les Tilleuls", "Casa Norte"];
const KINDS = [
  {
    kind: "cold_water",
    type: "quandify/cubicmeter-1-1",
    register: "8-0:1.0.0",
    title: "Water volume",
    scale: -3,
    unit: "m3",
    n: 812_347,
  },
  {
    kind: "heat",
    type: "elvaco/cmi4110",
    register: "6-0:1.0.0",
    title: "Heat energy",
    scale: 0,
    unit: "kWh",
    n: 81_234,
  },
  {
    kind: "electricity",
    type: "milesight/ct101",
    register: "1-0:1.8.0",
    title: "Active energy, import",
    scale: -2,
    unit: "kWh",
    n: 912_847,
  },
  {
    kind: "temperature",
    type: "milesight/em300-th",
    register: "temperature",
    title: "Temperature",
    scale: -1,
    unit: "C",
    n: 214,
  },
] as const satisfies readonly { kind: MeterKindId; [rest: string]: unknown }[];

function healthOf(i: number): Health {
  return i % 41 === 7 ? "lost" : i % 29 === 11 ? "late" : i % 83 === 5 ? "never" : "healthy";
}

function communityId(i: number): string {
  return `c-${String(i).padStart(16, "0")}`;
}

function deviceOf(state: AdminState, i: number) {
  const kind = KINDS[i % KINDS.length] ?? KINDS[0];
  const health = healthOf(i);
  const c = Math.floor((i * state.communities) / Math.max(1, state.devices));
  const ageMs = {
    never: 0,
    healthy: (i % 14) * 60_000 + 4_000,
    late: 5_400_000,
    lost: 190_000_000,
  }[health];
  const at = health === "never" ? null : new Date(state.nowMs - ageMs).toISOString();
  const value = {
    register: kind.register,
    title: kind.title,
    n: kind.n + i * 37 + state.extra,
    scale: kind.scale,
    unit: kind.unit,
  };
  const battery = { register: "battery", title: "Battery", n: 97 - (i % 30), scale: 0, unit: "%" };
  const home = `${Math.floor((i % 80) / 8) + 1}${"ABCD"[Math.floor(i / 4) % 4]}`;
  return {
    id: `d-${i}`,
    dev_eui: (0x24e1_2400_0000_0000n + BigInt(i) * 0x1f3n).toString(16).padStart(16, "0"),
    device_name: `${kind.title.split(",")[0]} ${home}`,
    device_type: kind.type,
    kind: kind.kind,
    status: health === "healthy" || health === "late" ? "online" : "offline",
    health,
    is_active: true,
    created_at: "2026-09-24T08:00:00Z",
    community: { id: communityId(c), name: NAMES[c % 4] ?? "", tenant_name: `community-${c}` },
    unit: i % 31 === 3 ? null : { id: `u-${String(i).padStart(16, "0")}`, name: `Home ${home}` },
    lastSeenAt: at,
    lastReading: at === null ? null : { at, timeSource: "radio", values: [value, battery] },
    radio:
      at === null
        ? null
        : { rssi: -71 - ((i * 13) % 58), snr: 9.5 - ((i * 7) % 20), sf: 7 + (i % 6) },
    via: at === null ? null : "packet-forwarder",
  };
}

function detailsOf(state: AdminState, i: number) {
  const row = deviceOf(state, i);
  const values = row.lastReading?.values ?? [];
  const lastMs = row.lastReading === null ? 0 : Date.parse(row.lastReading.at);
  const readings =
    values.length === 0
      ? []
      : Array.from({ length: 48 }, (_, hour) => ({
          at: new Date(lastMs - hour * 3_600_000).toISOString(),
          timeSource: "radio",
          values: values.map((value, which) =>
            which === 0 ? { ...value, n: value.n - hour * 9 } : value,
          ),
        }));
  const uplinks = readings.slice(0, 50).map((reading, n) => ({
    at: reading.at,
    heardAt: reading.at,
    timeSource: "radio",
    via: "packet-forwarder",
    writer: "gw-00f1e2d3c4b5a697",
    session: "00a1b2c3",
    fCnt: 4_711 - n,
    fPort: n === 3 ? 99 : 85,
    payloadHex: n === 3 ? "ff0bfeed" : "01755c0367340104686503670a01046864",
    undecoded: n === 3 ? "no channel 0xff0b in this decoder" : null,
    values: n === 3 ? [] : reading.values,
    rssi: -97 + (n % 5),
    snr: 4.5,
  }));
  return { ...row, zone: "Europe/Zurich", readings, uplinks };
}

/** Routes to mount at `/`; `say` sends an event to every open stream. */
export function adminDouble(state: AdminState): { app: Hono; say: (what: string) => void } {
  const listeners = new Set<(what: string) => void>();
  const app = new Hono().basePath("/api/v1");
  app.onError((error, c) => {
    const problem = toProblem(error);
    return c.json(problem, problem.status as 500, { "content-type": "application/problem+json" });
  });
  app.use("*", async (c, next) => {
    if (state.delayMs > 0) await new Promise((resolve) => setTimeout(resolve, state.delayMs));
    const isOpen = /\/(sign-in|setup)(\/|$)/.test(c.req.path);
    if (state.failure !== undefined && !isOpen) throw new Fault(state.failure, "on purpose");
    if (!state.isSignedIn && !isOpen) throw new Fault("unauthorized", "sign in first");
    await next();
  });
  const listed = (c: Context, rows: readonly unknown[]) =>
    c.json(
      page(rows, {
        limit: Number(c.req.query("limit") ?? 50),
        offset: Number(c.req.query("offset") ?? 0),
      }),
    );
  const all = () => Array.from({ length: state.devices }, (_, i) => deviceOf(state, i));
  const healths = () => {
    const found: Record<Health, number> = { never: 0, healthy: 0, late: 0, lost: 0 };
    for (let i = 0; i < state.devices; i++) found[healthOf(i)]++;
    return found;
  };
  const me = () =>
    Operator.parse({
      personId: "p-1",
      firstName: "Noa",
      lastName: "Keller",
      email: "noa@example.org",
      organization: { id: "o-1", name: "Wasserwerk Nord" },
    });
  app.get("/setup/:token", (c) =>
    c.json(success({ isValid: !state.isSetUp && c.req.param("token") === setupToken })),
  );
  app.post("/setup", async (c) => {
    const asked = Setup.safeParse(await c.req.json());
    if (!asked.success) throw new Fault("invalid", "not a set-up");
    if (state.isSetUp || asked.data.token !== setupToken) throw new Fault("not_found", "used up");
    state.isSetUp = state.isSignedIn = true;
    return c.json(success(me()), 201);
  });
  app.post("/sign-in", async (c) => {
    const { password } = PasswordSignIn.parse(await c.req.json());
    if (state.failure === "too_many") throw new Fault("too_many", "wait", { retryAfterMs: 90_000 });
    if (password !== rightPassword) throw new Fault("unauthorized", "wrong");
    state.isSignedIn = true;
    return c.json(success(me()));
  });
  app.post("/sign-out", (c) => {
    state.isSignedIn = false;
    return c.body(null, 204);
  });
  app.get("/me", (c) => c.json(success(me())));
  app.get("/overview", (c) =>
    c.json(
      success(
        HubOverview.parse({
          communities: state.communities,
          devices: state.devices,
          health: healths(),
          unregistered: state.strangers,
          gateways: state.gateways,
          gatewaysAway: state.gateways > 1 ? 1 : 0,
          lastReadingAt: state.devices === 0 ? null : new Date(state.nowMs - 4_000).toISOString(),
        }),
      ),
    ),
  );
  app.get("/customers", (c) =>
    listed(
      c,
      Array.from({ length: state.communities }, (_, i) =>
        CommunityRow.parse({
          id: communityId(i),
          name: NAMES[i % 4],
          tenant_name: `community-${i}`,
          admin_email: null,
          is_active: true,
          created_at: "2026-09-24T08:00:00Z",
          zone: "Europe/Zurich",
          units: 40,
          residents: 71,
          devices: Math.floor(state.devices / state.communities),
          health: { healthy: 78, late: 2, lost: 1, never: i },
          lastReadingAt: new Date(state.nowMs - 4_000).toISOString(),
          gateways: ["gw-00f1e2d3c4b5a697"],
        }),
      ),
    ),
  );
  app.get("/devices", (c) => {
    const { q = "", community = "", status = "" } = c.req.query();
    const needle = q.toLowerCase();
    const rows = all().filter(
      (row) =>
        (community === "" || row.community.id === community) &&
        (status === "" || row.status === status) &&
        [row.device_name, row.dev_eui, row.unit?.name ?? ""].some((text) =>
          text.toLowerCase().includes(needle),
        ),
    );
    const { limit = "50", offset = "0" } = c.req.query();
    for (const row of rows.slice(Number(offset), Number(offset) + Number(limit)))
      DeviceRow.parse(row);
    return listed(c, rows);
  });
  app.get("/devices/:devEui", (c) => {
    const i = all().findIndex(({ dev_eui }) => dev_eui === c.req.param("devEui").toLowerCase());
    if (i === -1) throw new Fault("not_found", "no such device");
    return c.json(success(DeviceDetails.parse(detailsOf(state, i))));
  });
  app.get("/unregistered", (c) =>
    listed(
      c,
      Array.from({ length: state.strangers }, (_, i) =>
        SightingRow.parse({
          deviceId: `a84041000181${(0xc0de + i).toString(16)}`,
          firstAt: new Date(state.nowMs - 86_400_000 * (i + 1)).toISOString(),
          lastAt: new Date(state.nowMs - 60_000 * (i * 9 + 1)).toISOString(),
          count: 12 + i * 31,
          gatewayId: "gw-00f1e2d3c4b5a697",
          via: "packet-forwarder",
          rssi: -109 - i,
          snr: -4,
          guess: i === 1 ? null : { model: "milesight/em300-th", values: ["30.8 °C", "50.5 %"] },
        }),
      ),
    ),
  );
  app.get("/gateways", (c) =>
    listed(
      c,
      Array.from({ length: state.gateways }, (_, i) =>
        GatewayRow.parse({
          id: `gw-00f1e2d3c4b5a69${7 + i}`,
          name: i === 0 ? "Riverside basement" : "Lindenhof attic",
          enrolled_at: "2026-09-24T08:00:00Z",
          lastSeenAt: new Date(state.nowMs - (i === 0 ? 9_000 : 7_900_000)).toISOString(),
          communities: [{ id: communityId(i), name: NAMES[i % 4] }],
          version: "0.1.0",
          waiting: i * 1_204,
          uplinksKept: 941_113 - i * 400_000,
        }),
      ),
    ),
  );
  app.get("/live", (c) =>
    streamSSE(c, async (stream) => {
      const tell = (what: string) =>
        void stream.writeSSE({ event: "change", data: JSON.stringify({ what }) });
      listeners.add(tell);
      await stream.writeSSE({ event: "hello", data: "{}" });
      await new Promise<void>((resolve) => stream.onAbort(resolve));
      listeners.delete(tell);
    }),
  );
  return { app, say: (what) => listeners.forEach((tell) => tell(what)) };
}
