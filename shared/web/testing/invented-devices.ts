/**
 * `invented-devices`: an operator's devices that do not exist, the same each time, in the shapes of
 * the operator's API.
 *
 * Stands in for a hub in tests of the pages. Must never be reached from a running program.
 */
import type { Health } from "#shared/api/admin.ts";
import type { LeftBehindRow } from "#shared/api/gateway-admin.ts";
import type { HubTrouble } from "#shared/api/gateway-talk.ts";
import { marks } from "#shared/model/marks.ts";
import type { MeterKindId } from "#shared/model/meter-kinds.ts";

/** What the double shows; change it between two looks. */
export interface AdminState {
  nowMs: number;
  isSignedIn: boolean;
  devices: number;
  communities: number;
  gateways: number;
  /** Of the gateway that is away; null as from one that says only a sentence. */
  trouble: HubTrouble | null;
  /** What the second gateway was not handed of the machine before. */
  leftBehind: LeftBehindRow[];
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
    trouble: { code: "captive_portal", status: 302 },
    leftBehind: [],
    strangers: 3,
    isSetUp: true,
    failure: undefined,
    delayMs: 0,
    extra: 0,
  };
}

export const names = ["Riverside", "Lindenhof", "Les Tilleuls", "Casa Norte"];
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

export function healthOf(i: number): Health {
  return i % 41 === 7 ? "lost" : i % 29 === 11 ? "late" : i % 83 === 5 ? "never" : "healthy";
}

export function communityId(i: number): string {
  return `c-${String(i).padStart(16, "0")}`;
}

export function deviceOf(state: AdminState, i: number) {
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
    decoder: kind.type,
    model: null,
    serial_number: null,
    external_id: null,
    notes: null,
    calibration_due: null,
    expected_interval_s: 3600,
    join_eui: null,
    keys_at: null,
    kind: kind.kind,
    status: health === "healthy" || health === "late" ? "online" : "offline",
    status_set_at: null,
    health,
    is_active: true,
    created_at: "2026-09-24T08:00:00Z",
    updated_at: "2026-09-24T08:00:00Z",
    community: { id: communityId(c), name: names[c % 4] ?? "", tenant_name: `community-${c}` },
    unit: i % 31 === 3 ? null : { id: `u-${String(i).padStart(16, "0")}`, name: `Home ${home}` },
    last_seen_at: at,
    last_reading: at === null ? null : { at, time_source: "radio", values: [value, battery] },
    radio:
      at === null
        ? null
        : { rssi: -71 - ((i * 13) % 58), snr: 9.5 - ((i * 7) % 20), sf: 7 + (i % 6) },
    via: at === null ? null : "packet-forwarder",
    battery: at === null ? null : { pct: battery.n, volts: null },
  };
}

export function detailsOf(state: AdminState, i: number) {
  const row = deviceOf(state, i);
  const values = row.last_reading?.values ?? [];
  const lastMs = row.last_reading === null ? 0 : Date.parse(row.last_reading.at);
  const readings =
    values.length === 0
      ? []
      : Array.from({ length: 48 }, (_, hour) => ({
          at: new Date(lastMs - hour * 3_600_000).toISOString(),
          time_source: "radio",
          values: values.map((value, which) =>
            which === 0 ? { ...value, n: value.n - hour * 9 } : value,
          ),
        }));
  const uplinks = readings.slice(0, 50).map((reading, n) => ({
    at: reading.at,
    heard_at: reading.at,
    time_source: "radio",
    via: "packet-forwarder",
    writer: "gw-00f1e2d3c4b5a697",
    session: "00a1b2c3",
    f_cnt: 4_711 - n,
    f_port: n === 3 ? 99 : 85,
    payload_hex: n === 3 ? "ff0bfeed" : "01755c0367340104686503670a01046864",
    undecoded: n === 3 ? "no channel 0xff0b in this decoder" : null,
    values: n === 3 ? [] : reading.values,
    rssi: -97 + (n % 5),
    snr: 4.5,
  }));
  return {
    ...row,
    end_users: [],
    frames: null,
    count: countOf(lastMs),
    zone: "Europe/Zurich",
    readings,
    uplinks,
  };
}

function countOf(lastMs: number) {
  const at = new Date(lastMs - 3_600_000).toISOString();
  return {
    register: "8-0:1.0.0",
    unit: "m3",
    scale: -3,
    total: 6_120,
    expected: 744,
    heard: 741,
    events: [
      {
        mark: "spike" as const,
        title: marks.spike,
        from: at,
        to: at,
        before: 120_400,
        after: 98_120_400,
        counted: 0,
      },
    ],
  };
}
