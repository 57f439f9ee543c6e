/**
 * Netvox R900 series: climate, leaks, soil, level, water and up to six current transformers, in
 * longer frames than its sisters': version, device type in two bytes, report type, then the report.
 * Port 22 reports, port 23 answers settings.
 *
 * @see Netvox LoRaWAN Application Command, R900 series
 */
import type { Decoder } from "#shared/model/decoder.ts";
import type { MeterKindId } from "#shared/model/meter-kinds.ts";
import type { RegisterId } from "#shared/model/registers.ts";
import { ByteReader } from "../byte-reader.ts";
import { bits, flag, part, parts, type Part } from "../netvox-sensors/decoder.ts";

const REPORT_PORT = 22;
const ANSWER_PORT = 23;
const VERSION_REPORT = 0;
const LOW_BATTERY = 0x80;

const battery: Part = (reader) => {
  const tenths = reader.u8() & ~LOW_BATTERY;
  return [{ register: "battery_voltage", n: tenths, scale: -1, unit: "V" }];
};

function r900(
  types: Readonly<Record<string, number>>,
  registers: readonly RegisterId[],
  report: Part,
  kind: MeterKindId = "temperature",
): Decoder[] {
  return Object.entries(types).map(([name, type]) => ({
    model: `netvox/${name}`,
    version: 1,
    title: `Netvox ${name.toUpperCase()}`,
    kind,
    registers: ["battery_voltage", "tamper", "alarm", ...registers],
    decode(payload, { fPort }) {
      const reader = new ByteReader(payload);
      if (fPort !== null && fPort !== REPORT_PORT && fPort !== ANSWER_PORT)
        reader.fail(`came on port ${fPort}`);
      reader.skip(1);
      if (reader.u16be() !== type) reader.fail("is of another device type");
      if (fPort === ANSWER_PORT || reader.u8() === VERSION_REPORT) return [];
      // Zeros may follow.
      const values = report(reader);
      return values.length > 0 ? [{ values }] : [];
    },
  }));
}

const temperature = part("i16be", "temperature", -2, "C");
const tail = parts(bits("alarm"), flag("tamper"));
const CURRENTS = [
  "current",
  "current_2",
  "current_3",
  "current_4",
  "current_5",
  "current_6",
] as const;
const currents = (count: number): Part =>
  parts(...CURRENTS.slice(0, count).map((register) => part("u24be", register, -3, "A")));

export const netvoxR900: readonly Decoder[] = [
  ...r900(
    { r900a01: 0x109, r900a01o1: 0x111 },
    ["temperature", "humidity"],
    parts(battery, temperature, part("u16be", "humidity", -2, "%"), tail),
  ),
  ...r900({ r900a02: 0x10a, r900a02o1: 0x112 }, ["temperature"], parts(battery, temperature, tail)),
  ...r900(
    { r900a03: 0x10b, r900a03o1: 0x113 },
    ["leak"],
    parts(battery, flag("leak"), flag("tamper")),
    "leak",
  ),
  ...r900({ r900nac1: 0x100 }, ["current"], parts(battery, currents(1), tail), "electricity"),
  ...r900(
    { r900nac3: 0x101 },
    CURRENTS.slice(0, 3),
    parts(battery, currents(3), tail),
    "electricity",
  ),
  ...r900(
    { r900nac6: 0x102 },
    CURRENTS,
    parts(battery, currents(6), part("u16be", "alarm", 0, "none"), flag("tamper")),
    "electricity",
  ),
  ...r900(
    { r900ndc: 0x103 },
    CURRENTS.slice(0, 2),
    parts(battery, currents(2), tail),
    "electricity",
  ),
  ...r900(
    { r900pb02: 0x107, r900pb02o1: 0x10f },
    ["soil_moisture", "temperature", "soil_conductivity"],
    parts(
      battery,
      part("u16be", "soil_moisture", -2, "%"),
      temperature,
      part("u16be", "soil_conductivity", 0, "uS/cm"),
      tail,
    ),
  ),
  ...r900(
    { r900pb03: 0x108, r900pb03o1: 0x110 },
    ["input", "distance", "fill"],
    parts(
      battery,
      flag("input"),
      part("u16be", "distance", 0, "mm"),
      part("u8", "fill", 0, "%"),
      tail,
    ),
  ),
  ...r900(
    { r900pd01: 0x106, r900pd01o1: 0x10e },
    ["ph", "water_temperature", "turbidity", "temperature", "chlorine"],
    parts(
      part("u16be", "ph", -2, "pH"),
      part("i16be", "water_temperature", -2, "C"),
      part("u16be", "turbidity", -1, "none"),
      temperature,
      part("u16be", "chlorine", -2, "mg/L"),
      part("u16be", "alarm", 0, "none"),
      flag("tamper"),
    ),
  ),
];
