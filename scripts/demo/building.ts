/**
 * `building`: invents a community: what the hub is told of it (homes, people, meters, keys) and
 * what the simulator plays (the same meters, and two that nobody registered).
 *
 * The same seed and moment give the same homes, people and meters; only the keys are random. Of
 * forty homes all have cold water, the first half heat, every second one electricity, and the
 * second half a temperature sensor. Three homes have a story: a leak, a silent meter, a move.
 */
import type { LoadFile } from "#cloud/hub/load/load-file.ts";
import { DevEui, TenantName } from "#shared/model/ids.ts";
import type { MeterKindId } from "#shared/model/meter-kinds.ts";
import { localDate, startOfDay } from "#shared/series/calendar.ts";
import { chance, seedOf } from "#shared/testing/meters/chance.ts";
import type { Plan, PlannedDevice } from "#scripts/simulator/plan.ts";
import { person } from "./people.ts";

export interface BuildingOptions {
  readonly seed: string;
  /** History ends and the present begins here, epoch ms. */
  readonly nowMs: number;
  /** At least 4, so that every story has a home. */
  readonly homes: number;
  readonly historyDays: number;
  readonly liveEveryMs: number;
  /** Random bytes for keys, as hex. */
  readonly randomHex: (bytes: number) => string;
  /** Days ago; defaults 4, 9 and 21. A history shorter than these is told all the same. */
  readonly leakDaysAgo?: number;
  readonly silentDaysAgo?: number;
  readonly movedDaysAgo?: number;
}

/** Homes and people a visitor wants to see, by the names in the load file. */
export interface Stories {
  readonly usual: { unit: string; ref: string };
  readonly leak: { unit: string; ref: string };
  readonly movedOut: { unit: string; ref: string };
  readonly movedIn: { unit: string; ref: string };
  /** Its water meter has fallen silent. */
  readonly silent: { unit: string; ref: string; devEui: string };
  readonly tenantName: string;
}

export interface Building {
  readonly load: LoadFile;
  readonly plan: Plan;
  readonly stories: Stories;
}

export const ZONE = "Europe/Madrid";
const ZONES = [{ fromMs: 0, zone: ZONE }];
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const LITRES_PER_HOUR_LOST = 24;
/** Everybody but the one who moved in has lived there so long, days. */
const LIVED_DAYS = 400;
const HOUSES = ["House A", "House B"];
const DOORS_PER_FLOOR = 4;

interface Kind {
  readonly kind: MeterKindId;
  readonly model: PlannedDevice["model"];
  readonly title: string;
  /** What its EUI begins with, 6 digits. */
  readonly maker: string;
  readonly joinEui: string;
  isIn(home: number, homes: number): boolean;
}

const KINDS: readonly Kind[] = [
  {
    kind: "cold_water",
    model: "quandify/cubicmeter-1-1",
    title: "Cold water",
    maker: "d02544",
    joinEui: "70b3d57ed0000101",
    isIn: () => true,
  },
  {
    kind: "heat",
    model: "elvaco/cmi4110",
    title: "Heat",
    maker: "94193a",
    joinEui: "94193a0000000001",
    isIn: (home, homes) => home < homes / 2,
  },
  {
    kind: "electricity",
    model: "milesight/ws52x",
    title: "Electricity",
    maker: "24e124",
    joinEui: "24e124c0002a0001",
    isIn: (home) => home % 2 === 0,
  },
  {
    kind: "temperature",
    model: "milesight/em300-th",
    title: "Living room",
    maker: "24e124",
    joinEui: "24e124c0002a0001",
    isIn: (home, homes) => home >= homes / 2,
  },
];

export function inventBuilding(options: BuildingOptions): Building {
  const { seed, nowMs, homes, historyDays, liveEveryMs, randomHex } = options;
  const midnight = (daysAgo: number) =>
    startOfDay(ZONES, localDate(ZONES, nowMs - daysAgo * DAY_MS));
  const at = (ms: number) => new Date(ms).toISOString();
  const dice = (...parts: number[]) => chance(seedOf(seed), ...parts);
  const digits = (length: number, ...parts: number[]) =>
    Array.from({ length }, (_, i) => Math.floor(dice(...parts, i) * 16).toString(16)).join("");

  const story = { usual: 1, leak: 2, moved: 3, silent: homes - 1 };
  const [livedFromMs, movedMs] = [midnight(LIVED_DAYS), midnight(options.movedDaysAgo ?? 21)];
  const leakFromMs = nowMs - (options.leakDaysAgo ?? 4) * DAY_MS;
  const silentFromMs = nowMs - (options.silentDaysAgo ?? 9) * DAY_MS;
  const historyToMs = Math.floor(nowMs / HOUR_MS) * HOUR_MS;
  const movedInRef = person(homes).ref;

  const names = Array.from({ length: homes }, (_, home) => nameOf(home, homes));
  const people = (home: number) => 1 + Math.floor(dice(1, home) * 4);
  const households = names.map((_, home) => ({
    stays:
      home === story.moved
        ? [
            { fromMs: 0, people: 3 },
            { fromMs: movedMs, people: 1 },
          ]
        : [{ fromMs: 0, people: people(home) }],
    ...(home === story.leak
      ? { leak: { fromMs: leakFromMs, litresPerHour: LITRES_PER_HOUR_LOST } }
      : {}),
  }));

  const devices = names.flatMap((unit, home) =>
    KINDS.filter((kind) => kind.isIn(home, homes)).map((kind) => {
      const number = KINDS.indexOf(kind);
      // The last few sensors go on over the network server that told the history.
      const way = kind.kind === "temperature" && home % 2 === 1 ? "mqtt" : "lorawan";
      const planned: PlannedDevice = {
        devEui: DevEui.parse(`${kind.maker}${digits(10, 2, home, number)}`),
        model: kind.model,
        household: home,
        way,
        ...(way === "lorawan" ? { joinEui: kind.joinEui, appKey: randomHex(16) } : {}),
        devAddr: `26${digits(6, 3, home, number)}`,
        antennas:
          dice(4, home, number) < 0.2
            ? [houseOf(home, homes), 1 - houseOf(home, homes)]
            : [houseOf(home, homes)],
        sf: 7 + Math.floor(dice(5, home, number) ** 3 * 4),
        isConfirmed: way === "lorawan" && dice(6, home, number) < 0.08,
        ...(home === story.silent && kind.kind === "cold_water" ? { silentFromMs } : {}),
        isStranger: false,
      };
      return { unit, kind, planned };
    }),
  );

  const stranger = (n: number, way: PlannedDevice["way"]): PlannedDevice => ({
    devEui: DevEui.parse(`24e124${digits(10, 7, n)}`),
    model: "milesight/em300-th",
    household: 0,
    way,
    ...(way === "lorawan" ? { joinEui: "24e124c0002a0001", appKey: randomHex(16) } : {}),
    devAddr: `27${digits(6, 8, n)}`,
    antennas: [0],
    sf: 9,
    isConfirmed: false,
    isStranger: true,
  });

  const tenancies = (home: number) =>
    home === story.moved
      ? [
          { resident: person(home).ref, from: at(livedFromMs), to: at(movedMs) },
          { resident: movedInRef, from: at(movedMs) },
        ]
      : [{ resident: person(home).ref, from: at(livedFromMs) }];
  const storyOf = (home: number) => ({ unit: names[home] ?? "", ref: person(home).ref });

  return {
    load: {
      organization: { name: "Riser demo" },
      communities: [
        {
          name: "Riverside",
          tenant_name: TenantName.parse("riverside"),
          zone: ZONE,
          language: "en",
          brand: { name: "Riverside", colour: "#3e63dd" },
          buildings: HOUSES.map((name) => ({ name })),
          residents: Array.from({ length: homes + 1 }, (_, n) => person(n)),
          units: names.map((name, home) => ({
            name,
            building: HOUSES[houseOf(home, homes)] ?? "",
            tenancies: tenancies(home),
          })),
          devices: devices.map(({ unit, kind, planned }) => ({
            dev_eui: planned.devEui,
            name: `${kind.title} ${unit}`,
            model: kind.model,
            kind: kind.kind,
            ...(planned.way === "lorawan" && planned.joinEui && planned.appKey
              ? { join_eui: planned.joinEui, app_key: planned.appKey, home_gateway: true as const }
              : {}),
            expected_interval_s: HOUR_MS / 1000,
            held_from: at(livedFromMs),
            installations: [{ unit, from: at(livedFromMs) }],
          })),
        },
      ],
    },
    plan: {
      v: 1,
      history: { fromMs: historyToMs - historyDays * DAY_MS, toMs: historyToMs, everyMs: HOUR_MS },
      liveEveryMs,
      antennas: [`0016c001f1${digits(6, 9, 0)}`, `0016c001f1${digits(6, 9, 1)}`],
      households,
      devices: [
        ...devices.map(({ planned }) => planned),
        stranger(0, "lorawan"),
        stranger(1, "mqtt"),
      ],
    },
    stories: {
      usual: storyOf(story.usual),
      leak: storyOf(story.leak),
      movedOut: storyOf(story.moved),
      movedIn: { ...storyOf(story.moved), ref: movedInRef },
      silent: {
        ...storyOf(story.silent),
        devEui:
          devices.find(({ planned }) => planned.silentFromMs !== undefined)?.planned.devEui ?? "",
      },
      tenantName: "riverside",
    },
  };
}

/** 0 for the first half of the homes, 1 for the second. */
function houseOf(home: number, homes: number): 0 | 1 {
  return home < homes / 2 ? 0 : 1;
}

/** House, floor and door: `A 3B`. */
function nameOf(home: number, homes: number): string {
  const inHouse = home - (houseOf(home, homes) === 0 ? 0 : Math.ceil(homes / 2));
  const floor = 1 + Math.floor(inHouse / DOORS_PER_FLOOR);
  return `${"AB"[houseOf(home, homes)]} ${floor}${"ABCD"[inHouse % DOORS_PER_FLOOR]}`;
}
