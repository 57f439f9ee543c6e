import { test } from "uvu";
import * as assert from "uvu/assert";
import { isFault } from "#shared/model/fault.ts";
import { JsonMapping } from "#shared/model/json-mapping.ts";
import { mappedFormat, pointTo, tryMapping } from "./json-mapping.ts";
import { covers } from "./topic-filter.ts";

const mapping = JsonMapping.parse({
  name: "pump-room",
  topic: "site/+/meter",
  device: { topicLevel: 1 },
  time: { pointer: "/at", form: "seconds" },
  values: [
    { pointer: "/data/0/total", register: "8-0:1.0.0", unit: "L" },
    { pointer: "/data/0/temp~1c", register: "water_temperature", scale: -1 },
  ],
});
const body = { at: 1767607200.5, data: [{ total: 123456, "temp/c": "215" }] };
const format = mappedFormat(mapping);
const context = { heardAt: 7 };

test("reads device, time and values from where the mapping says", () => {
  const message = { topic: "site/Pump 1/meter", body };
  assert.ok(format.recognises(message));
  assert.equal(format.parse(message, context).measured, [
    {
      deviceId: "x-pump-room-pump-1",
      reading: {
        time: 1767607200500,
        timeSource: "device",
        values: [
          { register: "8-0:1.0.0", n: 123456, scale: 0, unit: "L" },
          { register: "water_temperature", n: 215, scale: -1, unit: "C" },
        ],
      },
    },
  ]);
});

test("takes a DevEUI for one, and the time of arrival where there is none", () => {
  const anywhere = mappedFormat({ ...mapping, topic: null, device: { pointer: "/id" } });
  const [measured] = anywhere.parse(
    { topic: null, body: { id: "24-E1-24-13-6B-50-22-17", data: [{ total: 1 }] } },
    context,
  ).measured;
  assert.is(measured?.deviceId, "24e124136b502217");
  assert.equal([measured?.reading.time, measured?.reading.timeSource], [7, "gateway"]);
});

test("leaves other topics and bodies alone", () => {
  for (const topic of ["site/a/b/meter", "site/a", "other/a/meter", null])
    assert.not.ok(format.recognises({ topic, body }), String(topic));
  for (const other of [
    null,
    [],
    "x",
    {},
    { data: [] },
    { data: [{ total: "much" }] },
    new Uint8Array(2),
  ])
    assert.not.ok(format.recognises({ topic: "site/a/meter", body: other }));
});

test("refuses a message whose device or time is not what the mapping expects", () => {
  const bad = [
    { topic: "site/***/meter", body },
    { topic: "site/a/meter", body: { ...body, at: "yesterday" } },
    { topic: "site/a/meter", body: { ...body, at: -5 } },
  ];
  for (const message of bad)
    assert.throws(
      () => format.parse(message, context),
      (error: unknown) => isFault(error, "invalid"),
    );
});

test("points by RFC 6901, and never into prototypes", () => {
  const target = { "a/b": 1, "m~n": 2, "": 3, list: [4, { x: 5 }] };
  assert.equal(
    ["/a~1b", "/m~0n", "/", "/list/0", "/list/1/x", ""].map((pointer) => pointTo(target, pointer)),
    [1, 2, 3, 4, 5, target],
  );
  for (const pointer of [
    "/list/01",
    "/list/length",
    "/constructor",
    "/__proto__",
    "/list/9",
    "/a/b",
  ])
    assert.is(pointTo(target, pointer), undefined);
});

test("topic filters cover what MQTT says they cover", () => {
  const cases: [string, string, boolean][] = [
    ["#", "a/b", true],
    ["a/#", "a/b/c", true],
    ["a/+", "a/b", true],
    ["a/+", "a/b/c", false],
    ["a/b", "a", false],
    ["a/#/c", "a/b/c", false],
  ];
  for (const [filter, topic, is] of cases)
    assert.is(covers(filter, topic), is, `${filter} ${topic}`);
});

test("a mapping with an unknown register or a broken pointer is refused", () => {
  assert.not.ok(
    JsonMapping.safeParse({ ...mapping, values: [{ pointer: "/x", register: "nonsense" }] })
      .success,
  );
  assert.not.ok(
    JsonMapping.safeParse({ ...mapping, values: [{ pointer: "x", register: "pulses" }] }).success,
  );
  assert.not.ok(JsonMapping.safeParse({ ...mapping, values: [] }).success);
});

test("a trial says of each part what it reads, or why not", () => {
  const rules = JsonMapping.parse({
    name: "odd",
    topic: "a/+",
    device: { pointer: "/id" },
    time: { pointer: "/at", form: "rfc3339" },
    values: [
      { pointer: "/water", register: "8-0:1.0.0", unit: "L" },
      { pointer: "/other", register: "8-0:1.0.0" },
      { pointer: "/nothing", register: "temperature" },
      { pointer: "/text", register: "temperature" },
      { pointer: "/more", register: "humidity" },
      { pointer: "/on", register: "on" },
    ],
  });
  const sample = { at: "yesterday", water: "12.5", other: 1, text: "warm", more: {}, on: true };
  const trial = tryMapping({ topic: "b", body: sample }, rules);
  assert.not.ok(trial.isForTopic);
  assert.match(trial.device.why ?? "", /finds no device/);
  assert.match(trial.time.why ?? "", /no moment/);
  assert.equal(trial.values, [
    { is: { register: "8-0:1.0.0", n: 125, scale: -1, unit: "L" }, why: null },
    { is: null, why: "A line above has this register already." },
    { is: null, why: "There is nothing at this place." },
    { is: null, why: "What stands at this place is no number." },
    { is: null, why: "There is no number at this place, but more JSON." },
    { is: { register: "on", n: 1, scale: 0, unit: "none" }, why: null },
  ]);
  assert.is(tryMapping({ topic: "a/1", body: { ...sample, id: 7 } }, rules).device.is, "x-odd-7");
});

test.run();
