import { test } from "uvu";
import * as assert from "uvu/assert";
import { runDocument } from "./vectors-run.ts";

const up = {
  id: "one",
  kind: "chirpstack-v4",
  topic: "application/a/device/0101010101010101/event/up",
  body: {
    deviceInfo: { devEui: "0101010101010101" },
    time: "2026-07-18T09:34:15.775Z",
    fPort: 1,
    data: "qg==",
  },
};
const run = (expect: unknown, more: object = {}) => runDocument({ ...up, ...more, expect });

test("passes when everything expected is read", () => {
  const expect = {
    devEui: "0101010101010101",
    fPort: 1,
    fCnt: 0,
    payloadHex: "aa",
    time: "2026-07-18T09:34:15.775000001Z",
  };
  assert.equal(run(expect), { passed: 1, failed: [], unsupported: false });
});

test("fails on a wrong value, on one that nobody compares, and on a message taken for another kind", () => {
  assert.match(run({ fCnt: 1 }).failed[0]?.why ?? "", /fCnt is 0, not 1/);
  assert.match(run({ colour: "red" }).failed[0]?.why ?? "", /colour is not compared/);
  assert.match(run({}, { kind: "tts-v3" }).failed[0]?.why ?? "", /taken for chirpstack-v4/);
});

test("compares datagrams with the answer due to them", () => {
  const pull = { id: "pull", kind: "semtech-udp", datagramHex: "02a1b202aa555a0000000101" };
  assert.is(
    runDocument({ ...pull, expect: { type: "PULL_DATA", replyHex: "02a1b204" } }).passed,
    1,
  );
  assert.is(runDocument({ ...pull, expect: { replyHex: "02a1b201" } }).failed.length, 1);
  assert.is(runDocument({ ...pull, datagramHex: "02a1b2", expect: {} }).failed.length, 1);
});

test("says so when a kind is none of ours", () => {
  assert.ok(runDocument({ id: "t", kind: "telegraph", body: { a: 1 } }).unsupported);
  // A kind by another name is known by its shape.
  assert.is(run({}, { kind: "telegraph" }).passed, 1);
  assert.ok(runDocument({ id: 5 }).unsupported);
});

test("what must be refused passes when it is, and amounts are compared across units", () => {
  const sensor = (Total: unknown) => ({
    id: "s",
    kind: "tasmota",
    topic: "tele/p/SENSOR",
    body: { Time: "2026-01-05T10:00:00", ENERGY: { Total } },
  });
  const counter = (value: number, unit: string) => ({ expect: { counter: { unit, value } } });
  assert.is(runDocument({ ...sensor(1.5), ...counter(1500, "Wh") }).passed, 1);
  assert.is(runDocument({ ...sensor(1.5), ...counter(1501, "Wh") }).failed.length, 1);
  const join = { id: "j", kind: "chirpstack-v4", body: { deviceInfo: { devEui: "nobody" } } };
  assert.is(runDocument({ ...join, expect: { reject: true } }).passed, 1);
  assert.is(runDocument({ ...sensor(1), expect: { reject: true } }).failed.length, 1);
});

test.run();
