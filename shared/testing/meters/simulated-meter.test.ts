import { test } from "uvu";
import * as assert from "uvu/assert";
import { findDecoder } from "#shared/devices/list.ts";
import type { RegisterId } from "#shared/model/registers.ts";
import { encodeClimateSensor } from "./climate-sensor.ts";
import { waterLitres, waterLitresAt } from "./daily-patterns.ts";
import { encodeHeatMeter } from "./heat-meter.ts";
import { householdOf, isSilentAt, type Household } from "./household.ts";
import { frameAt, type SimulatedModel } from "./simulated-meter.ts";
import { encodeWaterMeter } from "./water-meter.ts";

const HOUR = 3_600_000;
const NOW = Date.UTC(2026, 10, 23, 7, 17, 3);
const registerOf: Record<Exclude<SimulatedModel, "milesight/em300-th">, RegisterId> = {
  "elvaco/cmi4110": "6-0:1.0.0",
  "quandify/cubicmeter-1-1": "8-0:1.0.0",
  "milesight/ws52x": "1-0:1.8.0",
  "milesight/ct101": "charge",
};
const read = (model: string, payload: Uint8Array, fPort: number) =>
  new Map(
    findDecoder(model)
      ?.decode(payload, { fPort, heardAt: NOW })[0]
      ?.values.map((value) => [value.register, value]),
  );

test("a decoder reads from each frame the index the meter stands at, hour after hour, never falling", () => {
  const household = householdOf(3);
  for (const [model, register] of Object.entries(registerOf) as [
    keyof typeof registerOf,
    RegisterId,
  ][]) {
    let last = -1;
    for (let hour = 0; hour < 24 * 20; hour++) {
      const { payload, fPort, index } = frameAt(
        model,
        "24e124136b502217",
        household,
        NOW + hour * HOUR,
      );
      assert.equal(read(model, payload, fPort).get(register), { register, ...index });
      assert.ok((index?.n ?? -2) >= last, `${model} falls`);
      last = index?.n ?? -2;
    }
    assert.ok(last > 0);
  }
});

test("states come back as they were encoded", () => {
  const heat = encodeHeatMeter({
    energyWh: 2_616_752_999,
    volumeLitres: 9_989_970,
    powerW: 5500,
    flowLitresPerHour: 110,
    flowTenths: 633,
    returnTenths: 541,
    serial: 66031129,
    errorFlags: 0,
  });
  const values = read("elvaco/cmi4110", heat.payload, heat.fPort);
  assert.is(values.get("6-0:1.0.0")?.n, 2616752);
  assert.is(values.get("6-0:2.0.0")?.n, 998997);
  assert.is(values.get("6-0:8.0.0")?.n, 55);
  assert.is(values.get("serial")?.n, 66031129);
  const water = encodeWaterMeter({
    runningSeconds: 5,
    litres: 5342,
    leak: 2,
    errorFlags: 0,
    isSensing: false,
    batteryMillivolts: 3608,
    waterTenths: { min: 215, max: 220 },
    ambientTenths: 225,
  });
  const said = read("quandify/cubicmeter-1-1", water.payload, water.fPort);
  assert.equal(
    ["8-0:1.0.0", "sensing", "battery_voltage", "water_temperature_min", "ambient_temperature"].map(
      (register) => said.get(register as RegisterId)?.n,
    ),
    [5342, 0, 3608, 215, 225],
  );
  const cold = encodeClimateSensor({ tenths: -45, halfPercents: 99 });
  assert.equal(
    [...read("milesight/em300-th", cold.payload, cold.fPort).values()].map(({ n }) => n),
    [-45, 495],
  );
});

test("the same seed says the same, another seed something else", () => {
  const at = (seed: string, household: Household) =>
    Buffer.from(frameAt("quandify/cubicmeter-1-1", seed, household, NOW).payload).toString("hex");
  assert.is(at("a", householdOf(2)), at("a", householdOf(2)));
  assert.is.not(at("a", householdOf(2)), at("b", householdOf(2)));
});

test("a home has hours without water, unless it leaks", () => {
  const leaking: Household = {
    ...householdOf(2),
    leak: { fromMs: NOW - 48 * HOUR, litresPerHour: 11 },
  };
  const hours = Array.from({ length: 24 }, (_, i) => NOW - (NOW % HOUR) - (i + 1) * HOUR);
  const dry = (household: Household) =>
    hours.filter((ms) => waterLitres("w", household, ms, ms + HOUR) === 0).length;
  assert.ok(dry(householdOf(2)) >= 4);
  assert.is(dry(leaking), 0);
});

test("a person uses what people use, and nobody uses nothing", () => {
  const days = 30;
  const use = (household: Household) =>
    waterLitres("w", household, NOW - days * 24 * HOUR, NOW) / days;
  assert.ok(use(householdOf(2)) > 80 && use(householdOf(2)) < 400, String(use(householdOf(2))));
  const moved: Household = {
    stays: [
      { fromMs: 0, people: 2 },
      { fromMs: NOW - 20 * 24 * HOUR, people: 0 },
      { fromMs: NOW - 10 * 24 * HOUR, people: 4 },
    ],
  };
  assert.is(waterLitres("w", moved, NOW - 19 * 24 * HOUR, NOW - 11 * 24 * HOUR), 0);
  assert.ok(waterLitres("w", moved, NOW - 9 * 24 * HOUR, NOW) > 500);
});

test("an index does not depend on what was asked before", () => {
  const seed = "w";
  const late = waterLitresAt(seed, householdOf(2), NOW);
  const asked = householdOf(2);
  for (let ms = NOW - 90 * 24 * HOUR; ms < NOW; ms += 11 * HOUR) waterLitresAt(seed, asked, ms);
  assert.is(waterLitresAt(seed, asked, NOW), late);
});

test("a silent meter is silent for as long as it is told to be", () => {
  const household: Household = { ...householdOf(1), silent: { fromMs: NOW, toMs: NOW + HOUR } };
  assert.equal(
    [NOW - 1, NOW, NOW + HOUR].map((ms) => isSilentAt(household, ms)),
    [false, true, false],
  );
});

test.run();
