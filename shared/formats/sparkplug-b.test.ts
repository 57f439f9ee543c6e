import { deflateSync } from "node:zlib";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { isFault } from "#shared/model/fault.ts";
import { recognise } from "./list.ts";
import { readMessage } from "./message.ts";
import { protobufFields } from "./protobuf.ts";
import type { SourceMemory } from "./source-memory.ts";
import { sparkplugPayload } from "./sparkplug-payload.ts";

const test = suite("sparkplug b");
const T = 1_700_000_000_000;

/** A memory that lasts as long as the test. */
function memoryInHand(): SourceMemory & { values: Map<string, unknown> } {
  const values = new Map<string, unknown>();
  return {
    values,
    recall: (key) => values.get(key),
    remember: (key, value) => void values.set(key, value),
  };
}

/** The wire form, as the specification's `sparkplug_b.proto` numbers its fields. */
const varint = (number: bigint | number): number[] => {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(number));
  for (; rest >= 128n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return [...bytes, Number(rest)];
};
const whole = (field: number, value: bigint | number) => [...varint(field << 3), ...varint(value)];
const bytes = (field: number, content: Iterable<number>) => {
  const all = [...content];
  return [...varint((field << 3) | 2), ...varint(all.length), ...all];
};
const text = (field: number, value: string) => bytes(field, Buffer.from(value));
const float = (field: number, value: number) => {
  const buffer = Buffer.alloc(4);
  buffer.writeFloatLE(value);
  return [(field << 3) | 5, ...buffer];
};
const double = (field: number, value: number) => {
  const buffer = Buffer.alloc(8);
  buffer.writeDoubleLE(value);
  return [(field << 3) | 1, ...buffer];
};
const unit = (name: string) =>
  bytes(9, [...text(1, "engUnit"), ...bytes(2, [...whole(1, 12), ...text(8, name)])]);
const metric = (...parts: readonly number[][]) => bytes(2, parts.flat());
const payload = (seq: number | null, ...metrics: readonly number[][]) =>
  Uint8Array.from([whole(1, T), ...metrics, ...(seq === null ? [] : [whole(3, seq)])].flat());

const NBIRTH = payload(
  0,
  metric(text(1, "bdSeq"), whole(4, 8), whole(11, 3)),
  metric(text(1, "Node Control/Rebirth"), whole(4, 11), whole(14, 0)),
);
const DBIRTH = payload(
  1,
  metric(text(1, "Meter/Total Energy"), whole(2, 7), whole(4, 8), whole(11, 123_456), unit("kWh")),
  metric(text(1, "Room Temperature"), whole(2, 8), whole(4, 9), float(12, 21.3), unit("°C")),
  metric(text(1, "Offset"), whole(2, 9), whole(4, 1), whole(10, 0xff)),
  metric(text(1, "History"), whole(2, 10), whole(4, 16), bytes(17, [])),
);
const NODE = "spBv1.0/Block A/NBIRTH/edge1";
const at = (kind: string) => `spBv1.0/Block A/${kind}/edge1/meter 1`;

function hear(topic: string, body: Uint8Array, memory?: SourceMemory, heardAt = T + 5_000) {
  const message = readMessage(topic, body);
  const format = recognise(message, memory);
  assert.is(format?.name, "sparkplug-b");
  return format!.parse(message, memory === undefined ? { heardAt } : { heardAt, memory });
}
const values = (result: ReturnType<typeof hear>) =>
  result.measured.map(({ deviceId, reading }) => [
    deviceId,
    reading.time,
    ...reading.values.map(({ register, n, scale, unit: counted }) =>
      [register, n, scale, counted].join(" "),
    ),
  ]);

test("a device's birth gives values, and its numbers stand for the names afterwards", () => {
  const memory = memoryInHand();
  assert.is(hear(NODE, NBIRTH, memory).other, "nbirth");
  const birth = hear(at("DBIRTH"), DBIRTH, memory);
  assert.equal(values(birth), [
    ["x-sparkplug-block-a-edge1-meter-1", T, "1-0:1.8.0 123456 0 kWh", "temperature 213 -1 C"],
  ]);
  assert.equal(birth.skipped, [{ name: "History", why: "dataset" }]);
  const data = hear(
    at("DDATA"),
    payload(
      2,
      metric(whole(2, 7), whole(3, T + 1), whole(11, 123_457)),
      metric(whole(2, 8), whole(3, T - 3_600_000), whole(5, 1), float(12, 20.1)),
      metric(whole(2, 8), whole(3, T + 1), whole(7, 1)),
    ),
    memory,
  );
  assert.equal(values(data), [
    ["x-sparkplug-block-a-edge1-meter-1", T + 1, "1-0:1.8.0 123457 0 kWh"],
    ["x-sparkplug-block-a-edge1-meter-1", T - 3_600_000, "temperature 201 -1 C"],
  ]);
  assert.equal(data.asks, []);
});

test("a birth that was missed is asked for, once a minute", () => {
  const memory = memoryInHand();
  const data = payload(5, metric(whole(2, 7), whole(11, 1)));
  const first = hear(at("DDATA"), data, memory);
  assert.equal(first.measured, []);
  assert.is(first.skipped.length, 1);
  assert.is(first.asks[0]?.topic, "spBv1.0/Block A/NCMD/edge1");
  const [asked] = sparkplugPayload(first.asks[0]!.bytes).metrics;
  assert.equal([asked?.name, asked?.dataType, asked?.value], ["Node Control/Rebirth", 11, true]);
  assert.is(hear(at("DDATA"), data, memory).asks.length, 0);
  assert.is(hear(at("DDATA"), data, memory, T + 70_000).asks.length, 1);
  assert.equal(hear(at("DDATA"), data).asks, [], "a webhook cannot ask");
});

test("a gap in the numbers asks for the birth too, and what was said is read all the same", () => {
  const memory = memoryInHand();
  hear(NODE, NBIRTH, memory);
  hear(at("DBIRTH"), DBIRTH, memory);
  const late = hear(at("DDATA"), payload(9, metric(whole(2, 7), whole(11, 5))), memory);
  assert.is(late.measured.length, 1);
  assert.is(late.asks.length, 1);
});

test("a node's new birth forgets the numbers of its devices", () => {
  const memory = memoryInHand();
  hear(NODE, NBIRTH, memory);
  hear(at("DBIRTH"), DBIRTH, memory);
  hear(NODE, NBIRTH, memory);
  assert.is(
    hear(at("DDATA"), payload(1, metric(whole(2, 7), whole(11, 5))), memory).skipped.length,
    1,
  );
});

test("deaths are told, one of an older session apart", () => {
  const memory = memoryInHand();
  hear(NODE, NBIRTH, memory);
  const death = (bdSeq: number) => payload(null, metric(text(1, "bdSeq"), whole(11, bdSeq)));
  const topic = "spBv1.0/Block A/NDEATH/edge1";
  assert.is(hear(topic, death(2), memory).other, "ndeath_old");
  assert.is(hear(topic, death(3), memory).other, "ndeath");
  assert.is(hear(at("DDEATH"), payload(4), memory).other, "ddeath");
  const state = readMessage("spBv1.0/STATE/host", Buffer.from('{"online":true,"timestamp":1}'));
  assert.is(recognise(state)?.name, "sparkplug-b");
});

test("numbers keep their signs and every digit, and what is too long is said", () => {
  const read = sparkplugPayload(
    payload(
      0,
      metric(text(1, "a"), whole(4, 1), whole(10, 0xff)),
      metric(text(1, "b"), whole(10, 0xffff_ffff), whole(4, 3)),
      metric(text(1, "c"), whole(4, 4), whole(11, -5n)),
      metric(text(1, "d"), whole(4, 8), whole(11, 2n ** 64n - 1n)),
      metric(text(1, "e"), whole(4, 10), double(13, -0.1)),
      metric(text(1, "f"), whole(4, 7), whole(10, 0xffff_ffff)),
    ),
  );
  assert.equal(
    read.metrics.map(({ value }) => value),
    [-1, -1, -5, 2n ** 64n - 1n, -0.1, 0xffff_ffff],
  );
});

test("a compressed payload is unfolded, within bounds", () => {
  const packed = (body: Uint8Array) =>
    Uint8Array.from([...text(4, "SPBV1.0_COMPRESSED"), ...bytes(5, deflateSync(body))]);
  assert.equal(values(hear(at("DBIRTH"), packed(DBIRTH))), values(hear(at("DBIRTH"), DBIRTH)));
  assert.throws(
    () => sparkplugPayload(packed(new Uint8Array(3_000_000))),
    (error: unknown) => isFault(error, "invalid"),
  );
});

test("bytes that are no protobuf are refused, however they are cut", () => {
  for (let length = 1; length < DBIRTH.length; length++)
    try {
      sparkplugPayload(DBIRTH.subarray(0, length));
    } catch (error) {
      assert.ok(isFault(error, "invalid"), String(error));
    }
  for (const wrong of [
    [0x00],
    [0x0b],
    [0x08],
    [0x0a, 5, 1],
    Array.from({ length: 11 }, () => 0xff),
  ])
    assert.throws(
      () => [...protobufFields(Uint8Array.from(wrong))],
      (error: unknown) => isFault(error, "invalid"),
    );
});

test.run();
