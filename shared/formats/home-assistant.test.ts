import { suite } from "uvu";
import * as assert from "uvu/assert";
import { pathIn } from "./home-assistant-entity.ts";
import { recognise } from "./list.ts";
import { readMessage } from "./message.ts";
import type { SourceMemory } from "./source-memory.ts";

const test = suite("home assistant");

/** A broker's messages, one after the other. */
function house() {
  const told = new Map<string, unknown>();
  const memory: SourceMemory = {
    recall: (key) => told.get(key),
    remember: (key, value) => void told.set(key, value),
  };
  return (topic: string, body: unknown) => {
    const bytes = Buffer.from(typeof body === "string" ? body : JSON.stringify(body));
    const message = readMessage(topic, bytes);
    const format = recognise(message, memory);
    if (format === undefined) return undefined;
    const { measured, other } = format.parse(message, { heardAt: 1_700_000_000_000, memory });
    return {
      format: format.name,
      other,
      values: measured.map(({ deviceId, reading }) => [
        deviceId,
        ...reading.values.map(
          ({ register, n, scale, unit }) => `${register} ${n} ${scale} ${unit}`,
        ),
      ]),
    };
  };
}

test("a discovery says what stands on a topic, in long names and in short ones", () => {
  const hear = house();
  const told = hear("homeassistant/sensor/cellar/water/config", {
    name: "Cold water",
    state_topic: "meters/cellar/water",
    unit_of_measurement: "m³",
    device_class: "water",
    state_class: "total_increasing",
    unique_id: "cellar_water",
    device: { identifiers: ["meter-4711"], name: "Cellar" },
  });
  assert.equal(told, { format: "home-assistant", other: "discovery", values: [] });
  hear("homeassistant/sensor/cellar_t/config", {
    "~": "meters/cellar",
    name: "Temperature",
    stat_t: "~/json",
    unit_of_meas: "°C",
    dev_cla: "temperature",
    val_tpl: "{{ value_json.climate['t'] | float | round(1) }}",
    uniq_id: "cellar_t",
    dev: { ids: "meter-4711" },
  });
  assert.equal(hear("meters/cellar/water", "123.456")?.values, [
    ["x-ha-meter-4711", "8-0:1.0.0 123456 -3 m3"],
  ]);
  assert.equal(hear("meters/cellar/json", { climate: { t: "21.5" } })?.values, [
    ["x-ha-meter-4711", "temperature 215 -1 C"],
  ]);
  assert.equal(hear("meters/cellar/water", "unavailable"), {
    format: "home-assistant",
    other: "state",
    values: [],
  });
});

test("one message of a whole device tells of all its parts, and a second meter is a source of its own", () => {
  const hear = house();
  hear("homeassistant/device/box/config", {
    dev: { ids: ["box-1"] },
    stat_t: "box/state",
    cmps: {
      a: {
        p: "sensor",
        device_class: "energy",
        unit_of_measurement: "kWh",
        unique_id: "a",
        value_template: "{{ value_json.a }}",
      },
      b: {
        p: "sensor",
        device_class: "energy",
        unit_of_measurement: "Wh",
        unique_id: "b",
        value_template: "{{ value_json.b }}",
      },
      leak: {
        p: "binary_sensor",
        device_class: "moisture",
        unique_id: "l",
        value_template: "{{ value_json.leak }}",
      },
      button: { p: "button", command_topic: "box/press", unique_id: "p" },
      odd: {
        p: "sensor",
        unit_of_measurement: "kWh",
        unique_id: "o",
        value_template: "{% if value_json.a %}{{ value_json.a * 2 }}{% endif %}",
      },
    },
  });
  assert.equal(hear("box/state", { a: 1.5, b: 700, leak: "ON", odd: 1 })?.values, [
    ["x-ha-box-1", "1-0:1.8.0 15 -1 kWh", "leak 1 0 none"],
    ["x-ha-box-1-b", "1-0:1.8.0 700 0 Wh"],
  ]);
});

test("the statestream is read once its unit was told", () => {
  const hear = house();
  const base = "homeassistant/sensor/main_meter_energy";
  assert.equal(hear(`${base}/state`, "5"), {
    format: "home-assistant",
    other: "state",
    values: [],
  });
  assert.is(hear(`${base}/unit_of_measurement`, '"kWh"')?.other, "unit_of_measurement");
  assert.is(hear(`${base}/device_class`, '"energy"')?.other, "device_class");
  assert.is(hear(`${base}/friendly_name`, '"Main meter"')?.other, "attribute");
  assert.equal(hear(`${base}/state`, "5.25")?.values, [
    ["x-ha-main_meter_energy", "1-0:1.8.0 525 -2 kWh"],
  ]);
  hear("homeassistant/binary_sensor/cellar/device_class", '"moisture"');
  assert.equal(hear("homeassistant/binary_sensor/cellar/state", "on")?.values, [
    ["x-ha-cellar", "leak 1 0 none"],
  ]);
});

test("what is not told of is nobody's, and what other formats know stays theirs", () => {
  const hear = house();
  assert.is(hear("meters/cellar/water", "5"), undefined);
  hear("homeassistant/sensor/0x01/energy/config", {
    state_topic: "zigbee2mqtt/plug",
    unit_of_measurement: "kWh",
    device_class: "energy",
    value_template: "{{ value_json.energy }}",
    unique_id: "0x01_energy",
  });
  assert.is(hear("zigbee2mqtt/plug", { energy: 1, linkquality: 80 })?.format, "zigbee2mqtt");
  assert.is(hear("homeassistant/light/lamp/config", { cmd_t: "lamp/set" }), undefined);
  assert.is(
    hear("homeassistant/sensor/name/config", { state_topic: "x", unique_id: "n" })?.other,
    "discovery_of_no_reading",
  );
});

test("templates that only pick are understood, others are not guessed", () => {
  for (const [template, path] of [
    ["{{ value }}", []],
    ["{{ value | float }}", []],
    ["{{value_json.a.b}}", ["a", "b"]],
    ["{{ value_json['a b'][0].c | round(2) }}", ["a b", "0", "c"]],
    ['{{ value_json["ENERGY"].Total }}', ["ENERGY", "Total"]],
    ["{{ value_json.a / 1000 }}", undefined],
    ["{{ value_json.a }} kWh", undefined],
    ["{% set x = 1 %}{{ x }}", undefined],
  ] as const)
    assert.equal(pathIn(template), path, template);
});

test.run();
