import { test } from "uvu";
import * as assert from "uvu/assert";
import { isFault } from "#shared/model/fault.ts";
import { decimalFrom } from "./decimal-value.ts";
import { knownFields } from "./known-fields.ts";
import { FieldMapping } from "#shared/model/field-mapping.ts";
import { applyMapping, unmappedFields } from "./mapping.ts";
import { proposeMapping, type Sample } from "./propose-mapping.ts";

test("a number becomes the decimal that was meant, not what floats made of it", () => {
  const cases: [unknown, number, number][] = [
    [9989.97, 998997, -2],
    [0.1 + 0.2, 3, -1],
    [123456.789 * 0.001, 123456789, -6],
    [1.005 * 1000, 1005, 0],
    [21.299999237060547, 21299999237, -9],
    [5.5e-17, 0, 0],
    [-0, 0, 0],
    [-0.00000125, -125, -8],
    [170, 170, 0],
    [1e15, 1e15, 0],
    [2 ** 53 - 1, 2 ** 53 - 1, 0],
    [" 0012.50 ", 125, -1],
    ["1.5e3", 1500, 0],
    [".5", 5, -1],
  ];
  for (const [value, n, scale] of cases)
    assert.equal(decimalFrom(value), { n, scale }, String(value));
});

test("what is no number a register could hold is none", () => {
  for (const value of [
    NaN,
    Infinity,
    1e21,
    2 ** 60,
    "",
    ".",
    "12,5",
    "0x10",
    "1e999",
    "x",
    null,
    {},
    [],
    true,
    "9".repeat(41),
  ])
    assert.is(decimalFrom(value), undefined, JSON.stringify(value));
});

test("every decimal of up to nine places comes through floats unharmed", () => {
  for (let i = 0; i < 20_000; i++) {
    const n = (i * 7_919_733) % 99_999_999_989;
    const scale = -(i % 8);
    const decimal = decimalFrom(n / 10 ** -scale);
    assert.is(decimal && decimal.n * 10 ** (decimal.scale - scale), n);
  }
});

const mapping = FieldMapping.parse({
  time: "measured",
  fields: [
    { path: "heat.energy", register: "6-0:1.0.0", unit: "kWh" },
    { path: "litres", register: "8-0:1.0.0", unit: "m3", scale: -3 },
    { path: "state", register: "alarm", unit: "none", words: { OK: 0, LOW: 1 } },
    { path: "wet", register: "leak", unit: "none" },
  ],
  lists: [{ at: "past", time: "t", fields: [{ path: "v", register: "8-0:1.0.0", unit: "m3" }] }],
});

test("a mapping turns fields into values, words into states, lists into readings of their own times", () => {
  const data = {
    measured: "2026-01-02T03:00:00Z",
    heat: { energy: 12.5 },
    litres: 1234,
    state: "low",
    wet: true,
    past: [
      { t: 1_700_000_000, v: 1.5 },
      { t: 1_700_003_600_000, v: null },
      { t: 1_700_003_600_000, v: 2 },
    ],
    other: 1,
    "dotted.name": 2,
  };
  assert.equal(applyMapping(mapping, data), [
    {
      time: Date.UTC(2026, 0, 2, 3),
      values: [
        { register: "6-0:1.0.0", n: 125, scale: -1, unit: "kWh" },
        { register: "8-0:1.0.0", n: 1234, scale: -3, unit: "m3" },
        { register: "alarm", n: 1, scale: 0, unit: "none" },
        { register: "leak", n: 1, scale: 0, unit: "none" },
      ],
    },
    { time: 1_700_000_000_000, values: [{ register: "8-0:1.0.0", n: 15, scale: -1, unit: "m3" }] },
    { time: 1_700_003_600_000, values: [{ register: "8-0:1.0.0", n: 2, scale: 0, unit: "m3" }] },
  ]);
  assert.equal(unmappedFields(mapping, data), ["other", "dotted.name"]);
});

test("what is absent or null is no value, and an answer without mapped fields has no readings", () => {
  assert.equal(applyMapping(mapping, { heat: { energy: null }, other: 1 }), []);
  assert.equal(applyMapping(mapping, []), []);
});

test("a field that holds something else is a fault that names it", () => {
  for (const [data, field] of [
    [{ litres: "many" }, "litres"],
    [{ litres: {} }, "litres"],
    [{ state: "odd" }, "state"],
    [{ litres: 1, measured: "soon" }, "measured"],
    [{ past: [{ v: 1 }] }, "past"],
  ] as const)
    try {
      applyMapping(mapping, data);
      assert.unreachable();
    } catch (error) {
      assert.ok(isFault(error, "invalid"));
      assert.is(error.details["field"], field);
    }
});

test("a path reads own fields only, also those with dots in their names", () => {
  const rule = { register: "pulses", unit: "count" } as const;
  for (const path of ["constructor.length", "__proto__.x", "toString.length"])
    assert.equal(applyMapping({ fields: [{ path, ...rule }] }, {}), []);
  assert.is(applyMapping({ fields: [{ path: "a.b.c", ...rule }] }, { "a.b": { c: 1 } }).length, 1);
});

test("a mapping from outside is checked", () => {
  for (const fields of [
    [{ path: "x", register: "none-such", unit: "m3" }],
    [{ path: "x", register: "pulses", unit: "furlong" }],
    [{ path: "", register: "pulses", unit: "count" }],
    [{ path: "x", register: "pulses", unit: "count", scale: 99 }],
  ])
    assert.not.ok(FieldMapping.safeParse({ fields }).success);
});

test("of DataKubo's names for one register the first that is there counts", () => {
  const known = { fields: [...knownFields] };
  const water = (data: object) => applyMapping(known, data)[0]?.values;
  assert.equal(water({ cumulativeFlow: 1500 }), [
    { register: "8-0:1.0.0", n: 1500, scale: -3, unit: "m3" },
  ]);
  assert.equal(water({ cumulativeFlow: 1500, cumulativeFlowM3: 1.5, bateria: 3.6 }), [
    { register: "8-0:1.0.0", n: 15, scale: -1, unit: "m3" },
    { register: "battery_voltage", n: 36, scale: -1, unit: "V" },
  ]);
});

const samples = (...data: object[]): Sample[] =>
  data.map((each, i) => ({ data: each, at: i * 3_600_000 }));
const proposed = (...data: object[]) =>
  Object.fromEntries(
    proposeMapping(samples(...data)).fields.map(({ rule, certainty }) => [
      rule.path,
      [rule.register, rule.unit, rule.scale ?? 0, certainty],
    ]),
  );

test("units and quantities in names lead to registers", () => {
  const first = {
    total_kwh: 10,
    volume_m3: 5,
    heat: { energyMWh: 1.5, supplyTemperature: 61.2, returnTemp_c: 40.1 },
    flow_m3_h: 0.4,
    battery_mv: 3600,
    humidity: 40,
    temperature: 21,
    gas: { volume_litres: 7 },
    exported_kWh: 3,
    power_w: 400,
    leak: false,
    meterVolumeHot_m3: 9,
    co2_ppm: 400,
  };
  const second = { ...first, total_kwh: 11, power_w: 100, leak: true, flow_m3_h: 0.1 };
  assert.equal(proposed(first, second), {
    total_kwh: ["1-0:1.8.0", "kWh", 0, "likely"],
    volume_m3: ["8-0:1.0.0", "m3", 0, "likely"],
    "heat.energyMWh": ["6-0:1.0.0", "MWh", 0, "likely"],
    "heat.supplyTemperature": ["6-0:10.0.0", "C", 0, "guess"],
    "heat.returnTemp_c": ["6-0:11.0.0", "C", 0, "likely"],
    flow_m3_h: ["8-0:9.0.0", "m3/h", 0, "likely"],
    battery_mv: ["battery_voltage", "V", -3, "likely"],
    humidity: ["humidity", "%", 0, "guess"],
    temperature: ["temperature", "C", 0, "guess"],
    "gas.volume_litres": ["7-0:3.0.0", "L", 0, "likely"],
    exported_kWh: ["1-0:2.8.0", "kWh", 0, "likely"],
    power_w: ["1-0:1.7.0", "W", 0, "likely"],
    leak: ["leak", "none", 0, "likely"],
    meterVolumeHot_m3: ["9-0:1.0.0", "m3", 0, "likely"],
    co2_ppm: ["co2", "ppm", 0, "likely"],
  });
});

test("capitals inside a unit are not taken for the next word", () => {
  for (const [path, unit] of [
    ["energykWh", "kWh"],
    ["EnergyKWh", "kWh"],
    ["energyWh", "Wh"],
    ["ENERGY_KWH", "kWh"],
    ["energy (kWh)", "kWh"],
  ])
    assert.is(proposed({ [path!]: 1 }, { [path!]: 2 })[path!]?.[1], unit, path);
});

test("the unit may stand in a field beside", () => {
  assert.equal(
    proposed({ meter: { value: 1, unit: "kWh" } }, { meter: { value: 2, unit: "kWh" } }),
    {
      "meter.value": ["1-0:1.8.0", "kWh", 0, "likely"],
    },
  );
});

test("what falls is no index, what has no unit counts only when it grows", () => {
  const { unmapped } = proposeMapping(
    samples({ volume_m3: 5, pulses: 3 }, { volume_m3: 4, pulses: 3 }),
  );
  assert.equal(unmapped, [
    { path: "volume_m3", why: "index_falls" },
    { path: "pulses", why: "name_unknown" },
  ]);
  assert.equal(proposed({ pulses: 3 }, { pulses: 4 }), {
    pulses: ["pulses", "count", 0, "likely"],
  });
});

test("samples may come in any order", () => {
  const two = samples({ pulses: 3 }, { pulses: 4 });
  assert.equal(proposeMapping(two.toReversed()), proposeMapping(two));
});

test("DataKubo's names are known, one of them for the register, and a battery in percent is none of them", () => {
  const proposal = proposeMapping(
    samples({
      water: 2,
      cumulativeFlow: 2000,
      cumulativeFlowM3: 2,
      battery: 3.6,
      battery_status: "OK",
    }),
  );
  assert.equal(proposal.mapping, {
    fields: [
      { path: "cumulativeFlowM3", register: "8-0:1.0.0", unit: "m3" },
      { path: "battery", register: "battery_voltage", unit: "V" },
    ],
    kind: "cold_water",
  });
  assert.equal(proposal.unmapped, [
    { path: "battery_status", why: "text" },
    { path: "water", why: "register_taken" },
    { path: "cumulativeFlow", why: "register_taken" },
  ]);
  assert.equal(proposed({ battery: 87 }), { battery: ["battery", "%", 0, "guess"] });
});

test("a proposal is a mapping that can be kept and applied", () => {
  const data = { total_kwh: 10.5, temperature: 20.25, history: [{ x: 1 }], name: "x" };
  const { mapping, unmapped } = proposeMapping(samples(data));
  assert.equal(FieldMapping.parse(mapping), mapping);
  assert.is(applyMapping(mapping, data)[0]?.values.length, 2);
  assert.equal(
    unmapped.map(({ why }) => why),
    ["list", "text"],
  );
});

test("no samples make an empty proposal", () => {
  assert.equal(proposeMapping([]), { mapping: { fields: [] }, fields: [], unmapped: [] });
});

test.run();
