/**
 * Decentlab: climate and air of rooms, pulses and inputs, pressure and level, soil and water.
 *
 * Ranges of pressure sensors are not in the payload: they are those of the model named in the title. Pulses counted
 * since the last message are no index and are left out where the total stands beside them.
 *
 * @see Decentlab, "LoRaWAN payload documentation" of each device
 */
import type { Decoder } from "#shared/model/decoder.ts";
import type { MeterKindId } from "#shared/model/meter-kinds.ts";
import type { RegisterId, Unit } from "#shared/model/registers.ts";
import {
  group,
  long,
  MIDDLE,
  readGroups,
  real,
  signed,
  word,
  type Group,
  type Word,
} from "./words.ts";

const battery = group(1, word(0, "battery_voltage", -3, "V"));
/** Two generations of sensors for climate. */
const climate = group(
  2,
  real("temperature", "C", (x = 0) => (175 * x) / 65_535 - 45),
  real("humidity", "%", (_, x = 0) => (100 * x) / 65_535),
);
const olderClimate = group(
  2,
  real("temperature", "C", (x = 0) => (175.72 * x) / 65_536 - 46.85),
  real("humidity", "%", (_, x = 0) => (125 * x) / 65_536 - 6),
);
const twoPascals: Word = ([x = 0]) => [{ register: "pressure", n: x * 2, scale: -2, unit: "hPa" }];
const illuminance = real(
  "illuminance",
  "lux",
  (all = 0, infrared = 0) =>
    Math.max(all - 1.64 * infrared, 0.59 * all - 0.86 * infrared, 0) * 1.5504,
);
const roomLight = group(
  2,
  word(0, "light_visible_infrared", 0, "none"),
  word(1, "light_infrared", 0, "none"),
  illuminance,
);
/** A share of the range from −1 to 1 in two words. */
const ratio = (low: number, high: number) => (low + high * 65_536) / 8_388_608 - 1;
const ofRatio = (register: RegisterId, unit: Unit, of: (share: number) => number): Word =>
  real(register, unit, (low = 0, high = 0) => of(ratio(low, high)));

/** Bar to kPa. */
const PER_BAR = 100;
const ranged = (from: number, to: number) =>
  real("pressure_pipe", "kPa", (x = 0) => (((x - 16_384) / 32_768) * (to - from) + from) * PER_BAR);
const probeDegrees = real("temperature", "C", (_, x = 0) => (x - 384) * 0.003_125 - 50);
const perStep = (place: number, register: RegisterId, unit: Unit, steps: number): Word =>
  real(register, unit, (...words) => ((words[place] ?? 0) - MIDDLE) / steps);
const barOf = (place: number, steps: number) =>
  real("pressure_pipe", "kPa", (...words) => (((words[place] ?? 0) - MIDDLE) / steps) * PER_BAR);

const soilShare = real("soil_moisture", "%", (x = 0) => ((x / 10) * 0.000_387_9 - 0.6956) * 100);
const soilCells = (x: number) =>
  (0.000_004_3 * (x / 50) ** 3 - 0.000_55 * (x / 50) ** 2 + 0.0292 * (x / 50) - 0.053) * 100;

const status = word(0, "error_flags", 0, "none");
const waterDegrees = signed(1, "water_temperature", -2, "C");

interface Model {
  readonly groups: readonly Group[];
  readonly kind?: MeterKindId;
  /** What tells it from others of the same name. */
  readonly remark?: string;
}

const models: Readonly<Record<string, Model>> = {
  "dl-iam": {
    groups: [
      battery,
      climate,
      group(1, twoPascals),
      roomLight,
      group(3, signed(0, "co2", 0, "ppm"), word(1, "error_flags", 0, "none")),
      group(1, word(0, "activity", 0, "none")),
      group(1, word(0, "tvoc", 0, "ppb")),
    ],
  },
  "dl-lp8p": {
    groups: [
      olderClimate,
      group(2, ([, x = 0]) => twoPascals([x])),
      group(
        8,
        signed(0, "co2", 0, "ppm"),
        signed(2, "temperature_2", -2, "C"),
        word(5, "error_flags", 0, "none"),
      ),
      battery,
    ],
  },
  "dl-pm": {
    groups: [
      battery,
      group(
        10,
        word(0, "pm1", -1, "ug/m3"),
        word(1, "pm2_5", -1, "ug/m3"),
        word(3, "pm10", -1, "ug/m3"),
      ),
      olderClimate,
      group(1, twoPascals),
    ],
  },
  "dl-sht35": { groups: [climate, battery] },
  "dl-rhc": {
    groups: [group(4, word(2, "humidity", -2, "%"), signed(3, "temperature", -2, "C")), battery],
  },
  "dl-ds18": { groups: [group(1, perStep(0, "temperature", "C", 16)), battery] },
  "dl-itst": {
    groups: [
      group(
        2,
        word(0, "surface_temperature", -1, "C", 1000),
        word(1, "temperature", -1, "C", 1000),
      ),
      battery,
    ],
  },
  "dl-wrm": {
    groups: [
      climate,
      group(
        2,
        word(0, "surface_temperature", -1, "C", 1000),
        word(1, "temperature_2", -1, "C", 1000),
      ),
      battery,
    ],
  },
  "dl-cws": {
    groups: [
      group(
        6,
        signed(0, "surface_temperature", -2, "C"),
        signed(1, "temperature", -2, "C"),
        signed(2, "humidity", -2, "%"),
        signed(3, "dew_point", -2, "C"),
        signed(4, "angle_x", 0, "deg"),
        signed(5, "temperature_2", -2, "C"),
      ),
      battery,
    ],
  },
  "dl-gmm": {
    groups: [
      group(
        7,
        signed(1, "temperature", -2, "C"),
        signed(2, "humidity", -1, "%"),
        signed(3, "co2", 0, "ppm"),
        // Hundredths of a kPa are tenths of a hPa.
        signed(4, "pressure", -1, "hPa"),
        signed(6, "dew_point", -2, "C"),
      ),
      battery,
    ],
  },
  "dl-dlr2-002": { groups: [group(4, long(2, "pulses", 0, "count")), battery] },
  "dl-dlr2-003": { groups: [group(1, word(0, "input", 0, "none")), battery] },
  "dl-dlr2-005": {
    groups: [
      group(
        2,
        ofRatio("voltage_input", "V", (share) => 3 * share),
      ),
      battery,
    ],
  },
  "dl-dlr2-006": {
    groups: [
      group(
        2,
        ofRatio("analog", "none", (share) => share),
      ),
      battery,
    ],
  },
  "dl-dlr2-010": {
    groups: [
      group(4, long(2, "pulses", 0, "count")),
      group(4, long(2, "pulses_2", 0, "count")),
      battery,
    ],
  },
  "dl-dlr2-011": {
    groups: [
      group(1, word(0, "input", 0, "none")),
      group(1, word(0, "input_2", 0, "none")),
      battery,
    ],
  },
  "dl-lpw": {
    groups: [
      group(
        2,
        ofRatio("valve_position", "%", (share) => share * 100),
      ),
      battery,
    ],
  },
  "dl-pr21": { groups: [group(2, ranged(-1, 10), probeDegrees), battery], remark: "−1 to 10 bar" },
  "dl-pr26": { groups: [group(2, ranged(0, 1), probeDegrees), battery], remark: "0 to 1 bar" },
  "dl-pr36": {
    groups: [group(2, barOf(0, 8192), perStep(1, "temperature", "C", 256)), battery],
    remark: "−3 to 3 bar",
  },
  "dl-pr36ctd": {
    groups: [
      group(
        4,
        barOf(0, 8192),
        perStep(1, "temperature", "C", 256),
        perStep(2, "water_temperature", "C", 256),
        // mS/cm to µS/cm.
        real("water_conductivity", "uS/cm", (_, __, ___, x = 0) => ((x - MIDDLE) / 1024) * 1000),
      ),
      battery,
    ],
    remark: "−3 to 3 bar",
  },
  "dl-ctd10": {
    groups: [
      group(
        4,
        signed(0, "level", 0, "mm"),
        signed(1, "water_temperature", -1, "C"),
        word(2, "water_conductivity", 0, "uS/cm"),
        word(3, "temperature_alarm", 0, "none"),
      ),
      battery,
    ],
    kind: "leak",
  },
  "dl-ctd10b": {
    groups: [
      group(
        4,
        signed(0, "level", 0, "mm"),
        signed(1, "water_temperature", -1, "C"),
        ([, , x = 0]) => [{ register: "water_conductivity", n: x * 2, scale: 0, unit: "uS/cm" }],
        word(3, "temperature_alarm", 0, "none"),
      ),
      battery,
    ],
    kind: "leak",
  },
  "dl-lid": { groups: [group(11, word(0, "distance", 0, "mm")), battery], kind: "leak" },
  "dl-mbx": { groups: [group(2, word(0, "distance", 0, "mm")), battery], kind: "leak" },
  "dl-rad": {
    groups: [
      group(
        4,
        word(0, "distance", 0, "mm"),
        signed(1, "temperature", -2, "C"),
        word(3, "error_flags", 0, "none"),
      ),
      battery,
    ],
    kind: "leak",
  },
  "dl-ntu": {
    groups: [group(5, status, waterDegrees, word(2, "turbidity", -1, "none")), battery],
  },
  "dl-pheht": {
    groups: [
      group(5, status, waterDegrees, signed(2, "ph", -2, "pH"), signed(3, "redox", -1, "mV")),
      battery,
    ],
  },
  "dl-optod": {
    groups: [
      group(
        5,
        status,
        waterDegrees,
        signed(2, "oxygen_saturation", -2, "%"),
        signed(3, "oxygen", -2, "mg/L"),
      ),
      battery,
    ],
  },
  "dl-tbrg": {
    groups: [group(4, long(2, "rain", -1, "mm")), battery],
    remark: "0.1 mm",
  },
  "dl-5tm": {
    groups: [
      group(
        2,
        real("soil_moisture", "%", (x = 0) => soilCells(x)),
        word(1, "temperature", -1, "C", 400),
      ),
      battery,
    ],
  },
  "dl-trs11": { groups: [group(2, soilShare, signed(1, "temperature", -1, "C")), battery] },
  "dl-trs12": {
    groups: [
      group(
        3,
        soilShare,
        signed(1, "temperature", -1, "C"),
        word(2, "soil_conductivity", 0, "uS/cm"),
      ),
      battery,
    ],
  },
};

/** A weather station's wind, and how it stands. */
const wind = (from: number): Word[] => [
  signed(from, "wind_speed", -2, "m/s"),
  signed(from + 1, "wind_direction", -1, "deg"),
  signed(from + 2, "wind_gust", -2, "m/s"),
  signed(from + 3, "temperature", -1, "C"),
];
const tilt = (from: number): Word[] => [
  signed(from, "angle_x", -1, "deg"),
  signed(from + 1, "angle_y", -1, "deg"),
];
/** Hundredths of a kPa are tenths of a hPa. */
const stationAir: readonly Word[] = [
  signed(9, "pressure", -1, "hPa"),
  signed(10, "humidity", -1, "%"),
  signed(11, "temperature_2", -1, "C"),
];
const outdoors: Readonly<Record<string, Model>> = {
  "dl-atm22": { groups: [group(8, ...wind(0), ...tilt(4)), battery] },
  "dl-atm41": {
    groups: [
      group(17, signed(0, "solar_radiation", 0, "W/m2"), ...wind(4), ...stationAir, ...tilt(12)),
      battery,
    ],
  },
  "dl-atm41g2": {
    groups: [
      group(
        17,
        signed(0, "solar_radiation", -1, "W/m2"),
        ...wind(4),
        ...stationAir,
        ...tilt(12),
        long(15, "rain", -3, "mm"),
      ),
      battery,
    ],
  },
  "dl-alb": {
    groups: [
      group(2, signed(0, "solar_radiation", -1, "W/m2"), signed(1, "solar_reflected", -1, "W/m2")),
      battery,
    ],
  },
  "dl-pyr": {
    groups: [
      group(
        1,
        real("solar_radiation", "W/m2", (x = 0) => 3 * (x / MIDDLE - 1) * 1000 * 5),
      ),
      battery,
    ],
  },
  "dl-cws2": {
    groups: [
      group(
        2,
        real("temperature", "C", (x = 0) => (175 * x) / 65_535 - 45),
        real("humidity", "%", (_, x = 0) => (100 * x) / 65_535),
      ),
      // Its own air and humidity, beside the shielded ones, are not told twice.
      group(
        6,
        signed(0, "surface_temperature", -2, "C"),
        signed(3, "dew_point", -2, "C"),
        signed(4, "angle_x", 0, "deg"),
        signed(5, "temperature_2", -2, "C"),
      ),
      battery,
    ],
  },
  "dl-trs21": { groups: [group(2, signed(1, "temperature", -1, "C")), battery] },
};

/** What a model reports: asked of its own words. */
function registersOf(groups: readonly Group[]): RegisterId[] {
  const found = groups.flatMap(({ size, values }) =>
    values.flatMap((of) => of(Array<number>(size).fill(MIDDLE)).map(({ register }) => register)),
  );
  return [...new Set(found)];
}

export const decentlab: readonly Decoder[] = Object.entries({ ...models, ...outdoors }).map(
  ([name, { groups, kind = "temperature", remark }]) => ({
    model: `decentlab/${name}`,
    version: 1,
    title: `Decentlab ${name.toUpperCase()}${remark === undefined ? "" : ` (${remark})`}`,
    kind,
    registers: registersOf(groups),
    decode: (payload) => readGroups(payload, groups),
  }),
);
